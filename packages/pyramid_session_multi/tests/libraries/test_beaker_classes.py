"""Subclasses of ``beaker.session.SessionObject`` that are not pyramid_beaker's."""

from __future__ import annotations

import os
from binascii import hexlify

import pytest
from beaker.container import MemoryNamespaceManager
from beaker.session import SessionObject, SignedCookie
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import ISessionMultiManagerConfig, end_session, session_id


class OwnSession(SessionObject):
    """A typical session class of an application that only uses Beaker."""

    def __init__(self, request, options):
        super().__init__(request.environ, **options)

        def store(request, response):
            if self.accessed():
                self.persist()
                headers = vars(self)["_headers"]
                if headers["set_cookie"] and headers["cookie_out"]:
                    response.headerlist.append(("Set-Cookie", headers["cookie_out"]))

        request.add_response_callback(store)

    @property
    def new(self):
        return self.last_accessed is None

    def changed(self):
        self.save()

    def new_csrf_token(self):
        self["_csrft_"] = hexlify(os.urandom(20)).decode()
        return self["_csrft_"]


SECRET = "s" * 64
ID = SignedCookie(SECRET).value_encode("f" * 32)[1]
IN_COOKIE = {"key": "sid", "validate_key": SECRET, "type": "cookie", "auto": True}
IN_MEMORY = {"key": "sid", "secret": SECRET, "type": "memory", "auto": True}


@pytest.fixture(params=[IN_MEMORY, IN_COOKIE], ids=["memory", "cookie"])
def options(request):
    """The options of Beaker's sessions."""
    return request.param


@pytest.fixture(params=["model", "own"])
def factory(request, options):
    """A copy of pyramid_beaker's class, with its ``_options``; and a class without them."""

    class ModeledSession(OwnSession):
        _options = options

        def __init__(self, request):
            super().__init__(request, self._options)

    class PlainSession(OwnSession):
        def __init__(self, request):
            super().__init__(request, options)

    return ModeledSession if request.param == "model" else PlainSession


@pytest.fixture
def browser(browse, factory):
    """A browser in which somebody is logged in."""
    browser = browse(a=(factory, None, "sid"))
    browser.multi(lambda m: m["a"].update({"user": "ann"}))
    return browser


def user(m):
    return m["a"].get("user")


def test_written_data_are_read(browser):
    """By this browser only; another cookie in the header does not hide it."""
    assert browser.multi(user) == "ann"
    assert browser.stranger().multi(user) is None
    header = {"HTTP_COOKIE": f"flag; sid={browser.client.cookies['sid']}"}
    assert browser.stranger().multi(user, **header) == "ann"


def test_invalidate_ends_it(browser, options):
    """The old data are neither left in the storage nor sent again."""
    thief = browser.thief()
    browser.multi(lambda m: m.invalidate())
    assert browser.multi(user) is None
    assert thief.multi(user) == ("ann" if options is IN_COOKIE else None)


def test_renew_gives_it_a_new_id(browser, options):
    """The data stay, and on a server the old id is invalid."""
    thief = browser.thief()
    browser.multi(lambda m: m.renew("a"))
    assert browser.client.cookies["sid"] != thief.client.cookies["sid"]
    assert browser.multi(user) == "ann"
    assert thief.multi(user) == ("ann" if options is IN_COOKIE else None)


@pytest.mark.parametrize("options", [IN_COOKIE], indirect=True)
def test_garbage_in_the_cookie_does_not_keep_invalidate_from_ending_it(browser):
    """It is replaced by an empty session."""
    browser.multi(lambda m: m.invalidate(), HTTP_COOKIE="sid=garbage")
    assert browser.multi(user) is None


@pytest.mark.parametrize("kind", ["own class", "library's"])
def test_a_storage_that_is_down_is_an_error_of_invalidate(browse, kind):
    """The session did not end, so nothing says that it did."""

    class Storage(MemoryNamespaceManager):
        def acquire_read_lock(self):
            raise OSError("the storage is down")

    options = IN_MEMORY | {"namespace_class": Storage}
    factories = {
        "own class": lambda request: OwnSession(request, options),
        "library's": BeakerSessionFactoryConfig(**options),
    }
    browser = browse(a=(factories[kind], None, "sid"))
    with pytest.raises(OSError, match="the storage is down"):
        browser.multi(lambda m: m.invalidate(), HTTP_COOKIE=f"sid={ID}")


def test_its_id_is_known_on_a_server(browser, options):
    """With any attributes of its class."""
    sid = browser.visit(lambda request: session_id(request, "a"))
    assert (sid is None) == (options is IN_COOKIE)


def test_a_copy_of_pyramid_beakers_class_is_described(browse):
    """Its cookie's name and flags are known; peek and ending it by its id work."""
    options = IN_MEMORY | {"httponly": True}

    class ModeledSession(OwnSession):
        _options = options

        def __init__(self, request):
            super().__init__(request, self._options)

    browser = browse(a=ModeledSession)
    registry = browser.app.registry
    namespace = registry.getUtility(ISessionMultiManagerConfig).get("a")
    assert namespace.cookie_name == "sid"
    assert namespace.cookie_attributes.httponly
    browser.multi(lambda m: m["a"].update({"user": "ann"}))
    assert browser.multi(lambda m: m.peek("a")) == {"user": "ann"}
    assert end_session(registry, "a", browser.visit(lambda request: session_id(request, "a")))
    assert browser.multi(user) is None
