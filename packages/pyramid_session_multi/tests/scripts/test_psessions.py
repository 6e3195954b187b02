"""``psessions``: the namespaces of an application, and their findings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from beaker.session import SessionObject
from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory

HUSH = "hush-hush"
SECRET = HUSH * 8

HTTPS_ONLY = "pyramid_session_multi.https_only"


# The output


@pytest.fixture
def example(words, minimal):
    """Two namespaces, one of which has a finding."""
    redis = {"use": "redis", "secret": SECRET, "redis_url": minimal("redis")["redis_url"]}
    return words(
        public={
            "use": "signed_cookie",
            "secrets": f"{'n' * 64} {'o' * 64}",
            "lifetime": "28800",
        },
        account=redis | {"cookie_name": "acct", "discriminator": HTTPS_ONLY},
    )


BLOCKS = """\
public
  cookie         public
  flags          Path=/; HttpOnly; SameSite=Lax
  factory        pyramid_session_multi.signed_cookie_session_factory
  discriminator  none
  lifetime       28800 seconds
  registered     session_multi.public.* in the settings
  isolation      isolated

account
  cookie         acct
  flags          Path=/; HttpOnly
  factory        pyramid_session_redis.RedisSessionFactory
  discriminator  pyramid_session_multi.https_only
  lifetime       none
  registered     session_multi.account.* in the settings
  isolation      isolated
"""


def test_a_block_per_namespace(psessions, example):
    """In the order of registration; without ``--check`` there are no findings."""
    assert psessions(settings=example) == (0, BLOCKS, "")


def test_the_check_of_the_example_has_its_findings(psessions, example):
    """Both cookies are sent over http as well, and the account's has no SameSite."""
    assert psessions("--check", settings=example) == (
        1,
        f"{BLOCKS}\n"
        "not-secure: public: browsers also send its cookie over http, where others can read it: "
        "make the cookie Secure\n"
        "not-secure: account: browsers also send its cookie over http, where others can read it, "
        "although pyramid_session_multi.https_only restricts the session: make the cookie Secure\n"
        "no-samesite: account: its cookie has no SameSite attribute, and not every browser "
        "defaults to Lax: set one\n",
        "",
    )


def test_the_fix_leaves_no_finding(psessions, example):
    """Secure and SameSite for both, and the check passes."""
    cure = {
        "session_multi.public.secure": "true",
        "session_multi.account.cookie_secure": "true",
        "session_multi.account.cookie_samesite": "Lax",
    }
    run = psessions("--check", settings=example | cure)
    assert run.code == 0
    assert run.out.endswith("\n\nNo findings.\n")


def test_an_application_without_namespaces_says_so(psessions):
    """It only includes the package."""
    message = (
        "o session namespace is registered: call config.register_session_factory(...) or list them "
        "in session_multi.namespaces"
    )
    assert psessions() == (0, f"N{message}.\n", "")
    assert json.loads(psessions("--json").out) == {"namespaces": []}
    for options in (["--check"], ["--check", "--json"]):  # nothing was checked, so it did not pass
        assert psessions(*options).start_error == f"psessions: n{message}\n"


def test_json_has_the_same(psessions, example):
    """With the findings, if ``--check`` is set."""
    run = psessions("--json", settings=example)
    facts = {
        "namespace": "account",
        "cookie": "acct",
        "flags": ["Path=/", "HttpOnly"],
        "factory": "pyramid_session_redis.RedisSessionFactory",
        "discriminator": "pyramid_session_multi.https_only",
        "lifetime": None,
        "registered": "session_multi.account.* in the settings",
        "isolation": "isolated",
    }
    assert run.code == 0
    assert json.loads(run.out).keys() == {"namespaces"}
    assert json.loads(run.out)["namespaces"][1] == facts
    assert json.loads(run.out)["namespaces"][0]["lifetime"] == 28800
    check_run = psessions("--json", "--check", settings=example)
    assert check_run.code == 1
    public, account, _third = json.loads(check_run.out)["findings"]
    assert public.keys() == {"id", "namespace", "message"}
    assert (public["id"], public["namespace"]) == ("not-secure", "public")
    assert (account["id"], account["namespace"]) == ("not-secure", "account")
    ignored_words = ["--ignore", "not-secure", "--ignore", "no-samesite"]
    assert psessions("--check", "--json", *ignored_words, settings=example).code == 0


