"""``use = beaker``: pyramid_beaker, with any of Beaker's storages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...dotted_names import Resolver
from ...messages import did_you_mean, shown
from ..beaker_storage import canonical_type, storage_problem
from ..library_options import options_from_signature
from ..option_converters import (
    BOOLEAN,
    SAMESITE,
    TEXT,
    UTF8_SECRET,
    Option,
    OptionError,
    callable_option,
)
from .builder import FactoryBuilder

# Parameters that Beaker passes itself, or that take objects.
_NOT_FROM_TEXT = (
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

# One of these is required: without it, Beaker fails when the first session is opened.
_REQUIRED_BY_TYPE = {
    **dict.fromkeys(["ext:database", "ext:memcached", "ext:mongodb", "ext:redis"], ("url",)),
    "ext:rediscluster": ("urls",),
    "dbm": ("data_dir", "dbm_dir"),
    "file": ("data_dir", "file_dir"),
}

_NEEDS_OBJECTS = (
    "is ext:sqla, which needs SQLAlchemy objects: set it to ext:database, or set use to a callable "
    "of your own"
)

# Beaker's own, and those that the application passed to register_crypto_module.
_CRYPTO_TYPES = "default, cryptography, pycryptodome or a name that was registered with Beaker"

_EXPIRES = "true, false or a number of seconds above 0"


class BeakerFactoryBuilder(FactoryBuilder):
    """``use = beaker``: ``BeakerSessionFactoryConfig`` of pyramid_beaker.

    Its options are those of Beaker's sessions and of the storage that ``type`` names.
    """

    use = "beaker"
    library_functions: tuple[str, ...] = ("pyramid_beaker.BeakerSessionFactoryConfig",)
    extra: str | None = "beaker"
    cookie_options: Mapping[str, str] = {
        "samesite": "samesite",
        "secure": "secure",
        "domain": "cookie_domain",
        "path": "cookie_path",
    }

    def secret_options(self, options: Mapping[str, str]) -> tuple[str, ...]:
        return ("validate_key",) if options.get("type") == "cookie" else ("secret",)

    def options(self, values: Mapping[str, str], resolver: Resolver) -> Mapping[str, Option]:
        overrides = {
            "cookie_expires": Option(_expires, _EXPIRES, may_show=True),
            "crypto_type": Option(_crypto_type, _CRYPTO_TYPES, may_show=True),
            "data_serializer": Option(_data_serializer, "json or pickle", may_show=True),
            "encrypt_key": UTF8_SECRET,
            "namespace_class": callable_option(resolver),
            "samesite": SAMESITE,
            "secret": UTF8_SECRET,
            "validate_key": UTF8_SECRET,
        }
        options = {
            "auto": BOOLEAN,
            "constant_csrf_token": UTF8_SECRET,
            "cookie_name": TEXT,
            "cookie_on_exception": BOOLEAN,
            "type": TEXT,
        }
        for function in _option_functions(values):
            options |= options_from_signature(
                function, overrides, callable_option(resolver), _NOT_FROM_TEXT
            )
        return options

    def belongs_to(self, option: str) -> str:
        from beaker.cache import clsmap
        from beaker.session import Session

        types = [
            storage_type
            for storage_type in dict.fromkeys(map(canonical_type, ("cookie", *clsmap._clsmap)))
            for function in _option_functions({"type": storage_type})[:1]
            if option in options_from_signature(function, {}, TEXT, _NOT_FROM_TEXT)
        ]
        if types:
            return f"; it is one of type = {', '.join(types)}"
        # All other types have the options of Session, so it is unknown with type = cookie.
        is_storage_option = option in options_from_signature(Session, {}, TEXT, _NOT_FROM_TEXT)
        return "; it is one of every type except cookie" if is_storage_option else ""

    def build(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        from beaker.util import coerce_session_params
        from pyramid_beaker import BeakerSessionFactoryConfig

        storage_type = canonical_type(options.get("type"))
        if storage_type == "ext:sqla":
            raise OptionError("type", _NEEDS_OBJECTS)
        required = _REQUIRED_BY_TYPE.get(storage_type, ())
        if required and not any(options.get(name) for name in required):
            problem = f"is missing: type = {storage_type} needs {' or '.join(required)}"
            raise OptionError(required[0], problem)
        storage = storage_problem(options)
        if storage:
            raise OptionError("type", f"is {storage_type}, which {storage}")
        if options.get("encrypt_key"):
            _check_encryption(options)
        options.setdefault("key", options.pop("cookie_name"))
        factory: Callable[..., Any] = BeakerSessionFactoryConfig(**coerce_session_params(options))
        return factory


def _check_encryption(options: Mapping[str, Any]) -> None:
    from beaker.crypto import get_crypto_module

    if not options.get("validate_key"):
        raise OptionError("validate_key", "is missing: encrypt_key needs it as well")
    if not get_crypto_module(options.get("crypto_type", "default")).has_aes:
        # On a server Beaker would store the data in clear text, without a warning.
        raise OptionError("encrypt_key", "needs a library that encrypts: pip install cryptography")


def _option_functions(values: Mapping[str, str]) -> list[Callable[..., Any]]:
    """The functions whose parameters are the options for a type of storage."""
    import pyramid_beaker  # noqa: F401 - the package that must be installed
    from beaker.cache import clsmap
    from beaker.session import CookieSession, Session

    storage_type = values.get("type") or ("file" if values.get("data_dir") else "memory")
    if storage_type == "cookie":
        return [CookieSession]
    try:
        return [clsmap[storage_type], Session]
    except KeyError:
        types = ("cookie", *clsmap._clsmap)
        suggestion = did_you_mean(str(storage_type), types)
        problem = f"takes {', '.join(types)}, not {shown(str(storage_type))}{suggestion}"
        raise OptionError("type", problem) from None


# The next three reject what Beaker would reject when the first session is opened.


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


BUILDERS = (BeakerFactoryBuilder(),)
