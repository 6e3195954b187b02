"""A resource that the session factories of an application share."""

from __future__ import annotations

from typing import NamedTuple


class SharedResource(NamedTuple):
    """A resource that an application has only one of, as one factory configures it.

    :ivar name: its name in messages.
    :ivar configuration: compared between factories; never shown, as it may hold a password.
    :ivar fix: how to give a factory its own resource.
    """

    name: str
    configuration: object
    fix: str
