"""Options of namespaces in the .ini file: each one of each library arrives, and as what it is."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from beaker.cache import clsmap
from beaker.session import CookieSession, Session
from pyramid.path import DottedNameResolver
from pyramid.session import JSONSerializer, SignedCookieSessionFactory
from pyramid_nacl_session import EncryptedCookieSessionFactory
from pyramid_session_multi import https_only
from pyramid_session_multi.libraries.library_options import options_from_signature
from pyramid_session_redis import RedisSessionFactory
from redis import StrictRedis
from webob.cookies import SignedSerializer

SECRET = "a-secret-" * 8

COOKIES = ["signed_cookie", "nacl"]
BEAKER = ["memory", "file", "dbm", "ext:database", "ext:redis", "cookie"]


@pytest.fixture
def factory_of(registered, words):
    """``factory_of(options)``: what a namespace with these options is registered with."""
    return lambda options: registered(words(a=options)).get_namespace_config("a")


@pytest.fixture
def package(package):
    """With the objects that the options below name."""
    package.signer = SignedSerializer(SECRET, "own", serializer=JSONSerializer())
    package.client = StrictRedis
    package.JSON = JSONSerializer
    return package


def seen_in_pyramids(factory, option):
    """What a factory built on Pyramid's keeps of an option."""
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    signer = getattr(codec, "serializers", [codec])[0]
    if option in {"hashalg", "serializer"}:
        return getattr(signer, option)
    name = option if option in {"timeout", "reissue_time"} else f"cookie_{option}"
    renamed = {
        "cookie_cookie_name": "cookie_name",
        "cookie_set_on_exception": "cookie_on_exception",
    }
    return getattr(factory, f"_{renamed.get(name, name)}")


PYRAMIDS = {
    "cookie_name": ("sid", "sid"),
    "max_age": ("60", 60),
    "path": ("/shop", "/shop"),
    "domain": ("example.com", "example.com"),
    "secure": ("true", True),
    "httponly": ("false", False),
    "samesite": ("strict", "Strict"),
    "set_on_exception": ("off", False),
    "timeout": ("77", 77),
    "reissue_time": ("7", 7),
    "hashalg": ("sha256", "sha256"),
    "serializer": ("package_of_somebody.JSON", JSONSerializer),
}


def parameters(*functions, exclude=()):
    """The parameters of a library's functions that have a name."""
    every = {p.name: p for f in functions for p in inspect.signature(f).parameters.values()}
    return [n for n, p in every.items() if p.kind is not p.VAR_KEYWORD and n not in exclude]


PYRAMIDS_OPTIONS = [
    (kind, option)
    for kind, function in zip(
        COOKIES, [SignedCookieSessionFactory, EncryptedCookieSessionFactory], strict=True
    )
    for option in parameters(function, exclude=("secret", "salt"))
]


@pytest.mark.parametrize(("kind", "option"), PYRAMIDS_OPTIONS)
def test_every_option_of_pyramids_cookie_sessions_arrives(
    minimal, package, kind, option, factory_of
):
    """All that the library's own function takes, but for the secret and what is the namespace."""
    text, value = PYRAMIDS[option]
    seen = seen_in_pyramids(factory_of(minimal(kind) | {option: text}), option)
    if option == "serializer":  # a class is called
        assert isinstance(getattr(seen, "serializer", seen), value)
    else:
        assert (seen, type(seen)) == (value, type(value))


@pytest.mark.parametrize("text", ["none", "None"])
@pytest.mark.parametrize("kind", COOKIES)
@pytest.mark.parametrize("option", ["max_age", "timeout", "reissue_time"])
def test_a_number_of_pyramids_may_be_none(minimal, kind, option, text, factory_of):
    """No time out, no reissue, a cookie until the browser is closed."""
    factory = factory_of(minimal(kind) | {option: text})
    assert seen_in_pyramids(factory, option) is None


