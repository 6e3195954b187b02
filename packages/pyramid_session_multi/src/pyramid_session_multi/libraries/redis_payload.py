"""Recognition of pyramid_session_redis' sessions among the values in Redis."""

from __future__ import annotations

import json
import pickle
import pickletools
from typing import Any

# The library stores the data, the time of creation and its version, in this order.
_KEYS = ("m", "c", "v")

# Instructions of a pickle that build nothing.
_BOOKKEEPING = frozenset({"PROTO", "FRAME", "MEMOIZE", "BINPUT", "LONG_BINPUT", "PUT", "MARK"})


def may_hold_session(client: Any, key: str, deserialize: Any) -> bool:
    """False if a key does not hold a session, or does not exist.

    True if it does, or if that is not known because ``deserialize`` is the application's own.
    Nothing is unpickled: the value may be another program's, and a pickle can run code.
    """
    from redis.exceptions import ResponseError

    try:
        value = client.get(key)
    except ResponseError:  # a list, a hash or another type
        return False
    return value is not None and _may_be_session(value, deserialize)


def _may_be_session(value: bytes, deserialize: Any) -> bool:
    try:
        if deserialize is json.loads:
            payload = json.loads(value)
            return isinstance(payload, dict) and payload.keys() >= set(_KEYS)
        if deserialize is pickle.loads:
            return _begins_as_session(value)
    except ValueError:
        return False
    return True


def _begins_as_session(value: bytes) -> bool:
    instructions = (
        (instruction.name, argument)
        for instruction, argument, _ in pickletools.genops(value)
        if instruction.name not in _BOOKKEEPING
    )
    first, _ = next(instructions)
    _, first_key = next(instructions, ("", None))
    return first in {"EMPTY_DICT", "DICT"} and first_key == _KEYS[0]
