"""``Vary: Cookie``: a response that depends on a session is not for others' caches."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response


def vary_on_cookie(request: Request, response: Response) -> None:
    """A response callback that adds ``Cookie`` to ``Vary`` (RFC 9110 12.5.5), where it is missing.

    ``Vary: *`` says more than that already and stays as it is.
    """
    headers = response.headerlist
    last = None
    for index, (name, value) in enumerate(headers):
        if name.lower() == "vary":
            fields = {field.strip().lower() for field in value.split(",")}
            if "cookie" in fields or "*" in fields:
                return
            last = index
    if last is None:
        headers.append(("Vary", "Cookie"))
    else:
        name, value = headers[last]
        headers[last] = (name, f"{value}, Cookie" if value.strip() else "Cookie")
