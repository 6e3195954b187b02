"""``psessions --check``: each finding, and the fix that removes it."""

from __future__ import annotations

import json
import pickle
import re
from datetime import UTC, datetime, timedelta

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.util import SimpleSerializer
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import (
    IsolationWarning,
    SessionLibrary,
    signed_cookie_session_factory,
)
from pyramid_session_multi.scripts.findings import CHECKS
from pyramid_session_redis import RedisSessionFactory
from webob.cookies import Base64Serializer, SignedSerializer

HUSH = "hush-hush"

SECRET = HUSH * 8

HTTPS_ONLY = "pyramid_session_multi.https_only"


def others(finding):
    """Arguments that ignore all findings but this one."""
    return [word for other in CHECKS if other != finding for word in ("--ignore", other)]


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
    ("not-secure", "signed_cookie", {}, {"secure": "true"}),
    ("not-secure", "memory", {}, {"secure": "true"}),
    ("no-samesite", "signed_cookie", {"samesite": ""}, {"samesite": "Strict"}),
    ("no-samesite", "nacl", {"samesite": ""}, {"samesite": "Lax"}),
    ("no-samesite", "redis", {}, {"cookie_samesite": "Lax"}),
    ("no-samesite", "memory", {"samesite": ""}, {"samesite": "Lax"}),
    (
        "fixed-expiry",
        "signed_cookie",
        {"max_age": "600", "reissue_time": "none"},
        {"reissue_time": "60"},
    ),
    (
        "fixed-expiry",
        "nacl",
        {"max_age": "60", "reissue_time": "60"},
        {"reissue_time": "59"},
    ),
    ("fixed-expiry", "redis", {"cookie_max_age": "600"}, {"cookie_max_age": "none"}),
    ("fixed-expiry", "file", {"cookie_expires": "600"}, {"cookie_expires": "true"}),
    (
        "fixed-expiry",
        "cookie",
        {"cookie_expires": "600", "save_accessed_time": "false"},
        {"save_accessed_time": "true"},
    ),
    ("in-memory", "memory", {}, {"type": "file", "data_dir": "/nowhere"}),
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


@pytest.mark.parametrize(("finding", "kind", "weak", "fix"), FROM_SETTINGS)
def test_a_finding_goes_away_with_its_fix(psessions, words, minimal, finding, kind, weak, fix):
    """One namespace, defined in the settings."""
    options = others(finding)
    run = psessions("--check", *options, settings=words(a=minimal(kind) | weak))
    assert (run.code, run.findings) == (1, [f"{finding}:a"])
    run = psessions("--check", *options, settings=words(a=minimal(kind) | weak | fix))
    assert (run.code, run.findings) == (0, [])


def signed_cookie(name="a", **options):
    good = {"cookie_name": name, "httponly": True, "secure": True}
    return SignedCookieSessionFactory(SECRET, **good | options)


def beaker(**options):
    good = {"key": "a", "httponly": True, "secure": True, "data_dir": "/nowhere"}
    return BeakerSessionFactoryConfig(**good | options)


def redis(**options):
    good = {"cookie_name": "a", "cookie_secure": True, "cookie_samesite": "Lax"}
    return RedisSessionFactory(**good | options)


def namespace_factory(namespace, **options):
    return signed_cookie_session_factory(
        namespace, SECRET, **{"cookie_name": "a", "secure": True} | options
    )


def tomorrow():
    return datetime.now(UTC) + timedelta(days=1)


def cookies(serializer):
    return BaseCookieSessionFactory(serializer, cookie_name="a", httponly=True, secure=True)


class OwnSerializer(SignedSerializer):
    """A custom serializer that signs, which cannot be detected."""

    def __init__(self):
        super().__init__(SECRET, "own")


FROM_CODE = {
    "samesite-none": (
        signed_cookie(samesite="None", secure=False),
        signed_cookie(samesite="None"),
    ),
    "unsigned": (beaker(), beaker(secret=SECRET)),
    "unsigned ": (
        BaseCookieSessionFactory(JSONSerializer(), cookie_name="a", httponly=True, secure=True),
        signed_cookie(),
    ),
    "cookie-scope": (signed_cookie(domain="https://a.example"), signed_cookie(domain="a.example")),
    "cookie-scope ": (beaker(cookie_path="shop", secret=SECRET), beaker(secret=SECRET)),
    "cookie-scope  ": (redis(cookie_path="/a b", secret=SECRET), redis(secret=SECRET)),
    "other-namespace": (namespace_factory("b"), namespace_factory("a")),
    "in-memory": (beaker(secret=SECRET, data_dir=None), beaker(secret=SECRET)),
    "fixed-expiry": (beaker(secret=SECRET, cookie_expires=tomorrow()), beaker(secret=SECRET)),
    "fixed-expiry ": (redis(secret=SECRET, cookie_expires=tomorrow()), redis(secret=SECRET)),
    "short-secret": (
        SignedCookieSessionFactory("é" * 32, cookie_name="a", httponly=True, secure=True),
        SignedCookieSessionFactory("é" * 64, cookie_name="a", httponly=True, secure=True),
    ),
    "unsigned  ": (redis(cookie_signer=SimpleSerializer()), redis(secret=SECRET)),
    "long-cookie-name": (signed_cookie("x" * 33), signed_cookie("x" * 32)),
    "runs-code": (
        cookies(Base64Serializer(pickle)),
        cookies(SignedSerializer(SECRET, "", serializer=pickle)),
    ),
    "runs-code ": (redis(cookie_signer=Base64Serializer(pickle)), redis(secret=SECRET)),
    "runs-code  ": (
        beaker(type="cookie", validate_key=""),
        beaker(type="cookie", validate_key=SECRET),
    ),
    "signature-unknown": (cookies(OwnSerializer()), signed_cookie()),
    "signature-unknown ": (redis(cookie_signer=OwnSerializer()), redis(secret=SECRET)),
}


