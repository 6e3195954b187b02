"""The double reports data that a signed cookie session would reject, change or lose."""

import copy
import datetime
import json
import math
import unittest
import warnings

import pytest
from pyramid.interfaces import ISession
from pyramid.session import JSONSerializer, SignedCookieSessionFactory
from pyramid_session_multi import UnregisteredSession
from pyramid_session_multi_testing import DummySessionMulti, SessionDataWarning
from zope.interface.verify import verifyObject

pytest_plugins = "pytester"

RING = []
RING.append(RING)

REFUSED = {
    "a datetime": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    "bytes": b"x",
    "a set": {1},
    "an object": object(),
    "deep inside": {"items": [{"when": datetime.date(2026, 1, 1)}]},
    "a key of bytes": {b"x": 1},
    "itself": RING,
}

CHANGED = {
    "a tuple": (1, 2),
    "deep inside": {"items": [{"size": (1, 2)}]},
    "a number as key": {1: "one"},
    "None as key": {None: 1},
}

KEPT = {
    "text": "tea",
    "numbers": [0, 1.5, -7, True, None],
    "nested": {"list": [{"a": [1]}]},
    "not a number": [math.nan, math.inf],
    "empty": [[], {}, ""],
}

WRITES = {
    "[]": lambda session, value: session.__setitem__("k", value),
    "setdefault": lambda session, value: session.setdefault("k", value),
    "update": lambda session, value: session.update({"k": value}),
    "update(k=)": lambda session, value: session.update(k=value),
    "|=": lambda session, value: session.__ior__({"k": value}),
}


@pytest.fixture(params=WRITES.values(), ids=WRITES)
def write(request):
    """Each method that stores a value under a key."""
    return request.param


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_a_value_that_json_cannot_hold_is_an_error_at_once(write, value):
    """Pyramid's session raises the same type at the end of the request. Nothing is stored."""
    cart = DummySessionMulti(["cart"])["cart"]
    with pytest.raises(TypeError, match=r"session 'cart' cannot store the value of 'k' as JSON"):
        write(cart, value)
    assert cart == {}


@pytest.mark.parametrize("value", [*REFUSED.values()][:4], ids=[*REFUSED][:4])
def test_such_a_value_fails_in_a_signed_session_too(value):
    """The double raises no false alarm."""
    with pytest.raises(TypeError):
        JSONSerializer().dumps(value)


def test_an_invalid_value_leaves_the_session_unchanged():
    cart = DummySessionMulti({"cart": {"k": 1}})["cart"]
    for write in (cart.update, cart.__ior__):
        with pytest.raises(TypeError):
            write({"k": 2, "when": datetime.date(2026, 1, 1)})
        assert cart == {"k": 1}
    with pytest.raises(TypeError):
        cart.flash(object())


def test_an_invalid_value_is_reported_without_being_shown():
    """It may be a secret; the message of ``json`` does not show it either."""
    cart = DummySessionMulti(["cart"])["cart"]
    with pytest.raises(TypeError) as caught:
        cart["k"] = {"token": b"hush"}
    assert "Object of type bytes is not JSON serializable" in str(caught.value)
    assert "strict=" in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("value", CHANGED.values(), ids=CHANGED)
def test_a_value_that_json_changes_is_a_warning_at_once(write, value):
    """The test continues, as the view may work with the changed value."""
    cart = DummySessionMulti(["cart"])["cart"]
    with pytest.warns(SessionDataWarning, match="session 'cart' stores 'k' as JSON") as caught:
        write(cart, value)
    assert len(caught) == 1
    assert cart == {"k": value}


def test_the_warning_shows_the_line_that_stores_the_value():
    cart = DummySessionMulti(["cart"])["cart"]
    with pytest.warns(SessionDataWarning) as caught:
        cart["k"] = (1,)
    assert caught[0].filename == __file__
    with pytest.warns(SessionDataWarning) as caught:
        DummySessionMulti({"cart": {"k": (1,)}})
    assert caught[0].filename == __file__


def test_a_value_is_reported_once():
    """Not again for each other stored value."""
    cart = DummySessionMulti(["cart"])["cart"]
    with pytest.warns(SessionDataWarning):
        cart["k"] = (1,)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cart["other"] = 1


