"""Ready-made discriminators: predicates that decide if a namespace exists for a request."""

from __future__ import annotations

from pyramid.request import Request


def https_only(request: Request) -> bool:
    """True when ``request.scheme`` is ``https``.

    Behind a proxy that terminates TLS, configure the server to trust the proxy's
    ``X-Forwarded-Proto`` (waitress: ``trusted_proxy``). Otherwise every request looks like http
    and is refused.
    """
    return bool(request.scheme == "https")
