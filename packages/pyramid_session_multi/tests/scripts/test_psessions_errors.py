"""``psessions`` on an application or a file that it cannot read: exit code 2 and one line."""

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


def test_an_error_of_a_commit_is_told_without_its_place_in_pyramid(psessions, words, minimal):
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


@pytest.mark.parametrize(("error", "said"), ERRORS.values(), ids=ERRORS)
def test_whatever_keeps_an_application_from_starting_is_one_line(psessions, error, said):
    """By the type of the error, and what it says."""
    assert f"does not start: {said}" in psessions(setup=failing(error)).start_error


def test_an_application_without_the_package_says_so(psessions, package):
    """There is nothing to print."""
    package.main = lambda global_config, **settings: Configurator().make_wsgi_app()
    line = psessions().start_error
    assert line == "psessions: the application does not include pyramid_session_multi\n"


def test_a_file_that_is_not_there_is_named(psessions, command):
    """As well as an application that is not in it."""
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


@pytest.mark.parametrize(("lines", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_without_its_values(psessions, lines, said):
    """The parser's own messages quote them, and one may be a secret with a ``%``."""
    assert said in psessions(sections=lines).start_error


def test_a_file_that_does_not_begin_with_a_section_is_told_by_the_line(tmp_path, command):
    """Another error of the parser's that quotes."""
    (tmp_path / "development.ini").write_text(f"secret = {HUSH}\n[app:main]\n")
    assert "cannot read line 1" in command(tmp_path / "development.ini").start_error


def test_a_variable_with_a_percent_sign_is_told_by_its_name(psessions, words):
    """Variables are interpolated as well; written twice, the sign is itself."""
    settings = words(a={"use": "signed_cookie", "secrets": "%(secret)s"})
    line = psessions(f"secret={SECRET}%{HUSH}", settings=settings).start_error
    assert "secret in [DEFAULT] has a % that does not begin a %(variable)s: write it as %%" in line
    assert psessions(f"secret={SECRET}%%{HUSH}", settings=settings).code == 0


def test_a_variable_without_a_value_is_told_by_its_number(psessions):
    """It may be a secret whose name was forgotten."""
    assert psessions("x=1", HUSH).start_error == (
        "psessions: variable 2 after the configuration file is not name=value\n"
    )


def test_a_command_line_without_a_file_asks_for_nothing_else(capsys):
    """Variables need not be given."""
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert capsys.readouterr().err.endswith("arguments are required: config_uri\n")


def test_an_application_that_is_not_importable_here_says_what_is_missing(psessions, monkeypatch):
    """As in another folder than its own."""
    monkeypatch.delitem(sys.modules, "package_of_somebody")
    assert "No module named 'package_of_somebody'; is it installed, or on PYTHONPATH?" in (
        psessions().start_error
    )


def test_what_nobody_expected_is_no_finding(psessions, signed, undescribed, register):
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


def test_an_option_that_does_not_exist_is_the_usual_error(capsys):
    """With the usage, and the exit code of everything that cannot run."""
    with pytest.raises(SystemExit) as caught:
        main(["development.ini", "--chekc", f"secret={SECRET}"])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert "--chekc" in error
    assert HUSH not in error