def test_a_warning_that_is_an_error_leaves_the_session_unchanged():
    cart = DummySessionMulti(["cart"])["cart"]
    with warnings.catch_warnings():
        warnings.simplefilter("error", SessionDataWarning)
        with pytest.raises(SessionDataWarning):
            cart["k"] = (1,)
    assert cart == {}


@pytest.mark.parametrize("value", KEPT.values(), ids=KEPT)
def test_values_that_json_holds_are_stored(write, value):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cart = DummySessionMulti({"cart": {"before": value}})["cart"]
        write(cart, value)
    assert cart == {"before": value, "k": value}


def test_initial_data_are_checked_as_well():
    """They represent the data of a cookie, which was JSON."""
    with pytest.raises(TypeError, match="session 'cart'"):
        DummySessionMulti({"cart": {"k": REFUSED["a datetime"]}})
    with pytest.warns(SessionDataWarning, match="session 'cart'"):
        DummySessionMulti({"cart": {"k": CHANGED["a tuple"]}})


def unsaved_messages(multi):
    """The warnings of the double at the end of a test."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        multi.check_unsaved()
    assert {warning.category for warning in caught} <= {SessionDataWarning}
    return [str(warning.message) for warning in caught]


@pytest.fixture
def multi():
    multi = DummySessionMulti({"cart": {"items": [1], "box": {"a": {}}}, "other": {"items": [1]}})
    multi["cart"]  # opened
    yield multi
    unsaved_messages(multi)  # so that the plugin has nothing to report


def test_a_change_in_place_is_a_warning_at_the_end(multi):
    """The warning names the session and the keys, and shows no value."""
    multi["cart"]["items"].append("hush")
    multi["cart"]["box"]["a"]["b"] = 1
    multi["other"]["items"].append(2)
    cart, other = unsaved_messages(multi)
    assert cart.startswith("The session 'cart' was changed in place and not saved: 'items', 'box'.")
    assert "Call its changed() after the change" in cart
    assert "hush" not in cart
    assert "'other'" in other


def test_a_change_in_place_is_reported_once(multi):
    multi["cart"]["items"].append(2)
    assert len(unsaved_messages(multi)) == 1
    assert unsaved_messages(multi) == []


SAVES = {
    "changed": lambda session: session.changed(),
    "the same key": lambda session: session.update(items=session["items"]),
    "another key": lambda session: session.__setitem__("x", 1),
    "del": lambda session: session.__delitem__("box"),
    "pop": lambda session: session.pop("box"),
    "popitem": lambda session: session.popitem(),
    "flash": lambda session: session.flash("Saved"),
    "pop_flash": lambda session: session.pop_flash(),
    "new_csrf_token": lambda session: session.new_csrf_token(),
    "clear": lambda session: session.clear(),
    "invalidate": lambda session: session.invalidate(),
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_any_later_change_saves_the_whole_session(multi, save):
    """As in Pyramid's sessions."""
    multi["cart"]["items"].append(2)
    save(multi["cart"])
    assert unsaved_messages(multi) == []


@pytest.mark.parametrize("save", [n for n in SAVES if n not in ("popitem", "new_csrf_token")])
def test_the_methods_that_save_also_save_in_a_signed_session(browse, save):
    """Checked with a real request and the next one."""
    browser = browse(cart=SignedCookieSessionFactory("s" * 64, reissue_time=None))
    browser.multi(lambda m: m["cart"].update({"items": [1], "box": {}}))
    stored_items = {"items": [1, 2]} if save not in ("clear", "invalidate") else {}

    def view(m):
        m["cart"]["items"].append(2)
        SAVES[save](m["cart"])

    browser.multi(view)
    assert {k: v for k, v in browser.multi(lambda m: dict(m["cart"])).items() if k == "items"} == (
        stored_items
    )


def test_renewing_saves_the_whole_session(multi):
    multi["cart"]["items"].append(2)
    multi.renew("cart")
    assert unsaved_messages(multi) == []
    assert multi["cart"]["items"] == [1, 2]


def test_reading_saves_nothing(multi):
    """Nor does ``get_csrf_token`` if the session has a token."""
    multi["cart"].get_csrf_token()
    multi["cart"]["items"].append(2)
    [
        *multi["cart"],
        multi["cart"].get("x"),
        multi["cart"].peek_flash(),
        multi["cart"].get_csrf_token(),
        multi.peek("cart"),
        copy.deepcopy(multi["cart"]),
    ]
    assert len(unsaved_messages(multi)) == 1


