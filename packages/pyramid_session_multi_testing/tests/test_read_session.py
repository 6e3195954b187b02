"""``read_session`` returns the data of the jar's session, and changes nothing."""

import pytest
from pyramid_session_multi import RefusedSession, UnregisteredSession, https_only
from pyramid_session_multi_testing import edit_session, read_session


@pytest.fixture
def browser(browse, any_library):
    return browse(cart=any_library("cart"))


def test_it_returns_a_plain_dict_of_the_stored_data(browser):
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    data = read_session(browser.client, "cart")
    assert type(data) is dict
    assert data == {"items": ["tea"]}


def test_it_includes_pyramids_own_keys(browser):
    token = browser.multi(lambda multi: multi["cart"].get_csrf_token())
    browser.multi(lambda multi: multi["cart"].flash("hello"))
    assert read_session(browser.client, "cart") == {"_csrft_": token, "_f_": ["hello"]}


def test_it_is_empty_without_a_session(browser, jar):
    """Nothing is stored, so there is nothing to read."""
    assert read_session(browser.client, "cart") == {}
    assert jar(browser.client) == []


def test_it_is_empty_if_the_cookie_is_invalid(browser, kind):
    """As for the application."""
    browser.client.set_cookie("cart", "garbage")
    assert read_session(browser.client, "cart") == {}


def test_it_is_a_copy(browser):
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    read_session(browser.client, "cart")["items"].append("milk")
    assert read_session(browser.client, "cart") == {"items": ["tea"]}


def test_it_changes_no_cookie(browser, jar):
    """Expired cookies stay in the jar, too."""
    browser.multi(lambda multi: multi["cart"].update({"items": ["tea"]}))
    for cookie in browser.client.cookiejar:
        cookie.expires = 1
    cookies_before = jar(browser.client)
    assert cookies_before
    assert read_session(browser.client, "cart") == {}
    assert jar(browser.client) == cookies_before


def test_it_renews_no_cookie(browse, signed, aged, jar):
    """Reading makes Pyramid send a cookie again that is one second old."""
    browser = browse(cart=signed("cart", reissue_time=0))
    browser.client.set_cookie("cart", aged("cart", {"x": 1}))
    cookies_before = jar(browser.client)
    assert read_session(browser.client, "cart") == {"x": 1}
    assert jar(browser.client) == cookies_before


def test_it_only_reads_from_redis(browse, library, redis):
    """It neither writes nor extends the time to live; without a cookie it does not connect."""
    browser = browse(cart=library("redis")("cart"))
    with redis.commands() as commands:
        read_session(browser.client, "cart")
    assert commands == []
    browser.multi(lambda multi: multi["cart"].update({"x": 1}))
    with redis.commands() as commands:
        read_session(browser.client, "cart")
    assert set(commands) == {"GET"}


def test_it_writes_no_file(browse, library, tmp_path):
    """Beaker would store the time of the access."""
    browser = browse(cart=library("beaker_file")("cart"))
    browser.multi(lambda multi: multi["cart"].update({"x": 1}))
    files = {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}
    assert files
    assert read_session(browser.client, "cart") == {"x": 1}
    assert {f: f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()} == files


def test_it_returns_the_data_of_edit_session(browser):
    with edit_session(browser.client, "cart") as cart:
        cart["nested"] = {"list": [1, 2]}
    assert read_session(browser.client, "cart") == {"nested": {"list": [1, 2]}}


def test_it_reads_a_session_that_wraps_a_librarys(browse, signed, aged):
    """Such a session is assumed to obey ``ISession``."""

    class Wrapper:
        def __init__(self, session):
            self.session = session

        def items(self):
            return self.session.items()

    inner = signed("cart")
    browser = browse(cart=lambda request: Wrapper(inner(request)))
    assert read_session(browser.client, "cart") == {}
    browser.client.set_cookie("cart", aged("cart", {"x": 1}))
    assert read_session(browser.client, "cart") == {"x": 1}


def test_an_undescribed_library_stores_nothing(browse, undescribed):
    """Its session must be opened; its callbacks do not run."""
    session, calls = {"list": [1]}, []

    def factory(request):
        request.add_response_callback(lambda request, response: calls.append("cookie"))
        request.add_finished_callback(lambda request: calls.append("data"))
        return session

    browser = browse(cart=undescribed(factory))
    data = read_session(browser.client, "cart")
    assert data == {"list": [1]}
    assert calls == []
    data["list"].append(2)
    assert session == {"list": [1]}


def test_an_unknown_namespace_is_a_key_error(browser):
    with pytest.raises(UnregisteredSession, match="Registered: 'cart'"):
        read_session(browser.client, "account")


def test_a_refused_namespace_is_a_refused_session(browse, any_library):
    """With ``{}``, a test that forgot https would pass for the wrong reason."""
    browser = browse(account=(any_library("account"), https_only))
    with pytest.raises(RefusedSession):
        read_session(browser.client, "account")
    assert read_session(browser.client, "account", url="https://localhost/") == {}
