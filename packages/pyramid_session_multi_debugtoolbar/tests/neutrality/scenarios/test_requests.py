"""The panel changes nothing, in any kind of request."""

from __future__ import annotations

import json
import threading

from pyramid.events import NewResponse
from pyramid.httpexceptions import HTTPFound
from pyramid.response import Response
from pyramid_session_multi import namespace_session_factory

TOOLBAR = "pyramid_debugtoolbar.toolbar_tween_factory"
EXCVIEW = "pyramid.tweens.excview_tween_factory"


def write(m, request):
    m["a"]["y"] = 2
    m["b"]["z"] = m["a"]["x"]


def test_a_view_that_raises(unchanged):
    """The toolbar responds with its own page, which sets the cookies."""

    def view(m, request):
        write(m, request)
        raise RuntimeError("in the view")

    unchanged(view, toolbar_makes_the_difference=True)


def exception_view(config, tween):
    def answer(error, request):
        seen = json.dumps([str(error), len(request.session_multi)])
        return Response(seen, 418, content_type="text/plain")

    config.add_exception_view(answer, context=LookupError)


def test_a_view_that_raises_for_an_exception_view(unchanged):
    """The exception view sees the same sessions."""

    def view(m, request):
        write(m, request)
        raise LookupError("for the exception view")

    unchanged(view, setup=exception_view)


def test_a_redirect(unchanged):
    """With its Location and its cookies."""
    unchanged(lambda m, request: write(m, request) or HTTPFound("/elsewhere"))


def test_streaming(unchanged):
    """Writes of the stream are not observed, but nothing is read early either."""

    def view(m, request):
        write(m, request)

        def chunks():
            yield b"one"
            yield str(len(m)).encode()

        return Response(app_iter=chunks(), content_type="text/plain")

    unchanged(view)


def test_response_callbacks_that_write(unchanged):
    """Before and after cookies are written."""

    def view(m, request):
        m["a"]["x"]
        request.add_response_callback(lambda request, response: m["a"].update({"late": 1}))
        request.add_response_callback(lambda request, response: m["b"].update({"late": 2}))

    unchanged(view)


def test_a_response_callback_that_raises(unchanged):
    """The response is lost, with or without the panel."""

    def fail(request, response):
        raise OSError("in a callback")

    unchanged(lambda m, request: write(m, request) or request.add_response_callback(fail))


def test_a_session_that_is_too_large(unchanged):
    """If the data are in a cookie, the response is lost."""
    unchanged(lambda m, request: m["a"].update({"much": "much" * 2000}))


def test_finished_callbacks_that_write(unchanged):
    """The panel runs after the last of them."""

    def view(m, request):
        write(m, request)
        request.add_finished_callback(lambda request: m["a"].update({"later": 3}))

    unchanged(view)


def test_finished_callbacks_that_repeat_themselves(unchanged):
    """The panel waits for some rounds only."""

    def view(m, request):
        write(m, request)
        left = [20]

        def again(request):
            left[0] -= 1
            if left[0]:
                request.add_finished_callback(again)

        again(request)

    unchanged(view)


def test_a_subscriber_that_writes(unchanged):
    """NewResponse is sent after the cookies are written."""

    def setup(config, tween):
        def late(event):
            if "tests.view" in event.request.environ:
                event.request.session_multi["a"].update({"subscriber": 1})

        config.add_subscriber(late, NewResponse)

    unchanged(write, setup=setup)


def test_an_outer_tween(unchanged):
    """It opens and writes before the toolbar sees the request, and afterwards."""

    def setup(config, tween):
        def outer(handler, request):
            request.session_multi["a"]["before"] = 1
            response = handler(request)
            request.session_multi["a"]["after"] = len(request.session_multi)
            request.session_multi["b"]["after"] = 1
            return response

        tween(config, outer, over=[TOOLBAR, EXCVIEW])

    unchanged(write, setup=setup)


def test_an_inner_tween(unchanged):
    """Around the view, inside the toolbar."""

    def setup(config, tween):
        def inner(handler, request):
            request.session_multi["a"]["before"] = 1
            response = handler(request)
            response.headers["X-Inner"] = str(len(request.session_multi))
            return response

        tween(config, inner, under=EXCVIEW)

    unchanged(write, setup=setup)


def test_a_tween_that_replaces_the_response(unchanged):
    """The cookies are in the response that is sent."""

    def setup(config, tween):
        def replacing(handler, request):
            handler(request)
            return Response("replaced", content_type="text/plain")

        tween(config, replacing, over=[TOOLBAR, EXCVIEW])

    unchanged(write, setup=setup)


def streaming_html(m, request):
    """The toolbar reads the stream to insert its button, so the stream's writes are saved."""
    write(m, request)

    def chunks():
        m["a"]["while streaming"] = 1
        yield b"<html><body>"
        m["b"].update({"while streaming": m["a"]["x"]})
        yield str(len(m)).encode()
        yield b"</body></html>"

    return Response(app_iter=chunks(), content_type="text/html")


def test_streaming_html(unchanged):
    """The toolbar reads the stream to put its button there: what is written inside is saved."""
    unchanged(streaming_html, toolbar_makes_the_difference=True)


def test_streaming_html_without_the_button(unchanged):
    """Only the server reads the stream, so its writes are too late."""

    def setup(config, tween):
        config.registry.settings["debugtoolbar.show_on_exc_only"] = True

    unchanged(streaming_html, setup=setup)


def test_threads(unchanged):
    """Two threads of a request each open and write a session."""

    def view(m, request):
        names = ("a", "b")
        threads = [threading.Thread(target=lambda n=n: m[n].update({"thread": n})) for n in names]
        for thread in threads:
            thread.start()
            thread.join()
        return sorted(m)

    unchanged(view)


def bound(config, tween):
    config.set_session_factory(namespace_session_factory("a"))


def test_request_session_as_a_namespace(unchanged):
    """Used or not."""
    unchanged(lambda m, request: request.session["x"], setup=bound)
    unchanged(lambda m, request: None, "received", setup=bound)


def test_the_attributes_of_the_request(unchanged):
    """The panel adds none."""

    def view(m, request):
        m["a"]
        return sorted(n for n in vars(request) if "debug" not in n and "pdtb" not in n)

    unchanged(view)


def test_https_and_head(unchanged):
    """Another scheme and another method."""
    unchanged(write, **{"wsgi.url_scheme": "https", "HTTP_HOST": "localhost:443"})
    unchanged(write, method="HEAD")
