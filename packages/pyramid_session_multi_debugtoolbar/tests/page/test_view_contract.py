"""The namespaces that a view declares are shown."""

from __future__ import annotations

import pytest


def cart(request):
    """A view that opens the namespaces it declares, if any."""
    for name in request.environ.get("tests.open", ()):
        request.session_multi[name]
    return request.response


def declaration(here):
    paragraph = here.content.find("p")
    return paragraph and " ".join(paragraph.get_text().split())


@pytest.fixture
def visit(site, signed):
    """Visit a page whose view has this option; ``None``: no option."""

    def visit(option, *opened, status=200):
        options = {} if option is None else {"session_multi": option}

        def setup(config):
            config.add_route("cart", "/cart")
            config.add_view(cart, route_name="cart", **options)

        here = site(a=signed("a"), b=signed("b"), setup=setup)
        here.client.get("/cart", extra_environ={"tests.open": opened}, status=status)
        return here

    return visit


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("a", "can open a and no other session."),
        (("a", "b"), "can open a, b and no other session."),
        ((), "can open no session."),
    ],
)
def test_the_declared_namespaces_are_shown(visit, option, sentence):
    """With the view that declares them, whether or not it opened one."""
    assert declaration(visit(option)) == f"The view {__name__}.cart declares that it {sentence}"
    opened = option[:1]
    assert declaration(visit(option, *opened)).endswith(sentence)


def test_a_view_without_a_declaration(visit):
    """The panel says nothing about it: it can open every session."""
    assert "declares" not in visit(None, "a").content.get_text()


def test_a_namespace_that_is_not_declared(visit):
    """The application's mistake is a failure; the message lists the declared namespaces."""
    here = visit("a", "b", status=500)
    assert declaration(here).endswith("can open a and no other session.")
    assert "UndeclaredSession" in here.content.get_text()
