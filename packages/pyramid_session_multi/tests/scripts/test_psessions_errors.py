"""``psessions`` on an application or a file that cannot be loaded: exit code 2 and one line."""

from __future__ import annotations

import sys

import pytest
from pyramid.config import Configurator
from pyramid_session_multi.scripts.psessions import main

HUSH = "hush-hush"

SECRET = HUSH * 8


def test_an_application_whose_settings_are_wrong_says_why(psessions, words):
    """The message of the ``ConfigurationError``."""
    settings = words(a={"use": "signed_cookie", "secrets": HUSH})
    assert psessions(settings=settings).start_error == (
        "psessions: the application does not start: ConfigurationError: session_multi.a.secrets "
        "is too short: it is 9 bytes long; at least 32 are required, 64 recommended.\n"
    )


def test_an_error_of_a_commit_is_printed_without_its_location_in_pyramid(psessions, words, minimal):
    """Several lines become one: two namespaces accept each other's cookies."""
    settings = words(a=minimal("redis") | {"secret": SECRET}, b=minimal("redis"))
    line = psessions(settings=settings | {"session_multi.b.secret": SECRET}).start_error
    assert "ConfigurationError: A cookie of the namespace 'a' (session_multi.a.* in" in line
    assert "ConfigurationExecutionError" not in line


def failing(error):
    def setup(config):
        raise error

    return setup


ERRORS = {
    "no message": (KeyError(), "KeyError"),
    "several lines": (RuntimeError("one\n  two\n\nthree"), "RuntimeError: one two three"),
    "an exit": (SystemExit(3), "SystemExit: 3"),
    "an exit with success": (SystemExit(0), "SystemExit: 0"),
    "an import": (ImportError("cannot import name 'x'"), "ImportError: cannot import name 'x'\n"),
    "a module": (
        ModuleNotFoundError("No module named 'x'"),
        "ModuleNotFoundError: No module named 'x'; is it installed, or on PYTHONPATH?\n",
    ),
}


@pytest.mark.parametrize(("error", "message"), ERRORS.values(), ids=ERRORS)
def test_every_error_at_start_up_is_one_line(psessions, error, message):
    """With the type and the message of the exception."""
    assert f"does not start: {message}" in psessions(setup=failing(error)).start_error


def test_an_application_without_the_package_says_so(psessions, package):
    """It has nothing to print."""
    package.main = lambda global_config, **settings: Configurator().make_wsgi_app()
    line = psessions().start_error
    assert line == "psessions: the application does not include pyramid_session_multi\n"


def test_a_missing_file_is_named(psessions, command):
    """And an application that is not in the file."""
    assert "nowhere.ini" in command("nowhere.ini").start_error
    assert "'nobody'" in psessions(name="#nobody").start_error


UNREADABLE = {
    "an unknown variable": (
        "session_multi.a.secret = %(hush)s" + HUSH,
        "session_multi.a.secret in [app:main] needs a variable: add hush=... after the file name",
    ),
    "a single %": (
        f"session_multi.a.secret = {HUSH}%2{HUSH}",
        "session_multi.a.secret in [app:main] has a % that does not begin a %(variable)s: write",
    ),
    "half a variable": (
        f"session_multi.a.secret = %({HUSH}",
        "session_multi.a.secret in [app:main] has a % that does not begin a %(variable)s",
    ),
    "a circle": (
        f"session_multi.a.secret = {HUSH}%(session_multi.a.secret)s",
        "session_multi.a.secret in [app:main] ",
    ),
    "no assignment": (f"session_multi.a.secret\n{HUSH}{HUSH}", "cannot read line 3, 4"),
    "twice": (f"x = 1\nx = {HUSH}", "option 'x'"),
}


@pytest.mark.parametrize(("lines", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_parsed_is_reported_without_its_values(psessions, lines, message):
    """The parser's own messages quote values, which may be secrets with a ``%``."""
    assert message in psessions(sections=lines).start_error


def test_a_file_that_does_not_begin_with_a_section_is_reported_by_line(tmp_path, command):
    """The parser's own message would quote that line."""
    (tmp_path / "development.ini").write_text(f"secret = {HUSH}\n[app:main]\n")
    assert "cannot read line 1" in command(tmp_path / "development.ini").start_error


def test_a_variable_with_a_percent_sign_is_reported_by_name(psessions, words):
    """Variables are interpolated as well; ``%%`` stands for the sign itself."""
    settings = words(a={"use": "signed_cookie", "secrets": "%(secret)s"})
    line = psessions(f"secret={SECRET}%{HUSH}", settings=settings).start_error
    assert "secret in [DEFAULT] has a % that does not begin a %(variable)s: write it as %%" in line
    assert psessions(f"secret={SECRET}%%{HUSH}", settings=settings).code == 0


def test_a_variable_without_a_value_is_reported_by_its_number(psessions):
    """It may be a secret whose name was forgotten."""
    assert psessions("x=1", HUSH).start_error == (
        "psessions: variable 2 after the configuration file is not name=value\n"
    )


def test_a_command_line_without_a_file_requires_only_the_file(capsys):
    """Variables are optional."""
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith("arguments are required: config_uri\n")


def test_an_application_that_is_not_importable_here_says_what_is_missing(psessions, monkeypatch):
    """For example, in another folder than the application's."""
    monkeypatch.delitem(sys.modules, "package_of_somebody")
    assert "No module named 'package_of_somebody'; is it installed, or on PYTHONPATH?" in (
        psessions().start_error
    )


def test_an_unexpected_error_is_not_a_finding(psessions, signed, undescribed, register):
    """Exit code 1 is that of findings, and Python's own; here it is 2, with the traceback."""
    from pyramid_session_multi import SessionLibrary

    class Broken(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

        def cookie_attributes(self, factory):
            raise RuntimeError("not foreseen")

    factory = undescribed(signed("a"))

    def setup(config):
        config.register_session_library(Broken())
        register("a", factory, None, "sid")(config)

    run = psessions("--check", setup=setup)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("Traceback (most recent call last):\n")
    assert run.err.endswith("\nRuntimeError: not foreseen\n")


def test_an_unknown_option_is_the_usual_error(capsys):
    """With the usage, and the exit code 2."""
    with pytest.raises(SystemExit) as caught:
        main(["development.ini", "--chekc", f"secret={SECRET}"])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert "--chekc" in error
    assert HUSH not in error
