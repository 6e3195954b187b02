"""``docs/reference`` holds every finding, setting and option there is, and its examples run."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import sys
from configparser import ConfigParser
from pathlib import Path
from types import ModuleType

import pytest
from pyramid.config import Configurator
from pyramid.paster import get_app
from pyramid.scripts.common import parse_vars
from pyramid.scripts.pserve import PServeCommand
from pyramid.session import SignedCookieSessionFactory
from pyramid_nacl_session import EncryptedCookieSessionFactory
from pyramid_session_multi import ISessionMultiManagerConfig
from pyramid_session_multi.libraries.factory_builders.builder import builders
from pyramid_session_multi.scripts import psessions
from pyramid_session_multi.scripts.findings import CHECKS
from pyramid_session_redis import RedisSessionFactory

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
FINDINGS = (REFERENCE / "findings.md").read_text(encoding="utf-8")
SETTINGS = (REFERENCE / "settings.md").read_text(encoding="utf-8")

SECTIONS = dict(re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", FINDINGS, re.DOTALL | re.MULTILINE))


# Findings


def test_each_finding_has_a_section_and_each_section_a_finding():
    """In the order in which they are looked for."""
    assert list(SECTIONS) == list(CHECKS)


@pytest.mark.parametrize("finding", SECTIONS)
def test_a_section_has_the_fixes_and_the_item_of_the_asvs(finding):
    """A row for each library, or one fix for all; and a number, or a sentence that denies one."""
    text = SECTIONS[finding]
    rows = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    libraries = ["Pyramid", "pyramid_nacl_session", "pyramid_session_redis", "Beaker"]
    own = finding in {"isolation-unknown", "cookie-name-unknown", "same-as-request-session"}
    assert own or rows == ["library", *libraries]
    assert re.search(r"^(ASVS (\d+\.\d+\.\d+)|No item of the ASVS)", text, re.MULTILINE)


def test_the_commands_are_those_that_psessions_takes():
    """Each line of the page's first example, without its comment."""
    (example,) = re.findall(r"^```shell\n(.*?)^```", FINDINGS, re.DOTALL | re.MULTILINE)
    for line in example.splitlines():
        command, *arguments = shlex.split(line, comments=True)
        assert command == "psessions"
        assert psessions._parser().parse_intermixed_args(arguments).check


# Settings


def test_every_setting_has_a_row():
    """And every word after ``use =`` a heading."""
    rows = re.findall(r"^\| `session_multi\.([A-Za-z_.]+)` \|", SETTINGS, re.MULTILINE)
    of_all = {"namespaces", "isolation", "vary", "views"}
    of_each = {"NAME.use", "NAME.discriminator", "NAME.lifetime", "NAME.cookie_name", "NAME.OPTION"}
    assert set(rows) == of_all | of_each
    headings = re.findall(r"^## `use = (.*)`$", SETTINGS, re.MULTILINE)
    assert sorted(headings) == sorted(builders())


OWN_DEFAULTS = {
    ("signed_cookie", "httponly"): True,
    ("redis", "python_expires"): False,
    ("redis", "redis_client_callable"): "one of its own",
    ("redis", "cookie_samesite"): "no attribute",
    ("beaker", "auto"): False,
    ("beaker", "cookie_on_exception"): True,
    ("beaker", "key"): "the cookie_name",
    ("beaker", "type"): "`file` with a data_dir, else `memory`",
}


def default(use, name, option, parameters):
    """The default of an option; empty if there is none, or if the option is required."""
    if name == "cookie_name":
        return "the namespace"
    own = OWN_DEFAULTS.get((use, name))
    if isinstance(own, str):
        return own
    value = parameters[name].default if own is None and name in parameters else own
    if value is inspect.Parameter.empty or (value is None and "none" not in option.expected):
        return ""
    if callable(value):
        public = not value.__name__.startswith("_")
        return f"`{value.__module__.lstrip('_')}.{value.__name__}`" if public else "its own"
    return f"`{value}`" if isinstance(value, str) else f"`{str(value).lower()}`"


def rows(use, options, function):
    yield "| option | takes | default |"
    yield "|---|---|---|"
    parameters = inspect.signature(function).parameters
    for name, option in sorted(options.items()):
        yield f"| `{name}` | {option.expected} | {default(use, name, option, parameters)} |"


