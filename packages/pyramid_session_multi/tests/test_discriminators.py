"""``https_only``, the discriminator that is part of the package."""

from __future__ import annotations

import pyramid_session_multi
import pytest


@pytest.mark.parametrize(("scheme", "verdict"), [("https", True), ("http", False)])
def test_https_only_is_true_when_the_scheme_is_https(browse, signed, scheme, verdict):
    """A session that exists only over https is the most common reason for a discriminator."""
    browser = browse(secure=(signed("sid"), pyramid_session_multi.https_only))
    environ = {"wsgi.url_scheme": scheme}
    assert browser.visit(pyramid_session_multi.https_only, **environ) is verdict
    assert browser.multi(lambda m: m["secure"] is not None, **environ) is verdict
