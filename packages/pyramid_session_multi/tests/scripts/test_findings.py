"""``psessions --check``: each finding, with the fix that makes it go away."""

from __future__ import annotations

import re

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.util import SimpleSerializer
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import IsolationWarning, namespace_session_factory
from pyramid_session_multi.scripts.findings import CHECKS
from pyramid_session_redis import RedisSessionFactory

HUSH = "hush-hush"

SECRET = HUSH * 8

HTTPS_ONLY = "pyramid_session_multi.https_only"


FROM_SETTINGS = [
    ("no-httponly", "signed_cookie", {"httponly": "false"}, {"httponly": "true"}),
    ("no-httponly", "nacl", {}, {"httponly": "true"}),
    ("no-httponly", "redis", {"cookie_httponly": "false"}, {"cookie_httponly": "true"}),
    ("no-httponly", "memory", {}, {"httponly": "true"}),
    ("no-httponly", "cookie", {}, {"httponly": "true"}),
    ("not-secure", "signed_cookie", {"discriminator": HTTPS_ONLY}, {"secure": "true"}),
    ("not-secure", "nacl", {"discriminator": HTTPS_ONLY}, {"secure": "true"}),
    ("not-secure", "redis", {"discriminator": HTTPS_ONLY}, {"cookie_secure": "true"}),
    ("not-secure", "memory", {"discriminator": HTTPS_ONLY}, {"secure": "true"}),
    ("not-secure", "cookie", {"discriminator": "builtins.bool"}, {"secure": "true"}),
    ("short-secret", "signed_cookie", {"secrets": "x" * 63}, {"secrets": "x" * 64}),
    (
        "short-secret",
        "signed_cookie",
        {"secrets": f"{'x' * 64} {'y' * 32}"},
        {"secrets": f"{'x' * 64} {'y' * 64}"},
    ),
    ("short-secret", "redis", {"secret": "é" * 63}, {"secret": "€" * 22}),
    ("short-secret", "memory", {"secret": "x" * 63}, {"secret": "x" * 64}),
    ("short-secret", "cookie", {"validate_key": "x" * 32}, {"validate_key": "x" * 64}),
    ("long-cookie-name", "redis", {"cookie_name": "x" * 33}, {"cookie_name": "x" * 32}),
    ("cookie-prefix", "redis", {"cookie_name": "__Host-a"}, {"cookie_secure": "true"}),
    ("cookie-prefix", "nacl", {"cookie_name": "__Secure-a"}, {"secure": "true"}),
    ("cookie-prefix", "nacl", {"cookie_name": "__secure-a"}, {"secure": "true"}),
    (
        "cookie-prefix",
        "signed_cookie",
        {"cookie_name": "__Host-a", "secure": "true", "path": "/shop"},
        {"path": "/"},
    ),
    (
        "cookie-prefix",
        "cookie",
        {"key": "__HOST-a", "secure": "true", "cookie_domain": "example.com"},
        {"key": "__Secure-a"},
    ),
]


@pytest.mark.parametrize(("finding", "kind", "weak", "cure"), FROM_SETTINGS)
def test_a_finding_goes_away_with_its_cure(psessions, words, minimal, finding, kind, weak, cure):
    """Of one namespace, made from the settings."""
    known = ["--ignore", "no-httponly"] if finding != "no-httponly" else []
    run = psessions("--check", *known, settings=words(a=minimal(kind) | weak))
    assert (run.code, run.findings) == (1, [f"{finding}:a"])
    run = psessions("--check", *known, settings=words(a=minimal(kind) | weak | cure))
    assert (run.code, run.findings) == (0, [])


def signed_cookie(name="a", **options):
    return SignedCookieSessionFactory(SECRET, **{"cookie_name": name, "httponly": True} | options)


def beaker(**options):
    return BeakerSessionFactoryConfig(key="a", httponly=True, **options)


def redis(**options):
    return RedisSessionFactory(cookie_name="a", cookie_httponly=True, **options)


FROM_CODE = {
    "samesite-none": (signed_cookie(samesite="None"), signed_cookie(samesite="None", secure=True)),
    "unsigned": (beaker(), beaker(secret=SECRET)),
    "unsigned ": (
        BaseCookieSessionFactory(JSONSerializer(), cookie_name="a", httponly=True),
        signed_cookie(),
    ),
    "unsigned  ": (redis(cookie_signer=SimpleSerializer()), redis(secret=SECRET)),
    "long-cookie-name": (signed_cookie("x" * 33), signed_cookie("x" * 32)),
}


@pytest.mark.parametrize(("finding", "factories"), FROM_CODE.items())
def test_a_finding_in_the_code_goes_away_with_its_cure(psessions, finding, factories, register):
    """What the settings do not allow, a call does."""
    weak, cured = (psessions("--check", setup=register("a", factory)) for factory in factories)
    assert (weak.code, weak.findings) == (1, [f"{finding.strip()}:a"])
    assert (cured.code, cured.findings) == (0, [])


def test_a_cookie_without_a_name_is_found_until_it_is_given(
    psessions, signed, undescribed, register
):
    """``None`` is allowed, and worth a second look."""
    known = ["--check", "--ignore", "isolation-unknown"]
    factory = undescribed(signed("sid"))
    assert psessions(*known, setup=register("a", factory)).findings == ["cookie-name-unknown:a"]
    assert psessions(*known, setup=register("a", factory, None, "sid")).findings == []


