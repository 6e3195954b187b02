"""pyramid_session_redis keeps one client per application, that of the namespace opened first."""

from __future__ import annotations

SECRET = "one secret for all, of more than thirty-two bytes"

OTHER = "and another secret that is none of the above, as long"


def redis(name, secret, **options):
    from pyramid_session_redis import RedisSessionFactory

    return RedisSessionFactory(secret, cookie_name=name, **options)


class TestRedisClient:
    """pyramid_session_redis keeps one client in an application, that of whoever is opened first."""

    def test_two_servers_through_one_client_are_refused(
        self, configurator, register_all, startup_error
    ):
        """The message names both, the cure, and no password."""
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
        """It takes part in the sharing, so in the check."""
        configurator.set_session_factory(redis("s", OTHER, redis_port=1))
        register_all(configurator, a=redis("a", SECRET, redis_port=2))
        assert "request.session" in startup_error(configurator)

    def test_one_server_is_shared_in_peace(self, configurator, register_all):
        """The same url for both, or the same defaults."""
        url = "redis://localhost:6379/0"
        register_all(
            configurator,
            a=redis("a", SECRET, redis_url=url),
            b=redis("b", OTHER, redis_url=url),
        )
        configurator.make_wsgi_app()

    def test_the_cure_is_a_client_for_each(self, configurator, register_all):
        """A callable of its own takes a factory out of the sharing."""
        register_all(
            configurator,
            a=redis("a", SECRET, redis_url="redis://localhost:6379/0"),
            b=redis("b", OTHER, redis_client_callable=lambda request, **options: None),
        )
        configurator.make_wsgi_app()
