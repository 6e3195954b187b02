"""Mistakes in the .ini file: every error names the setting and what it takes, and no secret."""

from __future__ import annotations

import os
import sys
import traceback

import beaker.crypto
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError, ConfigurationExecutionError
from pyramid.interfaces import ISessionFactory
from pyramid.session import JSONSerializer
from pyramid_session_multi.libraries.factory_builders.builder import builders
from pyramid_session_multi.libraries.option_converters import TEXT
from webob.cookies import SignedSerializer
from zope.interface import directlyProvides

# In the values of whatever must not be shown.
HUSH = "hush-hush"
SECRET = HUSH * 8

KINDS = ["signed_cookie", "nacl", "redis", "memory", "cookie"]
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def hushed(minimal):
    """The fewest options of a working namespace, with a secret that gives itself away."""

    def hushed(kind, **options):
        names = ["secrets", "secret", "validate_key"]
        hushed = {k: SECRET if k in names else v for k, v in minimal(kind).items()}
        return hushed | ({"secret": "0f" * 32} if kind == "nacl" else {}) | options

    return hushed


def start(settings):
    config = Configurator(settings=settings)
    config.include("pyramid_session_multi")
    config.make_wsgi_app()


def error_of(settings):
    """The message; whatever is printed with it, no secret is."""
    with pytest.raises(ConfigurationError) as caught:
        start(settings)
    assert type(caught.value) is ConfigurationError
    assert HUSH not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


@pytest.fixture
def error_with(words):
    """The message for one namespace with these options."""
    return lambda options: error_of(words(a=options))


# Which namespaces there are

OTHERS = [
    ({"session_multi.varry": "true"}, ["session_multi.varry is not a setting", "mean 'vary'"]),
    ({"session_multi.namespace": "a"}, ["session_multi.namespace is", "mean 'namespaces'"]),
    ({"session_multi.isolate": "no"}, ["session_multi.isolate is no", "mean 'isolation'"]),
    ({"session_multi.": "x"}, ["session_multi. is not a setting", "session_multi.<namespace>."]),
    (
        {"session_multi.secret": SECRET},
        ["session_multi.secret is not a setting", "session_multi.namespaces", "session_multi.vary"],
    ),
    (
        {"session_multi.account.secret": SECRET},
        ["session_multi.account.secret", "session_multi.namespaces does not list", "Add 'account'"],
    ),
    ({"session_multi.namespaces": 7}, ["session_multi.namespaces takes names", "int"]),
    ({"session_multi.namespaces": [None]}, ["session_multi.namespaces takes", "NoneType"]),
    ({"session_multi.namespaces": "a b a"}, ["session_multi.namespaces lists 'a'", "once"]),
    (
        {"session_multi.namespaces": "a"},
        ["session_multi.namespaces lists 'a'", "session_multi.a.use takes signed_cookie, "],
    ),
    ({"session_multi.vary": "sometimes"}, ["session_multi.vary takes true or false", "sometimes"]),
    (
        {"session_multi.isolation": "errors"},
        ["session_multi.isolation takes error, warn or off, not 'errors'; did you mean 'error'?"],
    ),
    ({"session_multi.isolation": 7}, ["takes error, warn or off, not '7'."]),
    ({"session_multi.vary": "ture"}, ["takes true or false, not 'ture'; did you mean 'true'?"]),
]


COMMAS = ["public, account", "public,account", "public ,\n account,", ["public,", "account"]]


@pytest.mark.parametrize("listed", COMMAS, ids=repr)
def test_namespaces_with_commas_are_listed_without(listed):
    """Rather than a near miss that has the comma in it."""
    options = {"session_multi.public.use": "redis", "session_multi.account.use": "redis"}
    assert error_of({"session_multi.namespaces": listed} | options) == (
        "session_multi.namespaces takes names separated by white space, without commas: "
        "public account"
    )


