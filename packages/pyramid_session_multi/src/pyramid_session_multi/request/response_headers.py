"""Headers of a response that used a session: ``Vary: Cookie``."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response


def vary_on_cookie(request: Request, response: Response) -> None:
    """Add ``Cookie`` to ``Vary`` (RFC 9110 12.5.5) if it is missing; a response callback.

    ``Vary: *`` includes it and stays as it is.
    """
    headers = response.headerlist
    for name, _ in headers:
        if name.lower() == "vary":
            _merge(headers)
            return
    headers.append(("Vary", "Cookie"))


def _merge(headers: list[tuple[str, str]]) -> None:
    positions = [index for index, (name, _) in enumerate(headers) if name.lower() == "vary"]
    fields = {field.strip().lower() for i in positions for field in headers[i][1].split(",")}
    if not fields & {"cookie", "*"}:
        name, value = headers[positions[-1]]
        headers[positions[-1]] = (name, f"{value}, Cookie" if value.strip() else "Cookie")
