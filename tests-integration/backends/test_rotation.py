"""The sessions that survive a change of the secret, as in docs/how-to/rotate-secrets.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyramid_session_multi import signed_cookie_session_factory
from pyramid_session_redis import RedisSessionFactory

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/rotate-secrets.md").read_text()

pytestmark = pytest.mark.filterwarnings("ignore:Invalidating corrupt:RuntimeWarning:beaker\\.")

OLD, NEW = "old " * 16, "new " * 16

LIBRARIES = ["signed", "nacl", "redis", "beaker_file", "beaker_sqlite", "beaker_cookie"]


@pytest.fixture
def visitor(build, connect):
    """``visitor(factory, cookies)``: a client with these cookies."""

    def visitor(factory, cookies=(), server="webtest"):
        return connect(build(a=factory), server).stranger(**dict(cookies))

    return visitor


def write(sessions):
    sessions["a"]["who"] = "ann"


def who(sessions):
    return sessions["a"].get("who")


def written(client):
    """The cookies of a client that has written to its session."""
    client.multi(write)
    return client.cookies


@pytest.mark.parametrize(
    ("signing", "reading", "user"),
    [
        ([OLD], [OLD, NEW], "ann"),  # the first step
        ([OLD, NEW], [NEW, OLD], "ann"),  # the second, and a process that has not done it yet
        ([NEW, OLD], [OLD, NEW], "ann"),
        ([NEW, OLD], [NEW], "ann"),  # the third
        ([NEW, OLD], [OLD], None),  # without the first step
        ([OLD], [NEW], None),  # without the second
    ],
)
def test_each_step_of_a_rotation_accepts_cookies_of_the_previous_one(
    visitor, signing, reading, user
):
    """The steps of ``signed_cookie_session_factory``."""
    cookies = written(visitor(signed_cookie_session_factory("a", signing)))
    assert visitor(signed_cookie_session_factory("a", reading), cookies).multi(who) == user


def test_a_write_signs_a_cookie_with_the_first_secret(visitor):
    """The old secret can be removed when each session has been used or has timed out."""
    cookies = written(visitor(signed_cookie_session_factory("a", OLD)))
    client = visitor(signed_cookie_session_factory("a", [NEW, OLD]), cookies)
    client.multi(lambda sessions: sessions["a"].update({"n": 1}))
    assert visitor(signed_cookie_session_factory("a", NEW), client.cookies).multi(who) == "ann"


@pytest.mark.parametrize("kind", LIBRARIES)
def test_another_secret_begins_a_new_session(visitor, make, kind):
    """The status is 200 in each other library; Beaker's cookie mode has invalidate_corrupt here."""
    cookies = written(visitor(make(kind, "a", "old")))
    client = visitor(make(kind, "a", "new"), cookies)
    assert client.multi(who) is None
    assert client.status == 200
    assert visitor(make(kind, "a", "new"), written(client)).multi(who) == "ann"


def test_without_invalidate_corrupt_another_secret_of_beakers_cookie_mode_is_a_500(visitor, make):
    """Each visitor with a session gets it until the cookie is gone."""
    cookies = written(visitor(make("beaker_cookie", "a", "old")))
    new = make("beaker_cookie", "a", "new", invalidate_corrupt=False)
    client = visitor(new, cookies, "waitress")
    for _ in range(2):
        client.multi(who)
        assert client.status == 500


@pytest.fixture
def rotating_signer():
    """The class on the page."""
    code = PAGE.split("```python\n# rotating_signer.py\n")[1].split("\n```")[0]
    names = {}
    exec(code, names)
    return names["RotatingSigner"]


def test_redis_rotates_with_a_cookie_signer(visitor, redis, rotating_signer):
    """It accepts what the library signed with its secret, and signs as the library does."""

    def factory(**options):
        return RedisSessionFactory(cookie_name="a", redis_url=redis.url, **options)

    cookies = written(visitor(factory(secret=OLD)))
    client = visitor(factory(cookie_signer=rotating_signer([NEW, OLD])), cookies)
    assert client.multi(who) == "ann"
    client.multi(write)
    assert visitor(factory(secret=NEW), client.cookies).multi(who) is None  # not signed again
    client.multi(lambda sessions: sessions.renew("a"))
    assert visitor(factory(secret=NEW), client.cookies).multi(who) == "ann"
