"""The two addresses of the shop, under the name by which the client knows it."""

from __future__ import annotations

from pyramid.request import Request


def http_url(request: Request) -> str:
    """The page on http."""
    return f"http://{request.domain}:{request.registry.settings['shop.http_port']}/"


def https_url(request: Request) -> str:
    """The page on https."""
    return f"https://{request.domain}:{request.registry.settings['shop.https_port']}/"