@pytest.mark.parametrize("word", ["json", "pickle"])
@pytest.mark.filterwarnings("ignore:PickleSerializer.*deprecated:DeprecationWarning")
def test_nacl_has_the_words_of_its_own_parser(minimal, word, factory_of):
    """``serializer = json`` is Pyramid's JSONSerializer, not the module that has this name."""
    factory = factory_of(minimal("nacl") | {"serializer": word})
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    assert type(codec.serializer).__name__.lower() == f"{word}serializer"


def test_nacls_secret_is_in_hexadecimal(minimal, factory_of):
    """As its own parser takes it, and its ``print_secret`` prints it."""
    key = "0f" * 32
    factory = factory_of(minimal("nacl") | {"secret": key})
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    assert bytes(codec.box) == bytes.fromhex(key)


def test_the_first_secret_signs_and_all_verify(browse, words):
    """``secrets = NEW OLD``: a rotation loses no session."""
    old, new = "o" * 64, "n" * 64

    def browser(secrets):
        return browse(settings=words(a={"use": "signed_cookie", "secrets": secrets}))

    visitor = browser(old)
    visitor.multi(lambda m: m["a"].update({"x": 1}))
    rotated, renewed = browser(f"{new}\n  {old}"), browser(new)
    for other in (rotated, renewed):
        other.client.set_cookie("a", visitor.client.cookies["a"])
    assert rotated.multi(lambda m: m["a"].setdefault("x", 2)) == 1
    assert renewed.multi(lambda m: dict(m["a"])) == {}
    rotated.multi(lambda m: m["a"].update({"y": 1}))
    renewed.client.set_cookie("a", rotated.client.cookies["a"])
    assert renewed.multi(lambda m: dict(m["a"])) == {"x": 1, "y": 1}


REDIS = {
    "secret": (SECRET, SECRET),
    "timeout": ("77", 77),
    "cookie_name": ("sid", "sid"),
    "cookie_max_age": ("60", 60),
    "cookie_path": ("/shop", "/shop"),
    "cookie_domain": ("example.com", "example.com"),
    "cookie_secure": ("true", True),
    "cookie_httponly": ("false", False),
    "cookie_comment": ("what for", "what for"),
    "cookie_samesite": ("strict", "Strict"),
    "cookie_on_exception": ("no", False),
    "redis_url": ("redis://example.com:6380/3", "redis://example.com:6380/3"),
    "redis_host": ("example.com", "example.com"),
    "redis_port": ("6380", 6380),
    "redis_db": ("3", 3),
    "redis_password": ("password", "password"),
    "redis_client_callable": ("package_of_somebody.client", StrictRedis),
    "serialize": ("marshal.dumps", None),
    "deserialize": ("marshal.loads", None),
    "id_generator": ("secrets.token_hex", None),
    "set_redis_ttl": ("false", False),
    "set_redis_ttl_readheavy": ("true", True),
    "detect_changes": ("false", False),
    "deserialized_fails_new": ("true", True),
    "func_check_response_allow_cookies": (
        "pyramid_session_redis.check_response_allow_cookies",
        None,
    ),
    "func_invalid_logger": ("warnings.warn", None),
    "timeout_trigger": ("30", 30),
    "python_expires": ("true", True),
    "cookie_signer": ("package_of_somebody.signer", None),
    "redis_socket_timeout": ("0.5", 0.5),
    "redis_encoding": ("latin-1", "latin-1"),
    "redis_encoding_errors": ("replace", "replace"),
    "redis_unix_socket_path": ("/run/redis", "/run/redis"),
    "invalidate_empty_session": ("false", False),
}


def seen_in_redis(factory, option):
    """What a factory of pyramid_session_redis keeps of an option."""
    known = inspect.getclosurevars(factory).nonlocals
    if option == "secret":
        return known["_cookie_signer"].secret
    if option == "cookie_signer":
        return known["_cookie_signer"]
    for group, prefix in [("set_cookie_kwargs", "cookie_"), ("redis_options", "redis_")]:
        if option.removeprefix(prefix) in known[group]:
            return known[group][option.removeprefix(prefix)]
    return known[option]


