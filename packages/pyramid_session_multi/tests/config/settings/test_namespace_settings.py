"""Namespaces from the .ini file: every ``use`` works, and two namespaces share nothing."""

from __future__ import annotations

import pytest
from pyramid.paster import get_app
from pyramid_session_multi import https_only
from redis import StrictRedis
from webtest import TestApp

SECRET = "a-secret-" * 8

KINDS = ["signed_cookie", "nacl", "redis"]
KINDS += ["memory", "file", "dbm", "ext:database", "ext:redis", "cookie"]  # Beaker's
every_kind = pytest.mark.parametrize("kind", KINDS)

SHOP = """
from pyramid.config import Configurator

def main(global_config, **settings):
    config = Configurator(settings=settings)
    config.include("pyramid_session_multi")
    config.add_view(count, renderer="json")
    return config.make_wsgi_app()

def count(request):
    for name in "public", "account":
        session = request.session_multi[name]
        if session is not None:
            session["visits"] = session.get("visits", 0) + 1
    return {name: s and s["visits"] for name, s in request.session_multi.items()}
"""

INI = """
[app:main]
use = call:a_shop:main
session_multi.namespaces = public account
session_multi.public.use = signed_cookie
session_multi.public.secrets = {new} {old}
session_multi.account.use = redis
session_multi.account.secret = %(account_secret)s
session_multi.account.redis_url = {redis_url}
session_multi.account.cookie_name = acct
session_multi.account.discriminator = pyramid_session_multi.https_only
"""


def test_an_ini_file_and_one_line_are_enough(tmp_path, monkeypatch, redis_server):
    """Two namespaces of two libraries; one secret is a variable of the file."""
    (tmp_path / "a_shop.py").write_text(SHOP)
    ini = tmp_path / "development.ini"
    ini.write_text(INI.format(new="n" * 64, old="o" * 64, redis_url=redis_server.url))
    monkeypatch.syspath_prepend(tmp_path)
    browser = TestApp(get_app(str(ini), options={"account_secret": SECRET}))
    assert browser.get("http://localhost/").json == {"public": 1, "account": None}
    assert browser.get("https://localhost/").json == {"public": 2, "account": 1}
    assert browser.get("https://localhost/").json == {"public": 3, "account": 2}
    assert browser.cookies.keys() == {"public", "acct"}


@every_kind
def test_a_namespace_works(browse, minimal, kind, words):
    """The next request reads the written data; another browser and another namespace do not."""
    browser = browse(settings=words(a=minimal(kind, "a"), b=minimal(kind, "b")))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    assert browser.multi(lambda m: (m["a"]["x"], "x" in m["b"])) == (1, False)
    assert browser.stranger().multi(lambda m: "x" in m["a"]) is False
    assert browser.multi(lambda m: m.namespaces) == ["a", "b"]


@every_kind
def test_the_cookie_is_named_after_the_namespace(browse, minimal, kind, words):
    """Unless ``cookie_name`` is set: then that is its name, and declared."""
    browser = browse(settings=words(a=minimal(kind), b=minimal(kind, "b") | {"cookie_name": "sid"}))
    names = browser.multi(lambda m: m.namespaces_to_cookienames)
    assert names == {"a": "a", "b": "sid"}
    browser.multi(lambda m: [m[name].update({"x": 1}) for name in m.namespaces])
    assert {cookie.partition("=")[0].strip() for cookie in browser.set_cookies} == {"a", "sid"}


@pytest.mark.parametrize("given", [{}, {"cookie_name": "sid"}])
def test_beakers_own_option_for_the_cookie_name_works(minimal, given, words, registered):
    """Beaker's option is ``key``; ``cookie_name`` can be set as well, to the same name."""
    namespaces = registered(words(a=minimal("memory") | {"key": "sid"} | given))
    assert namespaces.get_namespace_cookiename("a") == "sid"


def test_nothing_is_registered_without_settings(registered):
    """The line alone changes nothing."""
    assert registered({}).namespaces == []
    assert registered(None).namespaces == []


def test_a_discriminator_is_a_dotted_name(minimal, words, registered):
    """As in Python."""
    options = minimal("signed_cookie") | {"discriminator": "pyramid_session_multi.https_only"}
    assert registered(words(a=options)).get_namespace_discriminator("a") is https_only


def test_a_name_can_contain_a_dot_and_begin_another(minimal, words, registered):
    """The option belongs to the longest name that is listed."""
    settings = words(**{"a": minimal("redis", "a"), "a.b": minimal("redis", "b")})
    settings["session_multi.a.b.cookie_name"] = "sid"
    assert registered(settings).namespaces_to_cookienames == {"a": "a", "a.b": "sid"}


@pytest.mark.parametrize("listed", ["b a", "b\n  a", "\nb\na\n", ["b", "a"]], ids=repr)
def test_namespaces_are_separated_by_white_space(minimal, listed, words, registered):
    """On one line or several; the order is that of registration."""
    settings = words(a=minimal("nacl", "a"), b=minimal("nacl", "b"))
    assert registered(settings | {"session_multi.namespaces": listed}).namespaces == ["b", "a"]


# Two namespaces of one library


