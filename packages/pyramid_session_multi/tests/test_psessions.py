"""``psessions``: the namespaces of an application, and what is worth a second look at them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from pyramid.config import Configurator
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid.util import SimpleSerializer
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi import IsolationWarning, namespace_session_factory
from pyramid_session_multi.scripts.findings import CHECKS
from pyramid_session_multi.scripts.psessions import main
from pyramid_session_redis import RedisSessionFactory

HUSH = "hush-hush"
SECRET = HUSH * 8

HTTPS_ONLY = "pyramid_session_multi.https_only"


class Run(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def findings(self):
        """Those that were printed, as they would be ignored."""
        lines = self.out.rpartition("\n\n")[2].splitlines()
        return [":".join(line.split(": ")[:2]) for line in lines if line != "No findings."]


@pytest.fixture
def ini(tmp_path):
    """``ini(settings, sections)``: the path of a file with an application and these settings."""

    def ini(settings=(), sections=""):
        lines = [f"{key} = {value}" for key, value in dict(settings).items()]
        text = "\n".join(["[app:main]", "use = call:package_of_somebody:main", *lines, sections])
        path = tmp_path / "development.ini"
        path.write_text(f"{text}\n")
        return path

    return ini


@pytest.fixture
def psessions(ini, package, capsys):
    """Run ``psessions`` on an application with these settings and what ``setup`` does."""

    def psessions(*arguments, settings=(), setup=lambda config: None, sections="", name=""):
        def of_the_application(global_config, **settings):
            config = Configurator(settings=settings)
            config.include("pyramid_session_multi")
            setup(config)
            return config.make_wsgi_app()

        package.__dict__.setdefault("main", of_the_application)
        code = main([f"{ini(settings, sections)}{name}", *arguments])
        package.__dict__.pop("main")
        return Run(code, *capsys.readouterr())

    return psessions


def register(name, factory, *others):
    """A ``setup`` that registers one namespace."""
    return lambda config: config.register_session_factory(name, factory, *others)


# What is printed


@pytest.fixture
def example(words, minimal):
    """Two namespaces, one of which has a finding."""
    redis = {"use": "redis", "secret": SECRET, "redis_url": minimal("redis")["redis_url"]}
    return words(
        public={"use": "signed_cookie", "secrets": f"{'n' * 64} {'o' * 64}"},
        account=redis | {"cookie_name": "acct", "discriminator": HTTPS_ONLY},
    )


BLOCKS = """\
public
  cookie         public
  flags          Path=/; HttpOnly; SameSite=Lax
  factory        pyramid.session.BaseCookieSessionFactory
  discriminator  none
  registered     session_multi.public.* in the settings
  isolation      isolated

account
  cookie         acct
  flags          Path=/; HttpOnly
  factory        pyramid_session_redis.RedisSessionFactory
  discriminator  pyramid_session_multi.discriminators.https_only
  registered     session_multi.account.* in the settings
  isolation      isolated
"""


def test_a_block_per_namespace(psessions, example):
    """In the order of registration; without ``--check`` nothing is judged."""
    assert psessions(settings=example) == (0, BLOCKS, "")


def test_the_check_of_the_example_tells_what_is_missing_there(psessions, example):
    """The account's cookie goes over http as well, and nothing else is wrong."""
    assert psessions("--check", settings=example) == (
        1,
        f"{BLOCKS}\n"
        "not-secure: account: pyramid_session_multi.discriminators.https_only restricts it, but "
        "its cookie is also sent over http: make it Secure\n",
        "",
    )


def test_the_cure_leaves_no_finding(psessions, example):
    """``cookie_secure = true``, and the check passes."""
    run = psessions("--check", settings=example | {"session_multi.account.cookie_secure": "true"})
    assert run.code == 0
    assert run.out.endswith("\n\nNo findings.\n")