def of_beaker():
    """The options of its sessions, what a cookie does without, and those of the storages."""
    from beaker.session import Session

    maker = builders()["beaker"]
    memory = maker.options({"type": "memory"}, resolver=None)
    cookie = maker.options({"type": "cookie"}, resolver=None)
    yield from rows("beaker", memory, Session)
    yield ""
    storage_only = names(memory.keys() - cookie.keys())
    yield f"With `type = cookie`, these options do not exist: {storage_only}."
    yield ""
    yield "| `type` | more options |"
    yield "|---|---|"
    for kind in ["file", "dbm", "ext:database", "ext:memcached", "ext:mongodb", "ext:redis"]:
        more = maker.options({"type": kind}, resolver=None).keys() - memory.keys()
        yield f"| `{kind}` | {names(more)} |"


def names(those):
    return ", ".join(f"`{name}`" for name in sorted(those))


FUNCTIONS = {
    "signed_cookie": SignedCookieSessionFactory,
    "nacl": EncryptedCookieSessionFactory,
    "redis": RedisSessionFactory,
}


def test_the_options_are_those_of_the_libraries(request):
    """Read off the signatures; ``--update-docs`` writes the tables."""
    page = SETTINGS
    for use, maker in builders().items():
        if use == "beaker":
            lines = of_beaker()
        else:
            lines = rows(use, maker.options({}, resolver=None), FUNCTIONS[use])
        begin, end = f"<!-- options of {use} -->\n", f"<!-- end of {use} -->\n"
        head, rest = page.split(begin)
        page = head + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1]
    if request.config.getoption("--update-docs"):
        (REFERENCE / "settings.md").write_text(page, encoding="utf-8")
    else:
        assert page == SETTINGS, (
            "scripts/test tests-integration/docs/test_reference.py --update-docs"
        )


# Examples


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", SETTINGS, re.DOTALL | re.MULTILINE)


SECRETS = {"session_secret": "session-" * 8, "account_secret": "account-" * 8}


@pytest.fixture
def shop(monkeypatch):
    """The module that the examples are in."""
    module = ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    for example in blocks("python"):
        exec(compile(example, "settings.md", "exec"), vars(module))
    return module


def settings_of(example):
    parser = ConfigParser(defaults=SECRETS)
    parser.read_string(f"[app:main]\n{example}")
    return dict(parser["app:main"])


@pytest.mark.parametrize(("number", "names"), [(0, ["public", "account"]), (1, ["draft"])])
def test_the_ini_examples_make_working_namespaces(shop, number, names):
    """With the variables that they name."""
    config = Configurator(settings=settings_of(blocks("ini")[number]))
    config.include("pyramid_session_multi")
    app = config.make_wsgi_app()
    assert app.registry.getUtility(ISessionMultiManagerConfig).namespaces == names


def test_every_ini_example_is_tested():
    """A third one needs a line above."""
    assert len(blocks("ini")) == 2


def test_the_callable_of_the_example_makes_what_its_options_say(shop):
    """Minutes become seconds."""
    factory = shop.short_lived({"secrets": "s" * 32, "minutes": "5"})
    assert factory._timeout == 300


def test_the_application_of_the_example_has_its_secret_from_the_environment(shop, monkeypatch):
    """Put into the settings before they are read."""
    monkeypatch.setenv("SESSION_SECRET", SECRETS["session_secret"])
    settings = settings_of("session_multi.namespaces = public")
    settings |= {"session_multi.public.use": "signed_cookie"}
    app = shop.main({}, **settings)
    public = app.registry.getUtility(ISessionMultiManagerConfig).get("public")
    assert public.session_library.secret_bytes(public.library_factory) == 64


def test_the_commands_take_the_secrets_from_the_environment(tmp_path, monkeypatch, capsys):
    """In a file with the first example: psessions runs, and what pserve would serve is made."""
    (example,) = blocks("shell")
    monkeypatch.chdir(tmp_path)
    file = Path("production.ini")
    file.write_text(f"[app:main]\nuse = call:two_sessions:main\n{blocks('ini')[0]}")
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name.upper(), secret)
    serving, looking = (shlex.split(os.path.expandvars(line)) for line in example.splitlines())
    assert psessions.main(looking[1:]) == 0
    assert capsys.readouterr().out.endswith("No findings.\n")
    arguments = PServeCommand(serving).args
    app = get_app(arguments.config_uri, options=parse_vars(arguments.config_vars))
    assert app.registry.getUtility(ISessionMultiManagerConfig).namespaces == ["public", "account"]
