"""The checks: proselint's own that suit technical prose, and the patterns of this project."""

from __future__ import annotations

from proselint.checks import __register__ as all_of_proselint
from proselint.config import DEFAULT, Config
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check
from proselint.registry.checks.engine import Fancy
from proselint.registry.checks.types import ExistenceSimple

# They object to straight quotes, to the server waitress, and to "very".
_UNSUITABLE = ("social_awareness", "typography", "weasel_words")

# It objects to repeated words, which lists of names and values have.
_UNSUITABLE_IN_SOURCE = ("lexical_illusions",)

# proselint puts an empty line before a text.
_START = r"(?:(?<=\A\n)|(?<=[.?!]\s))"

# What to write instead, and the expression that finds what to avoid.
_PATTERNS = {
    "Write 'cannot be determined', 'know', 'say', 'describe' or 'detect'.": (
        r"\b(?:cannot|can|could) (?:not )?be told\b"
        r"|\b(?:is|are|was|were|been) (?:not )?told\b"
        r"|\btells? (?:whether|if|that|which|what|apart)\b"
    ),
    "Write 'fix', as in 'To fix this, ...'.": r"\bcur(?:e|es|ed|ing)\b",
    "Write 'is not a ...' or 'is invalid'.": (
        r"(?<!here )\b(?:is|are|was|were) no "
        r"(?!better|different|guarantee|less|longer|more|need|reason)\w+"
        r"|\bthat (?:is|are) none\b"
    ),
    "Begin with the subject: 'A client that ...'.": (
        rf"\bwhoever\b|{_START}(?-i:Who) [^?]*?[.]|{_START}(?-i:Of) (?!course\b)\w+"
    ),
    "Write 'next to', 'with' or 'alongside'.": r"\bbeside\b",
    "Write 'received', 'sent' or 'started'.": (
        r"\b(?:cookies?|headers?|requests?|responses?|sessions?) (?:did not come|came|went)\b"
    ),
    "Write 'silently'.": r"\bin silence\b",
    "Write 'except'.": r"(?<!, )\bbut for\b",
    "Write 'must' or 'should'.": r"\b(?:is|are) to be\b",
    "Say it without a picture.": (
        r"\bin vain\b|\b(?:is|are|was|were) dead\b|\bthe old (?:id|session) dead\b|\brots?\b"
        r"|\bled away\b|\bbelieved?s? it\b|\bfinds? its way\b"
    ),
    "Write the American form.": (
        r"\b(?:behaviour|cancell(?:ed|ing)|centre|colour|favour|honour|licence)s?\b"
        r"|\b(?:author|initial|normal|optim|organ|recogn|serial|special|summar|synchron)"
        r"is(?:e|ed|es|er|ers|ing|ation)\b"
    ),
}

_DOCSTRING = r"(?<=\A\n)(?-i:What|Whether|Who|Whose|Of|All that)\b"


def register() -> None:
    """Fill proselint's registry."""
    registry = CheckRegistry()
    registry.register_many(all_of_proselint)
    for number, (message, pattern) in enumerate(_PATTERNS.items()):
        registry.register(_check(f"project.{number}", f"{message} ('{{}}')", pattern))
    message = "Begin a docstring with a noun or a verb. ('{}')"
    registry.register(_check("docstring.start", message, _DOCSTRING))


def config(kind: str) -> Config:
    """The checks for a kind of text."""
    unsuitable = _UNSUITABLE if kind == "page" else _UNSUITABLE + _UNSUITABLE_IN_SOURCE
    checks = DEFAULT["checks"] | dict.fromkeys(unsuitable, False) | {"project": True}
    return {"max_errors": 1000, "checks": checks | {"docstring": kind == "docstring"}}


def _check(path: str, message: str, pattern: str) -> Check:
    across_lines = pattern.replace(" ", r"\s")
    return Check(ExistenceSimple(across_lines), engine=Fancy(), path=path, message=message)
