"""A Redis server that is killed between two requests, or during one."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def server(start_redis):
    with start_redis() as server:
        yield server


@pytest.fixture(scope="module")
def setup(server):
    """A namespace of each library that uses that server."""
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
    """Like ``unchanged``, on a server that is stopped before the view or by the view."""

    def stopped(view, *, within=False, **options):
        def start():
            server.kill()
            server.start()

        unchanged(view, setup=setup, around=(start, int if within else server.kill), **options)

    return stopped


def failures(m, names):
    """The exceptions of opening and reading."""
    results = []
    for name in names:
        try:
            results.append(sorted(m[name].keys()))
        except Exception as error:  # noqa: BLE001 - compared
            results.append(type(error).__name__)
    return results


def test_the_view_does_not_use_it(stopped):
    """An activated panel does, and says that it failed."""
    stopped(lambda m, request: m["a"].update({"y": m["b"]["x"]}))


def test_the_view_handles_the_error(stopped):
    """It gets the same exception as without the panel."""

    def view(m, request):
        m["a"]["y"] = failed = failures(m, ["redis", "beaker", "redis"])
        assert failed == ["ConnectionError"] * 3
        return failed, sorted(m)

    stopped(view)


def test_the_view_fails(stopped):
    """The toolbar responds."""

    def view(m, request):
        m["a"]["y"] = 1
        return m["redis"]["x"]

    stopped(view, toolbar_makes_the_difference=True)


@pytest.mark.parametrize("name", ["redis", "beaker"])
def test_it_stops_while_a_session_is_in_use(stopped, server, name):
    """The request fails if the session is stored."""

    def view(m, request):
        m["a"]["y"] = 1
        m[name]["y"] = m[name]["x"]
        server.kill()

    stopped(view, within=True)
