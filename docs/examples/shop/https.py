"""The https server: the standard library's, with a thread for each connection.

With it, one command starts the whole shop. In production, a proxy in front of the server handles
https, and the server is configured to trust that proxy's ``X-Forwarded-Proto``.
"""

from __future__ import annotations

import logging
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from .certificate import throwaway_certificate

IDLE_SECONDS = 10

log = logging.getLogger(__name__)


@contextmanager
def https_server(app: Any, host: str, port: int) -> Iterator[None]:
    """Serve in another thread until the ``with`` block ends."""
    with _Server((host, port), _Handler) as server:
        server.set_app(app)
        Thread(target=server.serve_forever, args=(0.1,), name="https", daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True  # an idle client does not delay the end

    def server_activate(self) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with throwaway_certificate() as (certificate, key):
            self._tls.load_cert_chain(certificate, key)
        super().server_activate()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.settimeout(IDLE_SECONDS)
        # The connection's own thread does the handshake, not the one that accepts.
        return (
            self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False),
            address,
        )

    def handle_error(self, request: Any, address: Any) -> None:
        # Browsers interrupt the handshake if they do not know the certificate.
        expected = isinstance(sys.exception(), OSError)
        log.log(logging.DEBUG if expected else logging.ERROR, "%s:%s", *address, exc_info=True)


class _Handler(WSGIRequestHandler):
    def setup(self) -> None:
        self.request.do_handshake()
        super().setup()

    def get_environ(self) -> dict[str, Any]:
        return {**super().get_environ(), "HTTPS": "on"}  # wsgiref: wsgi.url_scheme = https

    def log_message(self, *args: Any) -> None:
        """Log no request, as waitress."""
