"""A backend that fails while only the panel reads is not a failure of the panel."""

from __future__ import annotations

import pytest
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import SessionLibrary
from pyramid_session_redis import RedisSessionFactory
from redis import StrictRedis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry


@pytest.fixture
def server(start_redis):
    with start_redis() as server:
        yield server


@pytest.fixture
def here(site, server):
    """A namespace of each server-side library, and an activated panel."""

    def client(request, **options):
        return StrictRedis.from_url(server.url, retry=Retry(NoBackoff(), 0))

    here = site(
        toolbar="activated",
        a=RedisSessionFactory("secret of a", cookie_name="a", redis_client_callable=client),
        b=BeakerSessionFactoryConfig(
            key="b", type="ext:redis", url=server.url, secret="secret of b"
        ),
    )
    here.multi(lambda m: [m[name].update({"x": name}) for name in "ab"])
    return here


def text(here, namespace):
    assert here.panel._errors.lines == []
    return here.section(namespace)


def test_sessions_that_were_not_opened(here, server):
    """Their state is only that their cookie was received."""
    server.kill()
    here.multi(lambda m: None)
    for name in "ab":
        assert "ConnectionError was raised when it was read" in text(here, name)
    assert here.panel.nav_subtitle_style == ""


def test_a_session_that_is_opened_before_it_is_loaded(here, server):
    """A session of Beaker: neither the incoming data nor those of the next request are known."""
    server.kill()
    here.multi(lambda m: m["b"])
    assert "Incoming: " in text(here, "b")
    assert "ConnectionError was raised when it was read" in text(here, "b")


def test_a_write_that_cannot_be_read_back(here, server):
    """The panel does not claim that it is lost."""

    def view(request):
        request.session_multi["a"]["x"] = 2
        # a finished callback after the one that stores the session
        request.add_finished_callback(
            lambda request: request.add_finished_callback(lambda request: server.kill())
        )

    here.visit(view)
    assert "The next request's data are not known: redis.exceptions.Conn" in text(here, "a")
    assert not here.has_lost_writes


def test_a_new_session_that_cannot_be_stored(here, server):
    """One line names the exception that left the application; the panel does not claim a write."""

    def view(m):
        m["a"]["x"] = 2
        server.kill()

    here.client.reset()
    with pytest.raises(RedisConnectionError):
        here.multi(view)
    (line,) = here.content.find_all(class_="alert-danger")
    assert line.get_text().startswith(
        "No response was sent: redis.exceptions.ConnectionError left the application, and no "
        "cookie was set. Its message: "
    )
    assert here.panel.report.failed
    assert [row.key_count for row in here.panel.report.rows] == [None, None]
    assert "a finished callback raised before it could be read" in text(here, "a")


def test_a_session_that_can_only_be_read_at_the_end(site):
    """Its library is not described, or the description cannot read passively."""

    class Failing(dict):
        """A session that is not a dict, so that it cannot be read passively."""

    class Session:
        new = True

        def items(self):
            raise OSError("down")

    class Library(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is Session

    here = site(
        toolbar="activated",
        setup=lambda config: config.register_session_library(Library()),
        a=(lambda request: Session(), None, "a"),
    )
    here.multi(lambda m: m["a"])
    assert "Outgoing: OSError was raised when it was read" in text(here, "a")
