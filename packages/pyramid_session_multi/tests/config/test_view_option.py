"""The view option ``session_multi``: its valid values, and the parts of a view that it covers."""

from __future__ import annotations

import pytest
from pyramid.csrf import get_csrf_token
from pyramid.exceptions import ConfigurationError
from pyramid.response import Response
from pyramid.security import Allowed, Denied
from pyramid_session_multi import (
    SessionMultiCSRFStoragePolicy,
    UndeclaredSession,
    namespace_session_factory,
)


def uses_a(request):
    request.session_multi["a"]
    return Response("a was used")


def uses_b(request):
    request.session_multi["b"]
    return Response("b was used")


def uses_none(request):
    return Response("none was used")


# The valid values


@pytest.mark.parametrize(
    "names", ["a", ("a",), ["a"], {"a"}, frozenset({"a"}), ("a", "a"), {"a": 1}.keys()]
)
def test_it_takes_a_name_or_several(configure, names):
    """A single name can be a str."""
    configure.add_view(uses_a, session_multi=names)
    configure.add_view(uses_b, "b", session_multi=names)
    app = configure.app()
    assert app.get("/").text == "a was used"
    with pytest.raises(UndeclaredSession):
        app.get("/b")


def test_it_takes_all_names_in_any_order(configure, signed):
    """They keep the order of the declaration; the names in a set are sorted."""
    contracts = []

    def view(request):
        contracts.append(request.session_multi.view_contract)
        return Response()

    for name in "cdefgh":
        configure.register_session_factory(name, signed(name))
    configure.add_view(view, "list", session_multi=["b", "a"])
    configure.add_view(view, "set", session_multi=set("hgfedcba"))
    app = configure.app()
    app.get("/list")
    app.get("/set")
    assert [contract.declared for contract in contracts] == [("b", "a"), tuple("abcdefgh")]
    assert [contract.view for contract in contracts] == [view, view]


def test_empty_means_no_namespace(configure):
    """The response does not depend on any session."""
    configure.add_view(uses_a, "a", session_multi=())
    configure.add_view(uses_none, session_multi=())
    app = configure.app()
    assert "Vary" not in app.get("/").headers
    with pytest.raises(UndeclaredSession):
        app.get("/a")


def test_none_is_the_same_as_no_option(configure):
    """A view can reset the ``view_defaults`` of its class."""
    configure.add_view(uses_a, session_multi=None)
    assert configure.app().get("/").text == "a was used"


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        (1, "builtins.int"),
        (True, "builtins.bool"),
        (b"a", "builtins.bytes"),
        ({"a": 1}, "builtins.dict"),
        (iter(["a"]), "builtins.list_iterator"),
        (("a", 1), "builtins.int"),
        (("a", None), "builtins.NoneType"),
        ((("a",),), "builtins.tuple"),
    ],
)
def test_anything_else_is_a_configuration_error(configure, option, problem):
    """The message names the view and the valid values."""

    def start_up():
        configure.add_view(uses_a, session_multi=option)
        configure.app()

    with pytest.raises(ConfigurationError) as error:
        start_up()
    assert (
        f"The option session_multi of the view {__name__}.uses_a takes the name of a namespace or "
        f"a tuple of names (() for none), not {problem}."
    ) in str(error.value)


def test_the_introspectable_of_the_view_shows_it(configure):
    """As Pyramid does for every option."""
    configure.add_view(uses_a, session_multi=("a", "b"))
    configure.commit()
    views = [entry["introspectable"] for entry in configure.introspector.get_category("views")]
    assert [view["session_multi"] for view in views if view["callable"] is uses_a] == [("a", "b")]


# The parts of a view that it covers


class Policy:
    """A security policy that uses the namespace with the permission's name."""

    def identity(self, request):
        raise NotImplementedError

    def permits(self, request, context, permission):
        return Allowed("") if request.session_multi[permission] is not None else Denied("")


@pytest.mark.parametrize("settings", [{}, {"debug_authorization": "true"}], ids=["", "debug"])
def test_it_covers_the_permission_check(configure, settings):
    """A page whose permission depends on a session depends on that session."""
    configure.add_settings(settings)
    configure.set_security_policy(Policy())
    configure.add_view(uses_none, "a", permission="a", session_multi="a")
    configure.add_view(uses_none, "b", permission="b", session_multi="a")
    app = configure.app()
    app.get("/a")
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        app.get("/b")


