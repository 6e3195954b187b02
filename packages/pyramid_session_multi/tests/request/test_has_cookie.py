"""``has_cookie``: does the request have the namespace's cookie?"""

from __future__ import annotations


def test_has_cookie_looks_for_the_name_of_the_cookie(browse, signed, watched):
    """Neither the factory nor the discriminator runs."""
    factory, discriminator = watched(signed("a")), watched(True)
    browser = browse(a=(factory, discriminator), b=signed("b"))
    browser.client.set_cookie("a", "whatever")
    assert browser.multi(lambda m: (m.has_cookie("a"), m.has_cookie("b"), len(m))) == (
        True,
        False,
        0,
    )
    assert factory.requests == discriminator.requests == []


def test_has_cookie_is_none_without_a_name(browse, signed, undescribed):
    """If the name is not known, the cookie may have been received."""
    browser = browse(a=undescribed(signed("a")))
    browser.multi(lambda m: m["a"].update(x=1))
    assert browser.multi(lambda m: m.has_cookie("a")) is None


def test_has_cookie_uses_a_declared_name(browse, signed, undescribed):
    """This is the purpose of declaring it."""
    browser = browse(a=(undescribed(signed("a")), None, "a"))
    assert browser.multi(lambda m: m.has_cookie("a")) is False
    browser.multi(lambda m: m["a"].update(x=1))
    assert browser.multi(lambda m: m.has_cookie("a")) is True