def test_json_has_null_for_unknown_values(psessions, signed, undescribed, register):
    """Not a word that programs would have to compare."""
    run = psessions("--json", setup=register("a", undescribed(signed("x"))))
    [facts] = json.loads(run.out)["namespaces"]
    unknown_facts = [name for name, value in facts.items() if value is None]
    assert unknown_facts == ["cookie", "flags", "discriminator", "lifetime"]


def test_an_undescribed_library(psessions, signed, undescribed, register):
    """The output shows the known and the unknown facts."""
    run = psessions(setup=register("a", undescribed(signed("x")), None, "sid"))
    assert "  cookie         sid\n" in run.out
    assert "  flags          not known\n" in run.out
    assert "  isolation      cannot tell: the session library is not described\n" in run.out
    unnamed = psessions(setup=register("a", undescribed(signed("x"))))
    assert "  cookie         name not known\n" in unnamed.out


def test_a_copy_of_pyramid_beakers_class_is_described(psessions, register):
    """It has the name that the application's author wrote."""
    options = {"key": "sid", "secret": SECRET, "type": "memory", "httponly": True}

    class OwnSession(SessionObject):
        _options = options

        def __init__(self, request):
            super().__init__(request.environ, **self._options)

    out = psessions(setup=register("a", OwnSession)).out
    assert "  cookie         sid\n" in out
    assert "  flags          Path=/; HttpOnly; SameSite=Lax\n" in out
    assert "OwnSession\n" in out


def test_a_location_is_relative_to_the_current_directory(psessions, signed, monkeypatch):
    """Files outside it have their whole path."""

    def setup(config):
        config.register_session_factory("a", signed("a"))

    location = f"{__file__}:{setup.__code__.co_firstlineno + 1}"
    monkeypatch.chdir("/")
    assert (
        json.loads(psessions("--json", setup=setup).out)["namespaces"][0]["registered"] == location
    )
    monkeypatch.chdir(Path(__file__).parent)
    assert f"  registered     {Path(location).name}\n" in psessions(setup=setup).out


LONG = {"a domain": "some.words." * 20, "a verdict": "Some words. " * 20}


@pytest.mark.parametrize("long", LONG.values(), ids=LONG)
def test_blocks_are_laid_out_for_80_columns(psessions, long):
    """A long text is wrapped; a longer word stays whole, so that it can be searched and copied."""

    def setup(config):
        for name, domain in {"a": long, "b": None}.items():
            factory = SignedCookieSessionFactory(SECRET, cookie_name=name, domain=domain)
            config.register_session_factory(name, factory, bool)

    run = psessions(settings={"session_multi.isolation": "off"}, setup=setup)
    lines = run.out.splitlines()
    assert run.code == 0
    assert "is accepted as one of" in run.out
    texts = {line: line[len("  discriminator  ") :] for line in lines}
    assert all(len(line) <= 80 or len(text.split()) == 1 for line, text in texts.items())
    assert all(word in run.out for word in long.split())
    assert [line for line in lines if not line.startswith("  ")] == ["a", "", "b"]


@pytest.mark.parametrize("folder", ["/app", "/a-folder" * 20], ids=["short", "long"])
def test_a_location_stays_on_one_line(psessions, signed, folder):
    """So that it can be copied."""
    path, scope = f"{folder}/app.py", {}
    code = "def setup(config): config.register_session_factory('a', factory)"
    exec(compile(code, path, "exec"), scope)
    scope["factory"] = signed("a")
    run = psessions(setup=scope["setup"])
    assert f"  registered     {path}:1\n" in run.out


# The file


def test_the_application_can_have_a_name(psessions, words, minimal):
    """``development.ini#name``, as with Pyramid's own scripts."""
    others = words(b=minimal("nacl"))
    section = "\n".join(
        ["[app:other]", "use = call:package_of_somebody:main"]
        + [f"{key} = {value}" for key, value in others.items()]
    )
    settings = words(a=minimal("nacl"))
    run = psessions(settings=settings, sections=section, name="#other")
    assert run.out.startswith("b\n  cookie         b\n")
    assert psessions(settings=settings, sections=section, name="#main").out.startswith("a\n")


ORDERS = {"before": lambda *words: words, "after": lambda *words: reversed(words)}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_variables_are_passed_on(psessions, words, order):
    """``%(session_secret)s`` in the file; the variable can be before or after the options."""
    options = {"use": "signed_cookie", "secrets": "%(session_secret)s", "secure": "true"}
    settings = words(a=options)
    run = psessions(*order("--check", f"session_secret={SECRET}"), settings=settings)
    assert (run.code, run.findings) == (0, [])


