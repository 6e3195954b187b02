"""The same visit without the panel, with it, and with it activated: nothing may differ.

Baselines: status, body and what the application sees of ``session_multi`` are those of the same
toolbar without the panel; cookies, backends and the calls of factories and discriminators those of
no toolbar at all. Where the toolbar itself makes the difference, it is the baseline for these too.
"""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from pyramid.response import Response

TOOLBAR = "pyramid_debugtoolbar.toolbar_tween_factory"


class Recorder:
    """A factory or discriminator that counts its calls with the application's own requests."""

    def __init__(self, name, wrapped, calls):
        self.name, self.wrapped, self.calls = name, wrapped, calls

    def __call__(self, request):
        own = request.environ.get("tests.requests", ())
        if any(each is request for each in own):
            self.calls[self.name] += 1
        return self.wrapped(request)


def down(request):
    raise OSError("the backend is down")


def agrees(request):
    return "yes"


def refuses(request):
    return 0


@pytest.fixture(scope="module")
def application(site, library, tween, signed):
    """The application of a scenario, shared by all scenarios that need no other."""
    sites = {}

    def make(toolbar, setup):
        calls = Counter()

        def configure(config):
            def identify(handler, request):
                request.environ.setdefault("tests.requests", []).append(request)
                return handler(request)

            tween(config, identify, over=[TOOLBAR, "pyramid.tweens.excview_tween_factory"])
            if setup:
                setup(config, tween)

        def factory(name, wrapped):
            return Recorder(f"factory {name}", wrapped, calls)

        def discriminator(name, answer):
            return Recorder(f"discriminator {name}", answer, calls)

        here = site(
            toolbar=toolbar,
            setup=configure,
            a=(factory("a", library.make("a")), discriminator("a", agrees)),
            b=factory("b", library.make("b")),
            refused=(factory("refused", signed("refused")), discriminator("refused", refuses)),
            broken_factory=(factory("broken", down), None, "broken_factory"),
            broken_discriminator=(signed("broken_discriminator"), discriminator("broken", down)),
        )
        here.calls = calls
        return here

    def application(toolbar, setup):
        key = toolbar, setup
        if key not in sites:
            sites[key] = make(toolbar, setup)
        here = sites[key]
        here.client.reset()
        for name in ("refused", "broken_factory", "broken_discriminator"):
            here.client.set_cookie(name, "x")
        return here

    return application


def fill(request):
    """The data of the session before the visit."""
    m = request.session_multi
    for name in set(m.namespaces).difference(["refused", "broken_factory", "broken_discriminator"]):
        m[name].update({"x": name, "nested": {"list": [1, 2]}})
    m["a"].flash("from before")
    m["a"].new_csrf_token()


def afterwards(m):
    """The data in the next request."""
    return [sorted((k, m[name].get(k)) for k in list(m[name].keys())) for name in ("a", "b")]


def nothing():
    pass


nothing_around = nothing, nothing


@pytest.fixture
def run(library, application, clock):
    """Run a scenario; return everything that can be compared."""
    start = clock.now

    def run(toolbar, view, setup, index, environ, around=nothing_around):
        clock.now = start
        here = application(toolbar, setup)
        library.fresh()
        before, between = around
        before()
        here.visit(fill)
        cookies(library, here)
        between()
        here.calls.clear()
        clock.now += 100
        with library.commands() as commands:
            seen = {"outcome": visit(here, view, dict(environ))}
        seen |= {"commands": list(commands), "calls": dict(here.calls)}
        seen |= {"cookies": cookies(library, here), "stored": library.stored()}
        if toolbar in (True, "activated"):
            here.index = index
            seen |= {"state": here.states["a"], "faults": here.panel._errors.lines}
        clock.now += 100
        seen["afterwards"] = here.visit(lambda request: afterwards(request.session_multi))
        seen["stored afterwards"] = library.stored()
        return normal(json.loads(json.dumps(seen, default=str)))

    return run


def visit(here, view, environ):
    outcomes = []
    here.response = None

    def staged(request):
        outcomes.append(view(request.session_multi, request))
        return outcomes[-1] if isinstance(outcomes[-1], Response) else None

    try:
        here.visit(staged, **environ)
    except Exception as error:  # noqa: BLE001 - compared
        return [type(error).__name__, str(error), outcomes]
    seen = [outcome for outcome in outcomes if not isinstance(outcome, Response)]
    response, compared = here.response, {"Vary", "X-Inner", "Location"}
    headers = [(name, value) for name, value in response.headers.items() if name in compared]
    return [response.status, response.text, headers, seen]


def cookies(library, here):
    written = []
    for header in here.response.headers.getall("Set-Cookie") if here.response else ():
        pair, _, attributes = header.partition(";")
        name, _, value = pair.partition("=")
        holds = library.read(name, value) if value and name in ("a", "b") else bool(value)
        written.append([name, holds, attributes])
    return written


def normal(seen):
    """The result without random parts: tokens, and ids on the toolbar's page of an exception."""
    if isinstance(seen, list):
        return [normal(each) for each in seen]
    if isinstance(seen, dict):
        return {key: normal(value) for key, value in seen.items()}
    if not isinstance(seen, str):
        return seen
    seen = re.sub(r"\b0x[0-9a-f]{6,}\b", "address", seen)
    return re.sub(r"\b\d{11,}\b|\b[0-9a-f]{10}\b|\b[0-9a-f]{16,}\b", "id", seen)


@pytest.fixture
def unchanged(run):
    """``unchanged(view, ...)`` fails where a visit is not the same with the panel.

    :param state: what the panel shows of the namespace "a": one that does nothing fails.
    :param index: which of the last requests that is.
    :param requests: how many there are with a toolbar.
    :param around: is called before the session is filled, and after that.
    """

    def unchanged(
        view,
        state="opened",
        *,
        setup=None,
        index=0,
        requests=1,
        around=nothing_around,
        toolbar_makes_the_difference=False,
        **environ,
    ):
        def now(toolbar):
            return run(toolbar, view, setup, index, environ, around)

        no_toolbar, same_toolbar, on, activated = (
            now(False),
            now("bare"),
            now(True),
            now("activated"),
        )
        baseline = same_toolbar if toolbar_makes_the_difference else no_toolbar
        permit_reads(activated, baseline, requests)
        for seen in (on, activated):
            assert seen["state"].startswith(state)
            assert seen["faults"] == []
            assert seen["outcome"] == same_toolbar["outcome"]
            for what in ("cookies", "stored", "stored afterwards", "afterwards"):
                assert seen[what] == baseline[what], what
            assert seen["calls"] == baseline["calls"]
            assert seen["commands"] == baseline["commands"]

    return unchanged


def permit_reads(activated, baseline, requests):
    """Remove what only an activated panel may do: one read, and one run of each discriminator."""
    for name, times in list(activated["calls"].items()):
        asked = baseline["calls"].get(name, 0)
        if name.startswith("discriminator") and asked < times <= requests:
            activated["calls"][name] = asked
    activated["calls"] = {name: times for name, times in activated["calls"].items() if times}
    expected = list(baseline["commands"])
    commands = []
    for verb in activated["commands"]:
        if expected and verb == expected[0]:
            commands.append(expected.pop(0))
        else:
            assert verb == "GET"
    activated["commands"] = commands