PREFIXES = [
    "sessions_multi",
    "session_mutli",
    "sesion_multi",
    "session_multy",
    "session-multi",
    "sessionmulti",
    "Session_Multi",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("option", ["namespaces", "a.secrets"])
def test_a_misspelt_prefix_is_no_setting(words, hushed, prefix, option):
    """Nothing would be registered, and nobody would know."""
    settings = words(a=hushed("signed_cookie"))
    settings[f"{prefix}.{option}"] = SECRET
    assert error_of(settings) == (
        f"{prefix}.{option} is not a setting; did you mean session_multi.{option}?"
    )


OF_OTHERS = [
    "session",
    "sessions",
    "session.secret",
    "sessions.namespaces",
    "beaker.session.secret",
    "redis.sessions.secret",
    "session_cookie.secret",
    "session_manager.vary",
    "session_redis.url",
    "multi_session.namespaces",
    "my_session_multi.secret",
    "pyramid_session_multi.secret",
    "session_multi_debugtoolbar.secret",
    "session_multi",
    "session_multi_secret",
    7,
    ("session_mutli.secret",),
]


@pytest.mark.parametrize("key", OF_OTHERS, ids=repr)
def test_the_settings_of_other_packages_are_left_alone(words, hushed, key):
    """However like ours they are called."""
    start(words(a=hushed("signed_cookie")) | {key: SECRET})


@pytest.mark.parametrize(("settings", "said"), OTHERS, ids=lambda given: next(iter(given)))
def test_a_setting_that_is_none_is_an_error(settings, said):
    """Unknown ones, of an unlisted namespace, and lists that cannot be."""
    message = error_of(settings)
    assert all(part in message for part in said), message


def test_the_options_of_an_unlisted_namespace_bring_the_near_miss(words, hushed):
    """The name that is listed, and the cure where it is none."""
    settings = words(account=hushed("signed_cookie"))
    message = error_of(settings | {"session_multi.acount.secret": SECRET})
    assert message == (
        "session_multi.acount.secret is an option of a namespace that session_multi.namespaces "
        "does not list; did you mean 'account'? Add 'acount' to it, or remove the option."
    )


# use


def test_a_missing_use_says_what_it_takes(error_with):
    """Every word, and that it may be a dotted name."""
    message = error_with({"cookie_name": "sid"})
    assert message.startswith("session_multi.a.use is missing; it takes ")
    assert all(word in message for word in builders())
    assert "dotted name of a callable" in message


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_an_empty_use_is_missing(error_with, empty):
    """As in ``use =`` with nothing behind it."""
    assert "session_multi.a.use is missing" in error_with({"use": empty})


def test_a_misspelt_use_is_a_missing_one(error_with):
    """And the message says by what it may be misspelt."""
    message = error_with({"ues": "redis", "secret": SECRET})
    assert "session_multi.a.use is missing" in message
    assert "did you misspell it as 'ues'?" in message


MISSES = {"rediss": "redis", "signed-cookie": "signed_cookie", "Beaker": "beaker", "nacll": "nacl"}


@pytest.mark.parametrize(("use", "near"), MISSES.items())
def test_an_unknown_use_brings_the_near_miss(error_with, use, near):
    """And all the words."""
    message = error_with({"use": use, "secret": SECRET})
    assert message.startswith("session_multi.a.use takes signed_cookie, ")
    assert f"not {use!r}; did you mean {near!r}?" in message


@pytest.mark.parametrize("use", ["no_such_package.make", "os.no_such_name", "not a name", ".."])
def test_a_use_that_cannot_be_imported_says_what_it_takes(error_with, use):
    """And what went wrong with the import."""
    message = error_with({"use": use, "secret": SECRET})
    assert message.startswith("session_multi.a.use takes ")
    assert repr(use) in message


def test_a_use_that_cannot_be_called_says_what_it_takes(error_with, package):
    """A module, for one; its name is said, and not what it holds."""
    package.made = {"secret": SECRET}
    message = error_with({"use": "package_of_somebody.made"})
    assert message.startswith("session_multi.a.use names an instance of builtins.dict; it takes ")


def test_a_use_that_is_no_text_says_what_it_takes(error_with, signed):
    """A factory among the settings is not printed: its ``repr`` may hold its secret."""
    message = error_with({"use": signed("sid"), "secret": SECRET})
    assert message.startswith("session_multi.a.use takes signed_cookie, ")


@pytest.mark.parametrize("kind", ["signed", "nacl", "redis", "beaker_memory", "wrapped", "own"])
def test_a_use_that_is_a_session_factory_explains_the_difference(
    error_with, package, library, signed, kind
):
    """It takes a request; wanted is what takes the options."""

    def own(request):
        return {}

    directlyProvides(own, ISessionFactory)
    factory = signed("sid")
    others = {"wrapped": lambda request: factory(request), "own": own}
    package.factory = others[kind] if kind in others else library(kind)("sid")
    message = error_with({"use": "package_of_somebody.factory", "secret": SECRET})
    assert message.startswith("session_multi.a.use names a session factory, which takes a request")
    assert "takes the options and returns a session factory" in message
    assert "config.register_session_factory" in message


@pytest.mark.parametrize("made", [None, {}, "a.dotted.name"])
def test_a_use_that_makes_no_session_factory_says_what_it_made(error_with, package, made):
    """By its type."""
    package.make = lambda options: made
    message = error_with({"use": "package_of_somebody.make", "secret": SECRET})
    assert message.startswith("session_multi.a.use returned an instance of builtins.")
    assert message.endswith("which is not a session factory.")


def test_a_use_that_fails_is_told_by_the_type_of_its_error(words, package):
    """What it says may quote the options."""

    def make(options):
        raise ValueError(options["secret"])

    package.make = make
    with pytest.raises(ConfigurationError) as caught:
        start(words(a={"use": "package_of_somebody.make", "secret": SECRET}))
    assert str(caught.value) == (
        "session_multi.a.use is package_of_somebody.make, which was called with one argument, a "
        "mapping of the options, and raised ValueError."
    )
    assert isinstance(caught.value.__cause__, ValueError)  # for whoever has the traceback


BETTER = {
    "pyramid.session.SignedCookieSessionFactory": "signed_cookie",
    "pyramid_session_multi.signed_cookie_session_factory": "signed_cookie",
    "pyramid_nacl_session.EncryptedCookieSessionFactory": "nacl",
    "pyramid_session_redis:RedisSessionFactory": "redis",
    "pyramid_beaker.BeakerSessionFactoryConfig": "beaker",
}


@pytest.mark.parametrize(("use", "word"), BETTER.items())
def test_the_function_of_a_library_brings_its_word(error_with, use, word):
    """It is not called with a mapping; the word is."""
    message = error_with({"use": use, "secret": SECRET})
    assert message.startswith(f"session_multi.a.use is {use}, which was called with one argument")
    assert message.endswith(f"Error; did you mean {word!r}?")


def test_a_use_may_say_what_is_wrong_with_a_configuration_error(error_with, package):
    """Which is taken to know what it says."""

    def make(options):
        raise ConfigurationError("Give colour = red or blue.")

    package.make = make
    message = error_with({"use": "package_of_somebody.make", "secret": SECRET})
    assert message == (
        "session_multi.a.use is package_of_somebody.make, which says: Give colour = red or blue."
    )


MISSING = [
    ("nacl", "pyramid_nacl_session", "nacl"),
    ("redis", "pyramid_session_redis", "redis"),
    ("memory", "pyramid_beaker", "beaker"),
    ("memory", "beaker.cache", "beaker"),
    ("cookie", "pyramid_beaker", "beaker"),
]


@pytest.mark.parametrize(("kind", "module", "extra"), MISSING)
def test_a_library_that_is_not_installed_comes_with_the_pip_command(
    error_with, hushed, monkeypatch, kind, module, extra
):
    """The extra that pulls it."""
    for name in [name for name in sys.modules if name.startswith(f"{module}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    assert error_with(hushed(kind)) == (
        f"session_multi.a.use is {extra}, but {module} is not installed: "
        f"pip install 'pyramid_session_multi[{extra}]'."
    )


# Secrets

NEEDED = {
    "signed_cookie": ("session_multi.a.secrets", 64),
    "nacl": ("session_multi.a.secret", 32),
    "redis": ("session_multi.a.secret or session_multi.a.cookie_signer", 64),
    "memory": ("session_multi.a.secret", 64),
    "cookie": ("session_multi.a.validate_key", 64),
}


@every_kind
@pytest.mark.parametrize("value", ["missing", "", "   ", None])
def test_a_missing_secret_comes_with_a_command_that_makes_one(error_with, hushed, kind, value):
    """One that its library takes; an empty one is missing."""
    setting, length = NEEDED[kind]
    name = setting.rpartition(".")[2] if kind != "redis" else "secret"
    options = {k: v for k, v in hushed(kind).items() if k != name}
    message = error_with(options | ({} if value == "missing" else {name: value}))
    assert message.startswith(f"{setting} is missing: use = {options['use']} needs a secret. ")
    assert f"python -c 'import secrets; print(secrets.token_hex({length}))'" in message


@pytest.mark.parametrize(
    ("kind", "name", "right"),
    [("signed_cookie", "secret", "secrets"), ("redis", "secrets", "secret")],
)
def test_a_misspelt_secret_is_a_missing_one(error_with, hushed, kind, name, right):
    """``secret`` and ``secrets`` are easily mistaken for each other."""
    options = {k: v for k, v in hushed(kind).items() if k != right} | {name: SECRET}
    message = error_with(options)
    assert f"session_multi.a.{right}" in message
    assert f"did you misspell it as {name!r}?" in message


SHORT = HUSH * 3  # 27 bytes

TOO_SHORT = [
    ("signed_cookie", "secrets", SHORT, "it is 27 bytes long"),
    ("signed_cookie", "secrets", [SECRET, SHORT.encode()], "its secret 2 is 27 bytes long"),
    ("redis", "secret", SHORT, "it is 27 bytes long"),
    ("redis", "secret", SHORT.encode(), "it is 27 bytes long"),
    ("memory", "secret", SHORT, "it is 27 bytes long"),
    ("memory", "encrypt_key", SHORT, "it is 27 bytes long"),
    ("memory", "constant_csrf_token", SHORT, "it is 27 bytes long"),
    ("cookie", "validate_key", SHORT, "it is 27 bytes long"),
]


@pytest.mark.parametrize(("kind", "option", "value", "said"), TOO_SHORT)
def test_a_short_secret_is_refused_by_its_length(error_with, hushed, kind, option, value, said):
    """Every one of several, with the number that it has; 32 bytes are enough."""
    message = error_with(hushed(kind) | {option: value})
    assert message == (
        f"session_multi.a.{option} is too short: {said}; at least 32 are required, 64 recommended."
    )


@pytest.mark.parametrize("value", [f"{SECRET} {SHORT}", f"{SHORT}\n{SECRET}", "a secret sentence"])
def test_secrets_that_white_space_split_say_so(error_with, hushed, value):
    """One may have been meant: a sentence is no secret where several are taken."""
    message = error_with(hushed("signed_cookie", secrets=value))
    assert message.startswith("session_multi.a.secrets is too short: its secret ")
    assert message.endswith(" 64 recommended. White space separates secrets; a secret holds none.")


NO_SECRETS = [
    ("signed_cookie", "secrets", 12345, "an instance of builtins.int"),
    ("signed_cookie", "secrets", True, "an instance of builtins.bool"),
    ("signed_cookie", "secrets", {SECRET}, "an instance of builtins.set"),
    ("signed_cookie", "secrets", [SECRET, None], "an instance of builtins.NoneType"),
    ("nacl", "secret", 12345, "an instance of builtins.int"),
    ("redis", "secret", 12345, "an instance of builtins.int"),
    ("redis", "secret", [SECRET], "an instance of builtins.list"),
    ("memory", "encrypt_key", 1.5, "an instance of builtins.float"),
    ("cookie", "validate_key", object, "builtins.object"),
]


@pytest.mark.parametrize(("kind", "option", "value", "what"), NO_SECRETS)
def test_a_secret_that_is_no_text_is_named_by_its_type(
    error_with, hushed, kind, option, value, what
):
    """Settings made in Python; the option is named, and not ``use``."""
    message = error_with(hushed(kind) | {option: value})
    assert message.startswith(f"session_multi.a.{option} takes ")
    assert message.endswith(f", not {what}.")


def test_a_key_of_nacls_that_is_too_short_is_named(error_with, hushed):
    """In Python's settings it is bytes."""
    message = error_with(hushed("nacl", secret=HUSH.encode()))
    assert message.startswith("session_multi.a.secret takes 64 hexadecimal digits")


def test_no_secret_is_one_that_is_not_given(words, hushed, package):
    """``None``, beside the signer that takes its place."""
    package.signer = JSONSerializer()
    signer = SignedSerializer(SECRET, "own", serializer=JSONSerializer())
    start(words(a=hushed("redis", secret=None, cookie_signer=signer)))


@pytest.mark.parametrize(("kind", "option"), [("signed_cookie", "secrets"), ("redis", "secret")])
def test_a_secret_of_32_bytes_is_enough(words, hushed, kind, option):
    """Counted in bytes of UTF-8."""
    for enough in ("x" * 32, "é" * 16):
        start(words(a=hushed(kind) | {option: enough}))


@pytest.mark.parametrize("value", [HUSH, SECRET, "0f" * 31, "0f" * 33, "0g" * 32, "0f" * 31 + "0"])
def test_nacls_secret_takes_64_hexadecimal_digits(error_with, hushed, value):
    """No more, no less, and nothing else."""
    assert error_with(hushed("nacl", secret=value)) == (
        "session_multi.a.secret takes 64 hexadecimal digits, which are 32 bytes."
    )


URLS = [
    f"http://user:{HUSH}@localhost/0",
    f"user:{HUSH}@localhost",
    f"redis://user:{HUSH}@localhost:port/0",
    f"redis://user:{HUSH}@[::1/0",
    f"redis://user:{HUSH}@localhost/0?socket_timeout=soon",
]


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_is_none_is_not_shown(error_with, hushed, url):
    """It may hold a password; what redis-py says of it is not passed on either."""
    assert error_with(hushed("redis", redis_url=url)) == (
        "session_multi.a.redis_url takes a url like redis://localhost:6379/0."
    )


# Options

UNKNOWN = [
    ("signed_cookie", "htponly", "httponly"),
    ("signed_cookie", "salt", None),
    ("signed_cookie", "redis_url", None),
    ("nacl", "cookiename", "cookie_name"),
    ("nacl", "hashalg", None),
    ("redis", "cookie_secur", "cookie_secure"),
    ("redis", "redis_connection_pool", None),
    ("redis", "httponly", "cookie_httponly"),
    ("signed_cookie", "cookie_secure", "secure"),
    ("nacl", "cookie_httponly", "httponly"),
    ("memory", "cookie_samesite", "samesite"),
    ("redis", "domain", "cookie_domain"),
    ("redis", "host", "redis_host"),
    ("signed_cookie", "redis_timeout", "timeout"),
    ("memory", "datadir", None),
    ("memory", "secrett", "secret"),
    ("cookie", "validate_keys", "validate_key"),
    ("memory", "discriminater", "discriminator"),
    ("nacl", "usee", "use"),
]


@pytest.mark.parametrize(("kind", "option", "near"), UNKNOWN)
def test_an_unknown_option_brings_the_near_miss(error_with, hushed, kind, option, near):
    """And not its value: it may be a misspelt secret."""
    options = hushed(kind)
    message = error_with(options | {option: SECRET})
    assert message.startswith(
        f"session_multi.a.{option} is not an option of use = {options['use']}"
    )
    if near:
        assert message.endswith(f"; did you mean {near!r}?")
    assert SECRET not in message


def options_with_a_form():
    """Of every library the options that do not take any text."""
    kinds = {"signed_cookie": {}, "nacl": {}, "redis": {}}
    kinds |= {"memory": {"type": "memory"}, "cookie": {"type": "cookie"}}
    for kind, given in kinds.items():  # noqa: F402
        maker = builders()[kind if kind in builders() else "beaker"]
        for name, option in maker.options(given, resolver=None).items():
            if option.expected != TEXT.expected:
                yield pytest.param(kind, name, option, id=f"{kind}-{name}")


@pytest.mark.parametrize(("kind", "name", "option"), list(options_with_a_form()))
def test_a_value_that_does_not_convert_says_what_the_option_takes(
    error_with, hushed, kind, name, option
):
    """It is shown where it can be no secret."""
    message = error_with(hushed(kind) | {name: f"no-{HUSH[:4]}"})
    assert message.startswith(f"session_multi.a.{name} ")
    if option.secret:
        assert "is too short: it is 7 bytes long; at least 32 are required" in message
    else:
        assert f"takes {option.expected}" in message
    assert ("not 'no-hush'" in message) is option.may_show


def test_secrets_passwords_urls_and_names_of_hosts_are_never_shown():
    """What may be shown is listed here, and a new option is not among it unless it has a form."""
    hidden = {
        name
        for maker in builders().values()
        for name, option in maker.options({}, resolver=None).items()
        if not option.may_show
    }
    assert hidden >= {"secret", "secrets", "encrypt_key", "validate_key", "constant_csrf_token"}
    assert hidden >= {"redis_url", "redis_password", "redis_host", "data_dir", "prefix"}


WRONG = [
    ("signed_cookie", "hashalg", "sha52", "takes the name of a hash, like sha512, not 'sha52'"),
    ("signed_cookie", "hashalg", "shake_128", "not 'shake_128' (its digests have no fixed length"),
    ("signed_cookie", "secure", "ture", "takes true or false, not 'ture'"),
    ("signed_cookie", "max_age", "1h", "takes a whole number above 0, or none, not '1h'"),
    ("redis", "redis_port", "6379.0", "takes a whole number, not '6379.0'"),
    ("redis", "redis_socket_timeout", "1s", "takes a number, or none, not '1s'"),
    ("nacl", "samesite", "laxx", "takes Lax, Strict, None, or nothing for no attribute, not"),
    ("memory", "cookie_expires", "never", "or a number of seconds above 0, not 'never'"),
    ("memory", "cookie_expires", "-5", "or a number of seconds above 0, not '-5'"),
    ("memory", "crypto_type", "crpytography", "registered with Beaker, not 'crpytography'"),
    ("memory", "crypto_type", "pycryptodome", "(Crypto is not installed)"),
    ("cookie", "data_serializer", "yaml", "takes json or pickle, not 'yaml'"),
    ("memory", "type", "memroy", "not 'memroy'; did you mean 'memory'?"),
    ("memory", "type", "ext:memcache", "did you mean 'ext:memcached'?"),
    ("signed_cookie", "serializer", "json", "not 'json' (its dumps returns builtins.str, not b"),
    ("signed_cookie", "serializer", "os.path", "(AttributeError: module "),
    ("nacl", "serializer", "yaml", "takes json, pickle, the dotted name of an object that dumps"),
    ("nacl", "serializer", "webob.cookies.SignedSerializer", "(TypeError: "),
    ("redis", "cookie_signer", "json", "not 'json' (its dumps returns builtins.str, not bytes)"),
    ("redis", "serialize", "os.path", "takes the dotted name of a callable, not 'os.path' (that"),
    ("redis", "deserialize", "marshal.laods", "not 'marshal.laods' ("),
    ("memory", "namespace_class", "baeker.container.X", "(ModuleNotFoundError: No module named"),
]

# A name whose module is there and does not have it, what is said of it, and the near miss.
NOT_THERE = [
    ("package_of_somebody.mkae", "the module 'package_of_somebody' has no 'mkae'", ".make"),
    ("package_of_somebody:mkae", "the module 'package_of_somebody' has no 'mkae'", ":make"),
    (
        "package_of_somebody.Makr.make",
        "the module 'package_of_somebody' has no 'Makr'",
        ".Maker.make",
    ),
    ("package_of_somebody.Maker.mkae", "package_of_somebody.Maker has no 'mkae'", ".Maker.make"),
    ("package_of_somebody.zzzz", "the module 'package_of_somebody' has no 'zzzz'", None),
    ("package_of_somebody._hiden", "the module 'package_of_somebody' has no '_hiden'", None),
]

DOTTED_OPTIONS = [
    ("signed_cookie", "use"),
    ("signed_cookie", "discriminator"),
    ("signed_cookie", "serializer"),
    ("redis", "cookie_signer"),
    ("redis", "serialize"),
    ("memory", "namespace_class"),
]


@pytest.mark.parametrize(("kind", "option"), DOTTED_OPTIONS)
@pytest.mark.parametrize(("name", "said", "near"), NOT_THERE)
def test_a_name_that_a_module_does_not_have_brings_the_near_miss(
    error_with, hushed, package, kind, option, name, said, near
):
    """In every option that takes a dotted name; Python itself would say that it is no package."""

    class Maker:
        make = str

    Maker.__module__, Maker.__qualname__ = package.__name__, "Maker"
    package.make, package.Maker, package._hidden = str, Maker, str
    message = error_with(hushed(kind) | {option: name})
    hint = f"; did you mean '{package.__name__}{near}'?" if near else ""
    assert message.startswith(f"session_multi.a.{option} takes ")
    assert message.endswith(f", not {name!r} ({said}{hint}).")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".mkae", "(the module 'package_of_somebody' has no 'mkae'; did you mean '.make'?)"),
        (":mkae", "(the module 'package_of_somebody' has no 'mkae'; did you mean ':make'?)"),
        ("..mkae", "(ModuleNotFoundError: No module named 'mkae')"),
    ],
)
def test_a_relative_name_is_looked_for_in_the_application(words, hushed, package, name, said):
    """And the near miss is relative, too; above the application nothing is proposed."""
    package.make = str
    config = Configurator(package=package, settings=words(a=hushed("redis") | {"use": name}))
    with pytest.raises(ConfigurationError) as caught:
        config.include("pyramid_session_multi")
    assert str(caught.value).endswith(f"not {name!r} {said}.")


