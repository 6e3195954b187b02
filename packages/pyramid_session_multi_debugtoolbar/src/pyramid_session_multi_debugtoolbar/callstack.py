"""Who asked for a namespace: places in the code, without keeping any of its frames."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import NamedTuple

_MOST = 25
_OURS = frozenset(["pyramid_session_multi", "pyramid_session_multi_debugtoolbar"])
# Between the application and us: request.session bound to a namespace, maybe wrapped by a panel.
_BETWEEN = frozenset(["pyramid", "pyramid_debugtoolbar", "webob", "zope"])
# What is outside of it is the server's.
_OUTERMOST = "pyramid_debugtoolbar.toolbar"


class Call(NamedTuple):
    """A line that was being executed."""

    file: str
    line: int
    function: str


class Calls(NamedTuple):
    """The calls that led to an access, the innermost first.

    :ivar first: the one that the application would name.
    """

    stack: list[Call]
    first: Call | None


# As they are noted: code, last instruction, module. Most are never looked at.
Noted = list[tuple[CodeType, int, object]]


def note_calls(frame: FrameType | None) -> Noted:
    """The calls that led to a frame, at little cost."""
    noted: Noted = []
    while frame is not None and len(noted) < _MOST:
        module = frame.f_globals.get("__name__")
        if module == _OUTERMOST:
            break
        noted.append((frame.f_code, frame.f_lasti, module))
        frame = frame.f_back
    return noted


def calls(noted: Noted) -> Calls:
    """Those outside of these packages, in readable form."""
    stack: list[Call] = []
    first: Call | None = None
    for code, instruction, module in noted:
        package = module.partition(".")[0] if type(module) is str else ""
        if package not in _OURS:
            stack.append(Call(code.co_filename, _line(code, instruction), code.co_qualname))
            if first is None and package not in _BETWEEN:
                first = stack[-1]
    return Calls(stack, first or (stack[0] if stack else None))


def _line(code: CodeType, instruction: int) -> int:
    lines = (line for start, end, line in code.co_lines() if start <= instruction < end)
    return next(lines) or code.co_firstlineno
