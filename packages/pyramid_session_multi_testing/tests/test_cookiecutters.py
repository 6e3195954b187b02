"""The fixtures and functions work alongside those of Pyramid's cookiecutters and pytest-pyramid."""

import pytest

pytest_plugins = "pytester"

# The conftest.py of Pyramid's cookiecutters, without the .ini file.
COOKIECUTTER = """
    import pytest
    import webtest
    from pyramid.config import Configurator
    from pyramid.response import Response
    from pyramid.scripting import prepare
    from pyramid.session import SignedCookieSessionFactory
    from pyramid.testing import DummyRequest, testConfig


    def main(global_config, **settings):
        config = Configurator(settings=settings)
        config.include("pyramid_session_multi")
        config.register_session_factory("cart", SignedCookieSessionFactory("s", cookie_name="cart"))
        config.add_route("home", "/")
        view = lambda request: Response(repr(dict(request.session_multi["cart"])))
        config.add_view(view, route_name="home")
        return config.make_wsgi_app()

    @pytest.fixture
    def session_multi_namespaces():
        return ["cart"]

    @pytest.fixture(scope="session")
    def app_settings():
        return {"x": "1"}

    @pytest.fixture(scope="session")
    def app(app_settings):
        return main({}, **app_settings)

    @pytest.fixture
    def testapp(app):
        return webtest.TestApp(app, extra_environ={"HTTP_HOST": "example.com"})

    @pytest.fixture
    def app_request(app):
        with prepare(registry=app.registry) as env:
            request = env["request"]
            request.host = "example.com"
            yield request

    @pytest.fixture
    def dummy_request():
        request = DummyRequest()
        request.host = "example.com"
        return request

    @pytest.fixture
    def dummy_config(dummy_request):
        with testConfig(request=dummy_request) as config:
            yield config
"""

COOKIECUTTER_TESTS = """
    from pyramid.testing import DummyRequest
    from pyramid.threadlocal import get_current_request
    from pyramid_session_multi import SessionMultiManager
    from pyramid_session_multi_testing import DummySessionMulti, edit_session, read_session

    def test_testapp(testapp):
        with edit_session(testapp, "cart") as cart:
            cart["x"] = 1
        assert testapp.get("/").text == "{'x': 1}"
        assert read_session(testapp, "cart") == {"x": 1}

    def test_testapp_is_another_one(testapp):
        assert read_session(testapp, "cart") == {}

    def test_app_request_has_the_real_manager(app_request):
        assert type(app_request.session_multi) is SessionMultiManager

    def test_app_request_takes_the_double(app_request, session_multi):
        app_request.session_multi = session_multi
        session_multi.request = app_request
        assert app_request.session_multi["cart"] == {}

    def test_edit_session_is_not_noticed(app_request, dummy_config, testapp):
        before = get_current_request()
        with edit_session(testapp, "cart") as cart:
            cart["x"] = 1
        assert get_current_request() is before

    def test_dummy_request_takes_the_double(dummy_config, dummy_request, session_multi):
        dummy_request.session_multi = session_multi
        assert get_current_request().session_multi["cart"] == {}

    def test_ours_takes_its_registry_from_dummy_config(dummy_config, session_multi_request):
        dummy_config.add_route("tea", "/tea")
        assert session_multi_request.route_url("tea") == "http://example.com/tea"
"""


def test_the_fixtures_work_alongside_those_of_the_cookiecutters(pytester, run_pytest):
    pytester.makeconftest(COOKIECUTTER)
    pytester.makepyfile(COOKIECUTTER_TESTS)
    run_pytest().assert_outcomes(passed=7)


def test_the_fixtures_work_alongside_those_of_pytest_pyramid(pytester, run_pytest):
    pytest.importorskip("pytest_pyramid", reason="needs Pyramid 2.1")
    pytester.makeconftest(COOKIECUTTER)
    pytester.makepyfile(
        test_cookiecutter=COOKIECUTTER_TESTS,
        test_pytest_pyramid="""
        from pytest_pyramid import factories
        from pyramid.session import SignedCookieSessionFactory
        from pyramid_session_multi_testing import edit_session, read_session
        import pytest

        settings = {"pyramid.includes": "pyramid_session_multi"}
        shop_config = factories.pyramid_config(settings=settings)
        shop = factories.pyramid_app("shop_config", "cart")

        @pytest.fixture(scope="session")
        def cart(shop_config):
            factory = SignedCookieSessionFactory("s", cookie_name="cart")
            shop_config.register_session_factory("cart", factory)

        def test_their_testapp(shop):
            with edit_session(shop, "cart") as cart:
                cart["x"] = 1
            assert read_session(shop, "cart") == {"x": 1}

        def test_all(pyramid_app, pyramid_config, session_multi_request):
            assert session_multi_request.session_multi["cart"] == {}
        """,
    )
    run_pytest("-p", "pytest_pyramid.plugin").assert_outcomes(passed=9)
