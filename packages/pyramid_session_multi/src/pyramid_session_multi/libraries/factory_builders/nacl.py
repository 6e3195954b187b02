"""``use = nacl``: encrypted cookies of pyramid_nacl_session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...dotted_names import Resolver
from ..option_converters import Option
from .builder import FactoryBuilder
from .signed_cookie import cookie_session_options

# nacl.secret.SecretBox.KEY_SIZE
_KEY_BYTES = 32

# The words of the library's own settings parser.
_SERIALIZERS = {
    "json": "pyramid.session.JSONSerializer",
    "pickle": "pyramid.session.PickleSerializer",
}


class NaclFactoryBuilder(FactoryBuilder):
    """``use = nacl``: ``EncryptedCookieSessionFactory`` of pyramid_nacl_session."""

    use = "nacl"
    library_functions: tuple[str, ...] = (
        "pyramid_nacl_session.session.EncryptedCookieSessionFactory",
    )
    extra: str | None = "nacl"
    recipe = "secrets.token_hex(32)"

    def options(self, values: Mapping[str, str], resolver: Resolver) -> Mapping[str, Option]:
        from pyramid_nacl_session import EncryptedCookieSessionFactory

        secret = Option(_parse_key, "64 hexadecimal digits, which are 32 bytes")
        others = cookie_session_options(EncryptedCookieSessionFactory, resolver, _SERIALIZERS)
        return {"secret": secret, **others}

    def build(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        from pyramid_nacl_session import EncryptedCookieSessionFactory

        factory: Callable[..., Any] = EncryptedCookieSessionFactory(**options)
        return factory


def _parse_key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != _KEY_BYTES:
        raise ValueError
    return key


BUILDERS = (NaclFactoryBuilder(),)
