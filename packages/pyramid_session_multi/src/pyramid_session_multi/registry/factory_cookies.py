"""The cookies of one session factory: their keys, a sample, and which others it accepts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import TypeVar

from ..libraries.recognition import Recognized

T = TypeVar("T")


class FactoryCookies:
    """Asks a library's description about a factory, each question once.

    If a serializer of the application's own raises, the answer is "not known".

    :ivar keys: tokens of the keys, the one that signs first; empty: not known.
    """

    def __init__(self, recognized: Recognized) -> None:
        self._library, self._factory = recognized
        self.keys: tuple[Hashable, ...] = self._ask(self._library.key_tokens, ())

    def _ask(self, question: Callable[..., T], default: T, *arguments: object) -> T:
        with suppress(Exception):
            return question(self._factory, *arguments)
        return default

    @functools.cached_property
    def possible_keys(self) -> frozenset[Hashable]:
        """Tokens of the keys; if the keys are not known, of everything that may be one."""
        if self.keys:
            return frozenset(self.keys)
        return self._ask(self._library.possible_keys, frozenset())

    @functools.cached_property
    def sample(self) -> bytes | None:
        """A cookie as the factory's sessions send it."""
        return self._ask(self._library.sample_cookie, None)

    @functools.cached_property
    def accepts_own(self) -> bool:
        """True if the factory accepts its own sample; if not, rejecting others proves nothing."""
        return self.accepts(self.sample)

    def accepts(self, sample: bytes | None) -> bool:
        """True if the factory accepts a cookie."""
        return sample is not None and bool(self._ask(self._library.accepts_cookie, None, sample))

    @functools.cached_property
    def unsigned(self) -> bool | None:
        """True if anyone can forge the cookies; ``None``: not known."""
        return self._ask(self._library.unsigned, None)

    @functools.cached_property
    def storage(self) -> Hashable | None:
        """A token for the storage that the cookies' ids belong to."""
        return self._ask(self._library.storage, None)

    @functools.cached_property
    def is_customized(self) -> bool:
        """True if the application's own code also decides what is accepted."""
        return self._ask(self._library.is_customized, True)
