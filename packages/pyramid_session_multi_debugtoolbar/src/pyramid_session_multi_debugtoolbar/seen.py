"""What was seen of one namespace when the request was over: values and cookies, no sessions."""

from __future__ import annotations

from dataclasses import dataclass

from .keeping import Kept
from .observation import Access
from .reading import Decoder


@dataclass(slots=True)
class Seen:
    """One namespace in one request: asked for, or at least its cookie came.

    :ivar in_cookie: is the session in the cookie itself, not on a server?
    :ivar decode: reads the cookies when somebody looks; ``None``: they were read, if at all.
    :ivar access: who asked for it, and what came of it; ``None``: nobody did.
    :ivar incoming: what came; ``None``: not known, and ``no_incoming`` says why.
    :ivar outgoing: what it held at the end; ``None``: not known, and ``no_outgoing`` says why.
    :ivar found: what the next request will find; ``None``: not known (``no_found`` may say why),
        or not asked for.
    :ivar unchecked: would ``found`` be known if the panel was activated?
    :ivar refilled: was it emptied, but had what came again when its cookie was written?
    :ivar rejected: did the library reject the cookie that came?
    :ivar will_be_rejected: will it reject the one that the browser holds now?
    """

    access: Access | None = None
    in_cookie: bool = False
    decode: Decoder | None = None
    not_asked: bool = False
    incoming: Kept | None = None
    outgoing: Kept | None = None
    found: Kept | None = None
    no_incoming: str = ""
    no_outgoing: str = ""
    no_found: str = ""
    unchecked: bool = False
    refilled: bool = False
    rejected: bool = False
    will_be_rejected: bool = False
