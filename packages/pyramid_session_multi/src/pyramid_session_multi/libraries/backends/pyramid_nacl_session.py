"""pyramid_nacl_session: encrypted cookies. Its sessions are Pyramid's own, and known with these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..factory_builders import Maker
from ..options import Option, Resolve
from .pyramid import cookie_options

# Bytes, nacl.secret.SecretBox.KEY_SIZE.
_KEY = 32

# What its own parser calls them.
_SERIALIZERS = {
    "json": "pyramid.session.JSONSerializer",
    "pickle": "pyramid.session.PickleSerializer",
}


class NaclMaker(Maker):
    """``use = nacl``: ``EncryptedCookieSessionFactory`` of pyramid_nacl_session."""

    use = "nacl"
    extra: str | None = "nacl"
    made_with = "secrets.token_hex(32)"

    def options(self, given: Mapping[str, str], resolve: Resolve) -> Mapping[str, Option]:
        from pyramid_nacl_session import EncryptedCookieSessionFactory

        secret = Option(_key, "64 hexadecimal digits, which are 32 bytes")
        others = cookie_options(EncryptedCookieSessionFactory, resolve, _SERIALIZERS)
        return {"secret": secret, **others}

    def make(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        from pyramid_nacl_session import EncryptedCookieSessionFactory

        factory: Callable[..., Any] = EncryptedCookieSessionFactory(**options)
        return factory


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != _KEY:
        raise ValueError
    return key


MAKERS = (NaclMaker(),)
