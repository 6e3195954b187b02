"""``use = signed_cookie``, and the options of all factories built on Pyramid's cookie session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pyramid.session import SignedCookieSessionFactory

from ...dotted_names import Resolver
from ..backends.pyramid import EMPTY_STATE
from ..library_options import options_from_signature
from ..option_converters import (
    HASH,
    SAMESITE,
    SECRETS,
    Option,
    callable_option,
    serializer_option,
)
from ..signed_cookie import signed_cookie_session_factory
from .builder import FactoryBuilder


def cookie_session_options(
    function: Callable[..., Any], resolver: Resolver, serializers: Mapping[str, str] | None = None
) -> dict[str, Option]:
    """The options of a function that creates factories like Pyramid's, except for its secret.

    :param serializers: short words for the dotted names of serializers.
    """
    overrides = {
        "hashalg": HASH,
        "samesite": SAMESITE,
        "serializer": serializer_option(resolver, EMPTY_STATE, serializers),
    }
    exclude = ("secret", "salt")
    return options_from_signature(function, overrides, callable_option(resolver), exclude)


class SignedCookieFactoryBuilder(FactoryBuilder):
    """``use = signed_cookie``: :func:`pyramid_session_multi.signed_cookie_session_factory`."""

    use = "signed_cookie"
    library_functions: tuple[str, ...] = (
        "pyramid.session.SignedCookieSessionFactory",
        "pyramid_session_multi.libraries.signed_cookie.signed_cookie_session_factory",
    )

    def secret_options(self, options: Mapping[str, str]) -> tuple[str, ...]:
        return ("secrets",)

    def options(self, values: Mapping[str, str], resolver: Resolver) -> Mapping[str, Option]:
        return {"secrets": SECRETS, **cookie_session_options(SignedCookieSessionFactory, resolver)}

    def build(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        return signed_cookie_session_factory(namespace, **options)


BUILDERS = (SignedCookieFactoryBuilder(),)
