"""The two addresses of the shop, on the host that the client requested."""

from __future__ import annotations

from pyramid.request import Request


def http_url(request: Request) -> str:
    """The page on http."""
    return f"http://{request.domain}:{request.registry.settings['shop.http_port']}/"


def https_url(request: Request) -> str:
    """The page on https."""
    return f"https://{request.domain}:{request.registry.settings['shop.https_port']}/"
