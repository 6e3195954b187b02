"""The Pyramid application is found inside a TestApp, below any middleware."""

import functools

import pytest
from pyramid.config import Configurator
from pyramid_session_multi_testing import ApplicationNotFound, edit_session, read_session
from webtest import TestApp
from webtest.lint import middleware as lint


class Middleware:
    """Middleware that keeps its application in an attribute of this name."""

    def __init__(self, name, app):
        setattr(self, name, app)
        self.logger, self.options = print, {"self": self}

    def __call__(self, environ, start_response):
        [app] = (value for value in vars(self).values() if hasattr(value, "registry"))
        return app(environ, start_response)


class Slotted:
    __slots__ = ("app", "unset")

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)

    def handle(self, environ, start_response):
        return self.app(environ, start_response)


class Dispatcher:
    """A collection of applications, as in Paste's URLMap or Werkzeug's DispatcherMiddleware."""

    def __init__(self, apps):
        self.apps = apps

    def __call__(self, environ, start_response):
        raise NotImplementedError


def static(environ, start_response):
    """An application that is not Pyramid's."""
    raise NotImplementedError


def function(app):
    def middleware(environ, start_response):
        return app(environ, start_response)

    return middleware


def recursive(app):
    def middleware(environ, start_response):
        return app(environ, start_response) if environ else later(environ, start_response)

    if app is None:
        later = middleware  # never: the cell stays empty
    return middleware


def plain(app):
    @functools.wraps(app)
    def middleware(*args):
        return middleware.__wrapped__(*args)

    return middleware


def module_level(app):
    namespace = {"application": app}
    exec("def wsgi(environ, start): return application(environ, start)", namespace)
    return namespace["wsgi"]


def partial(app):
    return functools.partial(lambda app, *args: app(*args), app)


def stack(app):
    for _ in range(10):
        app = Middleware("app", app)
    return app


MIDDLEWARE = {
    "none": lambda app: app,
    ".app": functools.partial(Middleware, "app"),
    ".application": functools.partial(Middleware, "application"),
    "._wrapped": functools.partial(Middleware, "_wrapped"),
    "slots": Slotted,
    "bound method": lambda app: Slotted(app).handle,
    "closure": function,
    "closure that is not filled yet": recursive,
    "functools.wraps": plain,
    "functools.partial": partial,
    "partial keyword": lambda app: functools.partial(lambda e, s, app: app(e, s), app=app),
    "module": module_level,
    "lint": lint,
    "ten": stack,
    "list": lambda app: Dispatcher([("/static", static), ("/", app)]),
    "dict": lambda app: Dispatcher({"/static": static, "/": app}),
    "several": lambda app: Middleware("app", function(Slotted(partial(app)))),
}


@pytest.fixture
def app(browse, signed):
    return browse(cart=signed("cart")).app


@pytest.mark.parametrize("wrap", MIDDLEWARE.values(), ids=MIDDLEWARE)
def test_it_is_found_in_middleware(app, wrap):
    client = TestApp(wrap(app))
    with edit_session(client, "cart") as cart:
        cart["x"] = 1
    assert read_session(client, "cart") == {"x": 1}


def test_an_application_without_sessions_is_ignored(app):
    other = Configurator(package="pyramid").make_wsgi_app()
    assert read_session(TestApp(Dispatcher({"/": app, "/other": other})), "cart") == {}


def test_an_application_that_occurs_twice_counts_once(app):
    assert read_session(TestApp(Dispatcher([app, Slotted(app)])), "cart") == {}


def self_referencing():
    dispatcher = Dispatcher([])
    dispatcher.apps.append(dispatcher)
    return dispatcher


@pytest.mark.parametrize(
    ("wsgi", "named"),
    [
        (static, r"\.static "),
        (self_referencing(), r"\.Dispatcher "),
        (Slotted(static), r"\.Slotted "),
        (Dispatcher([int, functools, 1, "x"]), r"\.Dispatcher "),
    ],
)
def test_without_an_application_the_error_says_how_to_pass_it(app, wsgi, named):
    """It suggests ``app=``, and that works."""
    client = TestApp(wsgi)
    message = f"{named}does not contain a Pyramid application.*app="
    with pytest.raises(ApplicationNotFound, match=message) as caught:
        edit_session(client, "cart").__enter__()
    assert isinstance(caught.value, LookupError)
    assert caught.value.wsgi_app is wsgi
    with edit_session(client, "cart", app=app) as cart:
        cart["x"] = 1
    assert read_session(client, "cart", app=Slotted(app)) == {"x": 1}


def test_one_of_several_applications_must_be_passed(app, browse, signed):
    other = browse(cart=signed("cart")).app
    client = TestApp(Dispatcher({"/": app, "/other": other}))
    with pytest.raises(ApplicationNotFound, match=r"Dispatcher contains 2 Pyramid app.*app="):
        read_session(client, "cart")
    assert read_session(client, "cart", app=other) == {}


def test_an_application_without_sessions_is_an_error_that_says_what_to_include():
    client = TestApp(Configurator(package="pyramid").make_wsgi_app())
    with pytest.raises(ApplicationNotFound, match=r"config\.include\('pyramid_session_multi'\)"):
        read_session(client, "cart")


def test_the_search_is_bounded(app):
    """It stops in an object that refers to the whole program."""

    def tree(depth):
        return Dispatcher([tree(depth - 1) for _ in range(4)]) if depth else Slotted(static)

    with pytest.raises(ApplicationNotFound, match="app="):
        read_session(TestApp(Dispatcher([tree(7), stack(Slotted(app))])), "cart")
    with pytest.raises(ApplicationNotFound, match="app="):
        read_session(TestApp(stack(stack(app))), "cart")