def test_a_module_of_a_package_is_proposed_as_well(error_with, hushed):
    """Though nobody imported it yet."""
    message = error_with(hushed("redis") | {"use": "pyramid.scriptz.proutes"})
    proposed = "the module 'pyramid' has no 'scriptz'; did you mean 'pyramid.scripts.proutes'?"
    assert proposed in message


def test_a_module_that_cannot_be_imported_is_told_as_python_tells_it(
    words, hushed, tmp_path, monkeypatch
):
    """It is there; what it needs is not, and the traceback says where."""
    (tmp_path / "somebodys").mkdir()
    (tmp_path / "somebodys" / "__init__.py").touch()
    (tmp_path / "somebodys" / "broken.py").write_text("import not_installed")
    monkeypatch.syspath_prepend(tmp_path)
    for option in ("use", "discriminator", "serialize"):
        with pytest.raises(ConfigurationError) as caught:
            start(words(a=hushed("redis") | {option: "somebodys.broken.make"}))
        said = "(ModuleNotFoundError: No module named 'not_installed')."
        assert str(caught.value).endswith(said)
        assert isinstance(caught.value.__cause__, ModuleNotFoundError)
    monkeypatch.delitem(sys.modules, "somebodys")


HTTPS = "did you mean 'pyramid_session_multi.https_only'?"

