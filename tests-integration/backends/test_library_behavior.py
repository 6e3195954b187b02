"""Real requests show what each library does. docs/explanation/libraries.md has the results."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from beaker.exceptions import BeakerException

PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/libraries.md"

NAMES = {
    "signed": "Pyramid, signed",
    "nacl": "nacl",
    "beaker_cookie": "Beaker, cookie",
    "redis": "Redis",
    "beaker_file": "Beaker, server",
}

# The results: a Set-Cookie header with a value, one that deletes, or none.
SENT, DELETED, NOTHING = "cookie", "deletion", "·"

MINUTES = 60


class Scene:
    """A visitor of an application with the namespace ``a``, and a clock that tests move."""

    def __init__(self, client, clock, redis):
        self.client, self.clock, self.redis = client, clock, redis

    def __call__(self, view):
        """The result of the view for the session; ``None`` if it raises."""
        return self.client.multi(lambda m: view(m["a"]))

    def later(self, seconds):
        self.clock.now += seconds
        for key in self.redis.scan_iter():
            self.redis.expire(key, self.redis.ttl(key) - seconds)  # it has its own clock

    @property
    def sent(self):
        if "a" not in self.client.cookies and self.client.set_cookies:
            return DELETED
        return SENT if self.client.set_cookies else NOTHING


class Clock:
    def __init__(self):
        self.now = time.time()

    def __call__(self):
        return self.now


class Broken(Exception):
    pass


def fail(after):
    """A view that raises at its end."""

    def view(session):
        after(session)
        raise Broken

    return view


def write(session):
    session["who"] = "ann"


def who(session):
    return session.get("who")


def is_open(scene):
    scene(lambda session: None)
    return scene.sent


def is_read_without_a_cookie(scene):
    scene(who)
    return scene.sent


def is_written_first(scene):
    scene(write)
    return scene.sent


def is_read_at_once(scene):
    scene(write)
    scene(who)
    return scene.sent


def is_read_later(scene):
    scene(write)
    scene.later(1 * MINUTES)
    scene(who)
    return scene.sent


def is_written_again(scene):
    scene(write)
    scene.later(1 * MINUTES)
    scene(lambda session: session.update({"who": "eve"}))
    return scene.sent


def is_invalidated(scene):
    scene(write)
    scene(lambda session: session.invalidate())
    return scene.sent


def change_in_place(scene, after=0):
    scene(lambda session: session.update({"items": []}))
    scene.later(after)
    scene(lambda session: session["items"].append("tea"))
    return "kept" if scene(lambda session: session["items"]) else "lost"


def change_in_place_later(scene):
    return change_in_place(scene, after=1 * MINUTES)


def answered_exception(scene):
    scene(lambda session: session.update({"who": "eve"}))
    scene(fail(write))
    return "kept" if scene(who) == "ann" else "lost"


def exception(scene):
    scene(lambda session: session.update({"who": "eve"}))
    with pytest.raises(LookupError):
        scene(lambda session: [write(session), {}["raises"]])
    return "kept" if scene(who) == "ann" else "lost"


def timeout(scene):
    scene(write)
    scene.later(120 * MINUTES)
    return "yes" if scene(who) is None else "no"


def reading_extends(scene):
    """Visits at intervals shorter than the timeout, longer in total."""
    scene(write)
    for _ in range(3):
        scene.later(15 * MINUTES)
        user = scene(who)
    return "yes" if user == "ann" else "no"


def tuple_comes_back(scene):
    scene(lambda session: session.update({"pair": (1, 2)}))
    return type(scene(lambda session: session["pair"])).__name__


def large(scene):
    """More than browsers keep in a cookie."""
    try:
        scene(lambda session: session.update({"who": "x" * 5000}))
    except (ValueError, BeakerException):
        return "error"
    return "kept" if scene(who) else "lost"


ROWS = {
    "**Sent with the response**, when the session": None,
    "is opened only": is_open,
    "is read without a cookie": is_read_without_a_cookie,
    "is written for the first time": is_written_first,
    "is read again in the same second": is_read_at_once,
    "is read a minute later": is_read_later,
    "is written a minute later": is_written_again,
    "is invalidated by its own `invalidate()`": is_invalidated,
    "**What happens to**": None,
    "a list that is changed in place in the same second": change_in_place,
    "a list that is changed in place a minute later": change_in_place_later,
    "a write before an exception that an exception view answers": answered_exception,
    "a write before an exception that nothing answers": exception,
    "a tuple: it comes back as a": tuple_comes_back,
    "a value of 5,000 bytes": large,
    "**Time**": None,
    "ends after two hours without a visit": timeout,
    "reading extends `timeout=1200`": reading_extends,
}
OPTIONS = {reading_extends: {"timeout": 20 * MINUTES}}


BEAKER = ["beaker_cookie", "beaker_memory", "beaker_file", "beaker_sqlite"]
ONLY_WRITES = {"save_accessed_time": False}


@pytest.fixture
def scene(build, make, connect, redis, monkeypatch):
    """``scene(kind, options)``: a new visitor with a session of this library."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)

    def answer(error, request):
        return request.response

    def scene(kind, options):
        factory = make(kind, "a", **options)
        site = build(setup=lambda config: config.add_exception_view(answer, Broken), a=factory)
        return Scene(connect(site, "webtest"), clock, redis.client)

    return scene


