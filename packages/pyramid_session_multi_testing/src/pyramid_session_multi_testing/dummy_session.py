"""The session factories of the test double, whose strict sessions check their data."""

from __future__ import annotations

import copy
import functools
import json
import secrets
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from pyramid.testing import DummySession

from .exceptions import SessionDataWarning

_T = TypeVar("_T", bound=Callable[..., Any])


class DoubleSession(DummySession):
    """A dummy session with random CSRF tokens; Pyramid's own always has the same token.

    After ``invalidate`` it is new, and begins a new lifetime.
    """

    def invalidate(self) -> None:
        super().invalidate()
        self.new = True
        self.created: int = int(time.time())

    def new_csrf_token(self) -> str:
        token: str = secrets.token_hex(20)
        self["_csrft_"] = token
        return token


def _saving(method: _T) -> _T:
    """Wrap a method that real sessions regard as a change: check and save the data after it."""

    @functools.wraps(method)
    def change_and_save(self: StrictSession, *args: Any, **kwargs: Any) -> Any:
        data_before = dict(self)
        result = method(self, *args, **kwargs)
        try:
            self._save()
        except (TypeError, SessionDataWarning):  # a warning may be turned into an error
            dict.clear(self)
            dict.update(self, data_before)
            raise
        return result

    return change_and_save  # type: ignore[return-value]


class StrictSession(DoubleSession):
    """A session that stores what Pyramid's signed cookie sessions store, and reports the rest.

    A value that JSON cannot hold is a ``TypeError``. A value that JSON changes, and an in-place
    change without :meth:`changed`, is a :class:`SessionDataWarning`.
    """

    def __init__(self, namespace: str, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self._namespace = namespace
        self._saved_texts = {key: _to_json(namespace, key, value) for key, value in data.items()}

    # The methods that pyramid.session.BaseCookieSessionFactory regards as changes.
    __delitem__ = _saving(DoubleSession.__delitem__)
    __ior__ = _saving(DoubleSession.__ior__)
    __setitem__ = _saving(DoubleSession.__setitem__)
    changed = _saving(DoubleSession.changed)
    clear = _saving(DoubleSession.clear)
    flash = _saving(DoubleSession.flash)
    invalidate = _saving(DoubleSession.invalidate)
    pop = _saving(DoubleSession.pop)
    pop_flash = _saving(DoubleSession.pop_flash)
    popitem = _saving(DoubleSession.popitem)
    setdefault = _saving(DoubleSession.setdefault)
    update = _saving(DoubleSession.update)

    def _save(self) -> None:
        texts = {key: _to_json(self._namespace, key, value) for key, value in self.items()}
        for key, text in texts.items():
            if text != self._saved_texts.get(key):
                _warn_if_json_changes(self._namespace, key, self[key], text, stacklevel=4)
        self._saved_texts = texts

    def warn_if_unsaved(self, stacklevel: int) -> None:
        """Warn once about keys whose values were changed in place since the last save."""
        texts = {key: str(_dumps(key, value)) for key, value in self.items()}
        unsaved_texts = {
            key: text for key, text in texts.items() if text != self._saved_texts.get(key)
        }
        if unsaved_texts:
            self._saved_texts.update(unsaved_texts)
            keys = ", ".join(map(repr, unsaved_texts))
            warnings.warn(
                f"The session {self._namespace!r} was changed in place and not saved: {keys}. "
                "Call its changed() after the change, or assign the value again. "
                "DummySessionMulti(..., strict=False) does not check this.",
                SessionDataWarning,
                stacklevel=stacklevel,
            )


def _to_json(namespace: str, key: Any, value: Any) -> str:
    """Convert the key and the value to JSON.

    :raises TypeError: if JSON cannot hold them.
    """
    text = _dumps(key, value)
    if isinstance(text, Exception):
        raise TypeError(
            f"The session {namespace!r} cannot store the value of {key!r} as JSON, as Pyramid's "
            f"signed cookie sessions do: {text}. Store it in another form, such as a str. If the "
            "session library of this namespace can store it, leave the namespace out of "
            "DummySessionMulti(..., strict=[...])."
        ) from text
    return text


def _dumps(key: Any, value: Any) -> str | Exception:
    try:
        return json.dumps({key: value})
    except (RecursionError, TypeError, ValueError) as error:
        return error


def _warn_if_json_changes(
    namespace: str, key: Any, value: Any, text: str, *, stacklevel: int
) -> None:
    """Warn if the next request would find another value, such as a list instead of a tuple."""
    if json.loads(text) != {key: value} and "NaN" not in text:  # NaN is not equal to itself
        warnings.warn(
            f"The session {namespace!r} stores {key!r} as JSON, which changes it: in the next "
            "request a tuple is a list, and a key that was a number is a str. Store lists and str "
            "keys. DummySessionMulti(..., strict=False) does not check this.",
            SessionDataWarning,
            stacklevel=stacklevel,
        )


class DummySessionFactory:
    """Opens a session with a copy of the initial data; a strict one checks them at once.

    :param created: the time at which a session with initial data began, in seconds since the epoch.
    """

    def __init__(
        self, name: str, initial: Mapping[str, Any], created: int, *, strict: bool
    ) -> None:
        self.name = name
        self.initial = initial
        self.created = created
        self.strict = strict
        # Unlikely to be a real cookie's name: has_cookie depends on the initial data.
        self._cookie_name = f"DummySessionMulti.{quote(name, safe='')}"
        if strict:
            for key, value in initial.items():
                text = _to_json(name, key, value)
                _warn_if_json_changes(name, key, value, text, stacklevel=5)

    def __call__(self, request: Any) -> DoubleSession:
        data = copy.deepcopy(self.initial)
        session = StrictSession(self.name, data) if self.strict else DoubleSession(data)
        session.new = not data
        session.created = self.created if data else int(time.time())
        return session
