"""Session factories and TestApps for the WebTest helpers, and a pytest run within a test."""

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
    """``make(kind)(cookie_name, path=..., domain=..., secure=...)`` for every library."""

    def make(kind):
        def maker(name, **cookie):
            if kind == "undescribed":
                return undescribed(signed(name, **cookie))
            if kind == "namespace_bound":
                from pyramid_session_multi import signed_cookie_session_factory

                return signed_cookie_session_factory(name, "one secret of all " * 3, **cookie)
            return library(kind)(name, **_library_options(kind, cookie))

        return maker

    return make


def _library_options(kind, cookie):
    prefixed_keys = {"redis": ("path", "domain", "secure"), "beaker": ("path", "domain")}
    keys = prefixed_keys.get(kind.partition("_")[0], ())
    return {f"cookie_{key}" if key in keys else key: value for key, value in cookie.items()}


@pytest.fixture(params=KINDS)
def kind(request):
    """Every kind of session factory, with its real backend."""
    return request.param


@pytest.fixture
def any_library(make, kind):
    """A function that creates session factories, for each kind."""
    return make(kind)


@pytest.fixture
def jar():
    """The cookies in a TestApp's jar, for comparison."""

    def jar(testapp):
        return sorted((c.domain, c.path, c.name, c.value, c.secure) for c in testapp.cookiejar)

    return jar


@pytest.fixture
def run_pytest(pytester, monkeypatch):
    """Run the test suite of an application in another pytest, which has no other plugin.

    Warnings are errors there, except those of importing Pyramid and of pyramid_session_redis.
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
            ignore:Call to deprecated setex:DeprecationWarning:pyramid_session_redis.
        """
    )

    def run(*args, plugin=True):
        plugins = ["-p", "pyramid_session_multi_testing.plugin"] if plugin else []
        return pytester.runpytest_subprocess(*plugins, *args)

    return run