def table(scene):
    yield "| | " + " | ".join(NAMES.values()) + " |"
    yield "|---|" + ":-:|" * len(NAMES)
    for row, measure in ROWS.items():
        options = OPTIONS.get(measure, {})
        cells = [measure(scene(kind, options)) if measure else "" for kind in NAMES]
        yield f"| {row} | " + " | ".join(cells) + " |"


def test_the_page_in_docs_has_the_measured_table(request, scene):
    """``--update-docs`` writes it."""
    old = page = PAGE.read_text()
    begin, end = "<!-- what -->\n", "<!-- end of what -->\n"
    head, rest = page.split(begin)
    page = head + begin + "\n".join(table(scene)) + "\n" + end + rest.split(end)[1]
    if request.config.getoption("--update-docs"):
        PAGE.write_text(page)
    else:
        assert page == old, (
            "scripts/test tests-integration/backends/test_library_behavior.py --update-docs"
        )


@pytest.mark.parametrize("kind", BEAKER)
@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ({}, "kept"),
        ({"auto": True}, "kept"),
        (ONLY_WRITES, "lost"),
        ({**ONLY_WRITES, "auto": True}, "kept"),
    ],
)
def test_beaker_keeps_a_change_in_place_unless_it_saves_writes_only(scene, kind, options, outcome):
    """By default it saves each used session, to store the time of access."""
    assert change_in_place(scene(kind, options)) == outcome


@pytest.mark.parametrize("kind", ["signed", "nacl", "signed_cookie"])
@pytest.mark.parametrize(
    ("options", "seconds", "outcome"),
    [
        ({}, 0, "lost"),
        ({}, 2, "kept"),
        ({"reissue_time": 60}, 2, "lost"),
        ({"reissue_time": 60}, 62, "kept"),
        ({"reissue_time": None}, 62, "lost"),
    ],
)
def test_a_cookie_keeps_a_change_in_place_only_if_it_is_sent_again(
    scene, kind, options, seconds, outcome
):
    """By default that is in a later second, so the same code loses some changes and not others."""
    assert change_in_place(scene(kind, options), after=seconds) == outcome


def test_redis_keeps_a_change_in_place_unless_it_does_not_compare(scene):
    """By default it compares the data at the end of the request."""
    assert change_in_place(scene("redis", {})) == "kept"
    assert change_in_place(scene("redis", {"detect_changes": False})) == "lost"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        *((kind, {}) for kind in NAMES),
        *((kind, ONLY_WRITES) for kind in BEAKER),
        ("redis", {"detect_changes": False}),
    ],
)
def test_changed_keeps_a_change_in_place_with_every_library(scene, kind, options):
    """The same code works with all of them."""
    visitor = scene(kind, options)
    visitor(lambda session: session.update({"items": []}))
    visitor(lambda session: [session["items"].append("tea"), session.changed()])
    assert visitor(lambda session: session["items"]) == ["tea"]