NO_DISCRIMINATORS = [
    ("https_only", f"(ModuleNotFoundError: No module named 'https_only'; {HTTPS})"),
    ("pyramid_session_multi.http_only", f"has no 'http_only'; {HTTPS})"),
    ("pyramid_session_mutli.https_only", f"No module named 'pyramid_session_mutli'; {HTTPS})"),
    ("package_of_somebody.https_only", f"has no 'https_only'; {HTTPS})"),
    ("nowhere.at_all", "(ModuleNotFoundError: No module named 'nowhere')"),
    ("os.path", "(that is an instance of builtins.module, which cannot be called)"),
]


@pytest.mark.parametrize(("name", "said"), NO_DISCRIMINATORS)
def test_a_discriminator_that_is_none_names_its_setting(error_with, hushed, package, name, said):
    """And the one that is ready-made, where that may be meant."""
    message = error_with(hushed("signed_cookie", discriminator=name))
    assert message.startswith(
        f"session_multi.a.discriminator takes the dotted name of a callable, not {name!r} ("
    )
    assert message.endswith(f"{said}.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "is empty: give the dotted name of a callable, or leave it out."),
        ("  ", "is empty: give the dotted name of a callable, or leave it out."),
        (7, "takes a callable or the dotted name of one, not an instance of builtins.int."),
    ],
)
def test_a_discriminator_that_is_no_name_says_what_it_takes(error_with, hushed, given, said):
    """Empty in a file, or of a wrong type in Python."""
    message = error_with(hushed("signed_cookie") | {"discriminator": given})
    assert message == f"session_multi.a.discriminator {said}"


