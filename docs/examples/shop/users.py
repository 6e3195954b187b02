"""The users: anybody can log in, without a password. A number for each user ends all logins.

A real application has a column for it in its users table: docs/how-to/log-out-everywhere.md. Here
the first number is random, so that logins end when the shop stops.
"""

from __future__ import annotations

from collections import Counter
from secrets import randbelow

from pyramid.request import Request
from pyramid_session_multi import SessionMultiAuthenticationHelper

_FIRST = randbelow(2**31)
_ended: Counter[str] = Counter()


def generation(request: Request, userid: str) -> int:
    """A number for each user; when it changes, all logins of the user end."""
    return _FIRST + _ended[userid]


def end_logins(userid: str) -> None:
    """End all logins of a user, on all devices."""
    _ended[userid] += 1


# The keys in the session are "userid" and "generation".
LOGINS = SessionMultiAuthenticationHelper("account", prefix="", generation=generation)
