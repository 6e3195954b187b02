"""How Sphinx builds these pages: ``scripts/hatch run docs:build``."""

from importlib import metadata

project = "pyramid_session_multi"
author = "the pyramid_session_multi contributors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name
release = metadata.version("pyramid_session_multi")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["examples"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "pyramid_session_multi"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