@pytest.mark.parametrize(("kind", "option", "value", "said"), WRONG)
def test_what_is_said_of_a_wrong_value(error_with, hushed, kind, option, value, said):
    """What the option takes, what it was given, and why that is wrong where it is not plain."""
    message = error_with(hushed(kind) | {option: value})
    assert message.startswith(f"session_multi.a.{option} takes ")
    assert said in message


@every_kind
@pytest.mark.parametrize("secure", [{}, "false", ""])
def test_samesite_none_needs_secure(error_with, hushed, kind, secure):
    """Browsers take it only so, and WebOb would fail at the first write."""
    prefix = "cookie_" if kind == "redis" else ""
    given = {f"{prefix}secure": secure} if secure == "false" else {}
    assert error_with(hushed(kind) | given | {f"{prefix}samesite": "none"}) == (
        f"session_multi.a.{prefix}samesite is None, which browsers accept only with "
        f"session_multi.a.{prefix}secure = true; leave it empty to send no SameSite attribute."
    )


TOGETHER = [
    ("redis", {"prefix": "a:", "id_generator": "secrets.token_hex"}, ["a.prefix and id_generator"]),
    (
        "redis",
        {"cookie_signer": "package_of_somebody.signer"},
        ["a.use", "secret", "cookie_signer"],
    ),
    ("redis", {"set_redis_ttl_readheavy": "true", "timeout": "none"}, ["a.use", "timeout"]),
    ("memory", {"timeout": "60", "save_accessed_time": "no"}, ["a.use", "save_accessed_time"]),
    ("memory", {"encrypt_key": SECRET}, ["a.validate_key is missing", "encrypt_key"]),
    ("memory", {"type": "file"}, ["a.data_dir is missing", "type = file needs data_dir or file"]),
    ("memory", {"type": "dbm"}, ["a.data_dir is missing", "type = dbm needs data_dir or dbm_dir"]),
    ("memory", {"type": "ext:database"}, ["a.url is missing", "type = ext:database needs url"]),
    ("memory", {"type": "ext:redis", "url": ""}, ["a.url is missing", "ext:redis needs url"]),
    ("memory", {"key": "a", "cookie_name": "b"}, ["session_multi.a.*", "'a'", "'b'"]),
    ("memory", {"data_dir": ""}, ["a.use is beaker, which says: Empty strings are", "data_dir"]),
    ("nacl", {"cookie_name": "a b"}, ["session_multi.a.*", "'a b'", "RFC 6265"]),
    ("nacl", {"cookie_name": ""}, ["session_multi.a.*", "''", "RFC 6265"]),
]


