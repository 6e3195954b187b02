"""The session factories and TestApps of the helpers for WebTest, and a pytest within a test."""

import pytest

KINDS = [
    "signed",
    "nacl",
    "redis",
    "beaker_memory",
    "beaker_file",
    "beaker_database",
    "beaker_cookie",
    "namespace_bound",
    "undescribed",
]


@pytest.fixture
def make(library, signed, undescribed):
    """``make(kind)(cookie_name, path=..., domain=..., secure=...)``, whatever the library."""

    def make(kind):
        def maker(name, **cookie):
            if kind == "undescribed":
                return undescribed(signed(name, **cookie))
            if kind == "namespace_bound":
                from pyramid_session_multi import signed_cookie_session_factory

                return signed_cookie_session_factory(name, "one secret of all " * 3, **cookie)
            return library(kind)(name, **_spelled(kind, cookie))

        return maker

    return make


def _spelled(kind, cookie):
    prefixed = {"redis": ("path", "domain", "secure"), "beaker": ("path", "domain")}
    mine = prefixed.get(kind.partition("_")[0], ())
    return {f"cookie_{key}" if key in mine else key: value for key, value in cookie.items()}


@pytest.fixture(params=KINDS)
def kind(request):
    """The kinds of session factories, on their real backends."""
    return request.param


@pytest.fixture
def any_library(make, kind):
    """A maker of session factories: each kind there is."""
    return make(kind)


@pytest.fixture
def jar():
    """What a TestApp's cookie jar holds, to be compared."""

    def jar(testapp):
        return sorted((c.domain, c.path, c.name, c.value, c.secure) for c in testapp.cookiejar)

    return jar


@pytest.fixture
def inner_pytest(pytester, monkeypatch):
    """Run an application's suite in a pytest of its own, that has no other plugin.

    Warnings are errors there as well, but for what Pyramid does at its import.
    """
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini(
        """
        [pytest]
        filterwarnings =
            error
            ignore:'cgi' is deprecated:DeprecationWarning:webob.compat
            ignore:pkg_resources is deprecated as an API:UserWarning:pyramid.
            ignore:Deprecated call to .pkg_resources:DeprecationWarning:pkg_resources
        """
    )

    def run(*args, plugin=True):
        plugins = ["-p", "pyramid_session_multi_testing.plugin"] if plugin else []
        return pytester.runpytest_subprocess(*plugins, *args)

    return run