def test_a_change_in_place_that_json_cannot_hold_is_unsaved_or_an_error(multi):
    """``changed()`` raises for it."""
    multi["cart"]["items"].append(b"x")
    assert len(unsaved_messages(multi)) == 1
    with pytest.raises(TypeError, match="'items' as JSON"):
        multi["cart"].changed()


def test_a_double_that_is_not_strict_stores_anything():
    """As a session library with pickle does; in-place changes are not reported either."""
    multi = DummySessionMulti({"cart": {"when": REFUSED["a datetime"]}}, strict=False)
    multi["cart"]["size"] = (1, 2)
    multi["cart"]["items"] = []
    multi["cart"]["items"].append(object())
    assert unsaved_messages(multi) == []


def test_the_strict_namespaces_can_be_named():
    """The others may be pickled in Redis."""
    multi = DummySessionMulti(["cart", "account"], strict=["cart"])
    multi["account"]["when"] = REFUSED["a datetime"]
    with pytest.raises(TypeError):
        multi["cart"]["when"] = REFUSED["a datetime"]


@pytest.mark.parametrize(
    ("strict", "error", "message"),
    [
        ("cart", TypeError, "strict takes a collection of names, like .* not 'cart'"),
        (None, TypeError, "strict takes a collection of names, like .* not None"),
        ([1], TypeError, "strict takes names"),
        (["crat"], UnregisteredSession, "Did you mean 'cart'?"),
    ],
)
def test_invalid_strict_names_are_explained(strict, error, message):
    with pytest.raises(error, match=message) as caught:
        DummySessionMulti(["cart"], strict=strict)
    assert error is TypeError or "strict=" in caught.value.__notes__[0]


@pytest.mark.parametrize("strict", [True, False])
def test_strict_or_not_it_is_a_session(strict):
    session = DummySessionMulti(["cart"], strict=strict)["cart"]
    assert verifyObject(ISession, session)
    session.flash("a")
    session.flash("a", allow_duplicate=False)
    assert json.loads(json.dumps(session)) == {"_f_": ["a"]}
    assert session.pop_flash() == ["a"]
    assert session.get_csrf_token() == session.get_csrf_token()


# In the test suite of an application

SUITE = """
    import pytest
    import unittest
    from pyramid_session_multi_testing import DummySessionMulti

    @pytest.fixture
    def session_multi_namespaces():
        return {"cart": {"items": []}}

    def add(sessions, save):
        sessions["cart"]["items"].append("tea")
        if save:
            sessions["cart"].changed()

    @pytest.mark.parametrize("save", [True, False])
    class TestPytest:
        def test_fixture(self, session_multi, save):
            add(session_multi, save)

        def test_inline(self, save):
            add(DummySessionMulti({"cart": {"items": []}}), save)

        @pytest.fixture
        def overridden(self, session_multi_namespaces):
            return DummySessionMulti(session_multi_namespaces)

        def test_overridden(self, overridden, save):
            add(overridden, save)

    class TestWithUnittest(unittest.TestCase):
        def setUp(self):
            self.session_multi = DummySessionMulti({"cart": {"items": []}})

        def test_saved(self):
            add(self.session_multi, True)

        def test_not_saved(self):
            add(self.session_multi, False)
"""


def test_every_test_that_leaves_a_change_unsaved_is_reported(pytester, run_pytest):
    """By a warning; if warnings are errors, by an error of that test."""
    pytester.makepyfile(SUITE)
    run_pytest().assert_outcomes(passed=8, errors=4)
    only_these = "error::pyramid_session_multi_testing.SessionDataWarning"
    run_pytest("-W", "default", "-W", only_these).assert_outcomes(passed=8, errors=4)
    result = run_pytest("-W", "default")
    result.assert_outcomes(passed=8)
    assert result.stdout.str().count("SessionDataWarning: The session 'cart' was changed") >= 1
    result.stdout.fnmatch_lines(["*test_inline*", "*TestWithUnittest::test_not_saved*"])


def test_without_pytest_a_test_checks_it_itself():
    """With a cleanup function."""

    class Test(unittest.TestCase):
        def test_it(self):
            multi = DummySessionMulti({"cart": {"items": []}})
            self.addCleanup(multi.check_unsaved)
            multi["cart"]["items"].append(1)

    with pytest.warns(SessionDataWarning, match="'items'"):
        Test("test_it").run()
