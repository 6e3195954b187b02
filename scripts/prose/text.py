"""A piece of prose of a file."""

from __future__ import annotations

from typing import NamedTuple

# In place of code, so that the words around it are not taken for neighbors.
CODE = "``"

# Shorter strings of the source are names, patterns and markup.
_WORDS_OF_A_MESSAGE = 4


class Text(NamedTuple):
    """A paragraph, a cell of a table, a docstring, a message or a comment.

    :ivar line: of the file, where it begins.
    :ivar kind: ``page``, ``docstring``, ``message`` or ``comment``.
    """

    line: int
    kind: str
    prose: str


def is_message(prose: str) -> bool:
    """Test if a string of source code is long enough to be read by people."""
    return len(prose.split()) >= _WORDS_OF_A_MESSAGE
