"""Sessions that move between ``request.session`` and a namespace, and back.

As docs/how-to/move-running-sessions.md says: with the cookie's name, the secret and the storage of
before, nobody loses a session.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/move-running-sessions.md"
SECRET = "for-tests-only" * 5
NACL_SECRET = "0123456789abcdef" * 4

# The library, its own settings for request.session, and the settings of a namespace.
SETTINGS = {
    "redis": (
        "pyramid_session_redis",
        {"redis.sessions.secret": SECRET, "redis.sessions.redis_url": "{redis}"},
        {"use": "redis", "secret": SECRET, "redis_url": "{redis}", "cookie_name": "session"},
    ),
    "nacl": (
        "pyramid_nacl_session",
        {"session.secret": NACL_SECRET},
        {"use": "nacl", "secret": NACL_SECRET, "cookie_name": "session"},
    ),
    **{
        f"beaker_{options['type']}": (
            "pyramid_beaker",
            {f"session.{name}": value for name, value in options.items()},
            {"use": "beaker", "cookie_name": "beaker.session.id", **options},
        )
        for options in [
            {"type": "file", "data_dir": "{directory}", "secret": SECRET},
            {"type": "ext:database", "url": "sqlite:///{directory}/sessions", "secret": SECRET},
            {"type": "cookie", "validate_key": SECRET},
        ]
    },
}


@pytest.fixture
def fill_in(redis, tmp_path):
    """Insert the address of the storage into settings."""

    def fill_in(settings):
        storage = {"redis": redis.url, "directory": tmp_path}
        return {name: value.format(**storage) for name, value in settings.items()}

    return fill_in


@pytest.fixture
def connect_to(stage, connect):
    """``connect_to(config, cookies)``: a browser that has these cookies."""

    def connect_to(config, cookies):
        client = connect(stage(config), "webtest")
        client.cookies = cookies
        return client

    return connect_to


def count(session):
    session["n"] = session.get("n", 0) + 1
    return session["n"]


def old_count(request):
    return count(request.session)


def new_count(request):
    return count(request.session_multi["public"])


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_session_of_a_librarys_own_settings_moves_to_a_namespace_and_back(
    fill_in, connect_to, kind
):
    library, own, of_namespace = SETTINGS[kind]
    before = Configurator(settings=fill_in(own))
    before.include(library)
    options = {f"session_multi.public.{name}": value for name, value in of_namespace.items()}
    after = Configurator(settings={"session_multi.namespaces": "public", **fill_in(options)})
    after.include("pyramid_session_multi")

    cookies = {}
    old, new = connect_to(before, cookies), connect_to(after, cookies)
    assert [old.visit(old_count), new.visit(new_count), old.visit(old_count)] == [1, 2, 3]
    assert len(cookies) == 1
    assert new.visit(new_count) == 4


@pytest.mark.parametrize("secret", [SECRET, "short"])
def test_a_signed_session_moves_to_a_namespace_and_back(connect_to, secret):
    """With the previous factory, whose secret may be short."""
    before, after = Configurator(), Configurator()
    before.set_session_factory(SignedCookieSessionFactory(secret))
    after.include("pyramid_session_multi")
    after.register_session_factory("public", SignedCookieSessionFactory(secret))

    cookies = {}
    old, new = connect_to(before, cookies), connect_to(after, cookies)
    assert [old.visit(old_count), new.visit(new_count), old.visit(old_count)] == [1, 2, 3]
    assert list(cookies) == ["session"]


@pytest.fixture
def move_sessions():
    """The function on the page."""
    block = r"^```python\n# moving.py\n(.*?)^```$"
    [code] = re.findall(block, PAGE.read_text(), re.DOTALL | re.MULTILINE)
    names = {}
    exec(code, names)
    return names["move_sessions"]


KINDS = ["signed", "signed_cookie", "nacl", "beaker_cookie", "redis", "beaker_file"]


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS)
def test_each_session_is_copied_once(build, make, connect, move_sessions, source, target):
    """Between any two libraries; the old session ends on its server."""
    namespaces = {"old": make(source, "old"), "new": make(target, "new")}
    client = connect(build(**namespaces), "webtest")
    client.multi(lambda sessions: sessions["old"].update({"auth.userid": "ann"}))
    stolen = dict(client.cookies)

    def setup(config):
        move_sessions(config, "old", "new")

    moving = connect(build(setup=setup, **namespaces), "webtest")
    moving.cookies = client.cookies
    assert moving.multi(lambda sessions: sessions["new"].get("auth.userid")) == "ann"
    assert not moving.multi(lambda sessions: sessions.peek("old"))
    moving.multi(lambda sessions: sessions["new"].pop("auth.userid"))
    assert moving.multi(lambda sessions: sessions["new"].get("auth.userid")) is None

    is_alive = client.stranger(**stolen).multi(lambda sessions: sessions["old"].get("auth.userid"))
    assert (is_alive is None) == (source in {"redis", "beaker_file"})


@pytest.mark.parametrize("source", ["signed", "redis", "beaker_file"])
def test_a_failed_request_loses_a_session_that_it_moves_from_a_server(
    build, make, connect, move_sessions, source
):
    """As with ``renew``; a cookie is still in the browser."""

    def setup(config):
        move_sessions(config, "old", "new")

    namespaces = {"old": make(source, "old"), "new": make("signed_cookie", "new")}
    client = connect(build(**namespaces), "webtest")
    client.multi(lambda sessions: sessions["old"].update({"auth.userid": "ann"}))
    moving = connect(build(setup=setup, **namespaces), "webtest")
    moving.cookies = client.cookies
    with pytest.raises(ZeroDivisionError):
        moving.visit(lambda request: 1 / 0)
    moved = moving.multi(lambda sessions: sessions["new"].get("auth.userid"))
    assert moved == ("ann" if source == "signed" else None)
