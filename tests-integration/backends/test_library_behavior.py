"""What each session library does, by real requests, for docs/explanation/libraries.md to tell."""

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

# What happened: a Set-Cookie header with a value, one that deletes, or none.
SENT, DELETED, NOTHING = "cookie", "deletion", "·"

MINUTES = 60


class Scene:
    """A visitor of an application with the namespace ``a``, and a clock to be put forward."""

    def __init__(self, client, clock, redis):
        self.client, self.clock, self.redis = client, clock, redis

    def __call__(self, view):
        """What the view gives for the session, ``None`` if it raises."""
        return self.client.multi(lambda m: view(m["a"]))

    def later(self, seconds):
        self.clock.now += seconds
        for key in self.redis.scan_iter():
            self.redis.expire(key, self.redis.ttl(key) - seconds)  # it has a clock of its own

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
    """A view that raises when it has done something."""

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


def change_in_place(scene):
    scene(lambda session: session.update({"items": []}))
    scene(lambda session: session["items"].append("tea"))
    return "kept" if scene(lambda session: session["items"]) else "lost"


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
    return "ends it" if scene(who) is None else "·"


def reading_extends(scene):
    """Visits that are less than the timeout apart, and together more."""
    scene(write)
    for _ in range(3):
        scene.later(15 * MINUTES)
        found = scene(who)
    return "yes" if found == "ann" else "no"


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
    "**The response sets**, when the session": None,
    "is opened, and no more": is_open,
    "is read, and no cookie came": is_read_without_a_cookie,
    "is written for the first time": is_written_first,
    "is read in the same second": is_read_at_once,
    "is read a minute later": is_read_later,
    "is written a minute later": is_written_again,
    "is invalidated by its own `invalidate()`": is_invalidated,
    "**What becomes of**": None,
    "a list in it that is changed in place": change_in_place,
    "a write before an exception that an exception view answers": answered_exception,
    "a write before an exception that nobody answers": exception,
    "a tuple, which comes back as": tuple_comes_back,
    "a value of 5,000 bytes": large,
    "**Time**": None,
    "two hours without a visit": timeout,
    "with `timeout=1200`, does reading begin the 20 minutes anew?": reading_extends,
}
OPTIONS = {reading_extends: {"timeout": 20 * MINUTES}}


@pytest.fixture
def scene(build, make, connect, redis, monkeypatch):
    """``scene(kind, options)``: a new visitor, whose session is of this library."""
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


def test_the_page_in_docs_says_what_happens(request, scene):
    """The page in docs holds the table as measured; ``--update-docs`` puts it there."""
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
