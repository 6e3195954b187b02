"""``python -m shop``: serves the shop on http and https until TERM or Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import closing
from errno import EACCES, EADDRINUSE
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NoReturn

from pyramid.exceptions import ConfigurationError
from pyramid.paster import get_app, setup_logging
from waitress import create_server

from .environment import INI, application, default_port, ports, variables
from .https import https_server

HOST = "127.0.0.1"

USAGE = "[PORT={port}] [REDIS_URL=redis://...] python -m shop"
ENVIRONMENT = """\
environment:
  PORT         port for http; https uses the next one (default: {port})
  REDIS_URL    Redis server for the carts (default: none, they are in SQLite)
  SHOP_SECRET  signs the cookies; set it to keep sessions over a restart
               (default: a new one at each start)
  SHOP_DATA    folder of the SQLite file (default: a temporary one)
"""


def run() -> None:
    """Serve; every exit goes through the ``with`` statements."""
    _no_arguments()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    with TemporaryDirectory(prefix="shop-") as scratch:
        http_port, https_port = ports(os.environ)
        settings = variables(os.environ, scratch)
        setup_logging(str(INI), global_conf=settings)
        try:
            app = get_app(str(INI), application(os.environ), options=settings)
        except ConfigurationError as error:
            sys.exit(f"The shop cannot start: {error}")
        try:
            _serve(app, http_port, https_port)
        except OSError as error:
            if error.errno not in (EADDRINUSE, EACCES):
                raise
            ports_needed = f"Ports {http_port} and {https_port} must be free"
            sys.exit(f"{ports_needed} (PORT chooses others): {error}")


def _no_arguments() -> None:
    """Refuse arguments with a message about the environment variables."""
    parser = ArgumentParser(
        prog="shop",
        usage=USAGE.format(port=default_port()),
        description="A small shop with three sessions, on http and https.",
        epilog=ENVIRONMENT.format(port=default_port()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.parse_args()


def _serve(app: Any, http_port: int, https_port: int) -> None:
    options = {"host": HOST, "port": http_port, "max_request_header_size": 8192}
    with (
        closing(create_server(app, **options)) as http,
        https_server(app, HOST, https_port),
    ):
        _greet(f"http://{HOST}:{http_port}", f"https://{HOST}:{https_port}")
        http.run()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _greet(http: str, https: str) -> None:
    print(
        f"The shop is running: {http} and {https} (Ctrl-C stops it)",
        "Its certificate is self-signed, so browsers warn, and curl needs -k. With curl:",
        f"  curl -c jar -b jar {http}/state",
        f"  curl -c jar -b jar -X POST '{http}/write?ns=cart&key=note&value=hello'",
        f"  curl -c jar -b jar -k -X POST '{https}/login?user=ada'",
        sep="\n",
        flush=True,
    )


if __name__ == "__main__":
    run()
