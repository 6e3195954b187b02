"""What was seen of one namespace when the request was over: snapshots and cookies, no objects."""

from __future__ import annotations

from dataclasses import dataclass

from .observation import Access
from .snapshots import Snapshot


@dataclass(slots=True)
class Seen:
    """One namespace in one request.

    :ivar in_cookie: is the session in the cookie itself, not on a server?
    :ivar access: who asked for it, and what came of it; ``None``: nobody did.
    :ivar incoming: what came; ``None``: not known, and ``no_incoming`` says why.
    :ivar outgoing: what it held at the end; ``None``: not known, and ``no_outgoing`` says why.
    :ivar found: what the next request will find; ``None``: not known, or not asked for.
    :ivar rejected: did the library reject the cookie that came?
    :ivar will_be_rejected: will it reject the one that the browser holds now?
    """

    name: str
    cookie_name: str | None
    in_cookie: bool = False
    access: Access | None = None
    came: bool = False
    not_asked: bool = False
    incoming: Snapshot | None = None
    outgoing: Snapshot | None = None
    found: Snapshot | None = None
    no_incoming: str = ""
    no_outgoing: str = ""
    rejected: bool = False
    will_be_rejected: bool = False
