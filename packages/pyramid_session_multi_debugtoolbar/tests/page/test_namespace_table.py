"""The table of the configuration: factories, discriminators and locations."""

from __future__ import annotations

import functools
import inspect

import pytest
from pyramid.interfaces import ISessionFactory
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    SessionLibrary,
    https_only,
    namespace_session_factory,
    signed_cookie_session_factory,
)

THIS = __name__


def open_session(request, secret="the secret of a function"):
    return SignedCookieSessionFactory(secret)(request)


def agrees(request):
    return True


class Opener:
    """A callable that opens sessions."""

    def __call__(self, request):
        return open_session(request)

    def open(self, request):
        return open_session(request)

    @classmethod
    def of_class(cls, request):
        return open_session(request)

    @staticmethod
    def alone(request):
        return open_session(request)


class OpenedByItself(dict):
    """A class that is a factory."""

    def __init__(self, request):
        super().__init__()


lambda_factory = lambda request: open_session(request)  # noqa: E731


def line_of(thing):
    return inspect.getsourcelines(thing)[1]


def one_line(text):
    return " ".join(text.split())


def configured(here):
    """Namespace to its row: cookie, flags, verdict, and the registered callables."""
    here.visit()
    table = here.content.find_all("table")[-1]
    rows = {}
    for row in table.tbody.find_all("tr", recursive=False):
        name, verdict = row.th.find(string=True), row.th.span.get_text(strip=True)
        cookie, registered = row.find_all("td", recursive=False)
        terms = [term.get_text(strip=True) for term in registered.find_all("dt")]
        texts = [each.get_text(" ", strip=True) for each in registered.find_all("dd")]
        rows[name.strip()] = {
            "verdict": verdict,
            "cookie": cookie.code.get_text(strip=True),
            "flags": cookie.div.get_text(strip=True),
            **dict(zip(terms, map(one_line, texts), strict=True)),
        }
    return rows


FACTORIES = {
    "a function": (open_session, f"{THIS}.open_session", open_session),
    "a lambda": (lambda_factory, f"{THIS}.<lambda>", lambda_factory),
    "a partial": (
        functools.partial(open_session, secret="another"),
        f"functools.partial of {THIS}.open_session",
        open_session,
    ),
    "a class": (OpenedByItself, f"{THIS}.OpenedByItself", OpenedByItself),
    "an instance": (Opener(), f"an instance of {THIS}.Opener", Opener),
    "a bound method": (Opener().open, f"{THIS}.Opener.open", Opener.open),
    "a class method": (Opener.of_class, f"{THIS}.Opener.of_class", Opener.of_class),
    "a static method": (Opener.alone, f"{THIS}.Opener.alone", Opener.alone),
}


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_factory_has_its_name_and_the_location_of_its_definition(site, kind):
    """For every kind of callable; a discriminator as well."""
    thing, name, defined = FACTORIES[kind]
    here = site(one=(thing, thing, "one"))
    said = configured(here)["one"]
    for role in ("factory", "discriminator"):
        reference = said[role].removesuffix(" its session library is not described")
        called, _, location = reference.rpartition(" ")
        assert called == name
        assert location.endswith(f"test_namespace_table.py:{line_of(defined)}")
    assert said["factory"].endswith("its session library is not described")


class Coded:
    """A callable whose ``__code__`` is not Python's code."""

    __code__ = "0000"

    def __call__(self, request):
        return True


def test_an_unrelated_attribute_is_ignored(site, signed):
    """The location is then that of the class."""
    said = configured(site(one=(signed("one"), Coded())))["one"]
    assert said["discriminator"].startswith(f"an instance of {THIS}.Coded ")
    assert said["discriminator"].endswith(f"test_namespace_table.py:{line_of(Coded)}")


def test_dotted_names_are_shown_as_the_shortest_that_import_their_callables(site):
    """As psessions and the messages name them; the file is that of the definition."""
    here = site(
        one=(
            "pyramid_session_multi.new_session_multi",
            "pyramid_session_multi.https_only",
            "one",
        )
    )
    said = configured(here)["one"]
    assert said["factory"].startswith(
        "pyramid_session_multi.new_session_multi pyramid_session_multi/request/manager.py:"
    )
    assert said["discriminator"] == (
        "pyramid_session_multi.https_only "
        f"pyramid_session_multi/discriminators.py:{line_of(https_only)}"
    )


def test_a_factory_that_is_wrapped_shows_both(site, signed):
    """The library's own factory decides about cookies."""
    inner = signed("inner")

    def wrapping(request):
        return inner(request)

    said = configured(site(one=wrapping))["one"]
    own, _, around = said["factory"].partition(" around ")
    assert own.rpartition(" ")[0] == f"{THIS}.{wrapping.__qualname__}"
    assert around.startswith("pyramid.session.BaseCookieSessionFactory.<locals>.CookieSession")
    assert "pyramid/session.py:" in around
    assert said["cookie"] == "inner"
    assert "nobody described" not in said["factory"]


def test_the_location_is_that_of_the_registration(site, signed):
    """As ``file:line``; without a directive, in the core's words."""
    places = []

    def setup(config):
        config.register_session_factory("two", signed("two"))
        places.append(inspect.currentframe().f_lineno - 1)
        registered = config.registry.getUtility(ISessionMultiManagerConfig)
        registered.register_session_factory("three", signed("three"))

    said = configured(site(one=signed("one"), setup=setup))
    assert said["two"]["at"].endswith(f"test_namespace_table.py:{places[0]}")
    assert "conftest.py:" in said["one"]["at"]
    assert said["three"]["at"] == "registered without a directive"


