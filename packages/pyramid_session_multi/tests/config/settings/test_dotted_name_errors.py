"""Options that take a dotted name: errors for a name that does not resolve."""

from __future__ import annotations

import sys

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError

# Part of every value that must not be shown.
HUSH = "hush-hush"

SECRET = HUSH * 8

# A name that its module does not have, the reason in the message, and the near miss.
NOT_THERE = [
    ("package_of_somebody.mkae", "the module 'package_of_somebody' has no 'mkae'", ".make"),
    ("package_of_somebody:mkae", "the module 'package_of_somebody' has no 'mkae'", ":make"),
    (
        "package_of_somebody.Makr.make",
        "the module 'package_of_somebody' has no 'Makr'",
        ".Maker.make",
    ),
    ("package_of_somebody.Maker.mkae", "package_of_somebody.Maker has no 'mkae'", ".Maker.make"),
    ("package_of_somebody.zzzz", "the module 'package_of_somebody' has no 'zzzz'", None),
    ("package_of_somebody._hiden", "the module 'package_of_somebody' has no '_hiden'", None),
]

DOTTED_OPTIONS = [
    ("signed_cookie", "use"),
    ("signed_cookie", "discriminator"),
    ("signed_cookie", "serializer"),
    ("redis", "cookie_signer"),
    ("redis", "serialize"),
    ("memory", "namespace_class"),
]


@pytest.mark.parametrize(("kind", "option"), DOTTED_OPTIONS)
@pytest.mark.parametrize(("name", "said", "near"), NOT_THERE)
def test_a_name_that_a_module_does_not_have_suggests_the_near_miss(
    error_with, hushed, package, kind, option, name, said, near
):
    """In every option that takes a dotted name. Python itself would say "not a package"."""

    class Maker:
        make = str

    Maker.__module__, Maker.__qualname__ = package.__name__, "Maker"
    package.make, package.Maker, package._hidden = str, Maker, str
    message = error_with(hushed(kind) | {option: name})
    hint = f"; did you mean '{package.__name__}{near}'?" if near else ""
    assert message.startswith(f"session_multi.a.{option} takes ")
    assert message.endswith(f", not {name!r} ({said}{hint}).")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".mkae", "(the module 'package_of_somebody' has no 'mkae'; did you mean '.make'?)"),
        (":mkae", "(the module 'package_of_somebody' has no 'mkae'; did you mean ':make'?)"),
        ("..mkae", "(ModuleNotFoundError: No module named 'mkae')"),
    ],
)
def test_a_relative_name_is_resolved_in_the_application(words, hushed, package, name, said):
    """The near miss is relative, too; above the application there is no suggestion."""
    package.make = str
    config = Configurator(package=package, settings=words(a=hushed("redis") | {"use": name}))
    with pytest.raises(ConfigurationError) as caught:
        config.include("pyramid_session_multi")
    assert str(caught.value).endswith(f"not {name!r} {said}.")


def test_a_module_of_a_package_is_suggested_as_well(error_with, hushed):
    """Even if it was not imported yet."""
    message = error_with(hushed("redis") | {"use": "pyramid.scriptz.proutes"})
    proposed = "the module 'pyramid' has no 'scriptz'; did you mean 'pyramid.scripts.proutes'?"
    assert proposed in message


def test_a_module_that_cannot_be_imported_shows_the_error_of_python(
    words, hushed, tmp_path, monkeypatch, start
):
    """The module exists, but an import in it fails; the traceback shows where."""
    (tmp_path / "somebodys").mkdir()
    (tmp_path / "somebodys" / "__init__.py").touch()
    (tmp_path / "somebodys" / "broken.py").write_text("import not_installed")
    monkeypatch.syspath_prepend(tmp_path)
    for option in ("use", "discriminator", "serialize"):
        with pytest.raises(ConfigurationError) as caught:
            start(words(a=hushed("redis") | {option: "somebodys.broken.make"}))
        said = "(ModuleNotFoundError: No module named 'not_installed')."
        assert str(caught.value).endswith(said)
        assert isinstance(caught.value.__cause__, ModuleNotFoundError)
    monkeypatch.delitem(sys.modules, "somebodys")


HTTPS = "did you mean 'pyramid_session_multi.https_only'?"

NO_DISCRIMINATORS = [
    ("https_only", f"(ModuleNotFoundError: No module named 'https_only'; {HTTPS})"),
    ("pyramid_session_multi.http_only", f"has no 'http_only'; {HTTPS})"),
    ("pyramid_session_mutli.https_only", f"No module named 'pyramid_session_mutli'; {HTTPS})"),
    ("package_of_somebody.https_only", f"has no 'https_only'; {HTTPS})"),
    ("nowhere.at_all", "(ModuleNotFoundError: No module named 'nowhere')"),
    ("os.path", "(that is an instance of builtins.module, which cannot be called)"),
]


@pytest.mark.parametrize(("name", "said"), NO_DISCRIMINATORS)
def test_an_invalid_discriminator_names_its_setting(error_with, hushed, package, name, said):
    """The message suggests ``https_only`` for names that are close to it."""
    message = error_with(hushed("signed_cookie", discriminator=name))
    assert message.startswith(
        f"session_multi.a.discriminator takes the dotted name of a callable, not {name!r} ("
    )
    assert message.endswith(f"{said}.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "is empty: give the dotted name of a callable, or leave it out."),
        ("  ", "is empty: give the dotted name of a callable, or leave it out."),
        (7, "takes a callable or the dotted name of one, not an instance of builtins.int."),
    ],
)
def test_a_discriminator_that_is_not_a_name_says_what_the_option_takes(
    error_with, hushed, given, said
):
    """An empty value in a file, or a wrong type in Python."""
    message = error_with(hushed("signed_cookie") | {"discriminator": given})
    assert message == f"session_multi.a.discriminator {said}"
