"""``psessions`` on a file with several applications, and on one that does not start."""

from __future__ import annotations

import json

import pytest
from pyramid.config import Configurator

SECRET = "hush-hush" * 8


@pytest.fixture
def composite(tmp_path, package):
    """A file whose main section serves a shop, its administration and a page without Pyramid."""

    def application(global_config, *, include="true", **settings):
        with Configurator(settings=settings) as config:
            if include == "true":
                config.include("pyramid_session_multi")
            return config.make_wsgi_app()

    package.application = application
    package.static = lambda global_config, **settings: lambda environ, start_response: []
    package.urlmap = lambda loader, global_config, **paths: [
        loader.get_app(name, global_config=global_config) for name in paths.values()
    ]
    package.gzip = lambda app, global_config: app

    def composite(shop="", admin="", main="composite:main"):
        def section(name, more):
            return f"""
[app:{name}]
paste.app_factory = package_of_somebody:application
session_multi.namespaces = {name}
session_multi.{name}.use = signed_cookie
session_multi.{name}.secrets = {SECRET}
{more}
"""

        path = tmp_path / "development.ini"
        path.write_text(f"""
[{main}]
paste.composite_factory = package_of_somebody:urlmap
/ = zipped
/admin = admin
/static = static

[pipeline:zipped]
pipeline = gzip shop

[filter:gzip]
paste.filter_app_factory = package_of_somebody:gzip

[app:static]
paste.app_factory = package_of_somebody:static

[app:unused]
paste.app_factory = package_of_somebody:nothing
{section("shop", shop)}{section("admin", admin)}
""")
        return path

    return composite


SECURE = "session_multi.{}.secure = true"


def test_all_applications_that_the_main_section_serves_are_checked(command, composite):
    """Each under its name; applications that are not Pyramid's, or not served, are left out."""
    run = command(composite(shop=SECURE.format("shop")), "--check")
    assert run.code == 1
    headings = [line for line in run.out.splitlines() if line.startswith("[")]
    assert sorted(headings) == ["[app:admin]", "[app:shop]"]
    of_admin, of_shop = run.out.index("[app:admin]"), run.out.index("[app:shop]")
    assert of_admin < of_shop
    assert "not-secure: admin: " in run.out[of_admin:of_shop]
    assert run.out[of_shop:].endswith("\n\nNo findings.\n")


def test_the_exit_code_is_that_of_all_applications(command, composite):
    """It is 0 if none of them has findings."""
    path = composite(shop=SECURE.format("shop"), admin=SECURE.format("admin"))
    assert command(path, "--check").code == 0
    assert command(composite(shop=SECURE.format("shop")), "--check").code == 1
    ignored = ["--ignore", "not-secure:shop", "--ignore", "not-secure:admin"]
    assert command(composite(), "--check", *ignored).code == 0


def test_applications_that_are_not_checked_are_named(command, composite):
    """They are not loaded, as the main section does not serve them."""
    path = composite(shop="[app:main]\nuse = shop\n", main="composite:other")
    run = command(path, "--check")
    others = [line.partition(",")[0] for line in run.err.splitlines()]
    assert others == [f"psessions: not checked: {name}" for name in ("static", "unused", "admin")]
    assert run.err.endswith(
        f"admin, which [main] does not serve: run psessions with {path}#admin\n"
    )
    assert run.out.startswith("shop\n")
    assert command(path).err == command(f"{path}#main", "--check").err == ""


def test_a_name_picks_one(command, composite):
    """As with all of Pyramid's scripts."""
    run = command(f"{composite()}#admin")
    assert run.code == 0
    assert run.out.startswith("admin\n")
    assert "shop" not in run.out


def test_json_has_all_applications_by_name(command, composite):
    """A single application is printed without a name."""
    report = json.loads(command(composite(), "--json", "--check").out)["applications"]
    assert sorted(report) == ["admin", "shop"]
    assert report["shop"]["namespaces"][0]["namespace"] == "shop"
    assert report["admin"]["findings"][0]["id"] == "not-secure"
    assert "namespaces" in json.loads(command(f"{composite()}#shop", "--json").out)


def test_an_application_without_named_sessions_is_left_out(command, composite):
    """If none has named sessions, that is an error."""
    assert "[app:shop]" not in command(composite(shop="include = false")).out
    neither = command(composite(shop="include = false", admin="include = false"))
    assert neither.start_error == (
        "psessions: the application does not include pyramid_session_multi\n"
    )


def test_an_application_that_does_not_start_is_named(command, composite):
    """It is one of several."""
    error = command(composite(admin="session_multi.admin.secrte = x")).start_error
    assert "the application admin does not start: ConfigurationError: " in error


def test_a_file_without_a_main_section_has_all_of_its_applications(command, composite):
    """Each is loaded by name; in this test one cannot be."""
    error = command(composite(main="composite:other")).start_error
    assert "the application unused does not start" in error


def test_traceback_shows_where_the_application_failed(psessions, package):
    """On stderr, before the line that is always printed."""

    def main(global_config, **settings):
        raise ValueError("no database")

    package.main = main
    short = psessions()
    assert short.start_error == (
        "psessions: the application does not start: ValueError: no database\n"
    )
    package.main = main
    run = psessions("--traceback")
    assert run.code == 2
    assert "Traceback" in run.err
    assert 'raise ValueError("no database")' in run.err
    assert run.err.endswith(short.err)
