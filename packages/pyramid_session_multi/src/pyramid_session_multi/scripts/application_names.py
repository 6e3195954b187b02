"""The names of the applications in an .ini file, as PasteDeploy reads its sections."""

from __future__ import annotations

from collections.abc import Mapping
from configparser import InterpolationMissingOptionError
from contextlib import suppress
from typing import NamedTuple

from plaster import ILoader, get_loader, parse_uri

_APPLICATION_KINDS = ("app", "application")
# Sections that serve the applications of other sections.
_SERVER_KINDS = ("composite", "composit", "pipeline", "filter-app")

_Variables = Mapping[str, str]


class ApplicationNames(NamedTuple):
    """The names of a file's applications.

    :ivar served: those that the main section serves, or the section in the uri's ``#name``.
    :ivar others: those of other sections; empty with a ``#name``.
    """

    served: list[str]
    others: list[str]


def application_names(config_uri: str, variables: _Variables) -> ApplicationNames:
    """List each application of a file once.

    A section that another application names in ``use`` is a part of that application, unless the
    main section serves it.
    """
    loader, fragment = get_loader(config_uri), parse_uri(config_uri).fragment
    sections = _sections(loader)
    served_names = _served_names(loader, sections, fragment or "main", variables)
    if fragment:
        return ApplicationNames(served_names, [])
    applications = [name for name, section in sections.items() if _is_application(section)]
    bases = {_base(loader, sections[name], variables) for name in applications}
    other_names = [name for name in applications if name not in {*served_names, *bases}]
    return ApplicationNames(served_names, other_names)


def _sections(loader: ILoader) -> dict[str, str]:
    """Map the name of each application to its section, such as ``app:main``."""
    sections = {}
    for section in loader.get_sections():
        kind, colon, name = section.partition(":")
        if colon and kind in (*_APPLICATION_KINDS, *_SERVER_KINDS):
            sections[name.strip()] = section
    return sections


def _is_application(section: str) -> bool:
    return section.partition(":")[0] in _APPLICATION_KINDS


def _served_names(
    loader: ILoader, sections: Mapping[str, str], start: str, variables: _Variables
) -> list[str]:
    """The applications that a section serves; itself if it serves none of this file."""
    names, queue, unread_sections = [], [start], dict(sections)
    while queue:
        name = queue.pop(0)
        section = unread_sections.pop(name, None)
        if section is None:
            continue
        if _is_application(section):
            names.append(name)
        else:
            settings = loader.get_settings(section, defaults=variables)
            queue += [word for value in settings.values() for word in str(value).split()]
    if not names and start in sections:  # it serves applications of other files or packages
        names.append(start)
    return names


def _base(loader: ILoader, section: str, variables: _Variables) -> str | None:
    """The name after ``use`` in a section; ``None`` if it cannot be read.

    A variable that is missing counts as empty here: loading the application reports it.
    """
    defaults = dict(variables)
    with suppress(Exception):  # loading the application explains the error
        while True:
            try:
                use: str | None = loader.get_settings(section, defaults=defaults).get("use")
            except InterpolationMissingOptionError as error:
                defaults[error.reference] = ""
            else:
                return use
    return None