def test_a_namespace_of_the_settings_names_its_setting(site):
    """It has no line of code."""
    settings = {
        "session_multi.namespaces": "one",
        "session_multi.one.use": "signed_cookie",
        "session_multi.one.secrets": "a-secret-that-is-long-enough-for-anybody",
    }
    assert "session_multi.one" in configured(site(settings=settings))["one"]["at"]


def test_cookie_and_flags_as_they_will_be_sent(site, signed):
    """As far as they are known."""
    strict = {"secure": True, "httponly": True, "max_age": 60, "samesite": "Strict"}
    said = configured(
        site(
            one=signed("one", path="/shop", domain="shop.example", **strict),
            two=signed("two", samesite=None),
            three=(open_session, None, None),
        )
    )
    assert said["one"]["cookie"] == "one"
    assert said["one"]["flags"] == (
        "Path=/shop; Domain=shop.example; Max-Age=60; Secure; HttpOnly; SameSite=Strict"
    )
    assert said["two"]["flags"] == "Path=/"
    assert (said["three"]["cookie"], said["three"]["flags"]) == ("not known", "not known")
    assert "discriminator" not in said["one"]


def test_a_factory_of_a_library_has_the_name_of_its_maker(site, signed):
    """The function that created it is named, not a class inside that function."""
    secret = "a secret that is long enough for everybody"
    said = configured(site(one=signed("one"), two=signed_cookie_session_factory("two", secret)))
    assert said["one"]["factory"].startswith("pyramid.session.SignedCookieSessionFactory ")
    assert said["two"]["factory"].startswith("pyramid_session_multi.signed_cookie_session_factory ")


def test_a_lifetime_is_shown(site, signed):
    """In seconds; a namespace without one has no such line."""

    def setup(config):
        config.register_session_factory("b", signed("b"), lifetime=28800)

    here = site(a=signed("a"), setup=setup)
    here.multi(lambda m: None)
    text = here.content.find_all("table")[-1].get_text(" ", strip=True)
    assert text.count("lifetime") == 1
    assert "lifetime 28,800 seconds" in text


def test_a_library_that_does_not_know_flags(site, signed):
    """An application's own description can leave them out."""

    class Described(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is open_session

    def setup(config):
        config.register_session_library(Described())
        config.register_session_factory("one", open_session, cookie_name="one")

    said = configured(site(setup=setup))["one"]
    assert said["flags"] == "not known"
    assert "nobody described" not in said["factory"]


def test_isolation_in_words(site):
    """The namespaces that share its cookies; of many, the first ones."""
    names = ["one", "two", "three", "four", "five", "six"]
    shared = {name: SignedCookieSessionFactory("shared", cookie_name=name) for name in names[:-1]}
    own = SignedCookieSessionFactory("its own", cookie_name="six")
    here = site(
        settings={"session_multi.isolation": "off"},
        **shared,
        six=own,
        who=(open_session, None, "who"),
    )
    said = configured(here)
    assert said["one"]["verdict"] == "accepts or is accepted by two, three, four and 1 more"
    assert (said["six"]["verdict"], said["who"]["verdict"]) == ("isolated", "cannot tell")


def test_request_session_shares_its_cookies_too(site, signed):
    """It is shown by that name."""

    def setup(config):
        config.set_session_factory(signed("one", cookie_name="other"))

    settings = {"session_multi.isolation": "off"}
    said = configured(site(settings=settings, setup=setup, one=signed("one")))
    assert said["one"]["verdict"] == "accepts or is accepted by request.session"


def test_request_session_as_a_namespace(site, signed):
    """A sentence above the table says so; other factories of request.session are not mentioned."""
    here = site(
        one=signed("one"),
        setup=lambda config: config.set_session_factory(namespace_session_factory("one")),
    )
    here.visit()
    assert "request.session is the namespace 'one'" in here.content.get_text()
    here = site(one=signed("one"), setup=lambda config: config.set_session_factory(open_session))
    here.visit()
    assert here.app.registry.getUtility(ISessionFactory) is open_session
    assert "request.session is" not in here.content.get_text()


def test_a_toolbar_that_was_included_too_late(site, signed):
    """There is no observer: the panel says so."""
    here = site(one=signed("one"))
    here.app.registry.getUtility(ISessionMultiManagerConfig).observer = None
    here.multi(lambda m: m["one"])
    assert "The sessions are not observed" in here.content.get_text()


def test_more_namespaces_than_fit(site, signed):
    """The first are shown, the others counted."""
    here = site(**{f"number{n}": signed(f"number{n}") for n in range(105)})
    here.visit()
    assert len(here.content.find_all("table")[-1].tbody.find_all("tr", recursive=False)) == 101
    assert "and 5 more namespaces" in here.content.find_all("table")[-1].get_text()


def test_callables_without_a_location(site):
    """A class that exec() created, and a callable written in C."""
    scope = {"__name__": "nowhere", "base": dict}
    exec("class Made(base):\n    def __init__(self, request): pass\n", scope)
    said = configured(site(one=(scope["Made"], len, "one")))["one"]
    assert said["factory"].startswith("nowhere.Made its session library")
    assert said["discriminator"] == "builtins.len"