def test_an_undescribed_library_is_found_until_it_is_described(psessions, undescribed, register):
    """Nobody can tell whose cookies it accepts."""
    from pyramid_session_multi import SessionLibrary

    factory = undescribed(signed_cookie())

    class Own(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

        def key_tokens(self, factory):
            return ("own",)

    def described(config):
        config.register_session_library(Own())
        setup(config)

    setup = register("a", factory, None, "sid")
    assert psessions("--check", setup=setup).findings == ["isolation-unknown:a"]
    assert psessions("--check", setup=described).findings == []


def test_every_finding_has_a_test():
    """In the tables above and beside them."""
    beside = {"cookie-name-unknown", "isolation-unknown", "shared-key"}
    of_tables = {row[0] for row in FROM_SETTINGS} | {name.strip() for name in FROM_CODE}
    assert of_tables | beside == CHECKS.keys()


def test_a_finding_is_one_line_that_begins_with_its_identifier(psessions, undescribed, register):
    """``ID: namespace: what is wrong``, whatever it is."""

    def setup(config):
        register("a", undescribed(signed_cookie()))(config)
        register("b", signed_cookie("__Host-" + "b" * 33, samesite="None"), bool)(config)
        register("c", SignedCookieSessionFactory("short", cookie_name="c"))(config)
        register("d", SignedCookieSessionFactory("short", cookie_name="d"))(config)
        register("e", BeakerSessionFactoryConfig(key="e"))(config)

    run = psessions("--check", settings={"session_multi.isolation": "off"}, setup=setup)
    lines = run.out.rpartition("\n\n")[2].splitlines()
    found = [re.fullmatch(r"([a-z-]+): ([a-e]): .{20,}", line) for line in lines]
    assert all(found), lines
    assert {match[1] for match in found} == CHECKS.keys()


@pytest.mark.parametrize("kind", ["nacl", "redis", "memory", "cookie"])
@pytest.mark.parametrize("mode", ["warn", "off"])
@pytest.mark.filterwarnings("ignore::pyramid_session_multi.IsolationWarning")
def test_shared_keys_are_found_where_the_application_starts_with_them(
    psessions, words, minimal, kind, mode
):
    """Of both namespaces, in both directions, with the cure; keys of their own leave nothing."""
    known = ["--check", "--ignore", "no-httponly"]
    settings = {"session_multi.isolation": mode}
    same = words(a=minimal(kind, "a"), b=minimal(kind, "a"))
    run = psessions(*known, settings=same | settings)
    assert run.code == 1
    assert run.findings == ["shared-key:a"] * 2 + ["shared-key:b"] * 2
    line = run.out.splitlines()[-1]
    assert "namespace 'a' (session_multi.a.* in the settings)" in line
    assert "namespace 'b' (session_multi.b.* in the settings)" in line
    assert "To fix this, " in line
    own = words(a=minimal(kind, "a"), b=minimal(kind, "b"))
    assert psessions(*known, settings=own | settings).findings == []


def test_warn_says_the_same_on_stderr(psessions, words, minimal):
    """The application starts with its ``IsolationWarning``; what is printed is the same."""
    settings = words(a=minimal("redis"), b=minimal("redis"))
    with pytest.warns(IsolationWarning, match="accepted as one of"):
        warned = psessions("--check", settings=settings | {"session_multi.isolation": "warn"})
    off = psessions("--check", settings=settings | {"session_multi.isolation": "off"})
    assert warned.out == off.out


def beside(factory, name="a"):
    """A namespace that is in order, and ``request.session``."""

    def setup(config):
        config.set_session_factory(factory)
        config.register_session_factory(name, signed_cookie())

    return setup


def test_request_session_is_a_party(psessions):
    """It accepts the cookies of a namespace, and the other way round."""
    settings = {"session_multi.isolation": "off"}
    run = psessions("--check", settings=settings, setup=beside(signed_cookie("session")))
    assert run.findings == ["shared-key:a", "shared-key:a"]
    assert "factory of request.session" in run.out.splitlines()[-1]
    other = SignedCookieSessionFactory("o" * 64)
    assert psessions("--check", settings=settings, setup=beside(other)).findings == []


def test_an_undescribed_request_session_is_found(psessions, undescribed):
    """Nobody can tell whether it accepts a namespace's cookie; it can be ignored by that name."""
    setup = beside(undescribed(signed_cookie("session")))
    run = psessions("--check", setup=setup)
    assert (run.code, run.findings) == (1, ["isolation-unknown:request.session"])
    ignored = psessions("--check", "--ignore", run.findings[0], setup=setup)
    assert (ignored.code, ignored.findings) == (0, [])


def test_request_session_alone_is_not_looked_at(psessions, undescribed):
    """Without a namespace there is nothing that it could be mistaken for."""

    def setup(config):
        config.set_session_factory(undescribed(signed_cookie("session")))

    assert "no session namespace is registered" in psessions("--check", setup=setup).start_error


def test_a_namespace_as_request_session_is_no_party(psessions):
    """It is that namespace."""
    assert psessions("--check", setup=beside(namespace_session_factory("a"))).findings == []


def test_no_backend_is_asked(psessions, words):
    """A server that is down keeps nobody from looking at the configuration."""
    redis = {"use": "redis", "secret": SECRET, "redis_url": "redis://localhost:1/0"}
    database = {"use": "beaker", "type": "ext:database", "secret": "s" * 64, "httponly": "true"}
    settings = words(a=redis, b=database | {"url": "sqlite:////nowhere/at/all.db"})
    run = psessions("--check", settings=settings)
    assert (run.code, run.findings, run.err) == (0, [], "")
