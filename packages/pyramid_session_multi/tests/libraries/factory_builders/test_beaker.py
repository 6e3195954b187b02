"""Options of pyramid_beaker, for each storage."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from beaker.cache import clsmap
from beaker.session import CookieSession, Session

SECRET = "a-secret-" * 8

BEAKER = ["memory", "file", "dbm", "ext:database", "ext:redis", "cookie"]


def parameters(*functions, exclude=()):
    """The named parameters of a library's functions."""
    every = {p.name: p for f in functions for p in inspect.signature(f).parameters.values()}
    return [n for n, p in every.items() if p.kind is not p.VAR_KEYWORD and n not in exclude]


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

# Parameters that Beaker passes itself, and objects.
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
def test_every_option_of_beaker_reaches_it(browse, minimal, tmp_path, kind, option, words):
    """All options of its sessions, of the storage and of pyramid_beaker; and a session opens."""
    text, value = BEAKERS[option]
    if isinstance(value, str):
        text, value = (each.format(tmp_path=tmp_path) for each in (text, value))
    beside = {"validate_key": SECRET} if option == "encrypt_key" else {}
    browser = browse(settings=words(a=minimal(kind) | beside | {option: text}))
    factory = browser.multi(lambda m: m.get_namespace_config("a"))
    attributes = vars(factory) | {
        name.removeprefix("_"): v for name, v in vars(factory).items() if not callable(v)
    }
    options = attributes["options"]
    in_factory = options[option] if option in options else attributes[option]
    assert (in_factory, type(in_factory)) == (value, type(value))
    browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/shop")
    assert len(browser.set_cookies) == 1


@pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False)])
def test_beakers_cookie_can_be_a_session_cookie_or_permanent(minimal, text, value, factory_of):
    """The values of ``cookie_expires`` that are not numbers."""
    assert (
        factory_of(minimal("memory") | {"cookie_expires": text})._options["cookie_expires"] is value
    )


def test_registering_opens_no_connection(minimal, factory_of):
    """The server may be down."""
    options = minimal("memory") | {"type": "ext:memcached", "url": "nowhere:1"}
    assert factory_of(options)._options["url"] == "nowhere:1"
