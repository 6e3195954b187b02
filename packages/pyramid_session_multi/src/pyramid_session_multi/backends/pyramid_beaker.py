"""pyramid_beaker with Beaker: the data on the server (memory, file, database, ...) or in a cookie.

The factory is a class; its session is a proxy that loads Beaker's own session when it is touched.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..library import CookieAttributes, SessionLibrary
from ..making import Maker
from ..options import (
    BOOLEAN,
    INTEGER,
    SAMESITE,
    SECRET,
    TEXT,
    Option,
    OptionError,
    Resolve,
    dotted,
    near,
    options_of,
    or_none,
)
from ..signing import key_token

_ID = re.compile(rb"[0-9a-f]{32}")

# What Beaker gives itself, and what is no text.
_NO_TEXT = (
    "bind",
    "dbmmodule",
    "digest_filenames",
    "id",
    "namespace",
    "request",
    "sa_opts",
    "table",
    "use_cookies",
)

# Without one of these sets a storage fails when the first session is opened. Of the storages that
# are not here, it is the parameters without a default.
_NEEDED = {
    "dbm": [{"data_dir"}, {"dbm_dir", "lock_dir"}],
    "ext:database": [{"url"}],
    "file": [{"data_dir"}, {"file_dir", "lock_dir"}],
}

_OWN_KEYS = frozenset({"_id", "_path", "_domain", "_accessed_time", "_creation_time"})


class BeakerSessions(SessionLibrary):
    cure = (
        "give each BeakerSessionFactoryConfig a secret of its own (type='cookie': a validate_key); "
        "without a secret its ids are not signed at all"
    )

    def owns(self, candidate: object) -> bool:
        return isinstance(candidate, type) and any(
            cls.__module__ == "pyramid_beaker" and hasattr(cls, "_options")
            for cls in candidate.__mro__
        )

    def cookie_name(self, factory: Callable[..., Any]) -> str | None:
        name: str = factory._options.get("key", "beaker.session.id")  # type: ignore[attr-defined]
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

    def server_side(self, factory: Any) -> bool:
        return bool(factory._options.get("type") != "cookie")

    def keys(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        key = _key(factory)
        if not key:
            return ("beaker without a secret",)
        return (key_token(key.encode(), "sha1", "beaker"),)

    def issue(self, factory: Callable[..., Any]) -> bytes | None:
        key = _key(factory)
        if not key:
            return b"f" * 32
        from beaker.session import SignedCookie

        signed: str = SignedCookie(key).value_encode("f" * 32)[1]
        return signed.encode()

    def accepts(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        key = _key(factory)
        if not key:
            return _ID.fullmatch(value) is not None
        from beaker.session import InvalidSignature, SignedCookie

        return SignedCookie(key).value_decode(value.decode())[0] not in (None, InvalidSignature)

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        key = _key(factory)
        return len(key.encode()) if key else None

    def unsigned(self, factory: Callable[..., Any]) -> bool:
        return not _key(factory)

    def serves(self, session: Any) -> bool:
        return self.owns(type(session))

    def accepted(self, session: Any) -> bool:
        # .new is missing in cookie mode, and is_new says only that there was a cookie.
        if self.server_side(type(session)):
            return not session._session().is_new
        try:
            inner = session._session()
        except Exception:  # noqa: BLE001 - whatever decoding or decrypting garbage raises
            return False
        return "_creation_time" in getattr(inner, "accessed_dict", ())

    def read(self, session: Any) -> dict[str, Any]:
        return {k: v for k, v in session._session().items() if k not in _OWN_KEYS}

    def glance(self, session: Any) -> dict[str, Any] | None:
        # What was loaded counts as accessed, and is stored anew for it.
        return None if vars(session)["_sess"] is None else self.read(session)

    def invalidate(self, session: Any) -> None:
        """End the old id in the storage, then start a new one.

        Beaker's own ``invalidate`` leaves the old data where it is, for whoever has the old
        cookie; in cookie mode it even sends the old data again. ``NamespaceManager.remove`` is
        no cure: on memcached it flushes the whole server.
        """
        from beaker.session import CookieSession

        inner = session._session()
        if isinstance(inner, CookieSession):
            inner.invalidate()
            session.changed()
            return
        storage = getattr(inner, "namespace", None)
        if storage is not None:
            storage.acquire_write_lock(replace=True)
            try:
                if "session" in storage:
                    del storage["session"]
            finally:
                storage.release_write_lock()
        inner.invalidate()


def _key(factory: Any) -> str | None:
    options = factory._options
    name = "validate_key" if options.get("type") == "cookie" else "secret"
    key: str | None = options.get(name)
    return key


LIBRARY = BeakerSessions()


class BeakerMaker(Maker):
    """``use = beaker``: ``BeakerSessionFactoryConfig`` of pyramid_beaker.

    Its options are those of Beaker's sessions and of the storage that ``type`` names.
    """

    use = "beaker"
    extra = "beaker"

    def required(self, given: Mapping[str, str]) -> tuple[str, ...]:
        return ("validate_key",) if given.get("type") == "cookie" else ("secret",)

    def options(self, given: Mapping[str, str], resolve: Resolve) -> Mapping[str, Option]:
        table = {
            "cookie_expires": Option(_expires, "true, false or a number of seconds", shown=True),
            "encrypt_key": SECRET,
            "namespace_class": dotted(resolve),
            "samesite": SAMESITE,
            "secret": SECRET,
            "timeout": or_none(INTEGER),
            "validate_key": SECRET,
        }
        understood = {
            "auto": BOOLEAN,
            "constant_csrf_token": SECRET,
            "cookie_name": TEXT,
            "cookie_on_exception": BOOLEAN,
            "type": TEXT,
        }
        for source in _sources(given):
            understood |= options_of(source, table, dotted(resolve), without=_NO_TEXT)
        return understood

    def make(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        from beaker.util import coerce_session_params
        from pyramid_beaker import BeakerSessionFactoryConfig

        _require_storage(options)
        options.setdefault("key", options.pop("cookie_name"))
        factory: Callable[..., Any] = BeakerSessionFactoryConfig(**coerce_session_params(options))
        return factory


def _type(given: Mapping[str, Any]) -> str:
    return given.get("type") or ("file" if given.get("data_dir") else "memory")


def _storages() -> Mapping[str, Callable[..., Any]]:
    """By type; without those that need an object, which no text can name."""
    import pyramid_beaker  # noqa: F401 - it is what has to be installed
    from beaker.cache import clsmap

    return {k: v for k, v in clsmap._clsmap.items() if not _without_default(v) & {*_NO_TEXT}}


def _without_default(storage: Callable[..., Any]) -> set[str]:
    parameters = list(inspect.signature(storage).parameters.values())[1:]  # but for its namespace
    return {p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD}


def _sources(given: Mapping[str, str]) -> list[Callable[..., Any]]:
    """The functions whose parameters are the options for a type of storage."""
    storages, kind = _storages(), _type(given)
    from beaker.session import CookieSession, Session

    if kind == "cookie":
        return [CookieSession]
    if kind not in storages:
        known = ("cookie", *storages)
        raise OptionError("type", f"takes {', '.join(known)}, not {kind!r}{near(str(kind), known)}")
    return [storages[kind], Session]


def _require_storage(options: Mapping[str, Any]) -> None:
    kind = _type(options)
    if kind == "cookie" or "namespace_class" in options:
        return
    needed = _NEEDED.get(kind) or [_without_default(_storages()[kind])]
    given = {name for name, value in options.items() if value}
    if not any(names <= given for names in needed):
        alternatives = ", or ".join(" and ".join(sorted(names)) for names in needed)
        missing = min(needed[0] - given)
        raise OptionError(missing, f"is missing: type = {kind} needs {alternatives}")


def _expires(text: str) -> bool | int:
    return text.lower() == "true" if text.lower() in {"true", "false"} else int(text)


MAKERS = (BeakerMaker(),)
