"""The server of the soak: three kinds of sessions, and faults to be seen when they are asked for.

``python server.py REDIS_URL DIRECTORY [FAULT]`` prints its port. The faults: "mixed" hands the
first visitor's account to everybody, "leaking" keeps something of each request.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter

import waitress
from pyramid.config import Configurator
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import signed_cookie_session_factory
from pyramid_session_redis import RedisSessionFactory
from redis import RedisError, StrictRedis
from redis.backoff import NoBackoff
from redis.retry import Retry

SECRET = "the secret of the soak, of 32 bytes at least"


def serve(redis_url, directory, fault=None):
    unexpected = Counter()
    app = application(redis_url, directory, fault, unexpected)
    server = waitress.create_server(watched(app, unexpected), host="127.0.0.1", port=0, threads=6)
    print(server.effective_port, flush=True)  # noqa: T201 - for the test to read
    server.run()


def application(redis_url, directory, fault, unexpected):
    # Report a Redis that is down at once, not after ten tries.
    client = StrictRedis.from_url(redis_url, retry=Retry(NoBackoff(), 0))
    account = RedisSessionFactory(
        SECRET, cookie_name="account", redis_client_callable=lambda request, **_: client
    )
    cart = BeakerSessionFactoryConfig(
        key="cart", secret=SECRET, type="file", data_dir=directory, data_serializer="json"
    )
    if fault == "mixed":
        account = always_the_first(account)
    config = Configurator()
    config.include("pyramid_session_multi")
    config.register_session_factory("public", signed_cookie_session_factory("public", SECRET))
    config.register_session_factory("cart", cart)
    config.register_session_factory("account", account, cookie_name="account")
    for name in ("act", "memory", "unexpected"):
        config.add_route(name, f"/{name}")
    config.add_view(act, route_name="act", renderer="json")
    config.add_view(lambda request: blocks(), route_name="memory", renderer="json")
    config.add_view(lambda request: unexpected, route_name="unexpected", renderer="json")
    config.add_exception_view(unavailable, RedisError)
    if fault == "leaking":
        leak = []
        config.add_subscriber(lambda event: leak.append([]), "pyramid.events.NewResponse")
    return config.make_wsgi_app()


def act(request):
    """Do what the client requests, and return the data of the namespaces before that."""
    wanted, sessions = request.json_body, request.session_multi
    read = sessions.peek if wanted["do"] == "peek" else sessions.__getitem__
    marks = {name: (read(name) or {}).get("mark") for name in wanted["namespaces"]}
    for name in wanted["namespaces"]:
        if wanted["do"] == "write":
            sessions[name]["mark"] = [*wanted["mark"], name]
        elif wanted["do"] in ("renew", "invalidate"):
            getattr(sessions, wanted["do"])(name)
    return marks


def blocks():
    """The approximate number of Python's objects: the allocator's blocks, without garbage."""
    gc.collect()
    return sys.getallocatedblocks()


def unavailable(error, request):
    """The answer to what is asked of a Redis that is down."""
    request.response.status = 503
    return request.response


def watched(app, unexpected):
    """Count what comes out of the application that a Redis which is down does not explain."""

    def watching(environ, start_response):
        try:
            return app(environ, start_response)
        except Exception as error:
            if not isinstance(error, RedisError):
                unexpected[repr(error)] += 1
            raise

    return watching


def always_the_first(factory):
    """Break a factory: it returns its first session for every request."""
    sessions = []

    def first(request):
        sessions.extend([factory(request)] if not sessions else [])
        return sessions[0]

    return first


if __name__ == "__main__":
    serve(*sys.argv[1:])
