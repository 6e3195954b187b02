"""What no .ini file can say: how a cart in Redis is stored."""

from __future__ import annotations

import json
from typing import Any


def to_json(data: dict[str, Any]) -> bytes:
    """JSON as bytes, which pyramid_session_redis wants; ``json.dumps`` makes text."""
    return json.dumps(data).encode()
