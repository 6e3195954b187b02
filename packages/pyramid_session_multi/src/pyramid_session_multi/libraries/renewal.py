"""Session libraries of which it is not known if they give a session a new id."""

from __future__ import annotations

from .session_library import SessionLibrary


def may_keep_id(library: SessionLibrary) -> bool:
    """True if ``renew`` can do no more than the session's own ``invalidate()``.

    That empties the session, and in some libraries keeps its id.
    """
    cls = type(library)
    return cls.renew is SessionLibrary.renew and cls.invalidate is SessionLibrary.invalidate