@pytest.mark.parametrize(("kind", "options", "said"), TOGETHER, ids=repr)
def test_options_that_do_not_go_together_are_named(
    error_with, hushed, package, kind, options, said
):
    """By the library where it says so, and before a request would find it out."""
    package.signer = JSONSerializer()
    message = error_with(hushed(kind) | options)
    assert all(part in message for part in said), message


ABOVE_ZERO = "a whole number above 0, or none"
FROM_ZERO = "a whole number from 0, or none"

SECONDS = [
    *[
        (kind, "timeout", given, ABOVE_ZERO)
        for kind in KINDS
        if kind != "redis"
        for given in ("-5", "0", -5, 0)
    ],
    *[("redis", "timeout", given, FROM_ZERO) for given in ("-5", -5)],
    *[(kind, "max_age", "0", ABOVE_ZERO) for kind in ("signed_cookie", "nacl")],
    ("redis", "cookie_max_age", "-1", ABOVE_ZERO),
    *[(kind, "reissue_time", "-1", FROM_ZERO) for kind in ("signed_cookie", "nacl")],
    ("redis", "timeout_trigger", "-1", FROM_ZERO),
]


@pytest.mark.parametrize(("kind", "option", "given", "takes"), SECONDS)
def test_seconds_that_cannot_be_meant_are_refused(error_with, hushed, kind, option, given, takes):
    """Each request would have an empty session, or Redis refuse to keep it."""
    message = error_with(hushed(kind) | {option: given})
    assert message == f"session_multi.a.{option} takes {takes}, not {given!r}."


