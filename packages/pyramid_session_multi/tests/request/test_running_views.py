"""A contract holds while its view runs: not before, not after, and in the views that it calls."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.security import view_execution_permitted
from pyramid.view import render_view, render_view_to_response
from pyramid_session_multi import UndeclaredSession
from webtest import TestApp

USES_OF_AN_OPENED_ONE = {
    "[]": lambda m: m["a"],
    "get": lambda m: m.get("a"),
    "require": lambda m: m.require("a"),
    "renew": lambda m: m.renew("a"),
    "invalidate": lambda m: m.invalidate("a"),
    "in": lambda m: "a" in m,
    "values": lambda m: list(m.values()),
}


class App(TestApp):
    """``get(NAME)`` returns the results of the views that run for ``/NAME``."""

    def get(self, name):
        results = []
        self.response = super().get(f"/{name}", extra_environ={"tests.results": results})
        return results


@pytest.fixture
def views(signed, package):
    """An application with the namespaces a, b and c, and a view for each keyword, by traversal.

    A keyword is a function and maybe its option. ``around`` runs before and after the view.
    """

    def views(*, around=None, factory=signed, **pairs):
        def tween_factory(handler, registry):
            def tween(request):
                around(request)
                try:
                    return handler(request)
                finally:
                    around(request)

            return tween

        def add_view(name, function, **options):
            def view(request):
                request.environ["tests.results"].append(function(request))
                return request.response

            config.add_view(view, name, **options)

        config = Configurator()
        config.include("pyramid_session_multi")
        for name in "abc":
            config.register_session_factory(name, factory(name))
        for name, (function, *declared) in pairs.items():
            add_view(name, function, **({"session_multi": declared[0]} if declared else {}))
        if around:
            package.tween_factory = tween_factory
            config.add_tween(f"{package.__name__}.tween_factory")
        return App(config.make_wsgi_app())

    return views


def opens(*names):
    """A view that opens these namespaces."""
    return lambda request: [request.session_multi[name] for name in names]


def raises(name, then=lambda request: None):
    """A view that cannot open this namespace; then the view is another."""

    def view(request):
        with pytest.raises(UndeclaredSession) as error:
            request.session_multi[name]
        assert error.value.namespace == name
        return then(request)

    return view


# Before and after the view


@pytest.mark.parametrize("use", USES_OF_AN_OPENED_ONE.values(), ids=USES_OF_AN_OPENED_ONE)
def test_a_session_that_was_opened_before_the_view_is_available(views, any_library, use):
    """Reading an opened session is one lookup in a ``dict``, without a check."""
    app = views(
        around=lambda request: request.session_multi["a"],
        factory=any_library,
        page=(lambda request: use(request.session_multi), ()),
    )
    app.get("page")
    assert app.response.headers.getall("Vary") == ["Cookie"]


@pytest.mark.parametrize("method", ["peek", "has_cookie"])
def test_the_cookie_of_an_opened_namespace_is_still_undeclared(views, method):
    """Only the session itself is available."""

    def page(request):
        with pytest.raises(UndeclaredSession):
            getattr(request.session_multi, method)("a")

    views(around=lambda request: request.session_multi["a"], page=(page, ())).get("page")


def test_invalidate_ends_opened_and_declared_sessions(views):
    """It raises only if it must look for an undeclared cookie."""

    def page(request):
        manager = request.session_multi
        manager["b"]["x"] = 1
        manager.invalidate()
        return {name: dict(session) for name, session in manager.items()}

    def around(request):
        request.session_multi["a"]["x"] = 1
        request.session_multi["c"]["x"] = 1

    assert views(around=around, page=(page, ("b",))).get("page") == [{"a": {}, "b": {}, "c": {}}]


def test_invalidate_ends_nothing_if_it_cannot_end_all(views):
    """A logout that skips a session would go unnoticed."""

    def page(request):
        manager = request.session_multi
        manager["a"]["x"] = 1
        with pytest.raises(UndeclaredSession, match="use the session 'b'"):
            manager.invalidate()
        return dict(manager)

    assert views(page=(page, ("a",))).get("page") == [{"a": {"x": 1}}]


def test_tweens_around_the_view_are_not_bound(views):
    """Before the view, after it, and after a failure."""
    app = views(
        around=opens("a", "b"),
        page=(lambda request: None, ()),
        broken=(lambda request: 1 / 0, ()),
    )
    app.get("page")
    with pytest.raises(ZeroDivisionError):
        app.get("broken")


def test_a_contract_ends_with_the_view(views):
    """Also if the view failed."""
    requests = []

    def around(request):
        requests.append(request)
        if len(requests) % 2 == 0:
            assert opens("a", "b", "c")(request) == [{}, {}, {}]

    app = views(around=around, page=(raises("a"), ()), broken=(lambda request: 1 / 0, ("c",)))
    app.get("page")
    with pytest.raises(ZeroDivisionError):
        app.get("broken")
    assert len(requests) == 4


def test_callbacks_after_the_view_are_not_bound(views):
    """They run after it has returned."""
    opened = []

    def page(request):
        request.add_response_callback(lambda request, _: opened.append(request.session_multi["a"]))
        request.add_finished_callback(lambda request: opened.append(request.session_multi["b"]))

    views(page=(page, ())).get("page")
    assert opened == [{}, {}]


# Views that another one calls


def test_a_subrequest_is_not_bound_by_the_view_that_sends_it(views):
    """It is another request, with its own sessions and view."""

    def page(request):
        for use_tweens in (False, True):
            subrequest = type(request).blank("/other")
            subrequest.environ["tests.results"] = request.environ["tests.results"]
            request.invoke_subrequest(subrequest, use_tweens=use_tweens)
        return raises("b", opens("a"))(request)

    other = raises("a", opens("b"))
    results = views(page=(page, "a"), other=(other, "b")).get("page")
    assert results == [[{}], [{}], [{}]]


@pytest.mark.parametrize("secure", [True, False])
def test_a_nested_view_is_bound_by_both_contracts(views, secure):
    """The outer view's result depends on it. After it, only the outer contract holds."""

    def page(request):
        render_view(None, request, "box", secure=secure)
        return raises("c", opens("a", "b"))(request)

    box = raises("a", raises("c", opens("b")))
    results = views(page=(page, ("a", "b")), box=(box, ("b", "c"))).get("page")
    assert results == [[{}], [{}, {}]]


