"""What became of a namespace in a request."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """As the page says it."""

    UNTOUCHED = "untouched"
    SENT = "sent, not opened"
    NOT_ASKED = "sent, discriminator not asked"
    OPENING = "opening"  # while it lasts; one that did not end is shown as failed
    OPENED = "opened"
    REFUSED = "refused"
    FAILED = "failed"
