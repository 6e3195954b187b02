"""Keys that a serializer of the application's own may have.

Trying one of its cookies on another session does not reveal a shared key that only verifies, as
an old one does in a rotation.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Hashable, Iterator
from types import FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any

from .callable_contents import closure_contents
from .signing import signing_keys

# A shorter text is usually a name or an encoding.
_MIN_BYTES = 8

# Bounds the search: a serializer may refer to the whole application.
_MAX_OBJECTS = 1_000
_MAX_CONTENTS = 100


def possible_keys(serializer: object) -> frozenset[Hashable]:
    """Tokens for the signers and the texts that a serializer holds.

    The search covers its attributes and those of its class, containers, and the closures of
    functions. A token is not a secret.
    """
    tokens: set[Hashable] = set()
    seen: dict[int, object] = {}
    queue: deque[object] = deque([serializer])
    while queue and len(seen) < _MAX_OBJECTS:
        value = queue.popleft()
        if id(value) in seen:
            continue
        seen[id(value)] = value
        keys = [*signing_keys(value), *_text(value)]
        tokens.update(keys)
        queue.extend([] if keys else _parts(value))
    return frozenset(tokens)


def _text(value: object) -> Iterator[Hashable]:
    if isinstance(value, (str, bytes)) and value not in hashlib.algorithms_available:
        text = value.encode(errors="surrogatepass") if isinstance(value, str) else value
        if len(text) >= _MIN_BYTES:
            yield hashlib.sha256(text).digest()


def _parts(value: Any) -> list[object]:
    if isinstance(value, (str, bytes, type, ModuleType)):
        return []
    if isinstance(value, dict):
        parts = list(value.values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    elif isinstance(value, FunctionType):
        parts = [*closure_contents(value), value.__defaults__, value.__kwdefaults__]
    elif isinstance(value, (MethodType, classmethod, staticmethod)):
        parts = [getattr(value, "__self__", None), value.__func__]
    else:
        parts = list(_attributes(value))
    return parts if len(parts) <= _MAX_CONTENTS else []


def _attributes(value: object) -> Iterator[object]:
    for name, attribute in getattr(value, "__dict__", {}).items():
        if not (name.startswith("__") and isinstance(attribute, str)):  # such as __module__
            yield attribute
    for cls in type(value).__mro__[:-1]:
        for name, attribute in vars(cls).items():
            if isinstance(attribute, MemberDescriptorType):
                yield getattr(value, name, None)
            elif not name.startswith("__") and not isinstance(attribute, FunctionType):
                yield attribute
