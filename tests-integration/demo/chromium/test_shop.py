"""The demo in a real browser, used by a visitor who looks and clicks; on SQLite and on Redis."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

NAMESPACES = ("public", "cart", "account")

on_both_storages = pytest.mark.parametrize("storage", ["SQLite", "Redis"], indirect=True)


def test_a_page_that_is_only_viewed_opens_nothing(ada):
    """The account is refused over http; over https all three are untouched."""
    ada.sees("This page opened no session. It only peeked at the cookies.")
    ada.sees_states(public="untouched", cart="untouched", account="refused")
    ada.go_to("https")
    ada.sees_states(**dict.fromkeys(NAMESPACES, "untouched"))
    assert [cookie["name"] for cookie in ada.context.cookies()] == ["shop_csrf"]


@on_both_storages
def test_the_cart_that_was_filled_on_http_is_there_on_https(ada, storage):
    """The page shows added and removed items, with either storage."""
    ada.add("Earl Grey", "Earl Grey", "Cookie jar")
    ada.click("Remove one Cookie jar from the cart")
    for scheme in "http", "https":
        ada.go_to(scheme)
        ada.sees_in_cart(2, "Earl Grey")
        ada.sees_value("cart", "basket", '{"tea": 2}')
        ada.sees_states(public="untouched", cart="filled")
    ada.sees(f"Its data is in {storage}; the cookie holds a signed id.")


def test_a_message_is_shown_once(ada):
    """In the namespace that has it, and as text."""
    ada.fill_in("public", message="Hello <b>there</b>")
    ada.click("Flash", "#public")
    ada.is_told("Hello <b>there</b>", by="public")
    ada.sees("This page opened public, for a message or a login.")
    ada.reload()
    ada.is_told_nothing()


def test_the_account_exists_on_https_only(ada):
    """Over http it is refused, although browsers send Secure cookies to their own machine."""
    ada.go_to("https", link="Go to https")
    ada.log_in("ada")
    ada.is_told("Welcome, ada.", by="account")
    ada.sees_value("account", "userid", "ada")
    ada.sees_states(public="untouched", cart="untouched", account="filled")
    ada.go_to("http")
    ada.sees_states(account="refused")
    ada.sees("The cookie was received, but the discriminator refuses http.")
    ada.sees("Accounts exist only over https.")
    with ada.toolbar() as toolbar:
        assert toolbar.states()["account"] == "received, not opened"
        expect(toolbar.panel).to_contain_text("Incoming: its discriminator refuses this request.")
    ada.go_to("https")
    ada.sees("You are ada.")
    ada.is_told_nothing()


def test_the_accounts_cookie_is_not_sent_over_http(visit, elsewhere):
    """Except to the browser's own machine."""
    ada = visit(host=elsewhere)
    ada.go_to("https")
    ada.log_in("ada")
    ada.sees("You are ada.")
    assert (ada.cookie("account")["secure"], ada.cookie("account")["httpOnly"]) == (True, True)
    ada.go_to("http")
    ada.sees_states(account="refused")
    ada.sees("The discriminator refuses http.")
    ada.go_to("https")
    ada.sees("You are ada.")


def test_the_price_list_comes_out_of_the_browsers_cache(ada):
    """It declares no session, so later actions of the visitor do not change it."""
    sizes = []
    for _ in range(2):
        ada.tab.get_by_role("link", name="Price list", exact=True).click()
        ada.sees("100 g, loose leaves")
        sizes.append(ada.tab.evaluate("performance.getEntriesByType('navigation')[0].transferSize"))
        ada.go_to("http", link="Back to the shop")
        ada.add("Earl Grey")
    assert sizes[0] > 0
    assert sizes[1] == 0


@on_both_storages
def test_renewing_changes_the_cookie_and_keeps_the_data(ada):
    """Each namespace gets another cookie, and the page shows the same data."""
    ada.go_to("https")
    for namespace in NAMESPACES:
        ada.fill_in(namespace, key="colour", value="blue")
        ada.click("Write", f"#{namespace}")
        ada.sees_value(namespace, "colour", "blue")
    for namespace in NAMESPACES:
        before = ada.cookie(namespace)["value"]
        fingerprint = ada.tab.locator(f"#{namespace} dd code[title]")
        first_fingerprint = fingerprint.inner_text()
        ada.click("Renew", f"#{namespace}")
        expect(fingerprint).not_to_have_text(first_fingerprint)
        ada.sees_value(namespace, "colour", "blue")
        assert ada.cookie(namespace)["value"] != before


