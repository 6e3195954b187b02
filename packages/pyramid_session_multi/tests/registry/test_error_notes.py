"""Exceptions while a session is stored: a note names the namespace and says what to do."""

from __future__ import annotations

import pickle
import shutil
from contextlib import contextmanager
from functools import partial

import pytest
import sqlalchemy.exc
from pyramid_session_redis import RedisSessionFactory

LIMITED_BY_THE_COOKIE = ["signed", "signed_cookie", "nacl", "beaker_cookie"]
NOT_SERIALIZABLE = [*LIMITED_BY_THE_COOKIE, "redis", "beaker_file", "beaker_database"]


@pytest.fixture
def notes():
    """Send a request to an application, and return the notes on the exception."""

    def notes(browser, view):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
            browser.multi(view)
        return getattr(caught.value, "__notes__", [])

    return notes


@pytest.fixture
def three(browse, signed):
    """``three(factory)``: an application with three sessions, the middle one of this factory."""

    def three(factory, **options):
        return browse(first=signed("first"), middle=factory, last=signed("last"), **options)

    return three


def _write(value):
    def view(manager):
        for name in ("first", "middle", "last"):
            manager[name]["x"] = value if name == "middle" else 1

    return view


@pytest.mark.parametrize("name", NOT_SERIALIZABLE)
def test_a_value_that_cannot_be_serialized_names_its_session(three, library, notes, name):
    """JSON cannot store a function, and pickle no local one."""
    [note] = notes(three(library(name)("sid")), _write(lambda: None))
    assert note.startswith("while storing the session 'middle'. ")
    assert "JSON" in note


@pytest.mark.parametrize("name", LIMITED_BY_THE_COOKIE)
def test_a_cookie_that_is_too_long_names_its_session(three, library, notes, name):
    """For libraries that store all data in the cookie."""
    [note] = notes(three(library(name)("sid")), _write("x" * 5000))
    assert note.startswith("while storing the session 'middle'. ")
    assert "too long" in note


@pytest.fixture
def outage(library, start_redis, tmp_path):
    """``with outage(kind) as (factory, begin)``: a library, and a function that ends its backend.

    Root may write everywhere, so a file stands in the place of Beaker's directory, and a directory
    in that of the database's file.
    """

    @contextmanager
    def outage(kind):
        if kind == "redis":
            with start_redis() as redis:
                yield RedisSessionFactory("s" * 64, redis_url=redis.url), redis.kill
            return

        def begin():
            if kind == "beaker_file":
                shutil.rmtree(tmp_path / "beaker")
                (tmp_path / "beaker").touch()
            else:
                (tmp_path / "beaker.db").unlink()
                (tmp_path / "beaker.db").mkdir()

        yield library(kind)("sid"), begin

    return outage


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("kind", ["redis", "beaker_file", "beaker_database"])
def test_an_outage_of_the_backend_names_its_session(three, outage, notes, kind, wrapped):
    """Redis sessions are stored when the response is finished, also after an exception."""
    with outage(kind) as (factory, begin):
        browser = three((lambda request: factory(request)) if wrapped else factory)
        browser.stranger().multi(_write(1))  # Beaker creates its directory or database

        def view(manager):
            _write(1)(manager)
            begin()

        [note] = notes(browser, view)
    assert note.startswith("while storing the session 'middle'. ")
    assert "is not available" in note


def _undescribed(fail_in):
    def factory(request):
        def fail(*arguments):
            raise OSError("the disk is full")

        getattr(request, fail_in)(fail)
        return {}

    return factory


@pytest.mark.parametrize("fail_in", ["add_response_callback", "add_finished_callback"])
def test_an_undescribed_library_s_errors_name_their_session(three, notes, fail_in):
    """The callbacks that its factory added are recorded."""
    [note] = notes(three(_undescribed(fail_in)), _write(1))
    assert note.startswith("while storing the session 'middle'. ")
    assert "backend" in note


class Holder:
    """A callable that holds a session."""

    def __init__(self, session):
        self.session = session

    def __call__(self, request, response):
        raise LookupError

    def method(self, request, response):
        raise LookupError


def _closure(session):
    def fail(request, response):
        raise LookupError(session is None)

    return fail


def _default(session):
    def fail(request, response, session=session):
        raise LookupError

    return fail


def _keyword_default(session):
    def fail(request, response, *, session=session):
        raise LookupError

    return fail


def _function(session, request, response):
    raise LookupError


def _call(callback, request, response):
    callback(request, response)


def _keyword(request, response, session):
    raise LookupError


HOLDERS = {
    "closure": _closure,
    "default": _default,
    "keyword default": _keyword_default,
    "self": lambda session: Holder(session).method,
    "attribute": Holder,
    "argument": lambda session: partial(_function, session),
    "keyword": lambda session: partial(_keyword, session=session),
    "closure in an argument": lambda session: partial(_call, _closure(session)),
    "the session's own method": lambda session: session.fail,
}


