"""What goes wrong inside the panel: a line in the panel, never the application's problem."""

from __future__ import annotations

from traceback import walk_tb
from types import TracebackType

from .naming import type_name

# Enough to see that something is wrong; a fault that repeats itself says nothing new.
_LONGEST = 10


class Faults:
    """The panel's own failures during one request."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def caught(self, doing: str) -> Caught:
        """A context manager that notes what is raised inside it, and goes on after it."""
        return Caught(self, doing)

    def note(self, doing: str, error: BaseException) -> None:
        """Add a line: what was done, what was raised, and where."""
        if len(self.lines) < _LONGEST:
            *_, (frame, line) = walk_tb(error.__traceback__)
            # The error's own text is that of a stranger: it may hold secrets, or raise.
            place = f"{frame.f_code.co_filename}:{line}"
            self.lines.append(f"{doing}: {type_name(type(error))} ({place})")


class Caught:
    """See :meth:`Faults.caught`. A class: a generator would cost more than what it guards."""

    __slots__ = ("_doing", "_faults")

    def __init__(self, faults: Faults, doing: str) -> None:
        self._faults = faults
        self._doing = doing

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self._faults.note(self._doing, error)
        return True
