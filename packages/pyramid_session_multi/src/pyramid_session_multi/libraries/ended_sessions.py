"""Warnings of sessions that another request ended."""

from __future__ import annotations

import logging

log: logging.Logger = logging.getLogger("pyramid_session_multi")


def log_dropped_write(namespace: str) -> None:
    """Log that a request's writes are not stored."""
    log.warning(
        "the session %r was ended by another request: the writes of this request are dropped",
        namespace,
    )


def log_ended_meanwhile(namespace: str) -> None:
    """Log the renewal of a session that another request had ended or renewed.

    These two cannot be distinguished, and two simultaneous logins must not lose the cart.
    """
    log.warning(
        "the session %r was ended or renewed by another request while this one renewed it: its "
        "data are kept under the new id",
        namespace,
    )
