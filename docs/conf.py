"""How Sphinx builds these pages: ``scripts/hatch run docs:build``."""

from importlib import metadata

from pygments.lexers import TextLexer
from zope.interface.interface import InterfaceClass, Method

project = "pyramid_session_multi"
author = "the pyramid_session_multi contributors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name
release = metadata.version("pyramid_session_multi")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "examples"]
myst_heading_anchors = 3
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

# Each name of ours that is mentioned has to be documented; those of others are not looked up.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(collections|hashlib|pyramid|pytest|time|webtest|zope)\b.*"),
    (r"py:.*", r"Replay|Request|TestApp"),
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
        signature = described.getSignatureString() if kind == "method" else ""
        text = described.getDoc().splitlines()
        lines += [f".. py:{kind}:: {name}.{member}{signature}", "   :no-index:", ""]
        lines += [f"   {line.strip()}" for line in text] + [""]


def setup(app):
    """Sphinx calls it."""
    app.add_lexer("conf", TextLexer)  # the configuration of Redis and the like
    app.connect("autodoc-process-docstring", list_members)