@pytest.mark.parametrize("hold", HOLDERS.values(), ids=HOLDERS)
def test_the_session_is_found_in_the_callback(browse, signed, hold):
    """In its closure, its ``__self__`` or its arguments, at any realistic depth."""

    class Session(signed("middle")):
        def fail(self, request, response):
            raise LookupError

    def view(request):
        sessions = [request.session_multi[name] for name in ("first", "middle")]
        request.add_response_callback(hold(sessions[1]))

    browser = browse(first=signed("first"), middle=Session)
    with pytest.raises(LookupError) as caught:
        browser.visit(view)
    [note] = caught.value.__notes__
    assert note.startswith("while storing the session 'middle'. ")


def test_the_candidates_are_listed_if_the_session_is_not_known(browse, signed):
    """It may also be the application's own callback."""

    def fail(request, response):
        raise LookupError

    def view(request):
        request.session_multi["a"]
        request.session_multi["b"]
        request.session_multi["refused"]
        request.add_response_callback(fail)

    refused = (signed("refused"), lambda request: False)
    browser = browse(a=signed("a"), b=signed("b"), c=signed("c"), refused=refused)
    with pytest.raises(LookupError) as caught:
        browser.visit(view)
    [note] = caught.value.__notes__
    assert "not known" in note
    assert "'a', 'b'" in note
    assert "'c'" not in note
    assert "refused" not in note


def test_an_application_s_own_callback_is_not_taken_for_the_only_session(browse, signed):
    """Its bug has nothing to do with the session that is open."""

    def view(request):
        request.session_multi["a"]["x"] = 1
        request.add_response_callback(lambda request, response: response.headers["X"] + 1)

    with pytest.raises(KeyError) as caught:
        browse(a=signed("a")).visit(view)
    [note] = caught.value.__notes__
    assert note.startswith("while a response callback ran. ")
    assert "not known; these were open: 'a'." in note


def test_a_callback_that_holds_several_sessions_lists_these(browse, signed):
    """Other open sessions are not listed."""

    def fail(a, b, request, response):
        raise LookupError

    def both(request):
        a, b, _c = (request.session_multi[name] for name in "abc")
        request.add_response_callback(partial(fail, a, b))

    browser = browse(a=signed("a"), b=signed("b"), c=signed("c"))
    with pytest.raises(LookupError) as caught:
        browser.visit(both)
    [note] = caught.value.__notes__
    assert "'a', 'b'." in note


def test_a_callback_that_has_nothing_to_do_with_sessions_gets_no_note(browse, signed):
    """The request checked for a cookie, and opened nothing."""

    def fail(request, response):
        raise LookupError

    def view(request):
        request.session_multi.has_cookie("a")
        request.add_response_callback(fail)

    with pytest.raises(LookupError) as caught:
        browse(a=signed("a")).visit(view)
    assert not hasattr(caught.value, "__notes__")


def test_a_callback_with_an_empty_closure_cell_is_searched(browse, signed):
    """A variable that has no value yet."""

    def view(request):
        session = request.session_multi["a"]

        def fail(request, response, *, session=session):
            raise LookupError(late)

        request.add_response_callback(fail)
        if request.path == "never":
            late = 1

    with pytest.raises(NameError) as caught:
        browse(a=signed("a")).visit(view)
    assert caught.value.__notes__[0].startswith("while storing the session 'a'. ")


def test_other_errors_get_a_general_note(browse):
    """It names two places to check."""
    browser = browse(a=_undescribed_raising(LookupError("x")))
    with pytest.raises(LookupError) as caught:
        browser.multi(lambda m: m["a"])
    assert "backend" in caught.value.__notes__[0]


class WithoutText(Exception):
    """An exception that cannot be printed."""

    def __str__(self):
        raise LookupError


ADVICE = {
    "Check the values": [
        WithoutText(),
        sqlalchemy.exc.DataError("", {}, Exception("Data too long for column 'data'")),
    ],
    "is not available": [
        sqlalchemy.exc.OperationalError("", {}, Exception("server has gone away")),
        sqlalchemy.exc.InterfaceError("", {}, Exception("connection already closed")),
        sqlalchemy.exc.TimeoutError("QueuePool limit reached"),
    ],
}


@pytest.mark.parametrize(
    ("advice", "error"),
    [(advice, error) for advice, errors in ADVICE.items() for error in errors],
    ids=lambda value: type(value).__name__,
)
def test_the_advice_fits_the_error_of_a_database(browse, advice, error):
    """If a column is too short, the cookie is not to blame."""
    browser = browse(a=_undescribed_raising(error))
    with pytest.raises(type(error)) as caught:
        browser.multi(lambda m: m["a"])
    assert advice in caught.value.__notes__[0]


def _undescribed_raising(error):
    def factory(request):
        def fail(request, response):
            raise error

        request.add_response_callback(fail)
        return {}

    return factory


def test_pickle_s_own_error_is_about_a_value(browse):
    """It is neither a ``TypeError`` nor a ``ValueError``."""
    browser = browse(a=_undescribed_raising(pickle.PicklingError("x")))
    with pytest.raises(pickle.PicklingError) as caught:
        browser.multi(lambda m: m["a"])
    assert "JSON" in caught.value.__notes__[0]
