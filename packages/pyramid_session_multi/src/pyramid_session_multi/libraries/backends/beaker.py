"""Beaker with pyramid_beaker: data on the server (memory, file, database, ...) or in a cookie.

The factory is a class, pyramid_beaker's or one that an application made after its model. Its
session is a proxy that loads Beaker's own session at the first use.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ...messages import str_or_type
from ..beaker_beginning import CREATED, begin
from ..beaker_options import is_in_cookie, is_subclass, key_bytes, signing_key
from ..beaker_session import (
    creation_time,
    hide_other_cookies,
    load_or_drop_cookie,
    own_data,
    remove,
    remove_by_id,
)
from ..beaker_storage import storage_identity, storage_problem
from ..beaker_storing import replace_class
from ..cookie_attributes import CookieAttributes
from ..session_library import SessionLibrary
from ..signing import NOT_TEXT, key_token

_ID = re.compile(rb"[0-9a-f]{32}")


class BeakerSessions(SessionLibrary):
    fix = (
        "give each BeakerSessionFactoryConfig its own secret (type='cookie': validate_key); "
        "without a secret its ids are not signed at all"
    )
    makers: tuple[str, ...] = (
        "pyramid_beaker.BeakerSessionFactoryConfig",
        "pyramid_beaker.session_factory_from_settings",
    )

    def recognizes_factory(self, candidate: object) -> bool:
        return (
            isinstance(candidate, type)
            and is_subclass(candidate, "SessionObject")
            and isinstance(getattr(candidate, "_options", None), Mapping)
        )

    def cookie_name(self, factory: Any) -> str | None:
        name: str = factory._options.get("key", "beaker.session.id")
        return name

    def cookie_attributes(self, factory: Any) -> CookieAttributes | None:
        options = factory._options
        return CookieAttributes(
            path=options.get("cookie_path", "/"),
            domain=options.get("cookie_domain"),
            secure=bool(options.get("secure", False)),
            httponly=bool(options.get("httponly", False)),
            samesite=options.get("samesite", "Lax"),
        )

    def startup_problem(self, factory: Any) -> str | None:
        options = factory._options
        if isinstance(signing_key(factory._options), bytes):
            return "Beaker takes a secret as a str, not as bytes"
        try:
            self.secret_bytes(factory)
        except UnicodeEncodeError:
            return f"its secret {NOT_TEXT}"
        if type(options.get("cookie_expires")) in (int, float):
            return "Beaker takes cookie_expires as a timedelta, not as a number"
        problem = storage_problem(options)
        return f"its storage {str_or_type(options['type'])} {problem}" if problem else None

    def in_memory(self, factory: Any) -> bool:
        options = factory._options
        return options.get("type") == "memory" or not (
            options.get("type") or options.get("data_dir")
        )

    def has_fixed_expiry(self, factory: Any) -> bool:
        options = factory._options
        if not isinstance(options.get("cookie_expires"), (datetime, timedelta)):
            return False
        sends_it_again = options.get("type") == "cookie" and options.get("save_accessed_time", True)
        return not sends_it_again or isinstance(options["cookie_expires"], datetime)

    def server_side(self, factory: Any) -> bool:
        return not is_in_cookie(factory._options)

    def key_tokens(self, factory: Any) -> tuple[Hashable, ...]:
        key = signing_key(factory._options)
        return (key_token(key_bytes(key), "sha1", "beaker"),) if key else ()

    def sample_cookie(self, factory: Any) -> bytes | None:
        key = signing_key(factory._options)
        if not key:
            return b"f" * 32
        from beaker.session import SignedCookie

        signed: str = SignedCookie(key).value_encode("f" * 32)[1]
        return signed.encode()

    def accepts_cookie(self, factory: Any, value: bytes) -> bool | None:
        key = signing_key(factory._options)
        if not key:
            return _ID.fullmatch(value) is not None
        from beaker.session import InvalidSignature, SignedCookie

        return SignedCookie(key).value_decode(value.decode())[0] not in (None, InvalidSignature)

    def secret_bytes(self, factory: Any) -> int | None:
        key = signing_key(factory._options)
        return len(key_bytes(key)) if key else None

    def unsigned(self, factory: Any) -> bool | None:
        return not signing_key(factory._options)

    def runs_code(self, factory: Any) -> bool:
        options = factory._options
        pickles = options.get("data_serializer", "pickle") == "pickle"
        return pickles and is_in_cookie(options) and not signing_key(factory._options)

    def storage(self, factory: Any) -> Hashable | None:
        return storage_identity(factory._options)

    def is_customized(self, factory: Any) -> bool:
        session_class = factory._options.get("session_class")
        return (
            super().is_customized(factory)
            or not any(cls.__module__ == "pyramid_beaker" for cls in factory.__mro__)
            or not (session_class is None or session_class.__module__ == "beaker.session")
        )

    def recognizes_session(self, session: Any) -> bool:
        return is_subclass(type(session), "SessionObject")

    def prepare(self, session: Any, request: Any, namespace: str) -> None:
        replace_class(session, namespace)
        hide_other_cookies(session, request)

    def came_from_cookie(self, session: Any) -> bool:
        # In cookie mode, is_new says only that there was a cookie.
        if not is_in_cookie(vars(session)["_params"]):
            return not session._session().is_new
        try:
            inner = session._session()
        except Exception:  # noqa: BLE001 - decoding or decrypting garbage may raise anything
            return False
        return not inner.is_new and CREATED in inner.accessed_dict

    def created(self, session: Any) -> float:
        return creation_time(session)

    def read(self, session: Any) -> dict[str, Any]:
        return own_data(load_or_drop_cookie(session))

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        # Loading a session counts as an access, and stores it again.
        return None if vars(session)["_sess"] is None else self.read(session)

    def invalidate(self, session: Any) -> None:
        """End the old id in the storage, then start a new one.

        Beaker's own ``invalidate`` leaves the old data in the storage, readable with the old
        cookie; in cookie mode it even sends the old data again. ``NamespaceManager.remove`` does
        not help: on memcached it flushes the whole server.
        """
        from beaker.session import CookieSession

        inner = load_or_drop_cookie(session)
        if isinstance(inner, CookieSession):
            begin(inner)
            session.changed()
            return
        storage = getattr(inner, "namespace", None)
        if storage is not None:
            remove(storage)
        begin(inner)

    def renew(self, session: Any, data: dict[str, Any]) -> None:
        """Store the new session before the old one is removed: a failure must not lose both."""
        if is_in_cookie(vars(session)["_params"]):
            super().renew(session, data)
            return
        inner = session._session()
        old_storage = getattr(inner, "namespace", None)
        begin(inner)
        session.update(data)
        session.new_csrf_token()
        inner.save()
        if old_storage is not None:
            remove(old_storage)

    def session_id(self, session: Any) -> str | None:
        options = vars(session)["_params"]
        if is_in_cookie(options):
            return None
        inner = session._session()
        is_stored = not inner.is_new or session.dirty() or options.get("auto")
        if not is_stored and not own_data(inner):
            return None
        session_id: str = inner.id
        return session_id

    def end_session(self, factory: Any, session_id: str, request: Any) -> bool | None:
        if not self.server_side(factory):
            return None
        # Other text than an id could lead anywhere in the file system.
        is_id = _ID.fullmatch(session_id.encode("utf-8", "replace"))
        return is_id is not None and remove_by_id(factory._options, session_id)


LIBRARY = BeakerSessions()