@pytest.mark.parametrize(("finding", "factories"), FROM_CODE.items())
def test_a_finding_in_the_code_goes_away_with_its_fix(psessions, finding, factories, register):
    """The function of the library accepts a value that the settings reject."""
    options = others("not-secure") if finding == "" else others(finding.strip())
    weak = psessions("--check", *options, setup=register("a", factories[0]))
    fixed_run = psessions("--check", setup=register("a", factories[1]))
    assert (weak.code, weak.findings) == (1, [f"{finding.strip()}:a"])
    assert "<locals>" not in weak.out
    assert (fixed_run.code, fixed_run.findings) == (0, [])


class Reviving(SessionLibrary):
    """A session that stores its loaded data in any case."""

    def __init__(self, factory):
        self.factory = factory

    def recognizes_factory(self, candidate):
        return candidate is self.factory

    def key_tokens(self, factory):
        return ("own",)

    def renew(self, session, data):
        """Give it a new id."""

    def revives_ended(self, factory):
        return True


def test_an_ended_id_returns_if_the_description_says_so(psessions, undescribed, register):
    """The built-in libraries do not store a session that was ended meanwhile."""
    factory = undescribed(signed_cookie())

    def setup(config):
        config.register_session_library(Reviving(factory))
        register("a", factory, None, "sid")(config)

    assert psessions("--check", setup=setup).findings == ["ended-id-returns:a"]


def test_an_unknown_cookie_name_is_found_until_it_is_declared(
    psessions, signed, undescribed, register
):
    """``None`` is allowed, but needs a second look."""
    options = ["--check", "--ignore", "isolation-unknown"]
    factory = undescribed(signed("sid"))
    options += others("cookie-name-unknown")
    assert psessions(*options, setup=register("a", factory)).findings == ["cookie-name-unknown:a"]
    assert psessions(*options, setup=register("a", factory, None, "sid")).findings == []


