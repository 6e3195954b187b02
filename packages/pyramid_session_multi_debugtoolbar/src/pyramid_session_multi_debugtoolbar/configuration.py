"""How the namespaces of an application are configured, in readable form."""

from __future__ import annotations

from typing import NamedTuple

from pyramid.interfaces import ISessionFactory
from pyramid.registry import Registry
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    IsolationVerdict,
    Namespace,
    isolation_verdicts,
    namespace_session_factory,
)

from .naming import callable_name, callable_place, plain, spot, type_name
from .observer import observer_of

MOST = 100
_MOST_NAMED = 3

# What binds request.session to a namespace.
_Bound = type(namespace_session_factory("any"))


class Thing(NamedTuple):
    """A callable: its dotted name, and ``file:line`` where it is defined."""

    name: str
    place: str


class Configured(NamedTuple):
    """A namespace as it was registered.

    :ivar factory: what was registered; ``core``: the library's factory inside it, if another.
    :ivar verdict: does it share its cookies with others? In words.
    :ivar style: how well that is: success, default or danger.
    """

    name: str
    cookie: str
    flags: str
    factory: Thing
    library_factory: Thing | None
    session_library: str
    discriminator: Thing | None
    place: str
    verdict: str
    style: str


class Configuration(NamedTuple):
    """All of them; ``None`` where the core is not included."""

    namespaces: list[Configured] | None
    more: int
    note: str


def configuration_of(registry: Registry) -> Configuration:
    """The configuration of an application, read anew: namespaces can come at any time."""
    registered = registry.queryUtility(ISessionMultiManagerConfig)
    if registered is None:
        return Configuration(None, 0, "")
    namespaces = list(registered)
    verdicts = isolation_verdicts(registry)
    note = ""
    if registered.observer is None:
        note = (
            "Nobody observes the sessions: the toolbar was included after the application was made."
        )
    elif observer_of(registered) is None:
        note = f"Another observer is in place: {type_name(type(registered.observer))}."
    session = registry.queryUtility(ISessionFactory)
    if isinstance(session, _Bound) and not note:
        note = f"request.session is the namespace {plain(session.namespace)!r}."
    shown = [_configured(each, verdicts[each.name]) for each in namespaces[:MOST]]
    return Configuration(shown, len(namespaces) - len(shown), note)


def _configured(namespace: Namespace, verdict: IsolationVerdict) -> Configured:
    wrapped = namespace.library_factory is not namespace.factory
    return Configured(
        name=plain(namespace.name),
        cookie="not known" if namespace.cookie_name is None else plain(namespace.cookie_name),
        flags=_flags(namespace),
        factory=_thing(namespace.factory),
        library_factory=_thing(namespace.library_factory) if wrapped else None,
        session_library=type_name(type(namespace.session_library))
        if namespace.session_library is not None
        else "",
        discriminator=_thing(namespace.discriminator) if namespace.discriminator else None,
        place=_place(namespace.location),
        verdict=_in_words(namespace, verdict),
        style=_style(verdict),
    )


def _place(registered: str) -> str:
    file, _, line = registered.rpartition(":")
    return spot(file, int(line)) if line.isdecimal() else plain(registered, 200)


def _in_words(namespace: Namespace, verdict: IsolationVerdict) -> str:
    if not verdict.replays:
        return "isolated" if verdict.known else "cannot tell"
    sides = [side for replay in verdict.replays for side in (replay.source, replay.target)]
    others = dict.fromkeys(
        plain(side.name) if isinstance(side, Namespace) else "request.session"
        for side in sides
        if side is not namespace
    )
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    return f"accepts or is accepted by {', '.join(list(others)[:_MOST_NAMED])}{more}"


def _style(verdict: IsolationVerdict) -> str:
    if verdict.replays:
        return "danger"
    return "success" if verdict.known else "default"


def _thing(thing: object) -> Thing:
    return Thing(callable_name(thing), callable_place(thing))


def _flags(namespace: Namespace) -> str:
    if namespace.session_library is None:
        return "not known"
    attributes = namespace.session_library.cookie_attributes(namespace.library_factory)
    if attributes is None:
        return "not known"
    return plain("; ".join(attributes.flags()), 200)
