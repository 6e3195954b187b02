"""``Vary: Cookie``: a response that depends on a session is not for others' caches."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response


def vary_on_cookie(request: Request, response: Response) -> None:
    """A response callback that adds ``Cookie`` to ``Vary`` (RFC 9110 12.5.5), where it is missing.

    ``Vary: *`` says more than that already and stays as it is.
    """
    headers = response.headerlist
    for name, _ in headers:
        if name.lower() == "vary":
            _merge(headers)
            return
    headers.append(("Vary", "Cookie"))


def _merge(headers: list[tuple[str, str]]) -> None:
    present = [index for index, (name, _) in enumerate(headers) if name.lower() == "vary"]
    fields = {field.strip().lower() for i in present for field in headers[i][1].split(",")}
    if not fields & {"cookie", "*"}:
        name, value = headers[present[-1]]
        headers[present[-1]] = (name, f"{value}, Cookie" if value.strip() else "Cookie")