def test_it_covers_the_default_permission(configure):
    """It counts like the view's own permission."""
    configure.set_security_policy(Policy())
    configure.set_default_permission("b")
    configure.add_view(uses_none, session_multi="a")
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        configure.app().get("/")


@pytest.mark.parametrize("way", ["policy", "request.session"])
def test_it_covers_the_csrf_check(configure, way):
    """CSRF tokens in a namespace count as using it, with either kind of binding."""
    if way == "policy":
        configure.set_csrf_storage_policy(SessionMultiCSRFStoragePolicy("b"))
    else:
        configure.set_session_factory(namespace_session_factory("b"))
    configure.set_default_csrf_options(require_csrf=True)
    configure.add_view(lambda request: Response(get_csrf_token(request)), "token")
    configure.add_view(uses_none, "declared", session_multi="b")
    configure.add_view(uses_none, "undeclared", session_multi="a")
    configure.add_view(uses_none, "unchecked", session_multi="a", require_csrf=False)
    app = configure.app()
    headers = {"X-CSRF-Token": app.get("/token").text}
    app.post("/declared", headers=headers)
    app.post("/unchecked", headers=headers)
    app.get("/undeclared")  # nothing is checked for a safe method
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        app.post("/undeclared", headers=headers)


def test_request_session_counts_as_the_namespace_it_is_bound_to(configure):
    """Using it opens the namespace."""
    configure.set_session_factory(namespace_session_factory("b"))
    view = lambda request: Response(repr(request.session))  # noqa: E731
    configure.add_view(view, "declared", session_multi="b")
    configure.add_view(view, "undeclared", session_multi="a")
    app = configure.app()
    app.get("/declared")
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        app.get("/undeclared")


def test_request_session_of_another_factory_is_not_bound(configure, signed):
    """It is independent of ``request.session_multi``."""
    configure.set_session_factory(signed("session"))
    configure.add_view(lambda request: Response(repr(request.session)), session_multi=())
    configure.app().get("/")


class Renderer:
    """Opens a namespace while it renders."""

    def __init__(self, info):
        self.namespace = info.name.partition(".")[0]

    def __call__(self, value, system):
        system["request"].session_multi[self.namespace]
        return value


def test_it_covers_the_renderer(configure):
    """A template that shows a session makes the page depend on it."""
    configure.add_renderer(".opens", Renderer)
    configure.add_view(lambda request: "", "a", renderer="a.opens", session_multi="a")
    configure.add_view(lambda request: "", "b", renderer="b.opens", session_multi="a")
    app = configure.app()
    app.get("/a")
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        app.get("/b")


def test_it_covers_subscribers_of_the_renderer(configure):
    """``BeforeRender`` happens while the view's renderer runs."""
    configure.add_subscriber(
        lambda event: event["request"].session_multi["b"], "pyramid.events.BeforeRender"
    )
    configure.add_view(lambda request: {}, renderer="json", session_multi="a")
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        configure.app().get("/")


def test_it_covers_decorators_and_wrappers(configure):
    """Everything that Pyramid wraps around the view for its other options."""

    def decorator(view):
        def decorated(context, request):
            request.session_multi["b"]
            return view(context, request)

        return decorated

    configure.add_view(uses_none, "decorated", decorator=decorator, session_multi="a")
    configure.add_view(uses_none, "wrapped", wrapper="layout", session_multi="a")
    configure.add_view(uses_b, "layout")
    app = configure.app()
    for path in ("/decorated", "/wrapped"):
        with pytest.raises(UndeclaredSession, match="use the session 'b'"):
            app.get(path)
    app.get("/layout")


def test_it_does_not_cover_predicates(configure):
    """They run before the view is selected."""
    asks = lambda context, request: request.session_multi["b"] is not None  # noqa: E731
    configure.add_route("page", "/page", custom_predicates=())
    configure.add_view_predicate("asks", lambda value, config: Predicate(asks))
    configure.add_view(uses_none, route_name="page", asks=True, session_multi="a")
    assert configure.app().get("/page").headers["Vary"] == "Cookie"


class Predicate:
    def __init__(self, ask):
        self.ask = ask

    def text(self):
        return "asks"

    phash = text

    def __call__(self, context, request):
        return self.ask(context, request)
