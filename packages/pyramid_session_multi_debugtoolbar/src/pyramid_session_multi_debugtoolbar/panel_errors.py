"""The panel's own errors: each is a line in the panel and never reaches the application."""

from __future__ import annotations

from traceback import walk_tb
from types import TracebackType

from .limits import MAX_ERRORS
from .safe.names import type_name


class PanelErrors:
    """The panel's own errors during one request.

    :ivar lines: at most ``MAX_ERRORS`` of them.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []

    def guard(self, activity: str) -> Guard:
        """Record an exception that the block raises, and continue after the block.

        Its line holds the activity, the type of the exception, and where it was raised.
        """
        return Guard(self.lines, activity)


class Guard:
    """The context manager of :meth:`PanelErrors.guard`.

    A request enters a dozen of them, and a generator would take three times as long.
    """

    __slots__ = ("_activity", "_lines")

    def __init__(self, lines: list[str], activity: str) -> None:
        self._lines = lines
        self._activity = activity

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, cls: object, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        if len(self._lines) < MAX_ERRORS:
            *_, (frame, line) = walk_tb(traceback)
            # The error's own text may hold secrets, or raise.
            location = f"{frame.f_code.co_filename}:{line}"
            self._lines.append(f"{self._activity}: {type_name(type(error))} ({location})")
        return True