NOT_FROM_TEXT = ("cookie_expires", "redis_connection_pool")


@pytest.mark.parametrize("option", parameters(RedisSessionFactory, exclude=NOT_FROM_TEXT))
def test_every_option_of_pyramid_session_redis_arrives(package, option, factory_of):
    """All that ``RedisSessionFactory`` takes, but for what its own parser refuses as well."""
    text, value = REDIS[option]
    if value is None:
        value = DottedNameResolver(None).maybe_resolve(text)
    signed_with = {} if option == "cookie_signer" else {"secret": SECRET}
    seen = seen_in_redis(factory_of({"use": "redis"} | signed_with | {option: text}), option)
    assert (seen, type(seen)) == (value, type(value))


@pytest.mark.parametrize(
    ("option", "argument"),
    {
        "redis_host": "host",
        "redis_port": "port",
        "redis_db": "db",
        "redis_password": "password",
        "redis_socket_timeout": "socket_timeout",
        "redis_encoding": "encoding",
        "redis_encoding_errors": "encoding_errors",
        "redis_unix_socket_path": "path",
    }.items(),
)
def test_the_options_for_redis_reach_the_client(browse, option, argument, words):
    """The one that the namespace's sessions use."""
    text, value = REDIS[option]
    browser = browse(settings=words(a={"use": "redis", "secret": SECRET, option: text}))
    client = browser.multi(lambda m: m["a"].redis)
    assert client.connection_pool.connection_kwargs[argument] == value


@pytest.mark.parametrize("option", ["timeout", "timeout_trigger", "cookie_max_age"])
def test_a_number_of_redis_may_be_none(option, factory_of):
    """As its own parser has it."""
    factory = factory_of({"use": "redis", "secret": SECRET, option: "None"})
    assert seen_in_redis(factory, option) is None


def test_the_time_out_is_that_of_the_key_in_redis(browse, minimal, redis_client, words):
    """``timeout`` reaches the server."""
    browser = browse(settings=words(a=minimal("redis") | {"timeout": "7777"}))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    [key] = redis_client.keys()
    assert 7700 < redis_client.ttl(key) <= 7777


@pytest.mark.parametrize(("given", "back"), [({}, 0), ({"python_expires": "true"}, 1)])
def test_a_late_request_brings_no_session_back(
    browse, minimal, redis_client, monkeypatch, given, back, words
):
    """``python_expires`` is false unless it is given: with the library's default it does."""
    browser = browse(settings=words(a=minimal("redis") | given))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    monkeypatch.setattr("pyramid_session_redis.util.time_time", lambda: 4e9)  # a second is enough

    def slow(m):
        seen = m["a"]["x"]
        browser.thief().multi(lambda other: other["a"].invalidate())
        return seen, len(redis_client.keys())

    monkeypatch.setattr("pyramid_session_redis.session.int_time", lambda: 10**9)  # not timed out
    assert browser.multi(slow) == (1, 0)
    assert len(redis_client.keys()) == back


BEAKERS = {
    "auto": ("true", True),
    "constant_csrf_token": (SECRET, SECRET),
    "cookie_on_exception": ("false", False),
    "cookie_domain": ("example.com", "example.com"),
    "cookie_expires": ("60", timedelta(seconds=60)),
    "cookie_path": ("/shop", "/shop"),
    "crypto_type": ("default", "default"),
    "data_dir": ("{tmp_path}/data", "{tmp_path}/data"),
    "data_serializer": ("json", "json"),
    "dbm_dir": ("{tmp_path}/dbm", "{tmp_path}/dbm"),
    "encrypt_key": (SECRET, SECRET),
    "encrypt_nonce_bits": ("48", 48),
    "file_dir": ("{tmp_path}/file", "{tmp_path}/file"),
    "httponly": ("true", True),
    "invalidate_corrupt": ("true", True),
    "key": ("sid", "sid"),
    "lock_dir": ("{tmp_path}/lock", "{tmp_path}/lock"),
    "memcache_module": ("auto", "auto"),
    "namespace_class": ("beaker.container.MemoryNamespaceManager", clsmap["memory"]),
    "samesite": ("strict", "Strict"),
    "save_accessed_time": ("false", False),
    "schema_name": ("main", "main"),
    "secret": (SECRET, SECRET),
    "secure": ("true", True),
    "table_name": ("sessions", "sessions"),
    "timeout": ("77", 77),
    "validate_key": (SECRET, SECRET),
}

