"""Threads of one request that use ``request.session_multi`` together."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyramid_session_multi import RecursiveOpening

SECONDS = 20  # for a test that would hang


class Gate:
    """A session factory or discriminator that waits in its first call until it is released."""

    def __init__(self, answer):
        self.answer = answer
        self.calls = 0
        self.entered = threading.Event()
        self.open = threading.Event()
        self.error = None

    def __call__(self, request):
        self.calls += 1
        if self.calls == 1:
            self.entered.set()
            assert self.open.wait(SECONDS)
        error, self.error = self.error, None
        if error is not None:
            raise error
        return self.answer(request)


@pytest.fixture
def waits(monkeypatch):
    """An event that is set when a thread begins to wait for another one."""
    from pyramid_session_multi.request import opening_claims

    waits = threading.Event()

    def allocate_lock():
        waits.set()
        return threading.Lock()

    monkeypatch.setattr(opening_claims, "allocate_lock", allocate_lock)
    return waits


@pytest.fixture
def together(browse, waits):
    """Call two functions in two threads of one request, the second while the first is waiting."""

    def together(gate, first, second, **namespaces):
        def view(manager):
            with ThreadPoolExecutor(2) as pool:
                one = pool.submit(first, manager)
                assert gate.entered.wait(SECONDS)
                two = pool.submit(second, manager)
                waits.wait(SECONDS)
                gate.open.set()
                return [each.exception(SECONDS) or each.result() for each in (one, two)]

        return browse(**namespaces).multi(view)

    return together


def _open(manager):
    return manager["a"]


def test_two_threads_get_one_session(together, signed):
    """The factory is called once: two sessions would overwrite each other's cookie."""
    factory = Gate(signed("a"))
    one, two = together(factory, _open, _open, a=factory)
    assert one is two
    assert factory.calls == 1


def test_the_discriminator_is_called_once_for_both(together, signed):
    """If it refuses, both get ``None``."""
    discriminator = Gate(lambda request: False)
    assert together(discriminator, _open, _open, a=(signed("a"), discriminator)) == [None, None]
    assert discriminator.calls == 1


def test_the_second_tries_again_if_the_first_fails(together, signed):
    """An error is not remembered; it is raised in one thread only."""
    factory = Gate(signed("a"))
    factory.error = OSError("backend")
    one, two = together(factory, _open, _open, a=factory)
    assert isinstance(one, OSError)
    assert type(two) is factory.answer
    assert factory.calls == 2


def test_a_thread_that_is_stopped_releases_the_others(together, signed):
    """A worker's timeout stops it with an exception that is not an ``Exception``."""

    class Timeout(BaseException):
        pass

    factory = Gate(signed("a"))
    factory.error = Timeout()
    one, two = together(factory, _open, _open, a=factory)
    assert isinstance(one, Timeout)
    assert type(two) is factory.answer


def test_peeking_waits_for_the_thread_that_opens(together, signed):
    """The discriminator is called once for both."""
    discriminator = Gate(lambda request: True)
    session, peeked = together(
        discriminator, _open, lambda manager: manager.peek("a"), a=(signed("a"), discriminator)
    )
    assert session == {}
    assert peeked is None
    assert discriminator.calls == 1


def test_opening_waits_for_the_thread_that_peeks(together, signed):
    """Then it opens the session itself."""
    discriminator = Gate(lambda request: True)
    peeked, session = together(
        discriminator, lambda manager: manager.peek("a"), _open, a=(signed("a"), discriminator)
    )
    assert peeked is None
    assert session == {}
    assert discriminator.calls == 1


def test_many_threads_and_namespaces_get_one_session_each(browse, signed, watched):
    """Each of them is stored."""
    factories = {f"n{number}": watched(signed(f"n{number}")) for number in range(8)}
    browser = browse(**factories)

    def view(manager):
        barrier = threading.Barrier(8)

        def use(start):
            barrier.wait(SECONDS)
            names = [f"n{(start + step) % 8}" for step in range(8)]
            return {name: manager[name] for name in names}

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(use, range(8), timeout=SECONDS))
        for name in factories:
            assert len({id(result[name]) for result in results}) == 1
            manager[name]["x"] = name
        return results

    browser.multi(view)
    assert [len(factory.requests) for factory in factories.values()] == [1] * 8
    assert browser.multi(lambda m: [m[name]["x"] for name in factories]) == list(factories)


def test_threads_that_need_each_other_s_namespace_get_an_error(browse, signed):
    """Otherwise each would wait for the other without end."""
    both, waited = threading.Barrier(2), set()

    def needs(name, other):
        def factory(request):
            if name not in waited:
                waited.add(name)
                both.wait(SECONDS)
            request.session_multi[other]
            return signed(name)(request)

        return factory

    def view(manager):
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(manager.__getitem__, name) for name in "ab"]
            return [future.exception(SECONDS) for future in futures]

    errors = browse(a=needs("a", "b"), b=needs("b", "a")).multi(view)
    assert any(isinstance(error, RecursiveOpening) for error in errors)


def test_a_namespace_that_needs_itself_is_still_an_error(browse, signed):
    """In the thread that opens it, before any waiting."""

    def factory(request):
        request.session_multi["a"]

    with pytest.raises(RecursiveOpening):
        browse(a=factory).multi(_open)
