"""pyramid_session_redis: a signed id in the cookie, everything else in Redis.

``RedisSessionFactory`` returns a function; its options are read from the closure.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..cookie_attributes import CookieAttributes
from ..ended_sessions import log_ended_meanwhile
from ..forgery import runs_code, unsigned
from ..possible_keys import possible_keys
from ..redis_payload import may_hold_session
from ..redis_session import keep_ended
from ..session_library import SessionLibrary
from ..shared_resource import SharedResource
from ..signing import shortest_secret, signing_keys

# The closure variables that are used. Factories of a release that renames one are not recognized.
_CLOSURE_VARIABLES = {
    "_cookie_signer",
    "cookie_name",
    "deserialize",
    "redis_client_callable",
    "redis_options",
    "redis_url",
    "set_cookie_kwargs",
}

# An id in the library's format.
SAMPLE_ID = "0" * 64
_OTHER_ID = "1" * 64
_ID = re.compile(r"[0-9A-Za-z_-]{64}")

# As pyramid_session_redis.connection does.
_REPLACED_BY_URL = ("host", "port", "db", "password", "unix_socket_path", "connection_pool")


class RedisSessions(SessionLibrary):
    fix = (
        "give each RedisSessionFactory its own secret, or a cookie_signer with its own salt; "
        "neither another prefix nor another database number in redis_url helps"
    )
    makers: tuple[str, ...] = (
        "pyramid_session_redis.RedisSessionFactory",
        "pyramid_session_redis.session_factory_from_settings",
    )

    def recognizes_factory(self, candidate: object) -> bool:
        # By its code: functools.wraps copies the factory's name to other functions.
        return (
            inspect.isfunction(candidate)
            and candidate.__code__.co_qualname == "RedisSessionFactory.<locals>.factory"
            and candidate.__globals__.get("__name__") == "pyramid_session_redis"
            and set(candidate.__code__.co_freevars) >= _CLOSURE_VARIABLES
        )

    def cookie_name(self, factory: Callable[..., Any]) -> str | None:
        name: str = _closure(factory)["cookie_name"]
        return name

    def cookie_attributes(self, factory: Callable[..., Any]) -> CookieAttributes | None:
        cookie_kwargs = _closure(factory)["set_cookie_kwargs"]
        return CookieAttributes(
            path=cookie_kwargs["path"],
            domain=cookie_kwargs["domain"],
            max_age=cookie_kwargs["max_age"],
            secure=bool(cookie_kwargs["secure"]),
            httponly=bool(cookie_kwargs["httponly"]),
            samesite=cookie_kwargs.get("samesite"),
        )

    def has_fixed_expiry(self, factory: Callable[..., Any]) -> bool:
        # The cookie is only sent with a new session.
        cookie_kwargs = _closure(factory)["set_cookie_kwargs"]
        return cookie_kwargs["max_age"] is not None or "expires" in cookie_kwargs

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        return signing_keys(_closure(factory)["_cookie_signer"])

    def possible_keys(self, factory: Callable[..., Any]) -> frozenset[Hashable]:
        return possible_keys(_closure(factory)["_cookie_signer"])

    def sample_cookie(self, factory: Callable[..., Any]) -> bytes:
        value: bytes = _closure(factory)["_cookie_signer"].dumps(SAMPLE_ID)
        return value

    def accepts_cookie(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        return bool(_closure(factory)["_cookie_signer"].loads(value))

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        return shortest_secret(_closure(factory)["_cookie_signer"])

    def unsigned(self, factory: Callable[..., Any]) -> bool | None:
        return unsigned(
            _closure(factory)["_cookie_signer"],
            functools.partial(self.sample_cookie, factory),
            functools.partial(self.accepts_cookie, factory),
            (SAMPLE_ID, _OTHER_ID),
        )

    def runs_code(self, factory: Callable[..., Any]) -> bool:
        signer = _closure(factory)["_cookie_signer"]
        return runs_code(signer, functools.partial(self.sample_cookie, factory))

    def storage(self, factory: Callable[..., Any]) -> Hashable | None:
        # Two addresses may lead to one server.
        return "pyramid_session_redis"

    def shared_resource(self, factory: Callable[..., Any]) -> SharedResource | None:
        closure = _closure(factory)
        if closure["redis_client_callable"] is not None:
            return None
        options = closure["redis_options"]
        if closure["redis_url"] is not None:
            options = {k: v for k, v in options.items() if k not in _REPLACED_BY_URL}
        return SharedResource(
            "the Redis client of pyramid_session_redis",
            (closure["redis_url"], options),
            "give each factory its own redis_client_callable, which returns its own client",
        )

    def recognizes_session(self, session: Any) -> bool:
        return any(
            cls.__module__ == "pyramid_session_redis.session" and cls.__name__ == "RedisSession"
            for cls in type(session).__mro__
        )

    def prepare(self, session: Any, request: Any, namespace: str) -> None:
        keep_ended(session, namespace)

    def came_from_cookie(self, session: Any) -> bool:
        state = vars(session).get("_session_state")  # session.new would undo an invalidate()
        return state is not None and not state.new

    def read(self, session: Any) -> dict[str, Any]:
        # The session's own methods would extend the time to live, and undo an invalidate().
        state = vars(session).get("_session_state")
        return {} if state is None else dict(state.managed_dict)

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        return self.read(session)

    def renew(self, session: Any, data: dict[str, Any]) -> None:
        """Store the new session before the old one is deleted: a failure must not lose both.

        The timeout that the application adjusted for this session stays.
        """
        old_state = session._session_state
        del session._session_state  # the next access begins a new one
        try:
            session.update(data)
            session.new_csrf_token()
            if session.timeout != old_state.timeout:
                session.adjust_session_timeout(old_state.timeout)
            session.do_persist()
            is_stored = isinstance(old_state.session_id, str)
            if is_stored and session.redis.delete(old_state.session_id) == 0:
                log_ended_meanwhile(session.namespace_name)
        except Exception:
            session._session_state = old_state
            raise

    def session_id(self, session: Any) -> str | None:
        # The session's own attributes would undo an invalidate().
        state = vars(session).get("_session_state")
        if state is None:
            return None
        is_stored = isinstance(state.session_id, str)
        if not is_stored and not state.managed_dict:
            return None  # ensure_id() would leave a key in Redis, and no cookie would have the id
        session_id: str = session.ensure_id()
        return session_id

    def end_session(
        self, factory: Callable[..., Any], session_id: str, request: Any
    ) -> bool | None:
        # Redis would delete any key.
        if not _may_be_id(factory, session_id):
            return False
        client, deserialize = _client(factory, request), _closure(factory)["deserialize"]
        is_session = may_hold_session(client, session_id, deserialize)
        return is_session and bool(client.delete(session_id))


def _may_be_id(factory: Callable[..., Any], session_id: str) -> bool:
    """False for a text that the factory's generator of ids does not return."""
    generator = _closure(factory)["id_generator"]
    if getattr(generator, "__name__", None) == "_generate_session_id":  # the library's default
        return _ID.fullmatch(session_id) is not None
    return session_id.startswith(getattr(generator, "keywords", {}).get("prefix", ""))


def _client(factory: Callable[..., Any], request: Any) -> Any:
    """The Redis client that the factory would use for this request."""
    closure = _closure(factory)
    if closure["redis_client_callable"] is not None:
        return closure["redis_client_callable"](request, **closure["redis_options"])
    from pyramid_session_redis.connection import get_default_connection

    return get_default_connection(request, url=closure["redis_url"], **closure["redis_options"])


def _closure(factory: Callable[..., Any]) -> Mapping[str, Any]:
    return inspect.getclosurevars(factory).nonlocals


LIBRARY = RedisSessions()
