"""The users: whoever logs in, as there are no passwords. A number of each ends all logins.

An application has a users table with a column for it: docs/how-to/log-out-everywhere.md. Here the
first number is random, so that no login outlives the shop.
"""

from __future__ import annotations

from collections import Counter
from secrets import randbelow

from pyramid.request import Request
from pyramid_session_multi import SessionMultiAuthenticationHelper

_FIRST = randbelow(2**31)
_ended: Counter[str] = Counter()


def generation(request: Request, userid: str) -> int:
    """A number that changes when all logins of a user are to end."""
    return _FIRST + _ended[userid]


def end_logins(userid: str) -> None:
    """End all logins of a user, on whatever device."""
    _ended[userid] += 1


# The keys in the session are "userid" and "generation".
LOGINS = SessionMultiAuthenticationHelper("account", prefix="", generation=generation)
