"""``has_cookie``: did the request bring the namespace's cookie?"""

from __future__ import annotations


def test_has_cookie_tells_whether_the_cookie_came(browse, signed, watched):
    """By its name alone: neither factory nor discriminator is asked."""
    factory, discriminator = watched(signed("a")), watched(True)
    browser = browse(a=(factory, discriminator), b=signed("b"))
    browser.client.set_cookie("a", "whatever")
    assert browser.multi(lambda m: (m.has_cookie("a"), m.has_cookie("b"), len(m))) == (
        True,
        False,
        0,
    )
    assert factory.requests == discriminator.requests == []


def test_has_cookie_does_not_know_without_a_name(browse, signed, undescribed):
    """``None``: the cookie's name is not known. Not ``False``: it may have come."""
    browser = browse(a=undescribed(signed("a")))
    browser.multi(lambda m: m["a"].update(x=1))
    assert browser.multi(lambda m: m.has_cookie("a")) is None


def test_has_cookie_looks_at_a_name_that_was_given(browse, signed, undescribed):
    """Declaring it is what the parameter is for."""
    browser = browse(a=(undescribed(signed("a")), None, "a"))
    assert browser.multi(lambda m: m.has_cookie("a")) is False
    browser.multi(lambda m: m["a"].update(x=1))
    assert browser.multi(lambda m: m.has_cookie("a")) is True