@pytest.mark.parametrize("kind", ["signed_cookie", "nacl"])
@pytest.mark.parametrize(
    ("given", "reissue", "timeout"),
    [
        ({"timeout": "60", "reissue_time": "60"}, 60, 60),
        ({"timeout": 60, "reissue_time": 61}, 61, 60),
        ({"reissue_time": "1200"}, 1200, 1200),
    ],
)
def test_a_session_that_is_used_does_not_time_out(
    error_with, hushed, kind, given, reissue, timeout
):
    """It would, were its cookie never sent anew in time; without a ``timeout`` it is Pyramid's."""
    assert error_with(hushed(kind) | given) == (
        f"session_multi.a.reissue_time is {reissue}, but session_multi.a.timeout is {timeout}: the "
        "session would time out although it is used. Make it smaller, or none if that is intended."
    )


MEANT = [
    {"timeout": "1"},
    {"timeout": "60", "reissue_time": "59"},
    {"timeout": "60", "reissue_time": "none"},
    {"timeout": "none", "reissue_time": "3600"},
    {"timeout": None, "reissue_time": 3600},
    {"reissue_time": "0", "max_age": "1"},
]


@pytest.mark.parametrize("kind", ["signed_cookie", "nacl"])
@pytest.mark.parametrize("given", MEANT, ids=repr)
def test_seconds_that_may_be_meant_are_taken(words, hushed, kind, given):
    """No time out, or one that use does not put off."""
    start(words(a=hushed(kind) | given))


@pytest.mark.parametrize("kind", ["memory", "cookie"])
def test_beaker_does_not_pretend_to_encrypt(error_with, hushed, monkeypatch, kind):
    """Without a library for it, it would keep the data in clear on a server."""
    libraries = ("cryptography", "Crypto", "Cryptodome")
    for name in [*libraries, *(m for m in sys.modules if m.startswith("cryptography."))]:
        monkeypatch.setitem(sys.modules, name, None)
    for module in ("pyca_cryptography", "pycrypto"):
        monkeypatch.delitem(sys.modules, f"beaker.crypto.{module}", raising=False)
        monkeypatch.delattr(beaker.crypto, module, raising=False)
    monkeypatch.setattr("beaker.crypto.CRYPTO_MODULES", {})
    assert error_with(hushed(kind, encrypt_key=SECRET, validate_key=SECRET)) == (
        "session_multi.a.encrypt_key needs a library that encrypts: pip install cryptography."
    )