def test_an_undescribed_library_is_found_until_it_is_described(psessions, undescribed, register):
    """Which cookies it accepts is not known."""
    factory = undescribed(signed_cookie())

    class Own(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

        def key_tokens(self, factory):
            return ("own",)

    class Renewing(Own):
        def invalidate(self, session):
            """End its id as well."""

    def describe(library):
        def setup(config):
            config.register_session_library(library())
            undescribed_setup(config)

        return setup

    undescribed_setup = register("a", factory, None, "sid")
    run = psessions("--check", setup=undescribed_setup)
    assert run.findings == ["isolation-unknown:a", "renewal-unknown:a"]
    run = psessions("--check", setup=describe(Own))
    assert run.findings == ["renewal-unknown:a"]
    assert "Own, has neither renew nor invalidate" in run.out
    assert psessions("--check", setup=describe(Renewing)).findings == []


def test_a_wrapper_is_found_until_the_librarys_own_factory_is_registered(psessions, register):
    """Its own code may accept other cookies; the finding has this reason."""
    factory = signed_cookie()
    run = psessions("--check", setup=register("a", lambda request: factory(request)))
    assert run.findings == ["isolation-unknown:a"]
    assert "wraps a session factory" in run.out
    assert psessions("--check", setup=register("a", factory)).findings == []


def test_a_wrapper_with_a_shared_key_has_no_second_finding(psessions, register):
    """The cookies that it accepts are known well enough."""
    inner = signed_cookie("b")

    def setup(config):
        register("a", signed_cookie())(config)
        register("b", lambda request: inner(request), None, "b")(config)

    run = psessions("--check", settings={"session_multi.isolation": "off"}, setup=setup)
    assert set(run.findings) == {"shared-key:a", "shared-key:b"}


def test_every_finding_has_a_test():
    """In the tables above, or in a test of its own."""
    separate = {
        "cookie-name-unknown",
        "ended-id-returns",
        "isolation-unknown",
        "renewal-unknown",
        "same-as-request-session",
        "shared-key",
    }
    of_tables = {row[0] for row in FROM_SETTINGS} | {name.strip() for name in FROM_CODE}
    assert of_tables | separate == CHECKS.keys()


def test_a_finding_is_one_line_that_begins_with_its_identifier(psessions, undescribed, register):
    """``ID: namespace: message``."""

    reviving_factory = undescribed(signed_cookie())

    def setup(config):
        config.register_session_library(Reviving(reviving_factory))
        register("j", reviving_factory, None, "j")(config)
        register("h", cookies(OwnSerializer()), None, "a")(config)
        register("i", BaseCookieSessionFactory(pickle, cookie_name="i"))(config)
        register("a", undescribed(signed_cookie()))(config)
        weak = signed_cookie("__Host-" + "b" * 33, samesite="None", secure=False)
        register("b", weak, bool)(config)
        register("c", SignedCookieSessionFactory("short", cookie_name="c"))(config)
        register("d", SignedCookieSessionFactory("short", cookie_name="d"))(config)
        register("e", BeakerSessionFactoryConfig(key="e", samesite=None))(config)
        register("f", signed_cookie("f", path="f", max_age=5, reissue_time=None))(config)
        register("g", namespace_factory("h", cookie_name="g"))(config)
        config.set_session_factory(undescribed(signed_cookie()))

    run = psessions("--check", settings={"session_multi.isolation": "off"}, setup=setup)
    lines = run.out.rpartition("\n\n")[2].splitlines()
    name = "(request.session|[a-j])"
    row = rf"([a-z-]+): {name}(, {name})*: .{{20,}}"
    matches = [re.fullmatch(row, line) for line in lines]
    assert all(matches), lines
    assert {match[1] for match in matches} == CHECKS.keys()


@pytest.mark.parametrize("kind", ["nacl", "redis", "memory", "cookie"])
@pytest.mark.parametrize("mode", ["warn", "off"])
@pytest.mark.filterwarnings("ignore::pyramid_session_multi.IsolationWarning")
def test_shared_keys_are_found_if_the_application_starts_with_them(
    psessions, words, minimal, kind, mode
):
    """For both namespaces, in both directions, with the fix; separate keys have no finding."""
    options = ["--check", *others("shared-key")]
    settings = {"session_multi.isolation": mode}
    same_keys = words(a=minimal(kind, "a"), b=minimal(kind, "a"))
    run = psessions(*options, settings=same_keys | settings)
    assert run.code == 1
    assert sorted(run.findings) == ["shared-key:a"] * 2 + ["shared-key:b"] * 2
    line = run.out.splitlines()[-1]
    assert "namespace 'a' (session_multi.a.* in the settings)" in line
    assert "namespace 'b' (session_multi.b.* in the settings)" in line
    assert "To fix this, " in line
    own_keys = words(a=minimal(kind, "a"), b=minimal(kind, "b"))
    assert psessions(*options, settings=own_keys | settings).findings == []


def test_warn_says_the_same_on_stderr(psessions, words, minimal):
    """The application starts with its ``IsolationWarning``; the printed findings are the same."""
    settings = words(a=minimal("redis"), b=minimal("redis"))
    with pytest.warns(IsolationWarning, match="accepted as one of"):
        warned_run = psessions("--check", settings=settings | {"session_multi.isolation": "warn"})
    off = psessions("--check", settings=settings | {"session_multi.isolation": "off"})
    assert warned_run.out == off.out


def test_a_finding_of_several_namespaces_is_printed_once(psessions, words, minimal):
    """With their names; in JSON, each namespace has its own."""
    settings = words(a=minimal("signed_cookie"), b=minimal("signed_cookie"))
    options = ["--check", *others("not-secure")]
    run = psessions(*options, settings=settings)
    (line,) = run.out.rpartition("\n\n")[2].splitlines()
    assert line.startswith("not-secure: a, b: ")
    assert psessions(*options, "--ignore", "not-secure:b", settings=settings).findings == [
        "not-secure:a"
    ]
    findings = json.loads(psessions(*options, "--json", settings=settings).out)["findings"]
    assert [finding["namespace"] for finding in findings] == ["a", "b"]


def test_a_cookie_that_is_not_secure_names_the_discriminator(psessions, register):
    """The discriminator is meant to keep the cookie off http."""
    factory = signed_cookie(secure=False)
    run = psessions("--check", setup=register("a", factory, HTTPS_ONLY))
    message = "not-secure: a: browsers also send its cookie over http, where others can read it"
    assert f"{message}, although {HTTPS_ONLY} restricts the session: make" in run.out
    run = psessions("--check", setup=register("a", factory))
    assert f"{message}: make" in run.out


def test_no_backend_is_queried(psessions, words):
    """The configuration can be checked while a server is down."""
    redis = {"use": "redis", "secret": SECRET, "redis_url": "redis://localhost:1/0"}
    database = {"use": "beaker", "type": "ext:database", "secret": "s" * 64, "httponly": "true"}
    settings = words(a=redis, b=database | {"url": "sqlite:////nowhere/at/all.db"})
    run = psessions("--check", *others("unsigned"), settings=settings)
    assert (run.code, run.findings, run.err) == (0, [], "")
