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
        loader.get_app(name, global_conf=global_config) for name in paths.values()
    ]
    package.gzip = lambda app, global_config: app

    def composite(shop="", admin="", main="composite:main"):
        def section(name, lines):
            return f"""
[app:{name}]
paste.app_factory = package_of_somebody:application
session_multi.namespaces = {name}
session_multi.{name}.use = signed_cookie
session_multi.{name}.secrets = {SECRET}
{lines}
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


def test_applications_that_the_main_section_does_not_serve_are_checked_as_well(command, composite):
    """Each once: a section that another one uses is a part of that."""
    alias = "[app:main]\nuse = shop\nsession_multi.shop.secure = true\n"
    run = command(composite(shop=alias, main="composite:other"), "--check")
    assert (run.code, run.err) == (1, "")
    headings = [line for line in run.out.splitlines() if line.startswith("[")]
    assert headings == ["[app:main]", "[app:admin]"]
    of_main, _heading, of_admin = run.out.partition("[app:admin]")
    assert of_main.endswith("\n\nNo findings.\n\n")
    assert "not-secure: admin: " in of_admin


def test_a_base_whose_variable_is_missing_is_not_reported_on_its_own(command, composite):
    """The applications that use it are."""
    alias = "[app:main]\nuse = shop\nx = %(hush)s%(hush2)s\n"
    run = command(composite(shop=alias, main="composite:other"), "--check")
    assert run.code == 2
    assert [line.partition(" does ")[0] for line in run.err.splitlines()] == [
        "psessions: the application main"
    ]
    assert "[app:shop]" not in run.out


def test_an_application_that_does_not_start_leaves_the_others_checked(command, composite):
    """Its name and the reason are on stderr, and the exit code is 2, whatever else was found."""
    broken_section = "x = %(hush)s\n[app:broken]\npaste.app_factory = package_of_somebody:nothing"
    run = command(composite(admin=broken_section), "--check")
    assert run.code == 2
    assert "[app:shop]" in run.out
    assert "not-secure: shop: " in run.out
    admin, unimportable = run.err.splitlines()
    assert admin == (
        "psessions: the application admin does not start: InterpolationMissingOptionError: "
        "x in [app:admin] needs a variable: add hush=... after the file name"
    )
    assert unimportable.startswith("psessions: the application broken does not start: ")
    assert command(composite(admin=broken_section), "--ignore", "not-secure:admin").code == 2
    assert json.loads(command(composite(admin=broken_section), "--json").out)[
        "applications"
    ].keys() == {"shop"}


def test_without_an_application_that_starts_only_the_reasons_are_printed(command, composite):
    """One line each, so that none is taken for the only one."""
    wrong = "session_multi.{0}.secrte = x".format
    run = command(composite(shop=wrong("shop"), admin=wrong("admin")), "--check")
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 2)


def test_a_name_picks_one(command, composite):
    """As with all of Pyramid's scripts."""
    run = command(f"{composite()}#admin")
    assert run.code == 0
    assert run.out.startswith("admin\n")
    assert "shop" not in run.out


def test_the_name_of_a_composite_picks_what_it_serves(command, composite):
    """Without the applications that only other sections serve."""
    path = composite(shop="[app:worker]\nuse = base\n[app:base]\nuse = shop\n")
    assert "[app:worker]" in command(path).out
    headings = [line for line in command(f"{path}#main").out.splitlines() if line[0:1] == "["]
    assert sorted(headings) == ["[app:admin]", "[app:shop]"]
    assert command(f"{path}#zipped").out.startswith("shop\n")


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


def test_a_file_without_a_main_section_has_all_of_its_applications(command, composite):
    """Each is loaded by name, also if it is the only one."""
    run = command(composite(main="composite:other"))
    assert run.code == 0
    assert run.out.startswith("[app:shop]\n\nshop\n")
    (path := composite().parent / "one.ini").write_text(
        "[app:shop]\npaste.app_factory = package_of_somebody:application\n"
        f"session_multi.namespaces = shop\nsession_multi.shop.use = nacl\n"
        f"session_multi.shop.secret = {SECRET[:32].encode().hex()}\n"
    )
    assert command(path).out.startswith("shop\n")


def test_a_section_whose_applications_are_in_another_file_is_loaded_itself(command, composite):
    """Alongside the applications of its own file."""
    path = composite()
    other = path.with_name("composite.ini")
    other.write_text(f"""
[composite:main]
paste.composite_factory = package_of_somebody:urlmap
/ = config:{path}#shop

[app:admin]
use = config:{path}#admin
""")
    run = command(other)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("[app:main]\n\nshop\n")
    assert "\n\n[app:admin]\n\nadmin\n" in run.out


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