def test_no_namespace_is_said_to_be_none(psessions):
    """An application that only includes the package."""
    said = (
        "o session namespace is registered: call config.register_session_factory(...) or list them "
        "in session_multi.namespaces"
    )
    assert psessions() == (0, f"N{said}.\n", "")
    assert json.loads(psessions("--json").out) == {"namespaces": []}
    for options in (["--check"], ["--check", "--json"]):  # nothing was checked, so it did not pass
        assert does_not_start(psessions(*options)) == f"psessions: n{said}\n"


def test_json_has_the_same(psessions, example):
    """And the findings, where they are asked for."""
    run = psessions("--json", settings=example)
    described = {
        "namespace": "account",
        "cookie": "acct",
        "flags": ["Path=/", "HttpOnly"],
        "factory": "pyramid_session_redis.RedisSessionFactory",
        "discriminator": "pyramid_session_multi.discriminators.https_only",
        "registered": "session_multi.account.* in the settings",
        "isolation": "isolated",
    }
    assert run.code == 0
    assert json.loads(run.out).keys() == {"namespaces"}
    assert json.loads(run.out)["namespaces"][1] == described
    checked = psessions("--json", "--check", settings=example)
    assert checked.code == 1
    [finding] = json.loads(checked.out)["findings"]
    assert finding.keys() == {"id", "namespace", "message"}
    assert (finding["id"], finding["namespace"]) == ("not-secure", "account")
    assert psessions("--check", "--json", "--ignore", "not-secure", settings=example).code == 0


def test_json_says_null_where_nothing_is_known(psessions, signed, undescribed):
    """Rather than a word that would have to be compared."""
    run = psessions("--json", setup=register("a", undescribed(signed("x"))))
    [described] = json.loads(run.out)["namespaces"]
    unknown = [name for name, value in described.items() if value is None]
    assert unknown == ["cookie", "flags", "discriminator"]


def test_a_library_that_nobody_described(psessions, signed, undescribed):
    """What is not known is said, and what is."""
    run = psessions(setup=register("a", undescribed(signed("x")), None, "sid"))
    assert "  cookie         sid\n" in run.out
    assert "  flags          not known\n" in run.out
    assert "  isolation      cannot tell: the session library is not described\n" in run.out
    unnamed = psessions(setup=register("a", undescribed(signed("x"))))
    assert "  cookie         name not known\n" in unnamed.out


def test_a_place_in_the_code_is_relative_to_where_one_is(psessions, signed, monkeypatch):
    """A file below the current directory; others stay whole."""
    setup = register("a", signed("a"))
    place = f"{__file__}:{register.__code__.co_firstlineno + 2}"
    monkeypatch.chdir("/")
    assert json.loads(psessions("--json", setup=setup).out)["namespaces"][0]["registered"] == place
    monkeypatch.chdir(Path(__file__).parent)
    assert f"  registered     {Path(place).name}\n" in psessions(setup=setup).out


LONG = {"a domain": "some.words." * 20, "a verdict": "Some words. " * 20}


@pytest.mark.parametrize("long", LONG.values(), ids=LONG)
def test_blocks_are_laid_out_for_80_columns(psessions, long):
    """A long text goes on below; a word that is longer stays whole, to be searched and copied."""

    def setup(config):
        register("a", signed_cookie(domain=long), bool)(config)
        register("b", signed_cookie("b"))(config)

    run = psessions(settings={"session_multi.isolation": "off"}, setup=setup)
    lines = run.out.splitlines()
    assert run.code == 0
    assert "is accepted as one of" in run.out
    assert all(len(line) <= 80 or len(line.split()) == 1 for line in lines)
    assert all(word in run.out for word in long.split())
    assert [line for line in lines if not line.startswith("  ")] == ["a", "", "b"]


# The file


def test_the_files_application_may_have_a_name(psessions, words, minimal):
    """``development.ini#name``, as with Pyramid's own scripts."""
    others = words(b=minimal("nacl"))
    section = "\n".join(
        ["[app:other]", "use = call:package_of_somebody:main"]
        + [f"{key} = {value}" for key, value in others.items()]
    )
    settings = words(a=minimal("nacl"))
    run = psessions(settings=settings, sections=section, name="#other")
    assert run.out.startswith("b\n  cookie         b\n")
    assert psessions(settings=settings, sections=section).out.startswith("a\n")


