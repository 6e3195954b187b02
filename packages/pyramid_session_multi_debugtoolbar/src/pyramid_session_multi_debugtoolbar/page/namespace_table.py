"""The configuration of an application's namespaces, for the page."""

from __future__ import annotations

from typing import NamedTuple

from pyramid.interfaces import ISessionFactory
from pyramid.registry import Registry
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    IsolationVerdict,
    Namespace,
    SessionMultiManagerConfig,
    isolation_verdicts,
    namespace_session_factory,
)

from ..limits import MAX_LINE_CHARS, MAX_NAMED_NAMESPACES, MAX_NAMESPACES
from ..observe.observer import observer_of
from ..panel_errors import PanelErrors
from ..safe.names import callable_location, callable_name, file_line, printable, type_name


class CallableRef(NamedTuple):
    """A callable: its dotted name, and ``file:line`` of its definition."""

    name: str
    location: str


class NamespaceInfo(NamedTuple):
    """A namespace as it was registered.

    :ivar factory: the registered factory, by the name of the function that created it if known.
    :ivar library_factory: the library's factory inside it; ``None``: the same factory.
    :ivar lifetime: in words; empty: its sessions have none.
    :ivar is_described: true if the session library is described.
    :ivar verdict: the isolation verdict in words.
    :ivar style: Bootstrap's label for the verdict: success, default or danger.
    """

    name: str
    cookie: str
    flags: str
    factory: CallableRef
    library_factory: CallableRef | None
    is_described: bool
    discriminator: CallableRef | None
    lifetime: str
    location: str
    verdict: str
    style: str


class NamespaceTable(NamedTuple):
    """All namespaces; ``None`` if the core is not included.

    :ivar omitted: the number of namespaces left out.
    """

    namespaces: list[NamespaceInfo] | None
    omitted: int
    note: str


def namespace_table(registry: Registry, errors: PanelErrors) -> NamespaceTable:
    """Describe an application's namespaces, which can be added at any time."""
    config = registry.queryUtility(ISessionMultiManagerConfig)
    if config is None:
        return NamespaceTable(None, 0, "")
    namespaces = list(config)
    verdicts = isolation_verdicts(registry)
    infos = [_info(each, verdicts[each.name], errors) for each in namespaces[:MAX_NAMESPACES]]
    return NamespaceTable(infos, len(namespaces) - len(infos), _note(registry, config))


def _note(registry: Registry, config: SessionMultiManagerConfig) -> str:
    if config.observer is None:
        return (
            "The sessions are not observed: the toolbar was included after the application was "
            "created."
        )
    if observer_of(config) is None:
        return f"The sessions have another observer: {type_name(type(config.observer))}."
    factory = registry.queryUtility(ISessionFactory)
    if isinstance(factory, namespace_session_factory):
        return f"request.session is the namespace {printable(factory.namespace)!r}."
    return ""


def _info(namespace: Namespace, verdict: IsolationVerdict, errors: PanelErrors) -> NamespaceInfo:
    is_wrapped = namespace.library_factory is not namespace.factory
    flags, factory = "not known", _callable_ref(namespace.factory)
    # The description of a library may be the application's own, and fail.
    with errors.guard(f"describing the library of {printable(namespace.name)!r}"):
        if (attributes := namespace.cookie_attributes) is not None:
            flags = printable("; ".join(attributes.flags()), MAX_LINE_CHARS)
        if namespace.session_library is not None:
            name = printable(namespace.factory_name, MAX_LINE_CHARS)
            factory = factory._replace(name=name)
    cookie = namespace.cookie_name
    discriminator = namespace.discriminator
    return NamespaceInfo(
        name=printable(namespace.name),
        cookie="not known" if cookie is None else printable(cookie),
        flags=flags,
        factory=factory,
        library_factory=_callable_ref(namespace.library_factory) if is_wrapped else None,
        is_described=namespace.session_library is not None,
        discriminator=_callable_ref(discriminator) if discriminator else None,
        lifetime="" if namespace.lifetime is None else f"{namespace.lifetime:,} seconds",
        location=_location(namespace.location),
        verdict=_verdict_text(namespace, verdict),
        style="danger" if verdict.replays else "success" if verdict.known else "default",
    )


def _location(location: str) -> str:
    file, _, line = location.rpartition(":")
    if line.isdecimal():
        return file_line(file, int(line))
    return printable(location, MAX_LINE_CHARS)


def _verdict_text(namespace: Namespace, verdict: IsolationVerdict) -> str:
    if not verdict.replays:
        return "isolated" if verdict.known else "cannot tell"
    sides = [side for replay in verdict.replays for side in (replay.source, replay.target)]
    others = dict.fromkeys(
        printable(side.name) if isinstance(side, Namespace) else "request.session"
        for side in sides
        if side is not namespace
    )
    more = len(others) - MAX_NAMED_NAMESPACES
    end = f" and {more} more" if more > 0 else ""
    return f"accepts or is accepted by {', '.join(list(others)[:MAX_NAMED_NAMESPACES])}{end}"


def _callable_ref(value: object) -> CallableRef:
    return CallableRef(callable_name(value), callable_location(value))
