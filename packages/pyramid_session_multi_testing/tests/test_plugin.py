"""The fixtures in the test suite of an application."""

pytest_plugins = "pytester"

NAMESPACES = """
    import pytest

    @pytest.fixture
    def session_multi_namespaces():
        return ["cart"]
"""


def test_there_are_no_namespaces_by_default(pytester, run_pytest):
    pytester.makepyfile(
        """
        import pytest
        from pyramid.testing import DummyRequest
        from pyramid_session_multi_testing import DummySessionMulti

        def test_none(session_multi_namespaces, session_multi, session_multi_request):
            assert list(session_multi_namespaces) == session_multi.namespaces == []
            with pytest.raises(KeyError, match="override the fixture session_multi_namespaces"):
                session_multi["cart"]
            assert isinstance(session_multi, DummySessionMulti)
            assert isinstance(session_multi_request, DummyRequest)
            assert session_multi_request.session_multi is session_multi
            assert session_multi.request is session_multi_request
        """
    )
    run_pytest().assert_outcomes(passed=1)


def test_each_fixture_uses_the_one_before(pytester, run_pytest):
    """A test suite overrides one of them in a conftest, a module, a class or for one test."""
    pytester.makeconftest(NAMESPACES)
    pytester.makepyfile(
        """
        import pytest
        from pyramid_session_multi_testing import DummySessionMulti

        def test_conftest(session_multi_request):
            assert session_multi_request.session_multi.namespaces == ["cart"]

        class TestInitialData:
            @pytest.fixture
            def session_multi_namespaces(self, session_multi_namespaces):
                return {**dict.fromkeys(session_multi_namespaces, {}), "account": {"user": "anna"}}

            def test_class(self, session_multi_request):
                assert session_multi_request.session_multi["account"]["user"] == "anna"
                assert session_multi_request.session_multi["cart"] == {}

        class TestRefused:
            @pytest.fixture
            def session_multi(self, session_multi_namespaces):
                return DummySessionMulti(session_multi_namespaces, refused=["cart"])

            def test_class(self, session_multi_request):
                assert session_multi_request.session_multi["cart"] is None

        @pytest.mark.parametrize("session_multi_namespaces", [["a"], ["b"]])
        def test_one(session_multi, session_multi_namespaces):
            assert session_multi.namespaces == session_multi_namespaces
        """
    )
    run_pytest().assert_outcomes(passed=5)


def test_each_test_has_its_own_double(pytester, run_pytest):
    pytester.makeconftest(NAMESPACES)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("n", range(3))
        def test_one(session_multi, session_multi_request, n):
            assert session_multi["cart"] == {}
            assert not hasattr(session_multi_request, "n")
            session_multi["cart"]["n"] = session_multi_request.n = n
        """
    )
    run_pytest().assert_outcomes(passed=3)


def test_a_wrong_override_is_explained(pytester, run_pytest):
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def session_multi_namespaces():
            return "cart"

        def test_one(session_multi):
            pass
        """
    )
    result = run_pytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*TypeError: namespaces takes a collection of names*'cart'*"])


def test_all_fixture_names_begin_with_session_multi(pytester, run_pytest):
    """So they cannot conflict with the fixtures of other plugins."""
    lines = run_pytest("--fixtures", "--color=no").stdout.lines
    start = lines.index(next(line for line in lines if "pyramid_session_multi_testing" in line))
    names = [line.split()[0] for line in lines[start + 1 :] if line[:1].isalpha()]
    assert names == ["session_multi_namespaces", "session_multi", "session_multi_request"]


def test_nothing_is_imported_before_a_fixture_is_used(pytester, run_pytest):
    """The application's test suite may have to import Pyramid with its own settings."""
    pytester.makeconftest(
        """
        import sys

        def imported():
            packages = {name.partition(".")[0] for name in sys.modules}
            return sorted(packages & {"pyramid", "pyramid_session_multi", "webob", "webtest"})

        def pytest_collection_finish(session):
            assert "pyramid_session_multi_testing.plugin" in sys.modules
            assert imported() == []
        """
    )
    pytester.makepyfile(
        """
        import sys
        from conftest import imported
        import pyramid_session_multi_testing

        def test_before():
            assert imported() == []

        def test_namespaces(session_multi_namespaces):
            assert imported() == []

        def test_double(session_multi):
            assert imported() == ["pyramid", "pyramid_session_multi", "webob"]
        """
    )
    run_pytest().assert_outcomes(passed=3)


def test_the_plugin_can_be_switched_off(pytester, run_pytest):
    """The double works without the fixtures."""
    pytester.makepyfile(
        """
        from pyramid_session_multi_testing import DummySessionMulti

        def test_double():
            assert DummySessionMulti(["cart"])["cart"] == {}

        def test_fixture(session_multi):
            pass
        """
    )
    result = run_pytest(plugin=False)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*fixture 'session_multi' not found*"])
