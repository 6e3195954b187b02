"""After each button, the page says what it did and links to that request in the debug toolbar."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


def fill(visitor, button):
    """Fill in the fields of a button in the card ``public``."""
    fields = {"Write": {"key": "color", "value": "blue"}, "Flash": {"message": "Hello"}}
    visitor.fill_in("public", **fields.get(button, {}))


@pytest.mark.parametrize(
    ("button", "sentence", "path"),
    [
        ("Write", "The value is in public.", "/write"),
        ("Flash", "The message was stored in public.", "/flash"),
        ("Lose a write", "public has “in time”, and lost “too late”", "/lose"),
        ("Renew", "public was renewed", "/renew"),
        ("Invalidate", "public was invalidated", "/invalidate"),
    ],
)
def test_a_button_of_a_session_gives_feedback(ada, button, sentence, path):
    ada.is_given_no_feedback()
    fill(ada, button)
    ada.click(button, "#public")
    ada.is_given_feedback(sentence)
    with ada.toolbar_of_feedback() as toolbar:
        expect(toolbar.page.locator("#requests .active")).to_contain_text(f"POST{path}")
    ada.go_to("http")
    ada.is_given_no_feedback()


def test_a_button_of_the_shop_gives_feedback(ada):
    ada.go_to("https")
    ada.add("Earl Grey")
    ada.is_given_feedback("Added. That request opened only the session cart.")
    ada.click("Remove one Earl Grey from the cart")
    ada.is_given_feedback("Removed.")
    ada.log_in("ada")
    ada.is_given_feedback("The session account was renewed, and holds the login.")
    ada.click("Log out")
    ada.is_given_feedback("The session account was invalidated.")
    ada.log_in("ada")
    ada.click("Log out everywhere")
    ada.is_given_feedback("You are logged out on all your devices.")
    ada.click("Invalidate all")
    ada.is_given_feedback("All sessions were invalidated")


def test_feedback_and_button_are_visible(visit):
    """In a small window the page would otherwise start at its top again."""
    ada = visit()
    ada.tab.set_viewport_size({"width": 390, "height": 844})
    ada.add("Earl Grey")
    expect(ada.tab.locator(".feedback")).to_be_in_viewport(ratio=1)
    expect(ada.tab.get_by_label("Add Earl Grey to the cart")).to_be_in_viewport(ratio=1)


def test_the_panel_shows_the_write_that_the_button_loses(ada):
    ada.click("Lose a write", "#public")
    ada.sees_value("public", "in time", "saved")
    expect(ada.tab.locator("#public")).not_to_contain_text("too late")
    with ada.toolbar_of_feedback() as toolbar:
        expect(toolbar.panel.locator("tbody tr").first).to_contain_text("lost write")
        lost = toolbar.panel.locator(".alert-warning")
        expect(lost).to_contain_text("changed after it was stored")
        expect(lost.locator("tbody th")).to_have_text(["too late"])