def test_logging_out_ends_the_account_and_leaves_the_cart(ada):
    """The other sessions are not affected."""
    ada.add("Shortbread")
    ada.go_to("https")
    ada.log_in("ada")
    ada.is_told("Welcome, ada.", by="account")
    ada.click("Log out")
    ada.sees("Any name works; there are no passwords.")
    ada.sees_states(public="untouched", cart="filled", account="empty")
    ada.sees_in_cart(1, "Shortbread")


def test_logging_out_everywhere_logs_out_the_other_device(visit):
    """At its next click, although both sessions are in their cookies."""
    here, there, bob = visit(), visit(), visit()
    for device, name in [(here, "ada"), (there, "ada"), (bob, "bob")]:
        device.go_to("https")
        device.log_in(name)
        device.sees(f"You are {name}.")
    here.click("Log out everywhere")
    here.sees("Any name works; there are no passwords.")
    there.add("Shortbread")
    there.sees("Any name works; there are no passwords.")
    there.sees_in_cart(1, "Shortbread")
    bob.reload()
    bob.sees("You are bob.")


@on_both_storages
def test_invalidating_all_ends_every_session(ada, visit, storage):
    """On both schemes, in another tab, and for a stolen copy of the cart's cookie."""
    ada.add("Shortbread")
    ada.sees_in_cart(1, "Shortbread")
    thief = visit(ada.cookie("cart"))
    thief.sees_in_cart(1, "Shortbread")
    other_tab = ada.tab
    ada.open_tab("https")
    ada.log_in("ada")
    ada.is_told("Welcome, ada.", by="account")
    ada.fill_in("public", key="colour", value="blue")
    ada.click("Write", "#public")
    ada.sees_states(**dict.fromkeys(NAMESPACES, "filled"))
    ada.click("Invalidate all")
    # Beaker sends a new id, Redis deletes the cookie.
    cart = {"SQLite": "empty", "Redis": "untouched"}[storage]
    ada.sees_states(public="empty", cart=cart, account="empty")
    ada.sees("It is empty.")
    ada.tab = other_tab
    ada.reload()
    ada.sees_states(public="empty", cart=cart, account="refused")
    ada.sees("It is empty.")
    thief.reload()
    thief.sees("It is empty.")


def test_the_panel_shows_the_three_namespaces(ada):
    """Untouched, received and opened, with incoming and outgoing values, and no cookie values."""
    ada.add("Earl Grey")
    ada.sees_in_cart(1, "Earl Grey")
    with ada.toolbar() as toolbar:
        expect(toolbar.tab).to_contain_text("0/3")
        assert toolbar.states() == {
            "public": "untouched",
            "cart": "received, not opened",
            "account": "untouched",
        }
    ada.go_to("https")
    ada.log_in("ada")
    ada.is_told("Welcome, ada.", by="account")
    with ada.toolbar() as toolbar:
        expect(toolbar.tab).to_contain_text("1/3")
        assert toolbar.states() == {
            "public": "untouched",
            "cart": "received, not opened",
            "account": "opened",
        }
        expect(toolbar.panel.get_by_text("['Welcome, ada.']")).to_be_visible()
        expect(toolbar.panel.locator("tr.danger")).to_contain_text(["_f_"])
        for namespace in NAMESPACES:
            expect(
                toolbar.panel.get_by_text(f"session_multi.{namespace}.* in the settings")
            ).to_be_visible()
        assert ada.cookie("account")["value"] not in toolbar.panel.inner_html()


@on_both_storages
def test_the_activated_panel_reads_the_carts_storage(ada):
    """Its switch is in the toolbar's settings; without it the panel does not read the cart."""
    ada.add("Earl Grey")
    ada.sees_in_cart(1, "Earl Grey")
    basket = "{'tea': 1}"
    with ada.toolbar() as toolbar:
        expect(toolbar.panel).to_contain_text("only when this panel is activated")
        expect(toolbar.panel).not_to_contain_text(basket)
        toolbar.activate_panel()
    ada.reload()
    with ada.toolbar() as toolbar:
        expect(toolbar.panel).to_contain_text(basket)