def test_two_redis_namespaces_have_their_own_database_and_prefix(browse, minimal, redis, words):
    """Whichever is opened first. The library itself would use one client for both."""
    url = minimal("redis")["redis_url"]
    settings = words(
        a=minimal("redis", "a") | {"redis_url": f"{url}?db=1", "prefix": "one:"},
        b=minimal("redis", "b") | {"redis_url": f"{url}?db=2", "prefix": "two:"},
    )
    for first, second in ["ab", "ba"]:
        redis.client.flushall()
        browser = browse(settings=settings)
        browser.multi(lambda m, name=first: m[name].update({"x": name}))
        browser.multi(lambda m, name=second: m[name].update({"x": name}))
        assert browser.multi(lambda m: (m["a"]["x"], m["b"]["x"])) == ("a", "b")
        for db, prefix in [(1, b"one:"), (2, b"two:")]:
            with StrictRedis.from_url(f"{url}?db={db}") as client:
                [key] = client.keys()
            assert key.startswith(prefix)
        assert browser.multi(lambda m: m["a"].redis is m["b"].redis) is False
        assert redis.client.keys() == []


def test_two_redis_namespaces_can_use_different_servers(browse, words):
    """Factories created in code cannot: they would share the client of the first one."""
    urls = {"a": "redis://one.example.com:6380/1", "b": "redis://two.example.com:6381/2"}
    settings = words(
        **{n: {"use": "redis", "secret": n + SECRET, "redis_url": u} for n, u in urls.items()}
    )
    clients = browse(settings=settings).multi(lambda m: [m["a"].redis, m["b"].redis])
    seen = [client.connection_pool.connection_kwargs for client in clients]
    assert [(s["host"], s["port"], s["db"]) for s in seen] == [
        ("one.example.com", 6380, 1),
        ("two.example.com", 6381, 2),
    ]


def test_a_namespace_keeps_its_redis_client(browse, minimal, words):
    """A new connection for each request would be expensive."""
    browser = browse(settings=words(a=minimal("redis")))
    first = browser.multi(lambda m: m["a"].redis)
    assert browser.stranger().multi(lambda m: m["a"].redis) is first


def test_a_redis_namespace_works_alongside_a_request_session_on_redis(
    browse, minimal, library, words
):
    """They do not share a client, so each can have its own url."""
    settings = words(a=minimal("redis") | {"redis_url": minimal("redis")["redis_url"] + "?db=3"})
    browser = browse(
        settings=settings, setup=lambda config: config.set_session_factory(library("redis")("s"))
    )
    same = browser.visit(lambda request: request.session.redis is request.session_multi["a"].redis)
    assert same is False


def test_two_beaker_namespaces_have_their_own_directory(browse, minimal, tmp_path, words):
    """Each has its own storage."""
    browser = browse(settings=words(a=minimal("file", "a"), b=minimal("file", "b")))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    assert list(tmp_path.glob("a/**/*.cache"))
    assert not list(tmp_path.glob("b/**/*.cache"))


def test_one_secret_serves_any_number_of_signed_cookie_namespaces(browse, minimal, words):
    """None accepts another's cookie: the namespace is part of the key."""
    names = ["a", "b", "c"]
    browser = browse(settings=words(**{name: minimal("signed_cookie") for name in names}))
    browser.multi(lambda m: m["a"].update({"x": 1}))
    for name in "bc":
        browser.client.set_cookie(name, browser.client.cookies["a"])
    assert browser.multi(lambda m: [dict(m[name]) for name in names]) == [{"x": 1}, {}, {}]


@every_kind
def test_the_options_of_one_namespace_do_not_reach_another(minimal, kind, words, registered):
    """Options are neither shared nor kept for the next application."""
    given = {"cookie_name": "sid"} if kind == "redis" else {"cookie_name": "sid", "secure": "true"}
    settings = words(a=minimal(kind, "a") | given, b=minimal(kind, "b"))
    before = dict(settings)
    for _ in range(2):
        namespaces = registered(settings)
        secure = [
            namespaces.get(name)
            .session_library.cookie_attributes(namespaces.get(name).library_factory)
            .secure
            for name in "ab"
        ]
        assert secure == [kind != "redis", False]
    assert settings == before


# A callable of the application


@pytest.fixture
def making(package, signed):
    """``use = package_of_somebody.make``; records the options that it receives."""
    given = []

    def make(options):
        given.append(dict(options))
        options.clear()  # they are its own
        return signed("sid")

    package.make = make
    return given


@pytest.mark.parametrize("use", ["package_of_somebody.make", "package_of_somebody:make"])
def test_a_callable_creates_the_factory_from_the_options(browse, making, use, words):
    """In both notations of Pyramid's dotted names; it receives the values as text."""
    settings = words(a={"use": use, "max_age": "60", "any.thing": "false", "cookie_name": "sid"})
    settings |= {"session_multi.a.discriminator": "pyramid_session_multi.https_only"}
    browser = browse(settings=settings)
    assert making == [{"max_age": "60", "any.thing": "false", "cookie_name": "sid"}]
    assert browser.multi(lambda m: m["a"]) is None
    assert browser.multi(lambda m: m["a"].update({"x": 1}), url="https://localhost/") is None
    assert browser.set_cookies[0].startswith("sid=")


def test_its_cookie_name_is_declared(making, package, undescribed, signed, words, registered):
    """For a factory that does not reveal its cookie; without the option there is no name."""
    package.make = lambda options: undescribed(signed("sid"))
    use = {"use": "package_of_somebody.make"}
    assert registered(words(a=use)).namespaces_to_cookienames == {"a": None}
    named = registered(words(a=use | {"cookie_name": "sid"}))
    assert named.namespaces_to_cookienames == {"a": "sid"}


def test_a_relative_name_is_one_of_the_applications_package(making, package, words, registered):
    """As everywhere in Pyramid."""
    registered(words(a={"use": ".make", "b": "c"}), package=package)
    assert making == [{"b": "c"}]
