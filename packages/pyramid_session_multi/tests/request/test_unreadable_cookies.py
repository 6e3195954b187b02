"""``invalidate`` and a cookie that its library cannot read: the session ends all the same."""

from __future__ import annotations

import functools

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer
from pyramid_session_multi import SessionLibrary, SessionMultiAuthenticationHelper


class Strict:
    """A serializer that raises an exception which Pyramid does not expect for such a cookie."""

    def dumps(self, value):
        return JSONSerializer().dumps(value)

    def loads(self, value):
        raise LookupError(value)


@pytest.fixture
def strict():
    """A factory whose cookies cannot be read."""

    def strict(name="strict"):
        return BaseCookieSessionFactory(Strict(), cookie_name=name, path="/p", domain=None)

    return strict


def with_wraps(factory):
    @functools.wraps(factory)
    def wrapper(request):
        return factory(request)

    return wrapper


def in_a_closure(factory):
    return lambda request: factory(request)


def in_an_object(factory):
    class Wrapper:
        def __init__(self):
            self.factory = factory

        def __call__(self, request):
            return self.factory(request)

    return Wrapper()


def with_its_own_check(factory):
    """The wrapper reads the session at once, as one with a limit of its own would."""

    def wrapper(request):
        session = factory(request)
        assert session.get("x") is None
        return session

    return wrapper


WRAPPERS = {
    "none": lambda factory: factory,
    "wraps": with_wraps,
    "closure": in_a_closure,
    "object": in_an_object,
    "partial": functools.partial,
    "twice": lambda factory: in_a_closure(with_wraps(factory)),
    "with its own check": with_its_own_check,
}
wrapped = pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)


@wrapped
def test_a_cookie_that_its_library_cannot_read_is_deleted(browse, signed, strict, wrap):
    """It holds all the data, so nothing of the session remains; the others end as well."""
    browser = browse(a=signed("a"), b=wrap(strict()))
    browser.multi(lambda m: m["a"].update(x=1))
    cookies = f"a={browser.client.cookies['a']}; strict=x"
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE=cookies)
    deletion = browser.set_cookies[-1]
    assert deletion.startswith("strict=; Max-Age=0; Path=/p; ")
    assert browser.multi(lambda m: dict(m["a"])) == {}


@wrapped
def test_forget_deletes_such_a_cookie_as_well(browse, strict, wrap):
    """The user has logged out, and is not stopped by an error."""
    helper = SessionMultiAuthenticationHelper("a", keep=["cart"])
    browser = browse(a=wrap(strict()))
    assert browser.visit(helper.forget, HTTP_COOKIE="strict=x") == []
    assert len(browser.set_cookies) == 1


@pytest.mark.parametrize("cookies", ["one=x", "two=x", "one=x; two=x"])
def test_one_of_several_factories_is_no_exception(browse, strict, cookies):
    """Whichever of them opens the session, no data are left."""
    one, two = strict("one"), strict("two")
    browser = browse(a=lambda request: (one if "one" in request.cookies else two)(request))
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE=cookies)
    assert [header.partition("=")[0] for header in browser.set_cookies] == [
        pair.partition("=")[0] for pair in cookies.split("; ")
    ]


def fail(request):
    raise LookupError("database")


def failing(*factories):
    """A wrapper around these, which fails by itself."""
    return lambda request: fail(factories)


def test_an_error_that_may_have_another_cause_is_raised(browse, signed, strict, server_side):
    """A discriminator, the wrapper itself, data on a server, or no cookie at all."""
    cases = [
        ((strict(), fail), "strict=x"),
        (failing(signed("a")), "a=x"),
        (failing(strict(), signed("a")), "other=x"),
        (failing(strict(), signed("a")), "strict=x; a=x"),
        (failing(strict(), server_side("sid")), "strict=x; sid=x"),
        (failing(), "strict=x"),
    ]
    for registration, cookies in cases:
        with pytest.raises(LookupError) as caught:
            browse(a=registration).multi(lambda m: m.invalidate(), HTTP_COOKIE=cookies)
        assert caught.value.__notes__ == ["while invalidating the session 'a'"]


def test_forget_raises_such_an_error_too(browse, signed):
    """The user may still be logged in."""
    helper = SessionMultiAuthenticationHelper("a")
    with pytest.raises(LookupError, match="database"):
        browse(a=failing(signed("a"))).visit(helper.forget, HTTP_COOKIE="a=x")


class Described(SessionLibrary):
    """A library whose factory always fails, and does not reveal the name of its cookie."""

    def __init__(self, on_server):
        self.on_server = on_server

    def recognizes_factory(self, candidate):
        return candidate is fail

    def server_side(self, factory):
        return self.on_server


@pytest.fixture
def browse_described(browse):
    """A browser of an application with such a library."""

    def browse_described(registration, *, on_server=False):
        library = Described(on_server)
        return browse(a=registration, setup=lambda config: config.register_session_library(library))

    return browse_described


def test_a_declared_name_is_enough(browse_described):
    """The description knows none."""
    browser = browse_described((fail, None, "sid"))
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE="sid=x")
    assert browser.set_cookies[0].startswith("sid=; Max-Age=0; Path=/; ")


def test_data_on_a_server_may_still_be_there(browse_described):
    """Without the cookie, nobody could end the session any more."""
    browser = browse_described((fail, None, "sid"), on_server=True)
    with pytest.raises(LookupError):
        browser.multi(lambda m: m.invalidate(), HTTP_COOKIE="sid=x")


def test_a_cookie_without_a_known_name_cannot_be_deleted(browse_described, strict):
    """That of the only factory, or of another one in the same wrapper."""
    for registration in [fail, failing(strict(), fail)]:
        with pytest.raises(LookupError):
            browse_described(registration).multi(lambda m: m.invalidate(), HTTP_COOKIE="strict=x")
