"""The application of the failover: a signed cookie, and two sessions in Redis with Sentinel.

``python application.py SENTINEL_PORT...`` prints its port. ``cart`` acknowledges what the primary
has, ``account`` what a replica has as well.
"""

from __future__ import annotations

import sys
from collections import Counter

import waitress
from pyramid.config import Configurator
from pyramid_session_redis import RedisSessionFactory
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from redis.sentinel import Sentinel

SECRET = "the-secret-of-the-failover-32-bytes-at-least"
CLIENTS = 50
SOCKET_TIMEOUT = 1  # seconds
WRITES = {"SET", "SETEX", "DEL"}


class WaitingRedis(Redis):
    """Acknowledges a write when a replica has it."""

    def execute_command(self, *args, **options):
        if args[0] not in WRITES:
            return super().execute_command(*args, **options)
        with self.pipeline(transaction=False) as pipe:
            pipe.execute_command(*args, **options)
            pipe.wait(1, 1000)
            result, replicas = pipe.execute()
        if not replicas:
            raise RedisConnectionError("no replica has it")
        return result


def serve(*sentinel_ports):
    unexpected = Counter()
    app = answer_errors(application(map(int, sentinel_ports), unexpected), unexpected)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=CLIENTS)
    print(server.effective_port, flush=True)  # noqa: T201 - for the test to read
    server.run()


def application(sentinel_ports, unexpected):
    # The application is on the primary's side of every cut: it reaches all servers directly.
    sentinels = [("127.0.0.1", port) for port in sentinel_ports]
    config = Configurator(settings=settings(sentinels))
    config.include("pyramid_session_multi")
    config.register_session_factory("account", account_factory(sentinels))
    for view in (act, unexpected_errors):
        config.add_route(view.__name__, f"/{view.__name__}")
        config.add_view(view, route_name=view.__name__, renderer="json")
    config.registry["unexpected"] = unexpected
    return config.make_wsgi_app()


def settings(sentinels):
    hosts = ",".join(f"{host}:{port}" for host, port in sentinels)
    return {
        "session_multi.namespaces": "public cart",
        "session_multi.public.use": "signed_cookie",
        "session_multi.public.secrets": SECRET,
        "session_multi.cart.use": "redis",
        "session_multi.cart.secret": f"cart-{SECRET}",
        "session_multi.cart.redis_url": (
            f"redis+sentinel://{hosts}/sessions?force_master_ip=127.0.0.1"
        ),
        "session_multi.cart.redis_socket_timeout": str(SOCKET_TIMEOUT),
    }


def account_factory(sentinels):
    options = {"socket_timeout": SOCKET_TIMEOUT, "retry": Retry(NoBackoff(), 0)}
    sentinel = Sentinel(sentinels, force_master_ip="127.0.0.1", **options)
    client = sentinel.master_for("sessions", redis_class=WaitingRedis)
    return RedisSessionFactory(
        f"account-{SECRET}",
        cookie_name="account",
        python_expires=False,
        redis_client_callable=lambda request, **_: client,
    )


def act(request):
    """Do what the client wants; say what the namespaces held before, and on which primary."""
    wanted, sessions = request.json_body, request.session_multi
    data = {name: dict(sessions[name]) for name in wanted["namespaces"]}
    primaries = {name: primary_of(sessions[name]) for name in wanted["namespaces"]}
    for name in wanted["namespaces"]:
        if wanted["do"] == "write":
            sessions[name]["owner"] = [wanted["client"], name]
            sessions[name]["marks"] = [*sessions[name].get("marks", ()), wanted["mark"]]
        elif wanted["do"] == "invalidate":
            sessions.invalidate(name)
    return {"held": data, "primaries": primaries}


def primary_of(session):
    """The port of the server that this process takes for the primary, if it knows."""
    pool = session.redis.connection_pool if hasattr(session, "redis") else None
    return pool.master_address[1] if pool and pool.master_address else None


def unexpected_errors(request):
    return request.registry["unexpected"]


def answer_errors(app, unexpected):
    """503 and its text for an error of Redis, wherever it is raised; others are counted."""

    def answering(environ, start_response):
        try:
            return app(environ, start_response)
        except RedisError as error:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [str(error).encode()]
        except Exception as error:
            unexpected[repr(error)] += 1
            raise

    return answering


if __name__ == "__main__":
    serve(*sys.argv[1:])
