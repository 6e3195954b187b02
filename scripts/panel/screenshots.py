"""Takes pictures of the panel in a real browser, for the documentation."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import bookshop
import waitress
from pyramid.request import Request

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--virtual-time-budget=4000",
)  # fmt: skip
LARGEST = 300_000

# The visits of a browser that is new each time, and the size of the picture.
PICTURES = {
    "panel-filled": (("arrive", "buy"), "", 1200, 1500),
    "panel-filled-narrow": (("arrive", "buy"), "", 800, 1710),
    "panel-activated": (("arrive", "buy"), "session_multi", 1200, 1520),
    "panel-empty": (("browse",), "", 1200, 760),
    "panel-lost-write": (("arrive", "forget"), "", 1200, 1280),
    "panel-failure": (("arrive", "wish"), "", 1200, 1400),
}
# The page before which the first cookie is damaged, in an application with a storage that is down.
_DAMAGED = "wish"

# What a person would click, on the toolbar's own page.
_CLICK = b"""<script>$(function () { $("#pDebugPanel-session_multi a").click(); });</script>"""


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"None of {', '.join(BROWSERS)} is installed.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    apps = {failing: serve(failing=failing) for failing in (False, True)}
    for name, (pages, activated, width, height) in PICTURES.items():
        app, base = apps[_DAMAGED in pages]
        visit(app, base, pages, activated)
        picture = IMAGES / f"{name}.png"
        page = f"{base}/_debug_toolbar/{app.registry.pdtb_history.last(1)[0][0]}"
        photograph(browser, page, picture, width, height)
        print(f"{picture.relative_to(IMAGES.parents[1])}: {picture.stat().st_size:,} bytes")
        if picture.stat().st_size > LARGEST:
            print(f"larger than {LARGEST:,} bytes", file=sys.stderr)
            return 1
    return 0


def serve(*, failing: bool) -> tuple[Any, str]:
    """The application, and the address of a server that runs it."""
    settings = {
        "debugtoolbar.includes": "pyramid_session_multi.debugtoolbar",
        "debugtoolbar.hosts": "0.0.0.0/0",
    }
    app = bookshop.make(failing=failing, **settings)
    server = waitress.create_server(clicking(app), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    return app, f"http://127.0.0.1:{server.effective_port}"


def visit(app: Any, base: str, pages: Iterable[str], activated: str) -> None:
    """A browser goes from page to page."""
    cookies = {"pdtb_active": activated} if activated else {}
    for page in pages:
        if page == _DAMAGED:
            cookies["public"] = cookies["public"][::-1]
        request = Request.blank(f"/{page}", base_url=base, environ={"REMOTE_ADDR": "127.0.0.1"})
        request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        for header in request.get_response(app).headers.getall("Set-Cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            cookies[name] = value


def clicking(app: Any) -> Callable[..., Iterable[bytes]]:
    """The application, its toolbar with the panel in front."""

    def clicked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        response = Request(environ).get_response(app)
        if re.fullmatch("/_debug_toolbar/[0-9a-f]+", environ["PATH_INFO"]):
            response.body = response.body.replace(b"</body>", _CLICK + b"</body>")
        answer: Iterable[bytes] = response(environ, start_response)
        return answer

    return clicked


def photograph(browser: str, page: str, picture: Path, width: int, height: int) -> None:
    """Let a new browser open a page."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"]
        subprocess.run(
            [*command, f"--screenshot={picture}", page], check=True, stderr=subprocess.DEVNULL
        )


if __name__ == "__main__":
    sys.exit(main())
