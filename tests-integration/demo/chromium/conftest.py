"""A real browser, and a visitor who uses the demo with it."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from functools import cache
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

# A browser sends Secure cookies to its own machine, by any of its names, over http as well.
ELSEWHERE = "shop.test"
FLAGS = [
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium():
    """A headless browser; Playwright drives the installed one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser, args=FLAGS) as chromium,
    ):
        yield chromium


@pytest.fixture(scope="module")
def shop_with(start, request):
    """``shop_with(storage)``: the demo with its carts in SQLite, or in its own Redis."""
    with ExitStack() as stack:

        @cache
        def shop_with(storage):
            if storage == "SQLite":
                return stack.enter_context(start())
            redis = stack.enter_context(request.getfixturevalue("start_redis")())
            return stack.enter_context(start(REDIS_URL=redis.url))

        yield shop_with


@pytest.fixture
def storage(request):
    """The storage of the carts; by default the demo's default."""
    return getattr(request, "param", "SQLite")


@pytest.fixture
def shop(shop_with, storage):
    """The running demo."""
    return shop_with(storage)


@pytest.fixture
def visit(chromium, shop):
    """``visit(*cookies)``: a visitor with their own browser and these cookies.

    No page may fail, have an error, or send a request to another host.
    """
    answers, errors = [], []

    def note_error(line):
        missing = line.location["url"]
        if line.type == "error" and not missing.endswith("/favicon.ico"):  # the toolbar has none
            errors.append(f"{line.text} ({missing})")

    with ExitStack() as stack:

        def visit(*cookies, host="127.0.0.1"):
            # A visitor who accepts the warning: the certificate is self-signed.
            context = chromium.new_context(ignore_https_errors=True)
            stack.callback(context.close)
            context.set_default_timeout(20_000)
            context.add_cookies(cookies)
            context.on("response", lambda answer: answers.append((answer.status, answer.url)))
            context.on("weberror", lambda error: errors.append(str(error.error)))
            context.on("console", note_error)
            return Visitor(shop, context, host)

        yield visit
    assert [answer for answer in answers if answer[0] not in {200, 303, 304}] == []
    assert errors == []
    assert {urlsplit(url).port for _, url in answers} <= set(shop.ports)
    assert {urlsplit(url).hostname for _, url in answers} <= {"127.0.0.1", ELSEWHERE}


@pytest.fixture
def elsewhere():
    """A host name of the shop that is not the browser's own machine."""
    return ELSEWHERE


@pytest.fixture
def ada(visit):
    """A new visitor."""
    return visit()


class Visitor:
    """A visitor who looks at a tab and clicks."""

    def __init__(self, shop, context, host):
        self.context = context
        self.addresses = {
            scheme: f"{scheme}://{host}:{port}/"
            for scheme, port in zip(["http", "https"], shop.ports, strict=True)
        }
        self.open_tab("http")

    def open_tab(self, scheme):
        self.tab = self.context.new_page()
        self.tab.goto(self.addresses[scheme])

    def go_to(self, scheme, link=None):
        self.tab.get_by_role("link", name=link or scheme, exact=True).click()
        expect(self.tab).to_have_url(self.addresses[scheme])

    def reload(self):
        self.tab.reload()

    def click(self, label, within="body"):
        """Click a button, and wait for the next page."""
        with self.tab.expect_event("load"):
            self.tab.locator(within).get_by_role("button", name=label, exact=True).click()

    def add(self, *goods):
        for good in goods:
            self.click(f"Add {good} to the cart")

    def log_in(self, name):
        self.tab.get_by_label("Name", exact=True).fill(name)
        self.click("Log in")

    def fill_in(self, namespace, **fields):
        for label, text in fields.items():
            self.tab.locator(f"#{namespace}").get_by_label(label.title()).fill(text)

    def sees(self, text):
        expect(self.tab.get_by_text(text, exact=True)).to_be_visible()

    def sees_in_cart(self, number, good):
        self.sees(f"{number} \N{MULTIPLICATION SIGN} {good}")

    def is_told(self, message, *, by):
        expect(self.tab.locator(f".message.{by}")).to_have_text(f"{by} {message}")

    def is_told_nothing(self):
        expect(self.tab.locator(".message")).to_have_count(0)

    def is_given_feedback(self, sentence):
        expect(self.tab.locator(".feedback")).to_contain_text(sentence)

    def is_given_no_feedback(self):
        expect(self.tab.locator(".feedback")).to_have_count(0)

    def sees_states(self, **states):
        for namespace, state in states.items():
            expect(self.tab.locator(f"#{namespace} .state")).to_have_text(state)

    def sees_value(self, namespace, key, value):
        row = self.tab.locator(f"#{namespace} tr").filter(has_text=key)
        expect(row.locator("td")).to_have_text(value)

    def cookie(self, namespace):
        cookies = {cookie["name"]: cookie for cookie in self.context.cookies()}
        return cookies[f"shop_{namespace}"]

    def toolbar(self):
        """The toolbar's page for the page in this tab, with the SessionMulti panel in front."""
        return self._toolbar(self.tab.get_by_title("Show Toolbar"))

    def toolbar_of_feedback(self):
        """The toolbar's page for the POST that the feedback describes."""
        return self._toolbar(self.tab.locator(".feedback").get_by_role("link"))

    @contextmanager
    def _toolbar(self, link):
        with self.context.expect_page() as opened:
            link.click()
        opened.value.wait_for_load_state()  # the toolbar's script, its last, makes the tabs work
        toolbar = Toolbar(opened.value)
        toolbar.tab.click()
        expect(toolbar.panel).to_be_visible()
        yield toolbar
        toolbar.page.close()


class Toolbar:
    """The toolbar's page for one request."""

    def __init__(self, page):
        self.page = page
        self.tab = page.locator("#pDebugPanel-session_multi a")
        self.panel = page.locator("#pDebugPanel-session_multi-content")

    def activate_panel(self):
        self.page.get_by_role("link", name="Settings", exact=True).first.click()
        switch = self.page.locator("#pDebugPanel-session_multi-switch")
        switch.click()
        expect(switch).to_contain_class("active")

    def states(self):
        """The state of each namespace in the panel's first table."""
        rows = self.panel.locator("table").first.locator("tbody tr").all()
        cells = [
            (row.locator("th"), row.locator("td .label, td .text-muted").first) for row in rows
        ]
        return {name.inner_text(): state.inner_text() for name, state in cells}
