"""Sphinx's configuration for these pages: ``scripts/hatch run docs:build``."""

import ast
import inspect
import re
import sys
from importlib import metadata

from pygments.lexers import TextLexer
from sphinx.util.logging import getLogger
from zope.interface.interface import InterfaceClass, Method

project = "pyramid_session_multi"
author = "the pyramid_session_multi contributors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name
release = metadata.version("pyramid_session_multi")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton"]
exclude_patterns = ["_build", "examples"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# Pygments fails at a quoted argument of several lines. The tests run every block.
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_title = "pyramid_session_multi"
urls = dict(url.split(", ", 1) for url in metadata.metadata(project).get_all("Project-URL"))
html_theme_options = {
    "source_repository": urls["Source"],
    "source_branch": "main",
    "source_directory": "docs/",
}

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88

# The button copies the commands of a block, without their prompts and output.
copybutton_prompt_text = r"\$ |> "
copybutton_prompt_is_regexp = True

# Each name of ours that is mentioned has to be documented; those of others are not looked up.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(collections|contextlib|hashlib|pyramid|pytest|time|webtest|zope)\b.*"),
    (r"py:.*", r"Replay|TestApp"),
    # the classes behind public names
    (r"py:.*", r"pyramid_session_multi\.request_session\.NamespaceSessionFactory"),
    (r"py:.*", r"pyramid_session_multi\.registry\.inspected_factory\.InspectedFactory"),
]


def list_members(app, what, name, obj, options, lines):
    """Autodoc knows nothing of zope.interface: name what an interface asks for."""
    if not isinstance(obj, InterfaceClass):
        return
    for member, described in obj.namesAndDescriptions(all=True):
        if not described.interface.__module__.startswith("pyramid_session_multi"):
            continue  # what every dict has
        kind = "method" if isinstance(described, Method) else "attribute"
        signature = f"({_parameters(described)})" if kind == "method" else ""
        text = described.getDoc().splitlines()
        lines += [f".. py:{kind}:: {name}.{member}{signature}", "   :no-index:", ""]
        lines += [f"   {line.strip()}" for line in text] + [""]


def _parameters(method):
    """Those of the source, because zope.interface drops the keyword-only ones."""
    interface = method.interface
    source = ast.parse(inspect.getsource(sys.modules[interface.__module__]))
    return next(
        ast.unparse(function.args)
        for definition in source.body
        if isinstance(definition, ast.ClassDef) and definition.name == interface.__name__
        for function in definition.body
        if isinstance(function, ast.FunctionDef) and function.name == method.__name__
    )


# Types as people write them: an alias in the sources becomes the long form that it stands for.
_ANY_CALLABLE = r"[~\w.]*\bCallable\[(?:\[[^][]*\]|\.\.\.), [~\w.]*\bAny\]"
_SESSION_FACTORY = "~pyramid.interfaces.ISessionFactory"
_DISCRIMINATOR = "~collections.abc.Callable[[~pyramid.request.Request], bool]"
_PARAMETERS = [
    (rf"\b((?:session_)?factory: ){_ANY_CALLABLE}", _SESSION_FACTORY),
    (rf"\b(discriminator: ){_ANY_CALLABLE}", _DISCRIMINATOR),
    (r"\b(namespaces: )[^=]+(?=, refused)", "~pyramid_session_multi_testing.Namespaces"),
]
_RETURNED = {
    "edit_session": "~contextlib.AbstractContextManager[~typing.Any]",
    "get_namespace_config": _SESSION_FACTORY,
    "get_namespace_discriminator": _DISCRIMINATOR,
    "namespace_session_factory": _SESSION_FACTORY,
    "signed_cookie_session_factory": _SESSION_FACTORY,
}
# Only the packages themselves create these.
_WITHOUT_SIGNATURE = re.compile(
    r"\.(IsolationVerdict|Namespace|SessionMultiDebugPanel|SessionMultiManager|"
    r"SessionMultiManagerConfig|SessionMultiRequest|ViewContract|"
    r"ApplicationNotFound|CookieNotReturned|RecursiveOpening|RefusedSession|"
    r"UndeclaredSession|UnregisteredSession)$"
)


def write_signature(app, what, name, obj, options, signature, returned):
    """Name Pyramid's interface for a session factory, and what a discriminator takes."""
    if signature is None:  # an attribute
        return None
    if _WITHOUT_SIGNATURE.search(name):
        return "", None
    for pattern, type_ in _PARAMETERS:
        signature = re.sub(pattern, rf"\1{type_}", signature)
    type_ = _RETURNED.get(name.rpartition(".")[2])
    if type_ is not None:
        returned = re.sub(rf"{_ANY_CALLABLE}|^None$|^.*\bIterator\[.*\]$", type_, returned)
    if re.search(r"\[~?(typing\.)?Any\], ", f"{signature} {returned}"):
        getLogger(__name__).warning("%s: name the callable type in docs/conf.py", name)
    return signature.replace("[[...], ", "[..., "), returned


def setup(app):
    """Sphinx calls it."""
    app.add_lexer("conf", TextLexer)  # the configuration of Redis and the like
    app.connect("autodoc-process-docstring", list_members)
    app.connect("autodoc-process-signature", write_signature)
