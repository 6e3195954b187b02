"""The observer is notified when a namespace is first opened in a request."""

from __future__ import annotations

import pytest
from pyramid_session_multi import ISessionMultiManagerConfig, ISessionMultiObserver
from zope.interface import implementer
from zope.interface.verify import verifyClass


@implementer(ISessionMultiObserver)
class Observer:
    def __init__(self):
        self.seen = []

    def opening(self, request, namespace):
        self.seen.append(("opening", request, namespace))

    def opened(self, request, namespace, session):
        self.seen.append(("opened", request, namespace, session))

    def refused(self, request, namespace):
        self.seen.append(("refused", request, namespace))

    def failed(self, request, namespace, exception):
        self.seen.append(("failed", request, namespace, exception))


@pytest.fixture
def observed(browse, signed, watched):
    """A browser, its observer, and the factory and discriminator of the namespace "a"."""
    factory, discriminator = watched(signed("a")), watched(True)
    browser = browse(a=(factory, discriminator))
    observer = Observer()
    namespaces = browser.app.registry.getUtility(ISessionMultiManagerConfig)
    assert namespaces.observer is None
    namespaces.observer = observer
    return browser, observer, factory, discriminator


def test_the_observer_keeps_its_interface():
    """The tests use only the published interface."""
    assert verifyClass(ISessionMultiObserver, Observer)


def test_it_is_notified_of_an_opened_session_once(observed):
    """With the application's own request and session, before and after."""
    browser, observer, *_ = observed
    request = browser.visit(lambda request: (request.session_multi["a"], request)[1])
    session = request.session_multi["a"]
    assert observer.seen == [("opening", request, "a"), ("opened", request, "a", session)]


def test_it_is_notified_before_discriminator_and_factory_run(observed):
    """So that it can read the unchanged request."""
    browser, observer, factory, discriminator = observed
    observer.opening = lambda request, namespace: observer.seen.append(
        [len(factory.requests), len(discriminator.requests)]
    )
    browser.multi(lambda m: m["a"])
    assert observer.seen[0] == [0, 0]


def test_it_is_notified_of_a_refusal(observed):
    """Once, as the discriminator runs once."""
    browser, observer, _, discriminator = observed
    discriminator.answer = False
    request = browser.visit(lambda request: ([request.session_multi["a"]] * 2, request)[1])
    assert observer.seen == [("opening", request, "a"), ("refused", request, "a")]


@pytest.mark.parametrize("role", ["factory", "discriminator"])
def test_it_is_notified_of_each_failure(observed, role):
    """With the exception that the application gets, and of the success that follows."""
    browser, observer, factory, discriminator = observed
    culprit = {"factory": factory, "discriminator": discriminator}[role]
    error = culprit.error = OSError("the backend is away")

    def view(request):
        with pytest.raises(OSError, match="away"):
            request.session_multi["a"]
        culprit.error = None
        return request, request.session_multi["a"]

    request, session = browser.visit(view)
    assert observer.seen == [
        ("opening", request, "a"),
        ("failed", request, "a", error),
        ("opening", request, "a"),
        ("opened", request, "a", session),
    ]


def test_it_is_notified_of_an_error_of_a_finished_callback(browse):
    """The session may not be stored; the exception has its note already."""
    error = OSError("the backend is away")

    def fail(request):
        raise error

    def opened(request):
        request.add_finished_callback(fail)
        return {}

    browser, observer = browse(a=opened), Observer()
    browser.app.registry.getUtility(ISessionMultiManagerConfig).observer = observer
    with pytest.raises(OSError, match="away"):
        browser.multi(lambda m: m["a"])
    [_, event, (name, _, namespace, seen)] = observer.seen
    assert (event[0], name, namespace) == ("opened", "failed", "a")
    assert seen is error
    assert seen.__notes__[0].startswith("while storing the session 'a'. ")


def test_it_is_not_notified_if_nothing_is_opened(observed, aged):
    """For ``peek`` and ``has_cookie``, and for unknown names."""
    browser, observer, *_ = observed
    browser.client.set_cookie("a", aged("a", {"x": 1}))
    browser.multi(lambda m: [m.peek("a"), m.has_cookie("a"), "a" in m, m.get("nobody's")])
    assert observer.seen == []


def test_its_exceptions_break_the_access(observed):
    """It runs inside the application's own access, and nothing is hidden."""
    browser, observer, *_ = observed

    def opening(request, namespace):
        raise ZeroDivisionError

    observer.opening = opening
    with pytest.raises(ZeroDivisionError):
        browser.multi(lambda m: m["a"])
