"""Subclasses of a session library's factories that are no longer the library's own code."""

from __future__ import annotations

from collections.abc import Callable

# Left in a class by @implementer.
_ZOPE_DECLARATIONS = ("__implemented__", "__provides__", "__providedBy__")


def replaces_methods(cls: type, is_library_class: Callable[[type], bool]) -> bool:
    """True if a subclass of a library's class defines one of its methods or properties anew."""
    library_class = [base for base in cls.__mro__ if is_library_class(base)][-1]
    own_classes = cls.__mro__[: cls.__mro__.index(library_class)]
    return type(cls) is not type(library_class) or any(
        hasattr(value, "__get__") and hasattr(library_class, name)
        for own_class in own_classes
        for name, value in vars(own_class).items()
        if name not in _ZOPE_DECLARATIONS
    )
