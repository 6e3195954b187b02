"""Headers of a response that used a session: ``Vary`` and ``Cache-Control``."""

from __future__ import annotations

import re

Headers = list[tuple[str, str]]

# RFC 9111 5.2: a directive, and its argument as a token or a quoted string.
_DIRECTIVE = re.compile(r'\s*([^\s,="]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]*))?[^,]*')


def vary_on_cookie(headers: Headers) -> None:
    """Add ``Cookie`` to the ``Vary`` headers of a response (RFC 9110 12.5.5), if it is missing.

    ``Vary: *`` includes it and stays as it is.

    :param headers: at least one of them is ``Vary``.
    """
    positions = _positions(headers, "vary")
    fields = {field.strip().lower() for i in positions for field in headers[i][1].split(",")}
    if not fields & {"cookie", "*"}:
        name, value = headers[positions[-1]]
        headers[positions[-1]] = (name, f"{value}, Cookie" if value.strip() else "Cookie")


def forbid_shared_caches(headers: Headers) -> None:
    """Set ``Cache-Control: private`` (RFC 9111 5.2.2.7), so that no shared cache stores it.

    ``public`` and ``s-maxage`` are removed, as is a ``private`` that names only some headers. If
    the application sets ``no-store`` or ``private``, that stays and is sufficient.
    """
    positions = _positions(headers, "cache-control")
    directives = [each for i in positions for each in _directives(headers[i][1])]
    safe = [(name, text) for name, text in directives if not _allows_sharing(name, text)]
    if len(safe) == len(directives) and any(n in {"private", "no-store"} for n, _ in safe):
        return
    texts = [text for _, text in safe]
    if not any(name in {"private", "no-store"} for name, _ in safe):
        texts.append("private")
    value = ", ".join(texts)
    if not positions:
        headers.append(("Cache-Control", value))
        return
    headers[positions[0]] = (headers[positions[0]][0], value)
    for position in reversed(positions[1:]):
        del headers[position]


def _allows_sharing(name: str, text: str) -> bool:
    return name in {"public", "s-maxage"} or (name == "private" and text.lower() != "private")


def _directives(value: str) -> list[tuple[str, str]]:
    """The directives of a ``Cache-Control`` header: name in lower case, and the whole text."""
    return [
        (match[1].lower(), match[1] if match[2] is None else f"{match[1]}={match[2]}")
        for match in _DIRECTIVE.finditer(value)
    ]


def _positions(headers: Headers, name: str) -> list[int]:
    return [index for index, (each, _) in enumerate(headers) if each.lower() == name]