# What Beaker gives itself, and objects.
NOT_BEAKERS = ("request", "id", "use_cookies", "namespace", "dbmmodule", "digest_filenames")
NOT_BEAKERS += ("sa_opts", "type", "url")

BEAKERS_OPTIONS = [
    (kind, option)
    for kind in BEAKER
    for option in [
        *parameters(
            *([CookieSession] if kind == "cookie" else [clsmap[kind], Session]), exclude=NOT_BEAKERS
        ),
        "auto",
        "constant_csrf_token",
        "cookie_on_exception",
    ]
]


@pytest.mark.parametrize(("kind", "option"), BEAKERS_OPTIONS)
@pytest.mark.filterwarnings("ignore:.*deprecated setex:DeprecationWarning:beaker\\.ext\\.redisnm")
def test_every_option_of_beakers_arrives(browse, minimal, tmp_path, kind, option, words):
    """All that its sessions and the storage take and pyramid_beaker adds; and a session opens."""
    text, value = BEAKERS[option]
    if isinstance(value, str):
        text, value = (each.format(tmp_path=tmp_path) for each in (text, value))
    beside = {"validate_key": SECRET} if option == "encrypt_key" else {}
    browser = browse(settings=words(a=minimal(kind) | beside | {option: text}))
    factory = browser.multi(lambda m: m.get_namespace_config("a"))
    kept = vars(factory) | {
        name.removeprefix("_"): v for name, v in vars(factory).items() if not callable(v)
    }
    seen = kept["options"][option] if option in kept["options"] else kept[option]
    assert (seen, type(seen)) == (value, type(value))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/shop")
    assert len(browser.set_cookies) == 1


@pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False)])
def test_beakers_cookie_may_last_until_the_browser_is_closed_or_for_ever(
    minimal, text, value, factory_of
):
    """The words of ``cookie_expires`` that are no number."""
    assert (
        factory_of(minimal("memory") | {"cookie_expires": text})._options["cookie_expires"] is value
    )


CACHES = [kind for kind in ("ext:memcached", "ext:mongodb") if kind in clsmap._clsmap]


@pytest.mark.parametrize("kind", CACHES)
def test_a_storage_that_is_not_there_is_not_asked(minimal, kind, factory_of):
    """Registering imports no client library and opens no connection."""
    options = minimal("memory") | {"type": kind, "url": "nowhere:1"}
    assert factory_of(options)._options["url"] == "nowhere:1"


FLAGS = {
    "signed_cookie": {"path": "/shop", "max_age": "60", "secure": "true", "httponly": "false"},
    "nacl": {"path": "/shop", "max_age": "60", "secure": "true", "httponly": "false"},
    "redis": {
        "cookie_path": "/shop",
        "cookie_max_age": "60",
        "cookie_secure": "true",
        "cookie_httponly": "false",
    },
    "memory": {
        "cookie_path": "/shop",
        "cookie_expires": "60",
        "secure": "true",
        "httponly": "false",
    },
}


def flags(browser):
    [cookie] = browser.set_cookies
    attributes = (part.strip().lower().partition("=")[::2] for part in cookie.split(";")[1:])
    return dict(attributes)


