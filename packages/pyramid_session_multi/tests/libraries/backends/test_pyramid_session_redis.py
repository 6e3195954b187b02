"""pyramid_session_redis has one client for an application: that of the first opened namespace."""

from __future__ import annotations

SECRET = "one secret for all, of more than thirty-two bytes"

OTHER = "and another secret that differs from that, as long"


def redis(name, secret, **options):
    from pyramid_session_redis import RedisSessionFactory

    return RedisSessionFactory(secret, cookie_name=name, **options)


class TestRedisClient:
    """The Redis client that all factories of one application share."""

    def test_two_servers_through_one_client_are_an_error(
        self, configurator, register_all, startup_error
    ):
        """The message names both namespaces and the fix, and shows no password."""
        register_all(
            configurator,
            a=redis("a", SECRET, redis_url="redis://u:hidden@localhost:6379/0"),
            b=redis("b", OTHER, redis_url="redis://u:hidden@localhost:6379/1"),
        )
        message = startup_error(configurator)
        assert "'a'" in message
        assert "'b'" in message
        assert "redis_client_callable" in message
        assert "hidden" not in message

    def test_the_factory_of_request_session_counts(self, configurator, register_all, startup_error):
        """It shares the client as well."""
        configurator.set_session_factory(redis("s", OTHER, redis_port=1))
        register_all(configurator, a=redis("a", SECRET, redis_port=2))
        assert "request.session" in startup_error(configurator)

    def test_one_server_can_be_shared(self, configurator, register_all):
        """The same url for both, or the same defaults."""
        url = "redis://localhost:6379/0"
        register_all(
            configurator,
            a=redis("a", SECRET, redis_url=url),
            b=redis("b", OTHER, redis_url=url),
        )
        configurator.make_wsgi_app()

    def test_the_fix_is_a_client_for_each(self, configurator, register_all):
        """A factory with its own callable does not share the client."""
        register_all(
            configurator,
            a=redis("a", SECRET, redis_url="redis://localhost:6379/0"),
            b=redis("b", OTHER, redis_client_callable=lambda request, **options: None),
        )
        configurator.make_wsgi_app()