SIDES = {"before": lambda *words: words, "after": lambda *words: reversed(words)}


@pytest.mark.parametrize("side", SIDES.values(), ids=SIDES)
def test_variables_are_handed_on(psessions, words, side):
    """``%(session_secret)s`` in the file, on whichever side of the options it is given."""
    settings = words(a={"use": "signed_cookie", "secrets": "%(session_secret)s"})
    run = psessions(*side("--check", f"session_secret={SECRET}"), settings=settings)
    assert (run.code, run.findings) == (0, [])


def test_the_application_knows_which_script_makes_it(psessions, package):
    """As with Pyramid's own: ``__script__`` is among the variables, and may be given."""
    seen = []

    def main(global_config, **settings):
        seen.append(global_config["__script__"])
        config = Configurator(settings=settings)
        config.include("pyramid_session_multi")
        return config.make_wsgi_app()

    for arguments in [(), ("__script__=another",)]:
        package.main = main
        psessions(*arguments)
    assert seen == ["psessions", "another"]


SHOP = """
from pyramid.config import Configurator

def main(global_config, **settings):
    config = Configurator(settings=settings)
    config.include("pyramid_session_multi")
    config.add_route("home", "/")
    config.add_view(lambda request: {}, route_name="home", renderer="json")
    return config.make_wsgi_app()
"""


@pytest.fixture
def script(tmp_path, ini):
    """Run an installed console script on the file of an application that is importable there."""

    def script(name, settings, *arguments):
        (tmp_path / "package_of_somebody.py").write_text(SHOP)
        path = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
        quiet = {"PYTHONPATH": os.pathsep.join(path), "PYTHONWARNINGS": "ignore::UserWarning"}
        done = subprocess.run(
            [Path(sys.executable).with_name(name), str(ini(settings)), *arguments],
            env=os.environ | quiet,
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return script


def test_it_is_installed_as_a_console_script(script, words):
    """With a variable, the JSON and the check; findings are exit code 1, and what fails is 2."""
    settings = words(
        a={"use": "signed_cookie", "secrets": "%(secret)s", "discriminator": HTTPS_ONLY}
    )
    run = script("psessions", settings, "--json", "--check", f"secret={SECRET}")
    assert (run.code, run.err) == (1, "")
    assert [finding["id"] for finding in json.loads(run.out)["findings"]] == ["not-secure"]
    run = script("psessions", settings)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)


def test_the_same_variable_serves_pyramids_own_scripts(script, words):
    """So ``pserve production.ini session_secret=...`` and ``psessions`` read one file."""
    settings = words(a={"use": "signed_cookie", "secrets": "%(secret)s"})
    run = script("proutes", settings, f"secret={SECRET}")
    assert (run.code, run.err) == (0, "")
    assert "home" in run.out


# When it cannot run


def does_not_start(run):
    """Two, nothing on stdout, and one line that holds no secret on stderr: that line."""
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("psessions: ")
    assert len(run.err.splitlines()) == 1
    assert HUSH not in run.err
    return run.err


def test_an_application_whose_settings_are_wrong_says_why(psessions, words):
    """The message of the ``ConfigurationError``."""
    settings = words(a={"use": "signed_cookie", "secrets": HUSH})
    assert does_not_start(psessions(settings=settings)) == (
        "psessions: the application does not start: ConfigurationError: session_multi.a.secrets "
        "is too short: it is 9 bytes long; at least 32 are required, 64 recommended.\n"
    )


def test_an_error_of_a_commit_is_told_without_its_place_in_pyramid(psessions, words, minimal):
    """Several lines become one: two namespaces accept each other's cookies."""
    settings = words(a=minimal("redis") | {"secret": SECRET}, b=minimal("redis"))
    line = does_not_start(psessions(settings=settings | {"session_multi.b.secret": SECRET}))
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
    assert f"does not start: {said}" in does_not_start(psessions(setup=failing(error)))


