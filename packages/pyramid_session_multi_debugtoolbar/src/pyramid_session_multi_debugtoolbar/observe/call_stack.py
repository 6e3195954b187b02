"""The call stack of an access: lines of code, without keeping any frame alive."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import NamedTuple

from ..limits import MAX_STACK_FRAMES

_OWN_PACKAGES = frozenset(["pyramid_session_multi", "pyramid_session_multi_debugtoolbar"])
# They call us on behalf of the application if request.session is bound to a namespace.
_FRAMEWORK_PACKAGES = frozenset(["pyramid", "pyramid_debugtoolbar", "webob", "zope"])
# Frames outside this module belong to the server.
_STOP_AT = "pyramid_debugtoolbar.toolbar"
# The module that calls a view: its innermost frame outside the view.
_CALLS_VIEWS = "pyramid.viewderivers"


class Call(NamedTuple):
    """A line that was being executed."""

    file: str
    line: int
    function: str
    is_application: bool


class CallStack(NamedTuple):
    """The calls that led to an access, the innermost first.

    :ivar caller: the innermost call in the application's code.
    :ivar view: the view that contains the access; ``None`` if that is the caller, or there is none.
    """

    calls: list[Call]
    caller: Call | None
    view: Call | None


# Code, last instruction and module of each frame: cheap, as most stacks are never viewed.
RawStack = list[tuple[CodeType, int, object]]


def capture_stack(frame: FrameType | None) -> RawStack:
    """Capture the calls that led to a frame, at little cost."""
    raw: RawStack = []
    while frame is not None and len(raw) < MAX_STACK_FRAMES:
        module = frame.f_globals.get("__name__")
        if module == _STOP_AT:
            break
        raw.append((frame.f_code, frame.f_lasti, module))
        frame = frame.f_back
    return raw


def readable_stack(raw: RawStack) -> CallStack:
    """The calls outside our own packages, in readable form."""
    calls: list[Call] = []
    caller: Call | None = None
    view: Call | None = None
    for code, instruction, module in raw:
        package = module.partition(".")[0] if type(module) is str else ""
        if view is None and module == _CALLS_VIEWS and calls and calls[-1].is_application:
            view = calls[-1]
        if package not in _OWN_PACKAGES:
            is_application = package not in _FRAMEWORK_PACKAGES
            line = _line(code, instruction)
            calls.append(Call(code.co_filename, line, code.co_qualname, is_application))
            if caller is None and is_application:
                caller = calls[-1]
    caller = caller or (calls[0] if calls else None)
    return CallStack(calls, caller, None if view is caller else view)


def _line(code: CodeType, instruction: int) -> int:
    lines = (line for start, end, line in code.co_lines() if start <= instruction < end)
    return next(lines) or code.co_firstlineno
