"""``peek`` reads on a detached copy of the request: nothing is opened, renewed, written or sent."""

from __future__ import annotations

import pickle
from hashlib import sha256

import pytest
from pyramid.response import Response
from pyramid.threadlocal import get_current_request


def fill(m):
    m["a"]["x"] = {"nested": [1]}
    m["a"].flash("hello")
    return m["a"].get_csrf_token()


def _age(redis, seconds):
    """Make the only session in Redis older."""
    (key,) = redis.client.keys()
    payload = pickle.loads(redis.client.get(key))
    payload["c"] -= seconds
    payload["x"] -= seconds
    redis.client.set(key, pickle.dumps(payload), keepttl=True)


@pytest.fixture
def stored(tmp_path):
    """The files in the directory of the tests' backends."""

    def stored():
        # not Beaker's lock files: it creates one for every id it reads
        files = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"]
        return {path: sha256(path.read_bytes()).digest() for path in files}

    return stored


def test_peek_opens_and_sends_nothing(browse, any_library):
    """The namespace is not in ``session_multi``, and no cookie is set."""
    browser = browse(a=any_library("sid"))
    browser.multi(fill)
    assert browser.multi(lambda m: (m.peek("a") is None, len(m))) == (False, 0)
    assert browser.set_cookies == []


def test_peek_renews_nothing(browse, signed, aged):
    """Reading renews a cookie of some age, peeking does not."""
    browser = browse(a=signed("a", reissue_time=0))
    browser.client.set_cookie("a", aged("a", {"x": 1}))
    assert browser.multi(lambda m: m.peek("a")) == {"x": 1}
    assert browser.set_cookies == []
    assert browser.multi(lambda m: m["a"]["x"]) == 1
    assert len(browser.set_cookies) == 1


def test_peek_only_reads_from_redis(browse, library, redis):
    """One GET, while opening would store the session again; no command without a cookie."""
    browser = browse(a=library("redis")("sid"))
    browser.multi(fill)
    _age(redis, 100)
    with redis.commands() as commands:
        assert browser.multi(lambda m: m.peek("a"))["x"] == {"nested": [1]}
    assert commands == ["GET"]
    with redis.commands() as commands:
        assert browser.multi(lambda m: m["a"]["x"]) == {"nested": [1]}
    assert set(commands) > {"GET"}
    with redis.commands() as commands:
        assert browser.stranger().multi(lambda m: m.peek("a")) is None
    assert commands == []


@pytest.mark.parametrize("kind", ["beaker_file", "beaker_database"])
def test_peek_writes_nothing_to_beakers_storage(browse, library, stored, kind):
    """Opening would store the time of the access."""
    browser = browse(a=library(kind)("sid"))
    browser.multi(fill)
    before = stored()
    assert browser.multi(lambda m: m.peek("a"))["_f_"] == ["hello"]
    assert stored() == before
    assert browser.multi(lambda m: m["a"].peek_flash()) == ["hello"]
    assert stored() != before


def test_peek_is_none_without_a_session_in_redis(browse, library, redis):
    """It was deleted or timed out. There is only one GET."""
    browser = browse(a=library("redis")("sid"))
    browser.multi(fill)
    _age(redis, 10_000)
    with redis.commands() as commands:
        assert browser.multi(lambda m: m.peek("a")) is None
    assert commands == ["GET"]
    redis.client.flushall()
    with redis.commands() as commands:
        assert browser.multi(lambda m: m.peek("a")) is None
    assert commands == ["GET"]


@pytest.mark.parametrize("kind", ["beaker_memory", "beaker_file"])
def test_peek_is_none_when_beaker_timed_out(browse, library, stored, kind):
    """Nothing is stored."""
    browser = browse(a=library(kind)("sid", timeout=60))
    browser.multi(fill)
    assert browser.multi(lambda m: m.peek("a")) is not None
    browser.multi(lambda m: m["a"].update({"_accessed_time": 1.0}))
    before = stored()
    assert browser.multi(lambda m: m.peek("a")) is None
    assert stored() == before


def test_peek_runs_the_factory_on_a_detached_copy(browse, signed, watched):
    """It has the request's cookies and route, and its changes do not reach the request."""
    inner = signed("a")

    def meddling(request):
        request.add_response_callback(lambda request, response: response.set_cookie("meddled"))
        request.add_finished_callback(lambda request: request.environ["seen"].append("finished"))
        request.response.status = 500
        request.environ["meddled"] = request.meddled = True
        request.session_multi["b"]["meddled"] = True
        assert request.body == b""
        assert get_current_request() is request
        return inner(request)

    factory = watched(meddling)
    factory._cookie_name = "a"
    browser = browse(a=factory, b=signed("b"))
    browser.client.set_cookie("a", inner.__name__)
    seen = []

    def peek(request):
        request.environ["seen"] = seen
        request.session_multi.peek("a")
        assert get_current_request() is request
        assert not hasattr(request, "meddled")
        assert "meddled" not in request.environ
        assert len(request.session_multi) == 0
        (detached,) = factory.requests
        assert detached is not request
        assert detached.environ is not request.environ
        assert detached.matched_route is request.matched_route
        assert detached.cookies == dict(request.cookies)
        return request

    browser.visit(peek, status=200)
    assert browser.set_cookies == seen == []


def test_peek_leaves_the_request_body_unread(browse, signed, aged):
    """A factory that reads the form must not consume it."""
    inner = signed("a")

    def curious(request):
        assert request.POST.get("x") is None
        return inner(request)

    curious._cookie_name = "a"
    browser = browse(a=curious)
    browser.client.set_cookie("a", aged("a", {"y": 2}))

    def view(request):
        peeked = request.session_multi.peek("a")
        return Response(json={"peeked": peeked, "x": request.POST["x"]})

    answer = browser.client.post("/", {"x": "1"}, extra_environ={"tests.stage": view})
    assert answer.json == {"peeked": {"y": 2}, "x": "1"}


def test_peek_passes_on_an_error_of_the_factory(browse, signed, aged, watched):
    """It is not remembered, and the request's own thread locals are restored."""
    factory = watched(signed("a"))
    browser = browse(a=factory)
    browser.client.set_cookie("a", aged("a", {"x": 1}))

    def peek(request):
        factory.error = OSError("the backend is away")
        with pytest.raises(OSError, match="away"):
            request.session_multi.peek("a")
        assert get_current_request() is request
        factory.error = None
        return request.session_multi.peek("a")

    assert browser.visit(peek) == {"x": 1}