def test_an_application_without_the_package_says_so(psessions, package):
    """There is nothing to print."""
    package.main = lambda global_config, **settings: Configurator().make_wsgi_app()
    line = does_not_start(psessions())
    assert line == "psessions: the application does not include pyramid_session_multi\n"


def test_a_file_that_is_not_there_is_named(psessions, capsys):
    """As well as an application that is not in it."""
    assert main(["nowhere.ini"]) == 2
    assert "nowhere.ini" in does_not_start(Run(2, *capsys.readouterr()))
    assert "'nobody'" in does_not_start(psessions(name="#nobody"))


UNREADABLE = {
    "an unknown variable": (
        "session_multi.a.secret = %(hush)s" + HUSH,
        "session_multi.a.secret in [app:main] needs a variable: give hush=... after the file",
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
    assert said in does_not_start(psessions(sections=lines))


def test_a_file_that_does_not_begin_with_a_section_is_told_by_the_line(tmp_path, capsys):
    """Another error of the parser's that quotes."""
    (tmp_path / "development.ini").write_text(f"secret = {HUSH}\n[app:main]\n")
    assert main([str(tmp_path / "development.ini")]) == 2
    assert "cannot read line 1" in does_not_start(Run(2, *capsys.readouterr()))


def test_a_variable_with_a_percent_sign_is_told_by_its_name(psessions, words):
    """Variables are interpolated as well; written twice, the sign is itself."""
    settings = words(a={"use": "signed_cookie", "secrets": "%(secret)s"})
    line = does_not_start(psessions(f"secret={SECRET}%{HUSH}", settings=settings))
    assert "secret in [DEFAULT] has a % that does not begin a %(variable)s: write it as %%" in line
    assert psessions(f"secret={SECRET}%%{HUSH}", settings=settings).code == 0


def test_a_variable_without_a_value_is_told_by_its_number(psessions):
    """It may be a secret whose name was forgotten."""
    assert does_not_start(psessions("x=1", HUSH)) == (
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
        does_not_start(psessions())
    )


def test_what_nobody_expected_is_no_finding(psessions, undescribed):
    """Exit code 1 is that of findings, and Python's own; here it is 2, with the traceback."""
    from pyramid_session_multi import SessionLibrary

    class Broken(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

        def cookie_attributes(self, factory):
            raise RuntimeError("not foreseen")

    factory = undescribed(signed_cookie())

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


# --ignore


@pytest.fixture
def two(words, minimal):
    """Two namespaces with the same finding, one of them with another as well."""
    weak = {"httponly": "false"}
    short = weak | {"secrets": "s" * 40}
    return words(account=minimal("signed_cookie") | weak, admin=minimal("signed_cookie") | short)


IGNORED = [
    ([], ["no-httponly:account", "no-httponly:admin", "short-secret:admin"]),
    (["no-httponly"], ["short-secret:admin"]),
    (["no-httponly:admin"], ["no-httponly:account", "short-secret:admin"]),
    (["no-httponly", "short-secret:admin"], []),
    (["no-httponly", "short-secret:account"], ["short-secret:admin"]),
]


@pytest.mark.parametrize(("ignored", "left"), IGNORED, ids=repr)
def test_a_known_finding_can_be_ignored(psessions, two, ignored, left):
    """Everywhere or for one namespace; what is left decides the exit code."""
    options = [word for name in ignored for word in ("--ignore", name)]
    run = psessions("--check", *options, settings=two)
    assert run.findings == left
    assert run.code == (1 if left else 0)


UNKNOWN = {
    "no-httpony": "there is no finding 'no-httpony'; did you mean 'no-httponly'?",
    "no-httponly:acount": "there is no namespace 'acount'; did you mean 'account'?",
    "no-httponly:zzz": "there is no namespace 'zzz'; there are: account, admin, request.session",
    "no-httponly:": "there is no namespace ''; there are: account, admin, request.session",
    "": "there is no finding ''; there are: shared-key, ",
    "account": "there is no finding 'account'; ",
}


@pytest.mark.parametrize("check", [[], ["--check"]], ids=["alone", "with --check"])
@pytest.mark.parametrize(("word", "said"), UNKNOWN.items())
def test_what_cannot_be_ignored_is_no_finding_or_no_namespace(psessions, two, word, said, check):
    """A finding that was renamed must not be silently accepted, nor a misspelt one reported."""
    line = does_not_start(psessions(*check, "--ignore", word, settings=two))
    assert f"--ignore: {said}" in line


# Findings: of each an application that has it, and the same one with the cure

FROM_SETTINGS = [
    ("no-httponly", "signed_cookie", {"httponly": "false"}, {"httponly": "true"}),
    ("no-httponly", "nacl", {}, {"httponly": "true"}),
    ("no-httponly", "redis", {"cookie_httponly": "false"}, {"cookie_httponly": "true"}),
    ("no-httponly", "memory", {}, {"httponly": "true"}),
    ("no-httponly", "cookie", {}, {"httponly": "true"}),
    ("not-secure", "signed_cookie", {"discriminator": HTTPS_ONLY}, {"secure": "true"}),
    ("not-secure", "nacl", {"discriminator": HTTPS_ONLY}, {"secure": "true"}),
    ("not-secure", "redis", {"discriminator": HTTPS_ONLY}, {"cookie_secure": "true"}),
    ("not-secure", "memory", {"discriminator": HTTPS_ONLY}, {"secure": "true"}),
    ("not-secure", "cookie", {"discriminator": "builtins.bool"}, {"secure": "true"}),
    ("short-secret", "signed_cookie", {"secrets": "x" * 63}, {"secrets": "x" * 64}),
    (
        "short-secret",
        "signed_cookie",
        {"secrets": f"{'x' * 64} {'y' * 32}"},
        {"secrets": f"{'x' * 64} {'y' * 64}"},
    ),
    ("short-secret", "redis", {"secret": "x" * 63}, {"secret": "é" * 32}),
    ("short-secret", "memory", {"secret": "x" * 63}, {"secret": "x" * 64}),
    ("short-secret", "cookie", {"validate_key": "x" * 32}, {"validate_key": "x" * 64}),
    ("long-cookie-name", "redis", {"cookie_name": "x" * 33}, {"cookie_name": "x" * 32}),
    ("cookie-prefix", "redis", {"cookie_name": "__Host-a"}, {"cookie_secure": "true"}),
    ("cookie-prefix", "nacl", {"cookie_name": "__Secure-a"}, {"secure": "true"}),
    ("cookie-prefix", "nacl", {"cookie_name": "__secure-a"}, {"secure": "true"}),
    (
        "cookie-prefix",
        "signed_cookie",
        {"cookie_name": "__Host-a", "secure": "true", "path": "/shop"},
        {"path": "/"},
    ),
    (
        "cookie-prefix",
        "cookie",
        {"key": "__HOST-a", "secure": "true", "cookie_domain": "example.com"},
        {"key": "__Secure-a"},
    ),
]


@pytest.mark.parametrize(("finding", "kind", "weak", "cure"), FROM_SETTINGS)
def test_a_finding_goes_away_with_its_cure(psessions, words, minimal, finding, kind, weak, cure):
    """Of one namespace, made from the settings."""
    known = ["--ignore", "no-httponly"] if finding != "no-httponly" else []
    run = psessions("--check", *known, settings=words(a=minimal(kind) | weak))
    assert (run.code, run.findings) == (1, [f"{finding}:a"])
    run = psessions("--check", *known, settings=words(a=minimal(kind) | weak | cure))
    assert (run.code, run.findings) == (0, [])


def signed_cookie(name="a", **options):
    return SignedCookieSessionFactory(SECRET, **{"cookie_name": name, "httponly": True} | options)


def beaker(**options):
    return BeakerSessionFactoryConfig(key="a", httponly=True, **options)


def redis(**options):
    return RedisSessionFactory(cookie_name="a", cookie_httponly=True, **options)


FROM_CODE = {
    "samesite-none": (signed_cookie(samesite="None"), signed_cookie(samesite="None", secure=True)),
    "unsigned": (beaker(), beaker(secret=SECRET)),
    "unsigned ": (
        BaseCookieSessionFactory(JSONSerializer(), cookie_name="a", httponly=True),
        signed_cookie(),
    ),
    "unsigned  ": (redis(cookie_signer=SimpleSerializer()), redis(secret=SECRET)),
    "long-cookie-name": (signed_cookie("x" * 33), signed_cookie("x" * 32)),
}


@pytest.mark.parametrize(("finding", "factories"), FROM_CODE.items())
def test_a_finding_in_the_code_goes_away_with_its_cure(psessions, finding, factories):
    """What the settings do not allow, a call does."""
    weak, cured = (psessions("--check", setup=register("a", factory)) for factory in factories)
    assert (weak.code, weak.findings) == (1, [f"{finding.strip()}:a"])
    assert (cured.code, cured.findings) == (0, [])


def test_a_cookie_without_a_name_is_found_until_it_is_given(psessions, signed, undescribed):
    """``None`` is allowed, and worth a second look."""
    known = ["--check", "--ignore", "isolation-unknown"]
    factory = undescribed(signed("sid"))
    assert psessions(*known, setup=register("a", factory)).findings == ["cookie-name-unknown:a"]
    assert psessions(*known, setup=register("a", factory, None, "sid")).findings == []


def test_an_undescribed_library_is_found_until_it_is_described(psessions, undescribed):
    """Nobody can tell whose cookies it accepts."""
    from pyramid_session_multi import SessionLibrary

    factory = undescribed(signed_cookie())

    class Own(SessionLibrary):
        def recognizes_factory(self, candidate):
            return candidate is factory

        def key_tokens(self, factory):
            return ("own",)

    def described(config):
        config.register_session_library(Own())
        setup(config)

    setup = register("a", factory, None, "sid")
    assert psessions("--check", setup=setup).findings == ["isolation-unknown:a"]
    assert psessions("--check", setup=described).findings == []


def test_every_finding_has_a_test():
    """In the tables above and beside them."""
    beside = {"cookie-name-unknown", "isolation-unknown", "shared-key"}
    of_tables = {row[0] for row in FROM_SETTINGS} | {name.strip() for name in FROM_CODE}
    assert of_tables | beside == CHECKS.keys()


def test_a_finding_is_one_line_that_begins_with_its_identifier(psessions, undescribed):
    """``ID: namespace: what is wrong``, whatever it is."""

    def setup(config):
        register("a", undescribed(signed_cookie()))(config)
        register("b", signed_cookie("__Host-" + "b" * 33, samesite="None"), bool)(config)
        register("c", SignedCookieSessionFactory("short", cookie_name="c"))(config)
        register("d", SignedCookieSessionFactory("short", cookie_name="d"))(config)
        register("e", BeakerSessionFactoryConfig(key="e"))(config)

    run = psessions("--check", settings={"session_multi.isolation": "off"}, setup=setup)
    lines = run.out.rpartition("\n\n")[2].splitlines()
    found = [re.fullmatch(r"([a-z-]+): ([a-e]): .{20,}", line) for line in lines]
    assert all(found), lines
    assert {match[1] for match in found} == CHECKS.keys()


# Isolation


@pytest.mark.parametrize("kind", ["nacl", "redis", "memory", "cookie"])
@pytest.mark.parametrize("mode", ["warn", "off"])
@pytest.mark.filterwarnings("ignore::pyramid_session_multi.IsolationWarning")
def test_shared_keys_are_found_where_the_application_starts_with_them(
    psessions, words, minimal, kind, mode
):
    """Of both namespaces, in both directions, with the cure; keys of their own leave nothing."""
    known = ["--check", "--ignore", "no-httponly"]
    settings = {"session_multi.isolation": mode}
    same = words(a=minimal(kind, "a"), b=minimal(kind, "a"))
    run = psessions(*known, settings=same | settings)
    assert run.code == 1
    assert run.findings == ["shared-key:a"] * 2 + ["shared-key:b"] * 2
    line = run.out.splitlines()[-1]
    assert "namespace 'a' (session_multi.a.* in the settings)" in line
    assert "namespace 'b' (session_multi.b.* in the settings)" in line
    assert "To fix this, " in line
    own = words(a=minimal(kind, "a"), b=minimal(kind, "b"))
    assert psessions(*known, settings=own | settings).findings == []


def test_warn_says_the_same_on_stderr(psessions, words, minimal):
    """The application starts with its ``IsolationWarning``; what is printed is the same."""
    settings = words(a=minimal("redis"), b=minimal("redis"))
    with pytest.warns(IsolationWarning, match="accepted as one of"):
        warned = psessions("--check", settings=settings | {"session_multi.isolation": "warn"})
    off = psessions("--check", settings=settings | {"session_multi.isolation": "off"})
    assert warned.out == off.out


# request.session


def beside(factory, name="a"):
    """A namespace that is in order, and ``request.session``."""

    def setup(config):
        config.set_session_factory(factory)
        config.register_session_factory(name, signed_cookie())

    return setup


def test_request_session_is_a_party(psessions):
    """It accepts the cookies of a namespace, and the other way round."""
    settings = {"session_multi.isolation": "off"}
    run = psessions("--check", settings=settings, setup=beside(signed_cookie("session")))
    assert run.findings == ["shared-key:a", "shared-key:a"]
    assert "factory of request.session" in run.out.splitlines()[-1]
    other = SignedCookieSessionFactory("o" * 64)
    assert psessions("--check", settings=settings, setup=beside(other)).findings == []


def test_an_undescribed_request_session_is_found(psessions, undescribed):
    """Nobody can tell whether it accepts a namespace's cookie; it can be ignored by that name."""
    setup = beside(undescribed(signed_cookie("session")))
    run = psessions("--check", setup=setup)
    assert (run.code, run.findings) == (1, ["isolation-unknown:request.session"])
    ignored = psessions("--check", "--ignore", run.findings[0], setup=setup)
    assert (ignored.code, ignored.findings) == (0, [])


def test_request_session_alone_is_not_looked_at(psessions, undescribed):
    """Without a namespace there is nothing that it could be mistaken for."""

    def setup(config):
        config.set_session_factory(undescribed(signed_cookie("session")))

    assert "no session namespace is registered" in does_not_start(psessions("--check", setup=setup))


def test_a_namespace_as_request_session_is_no_party(psessions):
    """It is that namespace."""
    assert psessions("--check", setup=beside(namespace_session_factory("a"))).findings == []


def test_no_backend_is_asked(psessions, words):
    """A server that is down keeps nobody from looking at the configuration."""
    redis = {"use": "redis", "secret": SECRET, "redis_url": "redis://localhost:1/0"}
    database = {"use": "beaker", "type": "ext:database", "secret": "s" * 64, "httponly": "true"}
    settings = words(a=redis, b=database | {"url": "postgresql://localhost:1/nowhere"})
    run = psessions("--check", settings=settings)
    assert (run.code, run.findings, run.err) == (0, [], "")


def test_middleware_around_the_application_is_looked_through(psessions, package, minimal, words):
    """What the file serves may be wrapped."""

    class Wrapped:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            return self.app(environ, start_response)

    def main(global_config, **settings):
        config = Configurator(settings=settings)
        config.include("pyramid_session_multi")
        return Wrapped(config.make_wsgi_app())

    package.main = main
    assert psessions(settings=words(a=minimal("nacl"))).out.startswith("a\n  cookie         a\n")
