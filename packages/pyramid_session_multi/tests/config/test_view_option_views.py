"""The view option ``session_multi`` on every kind of view, and ``session_multi.views``."""

from __future__ import annotations

import textwrap

import pytest
from pyramid.events import ContextFound, NewRequest, NewResponse
from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.response import Response
from pyramid.static import static_view
from pyramid.view import render_view_to_response, view_defaults
from pyramid_session_multi import UndeclaredSession

DECLARED = {"session_multi.views": "declared"}
UNDECLARED_B = pytest.raises(UndeclaredSession, match="use the session 'b'")


def uses(*names):
    """A view that uses these namespaces."""

    def view(context, request):
        for name in names:
            request.session_multi[name]
        return Response(f"used {names}")

    return view


class Failure(Exception):
    pass


def fails(request):
    raise Failure


# Kinds of view


@view_defaults(session_multi=("a",))
class Shop:
    """A view class; each of its methods uses one namespace."""

    def __init__(self, request):
        self.sessions = request.session_multi

    def _response(self, name):
        self.sessions[name]
        return Response(name)

    def a(self):
        return self._response("a")

    def b(self):
        return self._response("b")

    def __call__(self):
        return self._response("b")


def test_a_view_class_has_the_option_of_its_defaults(configure):
    """Each view of the class can have its own option."""
    configure.add_view(Shop, "a", attr="a")
    configure.add_view(Shop, "b", attr="b")
    configure.add_view(Shop, "call")
    configure.add_view(Shop, "own", attr="b", session_multi="b")
    configure.add_view(Shop, "free", attr="b", session_multi=None)
    app = configure.app()
    for path in ("/a", "/own", "/free"):
        app.get(path)
    for path, view in {"/b": Shop.b, "/call": Shop}.items():
        with UNDECLARED_B as error:
            app.get(path)
        assert error.value.view is view
        assert str(error.value).startswith(f"The view {__name__}.{view.__qualname__} declares")


def test_the_constructor_of_a_view_class_is_covered(configure):
    """It runs with the view."""

    class Page:
        def __init__(self, request):
            request.session_multi["b"]

    configure.add_view(Page, session_multi="a")
    with UNDECLARED_B:
        configure.app().get("/")


def test_the_decorator_takes_it(configure, tmp_path, monkeypatch):
    """``@view_config`` on a function and on a method, with ``config.scan``."""
    source = """
        from pyramid.view import view_config

        @view_config(name="page", session_multi=("a",))
        def page(request):
            request.session_multi["b"]

        class Pages:
            def __init__(self, request):
                self.request = request

            @view_config(name="method", session_multi="a")
            def method(self):
                self.request.session_multi["b"]
    """
    (tmp_path / "decorated_views.py").write_text(textwrap.dedent(source))
    monkeypatch.syspath_prepend(tmp_path)
    configure.scan("decorated_views")
    app = configure.app()
    for path, view in {"/page": "page", "/method": "Pages.method"}.items():
        with UNDECLARED_B as error:
            app.get(path)
        assert f"The view decorated_views.{view} declares" in str(error.value)


def test_an_instance_and_a_dotted_name_can_be_bound(configure, package):
    """Pyramid accepts both as views."""

    class View:
        def __call__(self, request):
            return uses("b")(None, request)

        def show(self, request):
            return uses("b")(None, request)

    package.view = View()
    configure.add_view(f"{package.__name__}.view", "call", session_multi="a")
    configure.add_view(package.view, "show", attr="show", session_multi="a")
    app = configure.app()
    for path, view in {"/call": package.view, "/show": package.view.show}.items():
        with UNDECLARED_B as error:
            app.get(path)
        assert error.value.view == view


def test_each_of_several_views_for_one_url_has_its_own_option(configure):
    """Pyramid's predicates select the view."""
    configure.add_view(uses("a"), request_method="GET", session_multi="a")
    configure.add_view(uses("b"), request_method="POST", session_multi="b")
    configure.add_view(uses("b"), request_method="PUT", session_multi="a")
    configure.add_view(uses("a", "b"), request_method="GET", request_param="all")
    app = configure.app()
    app.get("/")
    app.post("/")
    app.get("/?all=1")
    with UNDECLARED_B:
        app.put("/")


def test_views_that_traversal_finds_are_bound(configure):
    """By context class and by name."""

    class Folder(dict):
        pass

    configure.set_root_factory(lambda request: Folder(inner=Folder()))
    configure.add_view(uses("a"), context=Folder, session_multi="a")
    configure.add_view(uses("b"), "edit", context=Folder, session_multi="a")
    app = configure.app()
    app.get("/inner/")
    with UNDECLARED_B:
        app.get("/inner/edit")


@pytest.mark.parametrize("secure", [True, False])
def test_render_view_is_bound(configure, secure):
    """With and without the permission check."""

    class Policy:
        def permits(self, request, context, permission):
            return permission == "see"

    def free(request):
        return render_view_to_response(None, request, "box", secure=secure)

    configure.set_security_policy(Policy())
    configure.add_view(free)
    configure.add_view(uses("b"), "box", permission="see", session_multi="a")
    with UNDECLARED_B:
        configure.app().get("/")


def test_static_views_declare_nothing_and_open_nothing(configure, tmp_path):
    """They work under ``declared`` without the option."""
    (tmp_path / "file.txt").write_text("static")
    configure.add_settings(DECLARED)
    configure.add_static_view("static", str(tmp_path))
    configure.add_route("own", "/own/*subpath")
    configure.add_view(
        static_view(str(tmp_path), use_subpath=True), route_name="own", session_multi=()
    )
    app = configure.app()
    for path in ("/static/file.txt", "/own/file.txt"):
        response = app.get(path)
        assert response.text == "static"
        assert "Vary" not in response.headers