def test_a_name_that_signed_cookie_cannot_take_is_refused(words, hushed):
    """It becomes part of the key; the other libraries do not mind."""
    message = error_of(words(**{"a.b": hushed("signed_cookie")}))
    assert message.startswith("session_multi.a.b.use is signed_cookie, which says: A namespace")
    assert "[A-Za-z0-9_-]+" in message
    start(words(**{"a.b": hushed("redis", cookie_name="sid")}))


@pytest.mark.parametrize(("quotes", "said"), [(True, "raised ValueError"), (False, "says: No.")])
def test_a_library_that_quotes_a_secret_is_told_by_its_errors_type(
    error_with, hushed, monkeypatch, quotes, said
):
    """No release does today."""

    def factory(secret, cookie_name, **options):
        raise ValueError(f"No {secret}" if quotes else "No")

    monkeypatch.setattr("pyramid_session_redis.RedisSessionFactory", factory)
    options = {"use": "redis", "secret": SECRET}
    assert error_with(options) == f"session_multi.a.use is redis, which {said.rstrip('.')}."


# Whatever the settings

NAMES = ["a", "b", "a.b", "vary", "A-1", "ä"]

USES = ["rediss", "", "builtins.dict", "builtins.repr", "os.path", "nowhere.at_all", None, 7]

DOTTED = ["json", "pickle", "marshal.dumps", "secrets.token_hex", "pyramid.session.JSONSerializer"]

USUAL = [
    "true",
    "no",
    "none",
    "None",
    "60",
    "-1",
    "1.5",
    "",
    " ",
    "memory",
    "file",
    "cookie",
    "lax",
]

SHOWN = sorted(
    {"discriminator", "cookie_name", "key", "type"}
    | {
        name
        for maker in builders().values()
        for given in ({}, {"type": "cookie"}, {"data_dir": "x"})
        for name, option in maker.options(given, resolver=None).items()
        if option.may_show
    }
)

HIDDEN = ["secret", "secrets", "validate_key", "encrypt_key", "redis_url", "redis_password", "url"]
HIDDEN += ["redis_host", "data_dir", "domain", "path", "prefix", "sercet", "token"]

not_text = st.none() | st.booleans() | st.integers() | st.lists(st.integers(), max_size=2)

plain = st.sampled_from(USUAL) | st.sampled_from(DOTTED) | st.text(max_size=8) | not_text

hush = st.sampled_from([HUSH, SECRET, f"{SECRET} {SECRET}", SECRET.encode(), [SECRET, HUSH]])
hush |= st.sampled_from([f"redis://u:{HUSH}@localhost/0", f"redis://u:{HUSH}@localhost:x"])

unknown = st.text(max_size=8).filter(
    lambda name: name not in {*SHOWN, "use", "namespaces", "vary", "isolation"}
)

more = st.dictionaries(st.sampled_from(SHOWN), plain, max_size=2) | st.dictionaries(
    st.sampled_from(HIDDEN) | unknown, hush, max_size=2
)

WORKING = [
    {"use": "signed_cookie", "secrets": SECRET},
    {"use": "nacl", "secret": "0f" * 32, "serializer": "json"},
    {"use": "redis", "secret": SECRET},
    {"use": "beaker", "secret": SECRET},
    {"use": "beaker", "type": "cookie", "validate_key": SECRET},
]


def rarely(strategy):
    """Else every example stops at the same mistakes."""
    return st.integers(0, 4).flatmap(lambda number: st.just({}) if number else strategy)


options = st.builds(
    lambda working, more, use: {**working, **more, **use},
    st.sampled_from(WORKING),
    more,
    rarely(st.fixed_dictionaries({"use": st.sampled_from(USES)})),
)

fuzzed = settings(
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # it holds no state
)


@fuzzed
@given(
    namespaces=st.dictionaries(st.sampled_from(NAMES), options, max_size=3),
    listed=rarely(st.fixed_dictionaries({"session_multi.namespaces": plain})),
    others=rarely(st.dictionaries(unknown.map("session_multi.{}".format), hush)),
    isolation=st.sampled_from(["error", "off", "off", "off", "of"]),
)
def test_whatever_the_settings_are_they_work_or_are_a_configuration_error(
    words, namespaces, listed, others, isolation
):
    """And no secret is in its message, nor in that of any error under it that is ours."""
    error = None
    try:
        start(words(**namespaces) | {"session_multi.isolation": isolation} | listed | others)
    except ConfigurationError as caught:
        error = caught.evalue if isinstance(caught, ConfigurationExecutionError) else caught
    event("works" if error is None else "is refused")
    assert error is None or (type(error) is ConfigurationError and "session_multi." in str(error))
    while isinstance(error, ConfigurationError):
        assert HUSH not in str(error)
        error = error.__cause__
