"""A real shared cache keeps the page of a view that declares no session, for everybody.

The application is that of docs/how-to/cacheable-pages.md.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/cacheable-pages.md"
# The blocks of shop.py: the code, and the change that the page calls a mistake.
BLOCK = re.compile(r"^```\w+\n# shop\.py\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE, MISTAKE = BLOCK.findall(PAGE.read_text(encoding="utf-8"))


@pytest.fixture
def make_app(tmp_path, monkeypatch):
    """``make_app(code, **settings)``: the application that this module creates."""

    def make_app(code=CODE, **settings):
        path = tmp_path / "shop.py"
        path.write_text(code)
        spec = importlib.util.spec_from_file_location("shop", path)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "shop", module)
        spec.loader.exec_module(module)
        return module.main({}, **{"shop.secret": "secret" * 16, **settings})

    return make_app


def greeting():
    """The code with the mistake, and with a way to log in."""
    old, new = (
        "".join(line[1:] for line in MISTAKE.splitlines(keepends=True) if line[0] in f" {sign}")
        for sign in "-+"
    )
    assert CODE.count(old) == 1
    login = 'def prices(request):\n    if "user" in request.params:\n        request.session_multi'
    login += '["account"]["user"] = request.params["user"]\n'
    return CODE.replace(old, new).replace("def prices(request):\n", login)


def is_from_cache(visitor):
    return visitor.headers["X-Cache"].startswith("HIT")


def test_the_cache_stores_the_page_for_everybody(apache, make_app):
    """For visitors with and without cookies; the page of the cart is not stored."""
    with apache(make_app()) as visitor:
        customer, stranger = visitor(), visitor()
        assert [json.loads(customer.get("/cart")) for _ in range(3)] == [
            {"visits": number} for number in (1, 2, 3)
        ]
        prices = customer.get("/prices")
        assert not is_from_cache(customer)
        for each in (stranger, customer, visitor()):
            assert each.get("/prices") == prices
            assert is_from_cache(each)
        assert json.loads(stranger.get("/cart")) == {"visits": 1}
        assert not is_from_cache(stranger)


def test_a_greeting_fails_instead_of_being_stored(apache, make_app):
    """Each visitor gets the error: the page uses a session that it does not declare."""
    with apache(make_app(greeting())) as visitor:
        for each in (visitor(), visitor()):
            each.get("/prices?user=ann")
            assert each.status == 500
            assert not is_from_cache(each)


def test_without_the_option_the_greeting_is_stored_for_everybody(apache, make_app):
    """The control: a name from one visitor's session is shown to another visitor."""
    code = greeting().replace("session_multi=(), ", "")
    with apache(make_app(code, **{"session_multi.vary": "false"})) as visitor:
        ann = visitor()
        ann.get("/prices?user=ann")
        assert json.loads(ann.get("/prices"))["hello"] == "ann"
        stranger = visitor()
        assert json.loads(stranger.get("/prices"))["hello"] == "ann"
        assert is_from_cache(stranger)
