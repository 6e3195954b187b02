"""Ready-made discriminators: does a namespace exist for this request?"""

from __future__ import annotations

from pyramid.request import Request


def https_only(request: Request) -> bool:
    """True when ``request.scheme`` is ``https``.

    Behind a proxy that ends TLS the server must be told to trust its ``X-Forwarded-Proto``
    (waitress: ``trusted_proxy``), else every request looks like http and is refused.
    """
    return bool(request.scheme == "https")
