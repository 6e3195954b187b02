"""The base class of the builders, and the builder of each ``use =`` keyword."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ...dotted_names import Resolver
from ..option_converters import Option
from ..signing import RECIPE


class FactoryBuilder(ABC):
    """Builds the session factory for one ``use =`` keyword; each file of this folder defines one.

    :cvar use: the keyword.
    :cvar library_functions: dotted names of the library's own functions. They take keyword
        arguments where ``use`` passes a mapping, so the error message suggests the keyword.
    :cvar extra: the extra of this distribution that installs the library; ``None``: not needed.
    :cvar cookie_options: attribute of :class:`.CookieAttributes` to the name of its option.
    :cvar recipe: the Python expression that creates a good secret.
    """

    use: str
    library_functions: tuple[str, ...] = ()
    extra: str | None = None
    cookie_options: Mapping[str, str] = {
        name: name for name in ("samesite", "secure", "domain", "path")
    }
    recipe = RECIPE

    def secret_options(self, options: Mapping[str, str]) -> tuple[str, ...]:
        """The names of the secret options; one of them is required."""
        return ("secret",)

    @abstractmethod
    def options(self, values: Mapping[str, str], resolver: Resolver) -> Mapping[str, Option]:
        """The options that can be set together with these values.

        :raises OptionError: for an invalid value that decides which options exist.
        """

    def belongs_to(self, option: str) -> str:
        """The end of a sentence about an option that other options rule out; empty if none do."""
        return ""

    @abstractmethod
    def build(self, namespace: str, options: dict[str, Any]) -> Callable[..., Any]:
        """Build the session factory from converted options, which include the cookie's name.

        :raises OptionError: for options that do not go together.
        """


@functools.cache
def builders() -> dict[str, FactoryBuilder]:
    """All builders by their keyword; first the one that needs no extra."""
    package = import_module(__package__)
    modules = [
        import_module(f"{__package__}.{file.name}") for file in iter_modules(package.__path__)
    ]
    all_builders = [builder for module in modules for builder in getattr(module, "BUILDERS", ())]
    return {builder.use: builder for builder in sorted(all_builders, key=lambda b: b.extra or "")}


def keyword_for(function: str) -> str | None:
    """The keyword to suggest for a library's function after ``use =``; ``None``: none."""
    matches = (b.use for b in builders().values() if function in b.library_functions)
    return next(matches, None)
