"""With Pyramid's signed sessions, no content of a ``Cookie`` header is a server error."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyramid.request import Request

fuzzed = settings(
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # they hold no state
)

# Headers as PEP 3333 allows them: Latin-1 without line ends.
latin_1 = st.characters(max_codepoint=255, exclude_characters="\r\n\0")

octal = st.integers(0, 255).map(lambda byte: f"\\{byte:03o}")

quoted = st.lists(octal | st.characters(max_codepoint=126, min_codepoint=32)).map(
    lambda parts: '"' + "".join(parts) + '"'
)


def _mutated(draw, value):
    position = draw(st.integers(0, len(value)))
    length = draw(st.integers(0, 8))
    return value[:position] + draw(st.text(latin_1, max_size=8)) + value[position + length :]


@pytest.fixture
def serves(browse, signed):
    """Send a header to a view that uses the namespace in every way; return the status."""

    def setup(config):
        config.set_session_factory(signed("session"))

    browser = browse(a=signed("a"), b=(signed("b"), lambda request: False), setup=setup)

    def use(request):
        m = request.session_multi
        assert m.has_cookie("a") in (True, False)
        assert m.peek("a") is None or type(m.peek("a")) is dict
        assert m.peek("b") is m["b"] is None
        m["a"]["x"] = len(m["a"])
        m.renew("a", keep=["x"])
        m.invalidate()
        return request.response

    def serves(header):
        answer = browser.visit(use, status="*", HTTP_COOKIE=header)
        status = browser.response.status_int
        assert (answer is None) == (status == 400)
        assert status == (200 if _decodable(header) else 400)

    return serves


def _decodable(header):
    try:
        Request({"HTTP_COOKIE": header}).cookies.get("")
    except UnicodeDecodeError:
        return False
    return True


@fuzzed
@given(header=st.text(latin_1))
@example(header='a="\\377"')
@example(header='anything="\\377"')
@example(header="a=\xff")
@example(header="a=; a=; ;;=")
def test_any_text_is_answered(serves, header):
    """The request is served, or refused as undecodable."""
    serves(header)


@fuzzed
@given(name=st.sampled_from(["a", "b", "session", "x"]), value=st.text(latin_1) | quoted)
def test_any_value_of_any_cookie_is_answered(serves, name, value):
    """WebOb can fail to decode quoted strings with octal escapes."""
    serves(f"{name}={value}")


@fuzzed
@given(data=st.data(), value=st.dictionaries(st.text(max_size=5), st.integers(), max_size=3))
def test_any_mutation_of_a_valid_cookie_is_answered(serves, aged, data, value):
    """A changed value is not trusted."""
    serves("a=" + _mutated(data.draw, aged("a", value)))