def test_the_error_names_the_view_that_does_not_declare(views):
    """The inner one if neither declares it."""

    def errors_of(request, *names):
        for name in names:
            with pytest.raises(UndeclaredSession) as error:
                request.session_multi[name]
            yield error.value.declared

    def page(request):
        return render_view_to_response(None, request, "box").json_body

    def box(request):
        request.response.json_body = list(errors_of(request, "a", "b", "c"))

    app = views(page=(page, "a"), box=(box, "b"))
    assert app.get("page")[1] == [["b"], ["a"], ["b"]]


def test_a_nested_view_without_the_option_is_bound_by_the_outer_contract(views):
    """Its output becomes part of the outer one's."""

    def page(request):
        return render_view(None, request, "box")

    def box(request):
        return (opens if request.view_name == "box" else raises)("b")(request)

    app = views(page=(page, "a"), box=(box,))
    app.get("page")
    assert app.get("box") == [[{}]]


def test_a_nested_view_that_fails_leaves_the_outer_contract(views):
    """The outer view can catch the exception."""

    def page(request):
        with pytest.raises(ZeroDivisionError):
            render_view(None, request, "box")
        return raises("b", opens("a"))(request)

    assert views(page=(page, "a"), box=(lambda request: 1 / 0, "b")).get("page") == [[{}]]


def test_checking_the_permission_of_a_view_does_not_bind(views):
    """``view_execution_permitted`` runs a permission check on behalf of the calling view."""

    def page(request):
        assert view_execution_permitted(None, request, "box")
        return raises("b", opens("a"))(request)

    assert views(page=(page, "a"), box=(opens("b"), "b")).get("page") == [[{}]]


# The contract in the manager


def test_the_manager_knows_the_contract_of_the_view(views):
    """The outermost view's, in the view and after it; ``None`` without a contract."""
    contracts = []

    def note(request):
        contracts.append(request.session_multi.view_contract)

    def page(request):
        note(request)
        render_view(None, request, "box")
        note(request)

    app = views(around=note, page=(page, ("a", "b")), box=(note, ()), free=(note,))
    app.get("page")
    before, *others = contracts
    assert before is None
    assert len({id(contract) for contract in others}) == 1
    assert others[0].declared == ("a", "b")
    assert str(others[0]) == f"view {others[0].view.__module__}.{others[0].view.__qualname__}"
    contracts.clear()
    app.get("free")
    assert contracts == [None, None, None]


@pytest.mark.parametrize("attribute", ["declared", "view"])
def test_the_contract_cannot_be_changed(views, attribute):
    """No public object allows it."""

    def page(request):
        with pytest.raises(AttributeError):
            setattr(request.session_multi.view_contract, attribute, ("c",))
        with pytest.raises(AttributeError):
            request.session_multi.view_contract = None

    views(page=(page, "a")).get("page")