def test_the_application_knows_which_script_loads_it(psessions, package):
    """As with Pyramid's own: ``__script__`` is one of the variables, and can be set."""
    scripts = []

    def main(global_config, **settings):
        scripts.append(global_config["__script__"])
        config = Configurator(settings=settings)
        config.include("pyramid_session_multi")
        return config.make_wsgi_app()

    for arguments in [(), ("__script__=another",)]:
        package.main = main
        psessions(*arguments)
    assert scripts == ["psessions", "another"]


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
    """Run an installed console script on the file of an application that it can import."""

    def script(name, settings, *arguments):
        (tmp_path / "package_of_somebody.py").write_text(SHOP)
        path = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
        quiet = {"PYTHONPATH": os.pathsep.join(path), "PYTHONWARNINGS": "ignore::UserWarning"}
        return subprocess.run(
            [Path(sys.executable).with_name(name), str(ini(settings)), *arguments],
            env=os.environ | quiet,
            capture_output=True,
            text=True,
            check=False,
        )

    return script


def test_it_is_installed_as_a_console_script(script, words):
    """With a variable, the JSON and the check; exit code 1 for findings, 2 for errors."""
    settings = words(
        a={"use": "signed_cookie", "secrets": "%(secret)s", "discriminator": HTTPS_ONLY}
    )
    run = script("psessions", settings, "--json", "--check", f"secret={SECRET}")
    assert (run.returncode, run.stderr) == (1, "")
    assert [finding["id"] for finding in json.loads(run.stdout)["findings"]] == ["not-secure"]
    run = script("psessions", settings)
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (2, "", 1)


def test_the_same_variable_serves_pyramids_own_scripts(script, words):
    """``pserve production.ini session_secret=...`` and ``psessions`` read one file."""
    settings = words(a={"use": "signed_cookie", "secrets": "%(secret)s"})
    run = script("proutes", settings, f"secret={SECRET}")
    assert (run.returncode, run.stderr) == (0, "")
    assert "home" in run.stdout


# When it cannot run


# --ignore


@pytest.fixture
def two_namespaces(words, minimal):
    """Two namespaces with the same finding, one of them with another as well."""
    weak = {"httponly": "false", "secure": "true"}
    short = weak | {"secrets": "s" * 40}
    return words(account=minimal("signed_cookie") | weak, admin=minimal("signed_cookie") | short)


IGNORED = [
    ([], ["no-httponly:account", "no-httponly:admin", "short-secret:admin"]),
    (["no-httponly"], ["short-secret:admin"]),
    (["no-httponly:admin"], ["no-httponly:account", "short-secret:admin"]),
    (["no-httponly", "short-secret:admin"], []),
    (["no-httponly", "short-secret:account"], ["short-secret:admin"]),
]


@pytest.mark.parametrize(("ignored_words", "remaining"), IGNORED, ids=repr)
def test_a_known_finding_can_be_ignored(psessions, two_namespaces, ignored_words, remaining):
    """For all namespaces or for one; the remaining findings decide the exit code."""
    options = [word for name in ignored_words for word in ("--ignore", name)]
    run = psessions("--check", *options, settings=two_namespaces)
    assert run.findings == remaining
    assert run.code == (1 if remaining else 0)


UNKNOWN = {
    "no-httpony": "there is no finding 'no-httpony'; did you mean 'no-httponly'?",
    "no-httponly:acount": "there is no namespace 'acount'; did you mean 'account'?",
    "no-httponly:zzz": "there is no namespace 'zzz'; there are: account, admin, request.session",
    "no-httponly:": "there is no namespace ''; there are: account, admin, request.session",
    "": "there is no finding ''; there are: shared-key, ",
    "account": "there is no finding 'account'; ",
}


@pytest.mark.parametrize("check", [[], ["--check"]], ids=["alone", "with --check"])
@pytest.mark.parametrize(("word", "message"), UNKNOWN.items())
def test_ignoring_an_unknown_finding_or_namespace_is_an_error(
    psessions, two_namespaces, word, message, check
):
    """A renamed finding must not be ignored silently, nor a misspelled one reported."""
    line = psessions(*check, "--ignore", word, settings=two_namespaces).start_error
    assert f"--ignore: {message}" in line


def test_middleware_around_the_application_is_searched(psessions, package, minimal, words):
    """The application in the file may be wrapped."""

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
