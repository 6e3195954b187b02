"""A Redis server that is killed between two requests, or within one."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def server(start_redis):
    with start_redis() as server:
        yield server


@pytest.fixture(scope="module")
def setup(server):
    """A namespace of each library that is on that server."""
    from pyramid_beaker import BeakerSessionFactoryConfig
    from pyramid_session_redis import RedisSessionFactory
    from redis import StrictRedis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    def client(request, **options):
        return StrictRedis.from_url(server.url, retry=Retry(NoBackoff(), 0))

    def setup(config, tween):
        config.register_session_factory(
            "redis",
            RedisSessionFactory("another", cookie_name="redis", redis_client_callable=client),
        )
        config.register_session_factory(
            "beaker",
            BeakerSessionFactoryConfig(
                key="beaker", type="ext:redis", url=server.url, secret="another"
            ),
        )

    return setup


@pytest.fixture
def stopped(unchanged, server, setup):
    """Like ``unchanged``, on a server that runs no more; or does, until the view stops it."""

    def stopped(view, *, within=False, **options):
        def start():
            server.kill()
            server.start()

        unchanged(view, setup=setup, around=(start, int if within else server.kill), **options)

    return stopped


def failures(m, names):
    """How opening and reading fails."""
    found = []
    for name in names:
        try:
            found.append(sorted(m[name].keys()))
        except Exception as error:  # noqa: BLE001 - compared
            found.append(type(error).__name__)
    return found


def test_nobody_asks_for_it(stopped):
    """The panel that is activated does, and says that it could not."""
    stopped(lambda m, request: m["a"].update({"y": m["b"]["x"]}))


def test_the_view_copes(stopped):
    """What it gets is what it would have got."""

    def view(m, request):
        m["a"]["y"] = failed = failures(m, ["redis", "beaker", "redis"])
        assert failed == ["ConnectionError"] * 3
        return failed, sorted(m)

    stopped(view)


def test_the_view_fails(stopped):
    """The toolbar answers."""

    def view(m, request):
        m["a"]["y"] = 1
        return m["redis"]["x"]

    stopped(view, toolbar_makes_the_difference=True)


@pytest.mark.parametrize("name", ["redis", "beaker"])
def test_it_stops_while_a_session_is_in_use(stopped, server, name):
    """Where the session is stored, the request fails."""

    def view(m, request):
        m["a"]["y"] = 1
        m[name]["y"] = m[name]["x"]
        server.kill()

    stopped(view, within=True)
