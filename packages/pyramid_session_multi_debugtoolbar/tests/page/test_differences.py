"""Incoming and outgoing values next to each other, also of sessions that were not opened."""

from __future__ import annotations

import pytest
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import SessionMultiCSRFStoragePolicy

NOTHING = "\N{EN DASH}"


def beaker(name):
    return BeakerSessionFactoryConfig(key=name, type="memory", secret=f"the secret of {name}")


def table(here, namespace):
    """Key to its values before and after, and its mark."""
    for section in here.content.find_all(class_="panel"):
        if section.strong.get_text(strip=True) == namespace:
            rows = section.find_all("table")[-1].tbody.find_all("tr")
            return {
                row.th.get_text(" ", strip=True): tuple(
                    cell.get_text(" ", strip=True) for cell in row.find_all("td")
                )
                for row in rows
            }
    return None


@pytest.mark.parametrize(("make", "toolbar"), [("signed", True), ("beaker", "activated")])
def test_values_are_shown_side_by_side(site, signed, make, toolbar):
    """Marked as added, changed or removed; Pyramid's own keys are recognized."""
    here = site(toolbar=toolbar, a=signed("a") if make == "signed" else beaker("a"))
    here.multi(lambda m: m["a"].update({"same": 1, "old": 2, "gone": [3], "token": "one"}))

    def change(m):
        m["a"]["old"] = "<new>"
        del m["a"]["gone"]
        m["a"]["token"] = "two"
        m["a"].flash("hello", queue="other")
        m["a"].new_csrf_token()

    here.multi(change)
    assert table(here, "a") == {
        "same": ("1", "1", ""),
        "old": ("2", "'<new>'", "changed"),
        "gone": ("[3]", NOTHING, "removed"),
        "token": ("hidden (str, 3 characters)", "hidden (str, 3 characters)", "changed"),
        "_f_other flash queue 'other'": (NOTHING, "['hello']", "added"),
        "_csrft_ CSRF token": (NOTHING, "hidden (str, 40 characters)", "added"),
    }


def test_a_csrf_token_under_another_key_is_recognized(site, signed):
    """The application's storage policy has the key."""
    here = site(
        a=signed("a"),
        setup=lambda c: c.set_csrf_storage_policy(SessionMultiCSRFStoragePolicy("a", key="own")),
    )
    here.multi(lambda m: m["a"].update(own="0123"))
    assert table(here, "a") == {"own CSRF token": (NOTHING, "hidden (str, 4 characters)", "added")}


def test_a_truncated_value_may_have_changed(site):
    """If a limit truncates the comparison, the panel does not claim to know."""
    here = site(toolbar="activated", a=beaker("a"))
    here.multi(lambda m: m["a"].update({"long": "x" * 100_000, "other": object}))
    here.multi(lambda m: m["a"].update({"long": "x" * 99_999 + "y", "other": 1}))
    assert [mark for *_, mark in table(here, "a").values()] == ["changed", "may have changed"]


def test_incoming_values_of_sessions_that_were_not_opened(site, signed):
    """Read from the cookie; from a server only when activated."""
    for toolbar, seen in ((True, "not read"), ("activated", "'on the server'")):
        here = site(toolbar=toolbar, a=signed("a"), b=beaker("b"))
        here.multi(
            lambda m: (m["a"].update(x="in the cookie"), m["b"].update({"x": "on the server"}))
        )
        here.multi(lambda m: None)
        assert here.states == {"a": "received, not opened", "b": "received, not opened"}
        assert table(here, "a") == {"x": ("'in the cookie'", "not opened", "")}
        if toolbar is True:
            assert "stored on a server" in here.section("b")
        else:
            assert table(here, "b") == {"x": (seen, "not opened", "")}


def test_a_session_that_was_opened_but_not_used(site):
    """Beaker loads it at the first use, which the panel does not trigger."""
    for toolbar, before in ((True, None), ("activated", "1")):
        here = site(toolbar=toolbar, a=beaker("a"))
        here.multi(lambda m: m["a"].update({"x": 1}))
        here.multi(lambda m: m["a"])
        assert "opened, but not used" in here.section("a")
        changes = here.panel.report.rows[0].changes
        assert [change.before for change in changes] == ([before] if before else [])


def test_a_discriminator_that_did_not_run(site, signed):
    """It runs only if the panel is activated; its result and its failures are shown."""
    verdicts = []

    def ask(request):
        verdicts.append(request.matched_route.name)
        if request.environ.get("tests.fail"):
            raise OSError("asked for nothing")
        return not request.environ.get("tests.refuse")

    for toolbar in (True, "activated"):
        here = site(toolbar=toolbar, a=(signed("a"), ask))
        here.multi(lambda m: m["a"].update(x=1))
        verdicts.clear()
        here.multi(lambda m: None)
        assert len(verdicts) == (toolbar == "activated")
    assert table(here, "a") == {"x": ("1", "not opened", "")}
    here.multi(lambda m: None, **{"tests.refuse": True})
    assert "its discriminator refuses this request" in here.section("a")
    here.multi(lambda m: None, **{"tests.fail": True})
    assert "OSError was raised by its discriminator" in here.section("a")
    assert here.panel.nav_subtitle_style == ""


def test_a_result_that_the_application_has_is_reused(site, signed):
    """``peek()`` runs the discriminator without opening the session."""
    verdicts = []
    here = site(toolbar="activated", a=(signed("a"), lambda request: verdicts.append(1) or True))
    here.multi(lambda m: m["a"].update(x=1))
    verdicts.clear()
    assert here.multi(lambda m: m.peek("a")) == {"x": 1}
    assert verdicts == [1]
    assert table(here, "a") == {"x": ("1", "not opened", "")}


def test_a_discriminator_that_reads_a_session_opens_none(site, signed):
    """If only the panel runs it."""
    here = site(
        toolbar="activated",
        a=signed("a"),
        b=(signed("b"), lambda request: "x" in request.session_multi["a"]),
    )
    here.multi(lambda m: (m["a"].update(x=1), m["b"].update(y=2)))
    requests = []
    here.visit(requests.append)
    assert "session_multi" not in vars(requests[0])
    assert here.states == {"a": "received, not opened", "b": "received, not opened"}
    assert table(here, "b") == {"y": ("2", "not opened", "")}


@pytest.mark.parametrize("used", [True, False])
def test_a_discriminator_can_delete_the_sessions(site, signed, used):
    """If only the panel runs it, those of the request do not change."""

    def discards(request):
        assert request.session_multi is not None
        del request.session_multi
        return True

    here = site(toolbar="activated", a=signed("a"), b=(signed("b"), discards))
    here.client.set_cookie("b", "x")
    requests = []

    def view(request):
        requests.append((request, request.session_multi if used else None))

    here.visit(view)
    ((request, manager),) = requests
    assert vars(request).get("session_multi") is manager
    assert here.states["b"] == "received, not opened"
    assert "KeyError" not in here.section("b")