@pytest.mark.parametrize("kind", FLAGS)
def test_the_cookie_is_sent_as_the_options_say(browse, minimal, kind, words):
    """Path, life, Secure and HttpOnly, in the response's ``Set-Cookie``."""
    browser = browse(settings=words(a=minimal(kind) | FLAGS[kind]))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/shop")
    sent = flags(browser)
    assert sent["path"] == "/shop"
    assert "expires" in sent
    assert "secure" in sent
    assert "httponly" not in sent


SPELLINGS = {
    "none": "none",
    "None": "none",
    "NONE": "none",
    "lax": "lax",
    "STRICT": "strict",
    "": None,
}


@pytest.mark.parametrize("kind", [*FLAGS, "cookie"])
@pytest.mark.parametrize(("text", "value"), SPELLINGS.items())
def test_samesite_has_one_spelling_for_all_libraries(browse, minimal, kind, text, value, words):
    """``None`` is the attribute's value, in any case, and nothing is no attribute."""
    prefix = "cookie_" if kind == "redis" else ""
    given = {f"{prefix}samesite": text, f"{prefix}secure": "true"}
    browser = browse(settings=words(a=minimal(kind) | given))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/")
    assert flags(browser).get("samesite") == value


TRUE = ["true", "True", "yes", "on", "1", "y", "t"]
FALSE = ["false", "FALSE", "no", "off", "0", "n", "f"]


@pytest.mark.parametrize("text", [*TRUE, *FALSE])
def test_true_and_false_are_spelt_as_everywhere_in_pyramid(minimal, text, factory_of):
    """``asbool``'s words, and no others."""
    factory = factory_of(minimal("signed_cookie") | {"secure": text})
    assert factory._cookie_secure is (text in TRUE)


def test_settings_made_in_python_may_have_pythons_values(words, registered):
    """``Configurator(settings=...)`` is not only for what comes from a file."""
    options = {
        "use": "signed_cookie",
        "secrets": [b"n" * 64, "o" * 64],
        "secure": True,
        "timeout": None,
        "samesite": None,
        "serializer": JSONSerializer(),
        "cookie_name": None,
        "discriminator": https_only,
    }
    namespaces = registered(words(a=options))
    factory = namespaces.get_namespace_config("a")
    assert (factory._cookie_secure, factory._timeout, factory._cookie_samesite) == (
        True,
        None,
        None,
    )
    assert namespaces.get_namespace_cookiename("a") == "a"
    assert namespaces.get_namespace_discriminator("a") is https_only


def test_one_secret_may_contain_spaces(minimal, factory_of):
    """Only ``secrets`` are several."""
    options = minimal("redis") | {"secret": "a long sentence is a secret as well"}
    assert seen_in_redis(factory_of(options), "secret") == "a long sentence is a secret as well"


def of_a_library(  # noqa: PLR0913
    a,
    *,
    b: int,
    c: float | None,
    d: str,
    e=True,
    f=3,
    g=1.5,
    h="x",
    i=None,
    j: UnknownToday = 7,  # noqa: F821
    **k,
):
    """A signature as libraries have them, with an annotation for type checkers only."""


def of_another_library(b: int, c: float | None = 2.0, l: bool | None = None):  # noqa: E741
    """All its annotations can be resolved."""


TEXTS = {"e": ("no", False), "f": ("4", 4), "g": ("4", 4.0), "h": ("4", "4"), "j": ("4", 4)}
ANNOTATED = {"b": ("4", 4), "c": ("none", None), "l": ("NONE", None)}


def test_a_new_option_of_a_library_works_without_a_change_here():
    """By its annotation, else by the type of its default, else as text."""
    by_default = options_from_signature(of_a_library, {}, callable_option=None)
    assert list(by_default) == list("abcdefghij")
    by_annotation = options_from_signature(of_another_library, {}, callable_option=None)
    for options, expected in [(by_default, TEXTS), (by_annotation, ANNOTATED)]:
        for name, (text, value) in expected.items():
            assert options[name].convert(text) == value
            assert type(options[name].convert(text)) is type(value)
    assert by_default["a"].convert("4") == by_default["i"].convert("4") == "4"
