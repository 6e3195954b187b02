"""The demo's pages support dark mode, fit a phone, and work without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

# For each text on the page: its contrast with its background, as WCAG 2 defines it.
CONTRASTS = """() => {
  const numbers = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = color => numbers(color).slice(0, 3)
    .map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const background = element => {
    const color = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
    return numbers(color)[3] === 0 ? background(element.parentElement) : color;
  };
  const texts = [...document.querySelectorAll(".skip, .top *, main *")].filter(
    element => [...element.childNodes].some(
      node => node.nodeType === Node.TEXT_NODE && node.textContent.trim()));
  return texts.map(element => {
    const both = [luminance(getComputedStyle(element).color), luminance(background(element))];
    const [light, dark] = both.sort((one, other) => other - one);
    return [element.textContent.trim(), (light + 0.05) / (dark + 0.05)];
  });
}"""

BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
WIDTH = "document.documentElement.scrollWidth"


def visit_every_state(ada):
    """The pages with each state of a session, a message and a cart."""
    yield
    ada.click("Lose a write", "#public")
    ada.fill_in("public", message="Hello")
    ada.click("Flash", "#public")
    ada.add("Earl Grey")
    yield
    ada.go_to("https")
    ada.fill_in("account", key="k" * 60, value="v" * 100)
    ada.click("Write", "#account")
    ada.log_in("a" * 80)
    yield
    ada.click("Invalidate", "#public")
    yield
    ada.tab.get_by_role("link", name="Price list", exact=True).click()
    ada.sees("Price list")
    yield


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(ada, scheme):
    ada.tab.emulate_media(color_scheme=scheme)
    for _ in visit_every_state(ada):
        contrasts = ada.tab.evaluate(CONTRASTS)
        assert len(contrasts) > 5
        assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []


def test_the_page_is_dark_if_the_system_is(ada):
    backgrounds = []
    for scheme in "light", "dark":
        ada.tab.emulate_media(color_scheme=scheme)
        backgrounds.append(ada.tab.evaluate(BACKGROUND))
    assert backgrounds == ["rgb(247, 244, 238)", "rgb(26, 24, 21)"]


def test_a_phone_needs_no_horizontal_scrolling(ada):
    ada.tab.set_viewport_size({"width": 390, "height": 844})
    for _ in visit_every_state(ada):
        assert ada.tab.evaluate(WIDTH) == 390


def test_the_panel_needs_no_horizontal_scrolling_on_a_phone(ada):
    """Only its widest table scrolls, by itself."""
    ada.click("Lose a write", "#public")
    with ada.toolbar_of_feedback() as toolbar:
        toolbar.page.set_viewport_size({"width": 390, "height": 844})
        assert toolbar.page.evaluate(WIDTH) == 390


def test_the_keyboard_is_enough(ada):
    """Each control is reached with Tab, shows that it has the focus, and works with Enter."""
    ada.tab.keyboard.press("Tab")
    skip = ada.tab.get_by_role("link", name="Skip to the shop")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    ada.tab.keyboard.press("Enter")
    add = ada.tab.get_by_label("Add Earl Grey to the cart")
    for _ in range(10):
        ada.tab.keyboard.press("Tab")
        focused = ada.tab.locator(":focus")
        expect(focused).to_have_css("outline-style", "solid")
        expect(focused).to_have_css("outline-width", "2px")
        if focused.get_attribute("aria-label") == "Add Earl Grey to the cart":
            break
    expect(add).to_be_focused()
    with ada.tab.expect_event("load"):
        ada.tab.keyboard.press("Enter")
    ada.sees_in_cart(1, "Earl Grey")


def test_each_button_is_described(ada):
    """By the text on the first page that says what it does."""
    expect(ada.tab.locator(".about dd")).to_have_count(5)
    for button in ada.tab.locator(".cards button").all():
        described_by = button.get_attribute("aria-describedby")
        expect(ada.tab.locator(f"#{described_by}")).to_be_visible()
