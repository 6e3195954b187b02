"""Warnings of sessions that another request ended."""

from __future__ import annotations

import logging

log: logging.Logger = logging.getLogger("pyramid_session_multi")


def log_dropped_write(namespace: str) -> None:
    """Log that what a request wrote is not stored."""
    log.warning(
        "the session %r was ended by another request: what this one wrote is dropped", namespace
    )


def log_ended_meanwhile(namespace: str) -> None:
    """Log that a session was renewed which another request had ended or renewed.

    Both look the same, and of two logins at a time neither should lose the visitor's cart.
    """
    log.warning(
        "the session %r was ended or renewed by another request while this one renewed it: its "
        "data are kept under the new id",
        namespace,
    )
