"""pyramid_beaker with Beaker: the data on the server (memory, file, database, ...) or in a cookie.

The factory is a class; its session is a proxy that loads Beaker's own session when it is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..factory_builders import Maker
from ..options import (
    BOOLEAN,
    SAMESITE,
    SECRET,
    TEXT,
    Option,
    OptionError,
    Resolve,
    dotted,
    near,
    options_of,
)
from ..session_library import CookieAttributes, SessionLibrary
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

# Of which one has to be given; without, Beaker fails when the first session is opened.
_NEEDED = {
    **dict.fromkeys(["ext:database", "ext:memcached", "ext:mongodb", "ext:redis"], ("url",)),
    "dbm": ("data_dir", "dbm_dir"),
    "file": ("data_dir", "file_dir"),
}

# Beaker's own, and what the application gave to register_crypto_module.
_CRYPTO_TYPES = "default, cryptography, pycryptodome or a name that was registered with Beaker"

_OWN_KEYS = frozenset({"_id", "_path", "_domain", "_accessed_time", "_creation_time"})


class BeakerSessions(SessionLibrary):
    fix = (
        "give each BeakerSessionFactoryConfig a secret of its own (type='cookie': a validate_key); "
        "without a secret its ids are not signed at all"
    )

    def recognizes_factory(self, candidate: object) -> bool:
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

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        key = _key(factory)
        if not key:
            return ("beaker without a secret",)
        return (key_token(_bytes(key), "sha1", "beaker"),)

    def sample_cookie(self, factory: Callable[..., Any]) -> bytes | None:
        key = _key(factory)
        if not key:
            return b"f" * 32
        from beaker.session import SignedCookie

        signed: str = SignedCookie(key).value_encode("f" * 32)[1]
        return signed.encode()

    def accepts_cookie(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        key = _key(factory)
        if not key:
            return _ID.fullmatch(value) is not None
        from beaker.session import InvalidSignature, SignedCookie

        return SignedCookie(key).value_decode(value.decode())[0] not in (None, InvalidSignature)

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        key = _key(factory)
        return len(_bytes(key)) if key else None

    def unsigned(self, factory: Callable[..., Any]) -> bool:
        return not _key(factory)

    def recognizes_session(self, session: Any) -> bool:
        return self.recognizes_factory(type(session))

    def came_from_cookie(self, session: Any) -> bool:
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

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        # What was loaded counts as accessed, and is stored anew for it.
        return None if vars(session)["_sess"] is None else self.read(session)

    def invalidate(self, session: Any) -> None:
        """End the old id in the storage, then start a new one.

        Beaker's own ``invalidate`` leaves the old data where it is, for whoever has the old
        cookie; in cookie mode it even sends the old data again. ``NamespaceManager.remove`` is
        no fix: on memcached it flushes the whole server.
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


def _bytes(key: str | bytes) -> bytes:
    return key.encode() if isinstance(key, str) else key


def _key(factory: Any) -> Any:
    options = factory._options
    name = "validate_key" if options.get("type") == "cookie" else "secret"
    return options.get(name)


LIBRARY = BeakerSessions()


class BeakerMaker(Maker):
    """``use = beaker``: ``BeakerSessionFactoryConfig`` of pyramid_beaker.

    Its options are those of Beaker's sessions and of the storage that ``type`` names.
    """

    use = "beaker"
    extra: str | None = "beaker"

    def required(self, given: Mapping[str, str]) -> tuple[str, ...]:
        return ("validate_key",) if given.get("type") == "cookie" else ("secret",)

    def options(self, given: Mapping[str, str], resolve: Resolve) -> Mapping[str, Option]:
        table = {
            "cookie_expires": Option(_expires, _EXPIRES, shown=True),
            "crypto_type": Option(_crypto_type, _CRYPTO_TYPES, shown=True),
            "data_serializer": Option(_data_serializer, "json or pickle", shown=True),
            "encrypt_key": SECRET,
            "namespace_class": dotted(resolve),
            "samesite": SAMESITE,
            "secret": SECRET,
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

        kind = str(options.get("type"))
        needed = _NEEDED.get(kind, ())
        if needed and not any(options.get(name) for name in needed):
            problem = f"is missing: type = {kind} needs {' or '.join(needed)}"
            raise OptionError(needed[0], problem)
        if options.get("encrypt_key"):
            _require_encryption(options)
        options.setdefault("key", options.pop("cookie_name"))
        factory: Callable[..., Any] = BeakerSessionFactoryConfig(**coerce_session_params(options))
        return factory


def _require_encryption(options: Mapping[str, Any]) -> None:
    from beaker.crypto import get_crypto_module

    if not options.get("validate_key"):
        raise OptionError("validate_key", "is missing: encrypt_key needs it as well")
    if not get_crypto_module(options.get("crypto_type", "default")).has_aes:
        # On a server Beaker would keep the data in clear, and not say so.
        raise OptionError("encrypt_key", "needs a library that encrypts: pip install cryptography")


def _sources(given: Mapping[str, str]) -> list[Callable[..., Any]]:
    """The functions whose parameters are the options for a type of storage."""
    import pyramid_beaker  # noqa: F401 - it is what has to be installed
    from beaker.cache import clsmap
    from beaker.session import CookieSession, Session

    kind = given.get("type") or ("file" if given.get("data_dir") else "memory")
    if kind == "cookie":
        return [CookieSession]
    try:
        return [clsmap[kind], Session]
    except KeyError:
        known = ("cookie", *clsmap._clsmap)
        problem = f"takes {', '.join(known)}, not {kind!r}{near(str(kind), known)}"
        raise OptionError("type", problem) from None


_EXPIRES = "true, false or a number of seconds above 0"


# What these three refuse, Beaker would refuse when the first session is opened.


def _crypto_type(text: str) -> str:
    from beaker.crypto import get_crypto_module
    from beaker.exceptions import InvalidCryptoBackendError

    try:
        get_crypto_module(text)
    except ImportError as error:
        raise ValueError(f"{error.name} is not installed") from error
    except InvalidCryptoBackendError as error:
        raise ValueError from error
    return text


def _data_serializer(text: str) -> str:
    if text not in {"json", "pickle"}:
        raise ValueError
    return text


def _expires(text: str) -> bool | int:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    seconds = int(text)
    if seconds < 1:
        raise ValueError
    return seconds


MAKERS = (BeakerMaker(),)
