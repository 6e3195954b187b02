"""Pyramid's own cookie sessions, and those of pyramid_nacl_session, which builds on them.

``BaseCookieSessionFactory`` returns a class whose sessions store everything in the cookie. They are
dicts whose methods may send the cookie again, so ``dict``'s own methods are called here.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Hashable
from typing import Any

from pyramid.util import bytes_, text_
from webob.cookies import SignedSerializer

from ..cookie_attributes import CookieAttributes
from ..forgery import runs_code, unsigned
from ..possible_keys import possible_keys
from ..session_library import SessionLibrary
from ..signing import RotatingSerializer, is_nacl, shortest_secret, signing_keys

# The state that an empty session passes to its serializer: renewed, created, data.
EMPTY_STATE: tuple[int, int, dict[str, Any]] = (0, 0, {})

# Sample cookies of one minute have the same time, so that equal keys yield equal cookies.
_SAMPLE_SECONDS = 60

_SESSION_QUALNAME = "BaseCookieSessionFactory.<locals>.CookieSession"


class PyramidCookieSessions(SessionLibrary):
    fix = (
        "create both with pyramid_session_multi.signed_cookie_session_factory, which binds the "
        "namespace into the key; or give each its own secret (a salt is enough for "
        "SignedCookieSessionFactory). An unsigned serializer must be replaced by a signing one"
    )
    makers: tuple[str, ...] = (
        "pyramid.session.SignedCookieSessionFactory",
        "pyramid.session.BaseCookieSessionFactory",
        "pyramid_nacl_session.session.EncryptedCookieSessionFactory",
        "pyramid_session_multi.libraries.signed_cookie.signed_cookie_session_factory",
    )

    def recognizes_factory(self, candidate: object) -> bool:
        return isinstance(candidate, type) and any(
            cls.__module__ == "pyramid.session" and cls.__qualname__ == _SESSION_QUALNAME
            for cls in candidate.__mro__
        )

    def cookie_name(self, factory: Callable[..., Any]) -> str | None:
        name: str = factory._cookie_name  # type: ignore[attr-defined]
        return name

    def cookie_attributes(self, factory: Any) -> CookieAttributes | None:
        return CookieAttributes(
            path=factory._cookie_path,
            domain=factory._cookie_domain,
            max_age=factory._cookie_max_age,
            secure=bool(factory._cookie_secure),
            httponly=bool(factory._cookie_httponly),
            samesite=factory._cookie_samesite,
        )

    def maker(self, factory: Any) -> str | None:
        if factory.__qualname__ != _SESSION_QUALNAME:
            return None  # a subclass has a name of its own
        serializer = _serializer(factory)
        if type(serializer) is RotatingSerializer and serializer.namespace is not None:
            return "pyramid_session_multi.signed_cookie_session_factory"
        if type(serializer) is SignedSerializer:
            return "pyramid.session.SignedCookieSessionFactory"
        if is_nacl(serializer):
            return "pyramid_nacl_session.EncryptedCookieSessionFactory"
        return "pyramid.session.BaseCookieSessionFactory"

    def made_for(self, factory: Callable[..., Any]) -> str | None:
        return getattr(_serializer(factory), "namespace", None)

    def has_fixed_expiry(self, factory: Any) -> bool:
        max_age, reissue_time = factory._cookie_max_age, factory._reissue_time
        return max_age is not None and (reissue_time is None or reissue_time >= max_age)

    def server_side(self, factory: Callable[..., Any]) -> bool:
        return False

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        return signing_keys(_serializer(factory))

    def possible_keys(self, factory: Callable[..., Any]) -> frozenset[Hashable]:
        return possible_keys(_serializer(factory))

    def sample_cookie(self, factory: Callable[..., Any]) -> bytes:
        return _cookie(_serializer(factory), _sample_time())

    def accepts_cookie(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        # As in the session: any number is valid, and a serializer with a time limit can reject it.
        renewed, created, state = _serializer(factory).loads(value)
        return None not in (float(renewed), float(created), dict(state))

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        return shortest_secret(_serializer(factory))

    def unsigned(self, factory: Callable[..., Any]) -> bool | None:
        serializer, timestamp = _serializer(factory), _sample_time()
        return unsigned(
            serializer,
            functools.partial(_cookie, serializer, timestamp),
            functools.partial(self.accepts_cookie, factory),
            (str(timestamp), str(timestamp - _SAMPLE_SECONDS)),
        )

    def runs_code(self, factory: Callable[..., Any]) -> bool:
        return runs_code(_serializer(factory), functools.partial(self.sample_cookie, factory))

    def recognizes_session(self, session: Any) -> bool:
        return self.recognizes_factory(type(session))

    def came_from_cookie(self, session: Any) -> bool:
        # A session that timed out is empty, but its ``new`` is false.
        return not session.new and not _timed_out(session)

    def created(self, session: Any) -> float:
        if _timed_out(session):
            session.created = time.time()  # it is a new session with the old time
        created: float = session.created
        return created

    def invalidate(self, session: Any) -> None:
        """Empty the session, and begin a new one: Pyramid's own ``invalidate`` keeps the time."""
        session.invalidate()
        session.created = time.time()
        session.new = True

    def read(self, session: Any) -> dict[str, Any]:
        return dict(dict.items(session))

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        return self.read(session)


def _timed_out(session: Any) -> bool:
    return session._timeout is not None and time.time() - session.renewed > session._timeout


def _serializer(factory: Any) -> Any:
    """The serializer in the class's closure; ``None`` if a release of Pyramid renames it."""
    base = next(cls for cls in factory.__mro__ if cls.__qualname__ == _SESSION_QUALNAME)
    init = base.__init__
    closure = dict(zip(init.__code__.co_freevars, init.__closure__, strict=True))
    cell = closure.get("serializer")
    return None if cell is None else cell.cell_contents


def _sample_time() -> int:
    now = int(time.time())
    return now - now % _SAMPLE_SECONDS


def _cookie(serializer: Any, timestamp: int) -> bytes:
    """The cookie of an empty session, in the bytes that a browser returns."""
    value: bytes = bytes_(text_(serializer.dumps((timestamp, timestamp, {}))))
    return value


LIBRARY = PyramidCookieSessions()
