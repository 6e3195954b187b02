"""pyramid_retry with pyramid_tm: each attempt is a request of its own.

The toolbar answers an exception with a page, but leaves it on the request, where pyramid_retry
finds it: with the toolbar there are as many attempts as without it.
"""

from __future__ import annotations

import pytest
from transaction.interfaces import TransientError

ATTEMPTS = [0, 1, 2]


def retried(config, tween):
    config.include("pyramid_tm")
    config.include("pyramid_retry")


def raised_through(config, tween):
    retried(config, tween)
    settings = config.registry.settings
    settings["debugtoolbar.intercept_exc"] = False
    # The toolbar's own panel of headers breaks the page of a request without a response.
    panels = settings.get("debugtoolbar.panels", ())
    settings["debugtoolbar.panels"] = [panel for panel in panels if panel != "headers"]


@pytest.fixture
def succeeds_at_last():
    """A view that fails twice; its outcome has what it opens and commits."""
    attempts = []

    def view(m, request):
        attempt = request.environ["retry.attempt"]
        attempts.append(attempt)
        ends = request.environ.setdefault("tests.ends", [])
        transaction = request.tm.get()
        transaction.addAfterCommitHook(lambda done: ends.append(["committed", attempt, done]))
        transaction.addAfterAbortHook(lambda: ends.append(["aborted", attempt]))
        keys = sorted(m["a"].keys())
        m["a"]["attempts"] = m["a"].get("attempts", 0) + 1
        m["b"][f"attempt {attempt}"] = m["a"]["attempts"]
        if attempt < ATTEMPTS[-1]:
            raise TransientError("once more")
        return keys, m["a"]["attempts"], ends

    view.attempts = attempts
    return view


def test_attempts_that_the_toolbar_answers(unchanged, succeeds_at_last):
    """Its responses are dropped, but response callbacks ran for them: Beaker has already stored."""
    unchanged(
        succeeds_at_last, setup=retried, requests=len(ATTEMPTS), toolbar_makes_the_difference=True
    )
    assert succeeds_at_last.attempts == ATTEMPTS * 4


def test_attempts_whose_exceptions_pass_the_toolbar(unchanged, succeeds_at_last):
    """Everything is as without a toolbar."""
    unchanged(succeeds_at_last, setup=raised_through, requests=len(ATTEMPTS))
    assert succeeds_at_last.attempts == ATTEMPTS * 4


def test_the_last_attempt_fails_as_well(unchanged):
    """The exception leaves the application."""
    attempts = []

    def view(m, request):
        attempts.append(request.environ["retry.attempt"])
        m["a"]["y"] = len(m)
        raise TransientError("once more")

    unchanged(view, setup=raised_through, requests=len(ATTEMPTS))
    assert attempts == ATTEMPTS * 4


def test_each_attempt_has_a_page(unchanged, succeeds_at_last):
    """The first attempt's page shows the namespaces as well."""
    unchanged(succeeds_at_last, setup=raised_through, requests=len(ATTEMPTS), index=2)
