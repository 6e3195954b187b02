"""The serializer of the carts in Redis, which needs code."""

from __future__ import annotations

import json
from typing import Any


def to_json(data: dict[str, Any]) -> bytes:
    """JSON as bytes, which pyramid_session_redis needs; ``json.dumps`` returns text."""
    return json.dumps(data).encode()