# Exception views


def test_an_exception_view_is_bound_by_its_own_option_alone(configure):
    """The contract of the failed view has ended."""
    configure.add_view(fails, session_multi="a")
    configure.add_exception_view(uses("b"), context=Failure, session_multi="b")
    configure.add_view(fails, "free")
    assert configure.app().get("/").text == "used ('b',)"


def test_an_exception_view_hides_no_contract(configure):
    """``view_contract`` remains that of the request's first bound view."""
    contracts = []

    def page(request):
        contracts.append(request.session_multi.view_contract)
        raise Failure

    def error(request):
        contracts.append(request.session_multi.view_contract)
        return Response()

    configure.add_view(page, "bound", session_multi="a")
    configure.add_view(fails, "free")
    configure.add_exception_view(error, context=Failure, session_multi="b")
    app = configure.app()
    app.get("/bound")
    app.get("/free")
    assert [contract.declared for contract in contracts] == [("a",), ("a",), ("b",)]


def test_an_exception_view_can_be_bound(configure):
    """So can the view of an exception that is also a context."""
    configure.add_view(fails)
    configure.add_view(uses("b"), context=Failure, session_multi="a")
    with UNDECLARED_B:
        configure.app().get("/")


@pytest.mark.parametrize("settings", [{}, DECLARED], ids=["any", "declared"])
def test_exception_views_without_the_option_can_open_all(configure, settings):
    """Also under ``declared``: an error page may show the user's cart."""
    configure.add_settings(settings)
    configure.add_view(fails, session_multi="a")
    configure.add_exception_view(uses("a", "b"), context=Failure)
    configure.add_notfound_view(uses("a", "b"), append_slash=True)
    configure.add_forbidden_view(uses("a", "b"))
    configure.add_view(lambda request: HTTPForbidden(), "x", session_multi=())
    configure.add_view(raises(HTTPForbidden), "forbidden", session_multi=())
    app = configure.app()
    for path in ("/", "/nothing-here", "/forbidden"):
        assert app.get(path).text == "used ('a', 'b')"


def raises(error):
    def view(request):
        raise error

    return view


def test_notfound_and_forbidden_views_can_be_bound(configure):
    """Also with ``append_slash``, which redirects if a slash is missing."""
    configure.add_notfound_view(uses("b"), append_slash=HTTPSeeOther, session_multi="a")
    configure.add_forbidden_view(uses("b"), session_multi="a")
    configure.add_view(raises(HTTPForbidden), "forbidden")
    configure.add_route("slash", "/slash/")
    app = configure.app()
    assert app.get("/slash").location == "http://localhost/slash/"
    for path in ("/nothing-here", "/forbidden"):
        with UNDECLARED_B:
            app.get(path)


def test_an_exception_view_within_a_view_is_bound_by_the_view(configure):
    """``request.invoke_exception_view`` makes its output part of the view's own."""

    def page(request):
        try:
            fails(request)
        except Failure:
            return request.invoke_exception_view()

    configure.add_view(page, session_multi="a")
    configure.add_exception_view(uses("b"), context=Failure)
    with UNDECLARED_B:
        configure.app().get("/")


def test_undeclared_session_can_have_an_exception_view(configure):
    """The exception carries the missing namespace."""

    def explain(error, request):
        request.session_multi["b"]
        return Response(f"{error.namespace} is not in {error.declared}")

    configure.add_view(uses("b"), session_multi="a")
    configure.add_exception_view(explain, context=UndeclaredSession)
    assert configure.app().get("/").text == "b is not in ('a',)"


# session_multi.views


def test_any_is_the_default(configure):
    """A view without the option is not wrapped."""
    view = uses("a", "b")
    configure.add_view(view)
    configure.add_view(view, "with", session_multi=("a", "b"))
    app = configure.app()
    app.get("/")
    depths = {}
    for entry in configure.introspector.get_category("views"):
        introspectable = entry["introspectable"]
        if introspectable["callable"] is view:
            derived, depth = introspectable["derived_callable"], 0
            while hasattr(derived, "__wraps__"):
                derived, depth = derived.__wraps__, depth + 1
            depths[introspectable["name"]] = depth
    assert depths["with"] == depths[""] + 1


def test_declared_lets_a_view_without_the_option_open_none(configure):
    """The error says so; a view with the option can open the namespaces it declares."""
    configure.add_settings(DECLARED)
    view = uses("a")
    configure.add_view(view)
    configure.add_view(uses("a"), "declared", session_multi="a")
    app = configure.app()
    app.get("/declared")
    with pytest.raises(UndeclaredSession) as error:
        app.get("/")
    assert (error.value.namespace, error.value.declared, error.value.view) == ("a", (), view)
    assert "declares no session" in str(error.value)


def test_declared_does_not_bind_subscribers_around_the_view(configure):
    """Subscribers to the request, context and response events run before and after it."""
    configure.add_settings(DECLARED)
    opened = []
    for event in (NewRequest, ContextFound, NewResponse):
        configure.add_subscriber(
            lambda event: opened.append(event.request.session_multi["a"]), event
        )
    configure.add_view(uses())
    configure.app().get("/")
    assert opened == [{}, {}, {}]


def test_declared_leaves_a_derived_view_to_the_view_that_calls_it(configure):
    """``config.derive_view`` has no options: the add-on's view that calls it declares for both."""
    configure.add_settings(DECLARED)
    configure.commit()
    derived = configure.derive_view(uses("a"))
    configure.add_view(lambda context, request: derived(context, request), session_multi="a")
    configure.add_view(lambda context, request: derived(context, request), "none")
    app = configure.app()
    app.get("/")
    with pytest.raises(UndeclaredSession):
        app.get("/none")
