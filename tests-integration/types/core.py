"""Types of the public names of ``pyramid_session_multi`` for type checkers.

Nothing here is run. Pyramid is untyped: its ``Request`` is ``Any`` for some type checkers, and so
is each session, whose type is that of whatever library made it.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, NoReturn, assert_type

from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid_session_multi import (
    CookieAttributes,
    ISessionMultiManager,
    ISessionMultiManagerConfig,
    ISessionMultiObserver,
    IsolationVerdict,
    IsolationWarning,
    Namespace,
    RecursiveOpening,
    RefusedSession,
    SessionLibrary,
    SessionMultiAuthenticationHelper,
    SessionMultiCSRFStoragePolicy,
    SessionMultiError,
    SessionMultiManager,
    SessionMultiManagerConfig,
    SharedResource,
    UndeclaredSession,
    UnregisteredSession,
    ViewContract,
    detached_copy,
    end_session,
    https_only,
    includeme,
    isolation_verdicts,
    namespace_session_factory,
    new_session_multi,
    peek_session,
    read_session,
    register_session_factory,
    register_session_library,
    session_id,
    signed_cookie_session_factory,
)

Factory = Callable[[Any], Any]
Discriminator = Callable[[Any], Any]
Refusing = Callable[..., NoReturn]


def start_up(config: Configurator, factory: Factory, library: SessionLibrary) -> None:
    assert_type(includeme(config), None)
    assert_type(register_session_factory(config, "public", factory), None)
    assert_type(
        register_session_factory(
            config, namespace="a", session_factory="a.b", discriminator="a.c", cookie_name="sid"
        ),
        None,
    )
    assert_type(register_session_factory(config, "account", factory, https_only), None)
    register_session_factory(config, "brief", factory, lifetime=8 * 3600)
    register_session_factory(config, "brief", factory, lifetime=None)
    assert_type(register_session_library(config, library), None)
    assert_type(register_session_library(config, "app.session_library"), None)
    assert_type(signed_cookie_session_factory("a", "secret"), Callable[[Request], Any])
    assert_type(
        signed_cookie_session_factory(
            "a", [b"new", "old"], cookie_name="sid", httponly=False, timeout=60, secure=True
        ),
        Callable[[Request], Any],
    )
    bound = namespace_session_factory("a")
    assert_type(bound.namespace, str)
    taken: Factory = bound
    register_session_factory(config, "bound", taken)


def discriminators(request: Request) -> None:
    assert_type(https_only(request), bool)
    taken: list[Discriminator] = [https_only]
    assert_type(taken, list[Discriminator])


def registry(namespaces: SessionMultiManagerConfig, factory: Factory) -> None:
    assert_type(SessionMultiManagerConfig(), SessionMultiManagerConfig)
    assert_type(namespaces.namespaces, list[str])
    assert_type(namespaces.discriminators, list[str])
    assert_type(namespaces.namespaces_to_cookienames, dict[str, str | None])
    assert_type(namespaces.has_namespace("a"), bool)
    assert_type(namespaces.get_namespace_config("a"), Factory | None)
    assert_type(namespaces.get_namespace_cookiename("a"), str | None)
    assert_type(namespaces.get_namespace_discriminator("a"), Discriminator | None)
    assert_type(namespaces.register_session_factory("a", factory, https_only, "sid"), None)
    namespaces.register_session_factory("b", factory, lifetime=60)
    assert_type(namespaces.get("a"), Namespace)
    assert_type(namespaces.add(namespaces.get("a")), None)
    assert_type(namespaces.check_unused(namespaces.get("a")), None)
    assert_type(namespaces.sharing_with(namespaces.get("a")), Iterator[Namespace])
    for registered in namespaces:
        assert_type(registered, Namespace)
    assert_type(namespaces.libraries, list[SessionLibrary])
    assert_type(namespaces.describe_library(SessionLibrary()), list[Namespace])
    assert_type(namespaces.view_contracts, list[ViewContract])
    assert_type(namespaces.vary, bool)
    assert_type(namespaces.observer, Any)


def namespace(registered: Namespace) -> None:
    assert_type(registered.name, str)
    assert_type(registered.factory, Factory)
    assert_type(registered.library_factory, Factory)
    assert_type(registered.discriminator, Discriminator | None)
    assert_type(registered.cookie_name, str | None)
    assert_type(registered.location, str)
    assert_type(registered.session_library, SessionLibrary | None)
    assert_type(registered.session_library_of(object()), SessionLibrary)
    assert_type(registered.lifetime, int | None)
    assert_type(registered.open, Factory)
    assert_type(registered.prepared, Factory)
    assert_type(registered.is_over(object()), bool)
    assert_type(registered.factory_name, str)
    assert_type(registered.discriminator_name, str | None)
    assert_type(registered.cookie_attributes, CookieAttributes | None)


def manager(request: Request, values: dict[str, Any]) -> None:
    sessions = new_session_multi(request)
    assert_type(sessions, SessionMultiManager)
    assert_type(SessionMultiManager(request), SessionMultiManager)
    assert_type(sessions.request, Request)
    assert_type(sessions["a"], Any)
    assert_type(sessions.get("a"), Any)
    assert_type(sessions.get("a", None), Any)
    assert_type("a" in sessions, bool)
    assert_type(len(sessions), int)
    assert_type(list(sessions), list[str])
    assert_type(dict(sessions), dict[str, Any])
    assert_type(sessions | values, dict[str, Any])
    assert_type(sessions.has_cookie("a"), bool | None)
    assert_type(sessions.peek("a"), dict[str, Any] | None)
    assert_type(sessions.invalidate(), None)
    assert_type(sessions.invalidate("a"), None)
    assert_type(sessions.require("a"), Any)
    assert_type(sessions.renew("a"), Any)
    assert_type(sessions.renew("a", keep=("cart",)), Any)
    assert_type(sessions.discriminator_result("a"), bool | None)
    assert_type(sessions.for_copy(request), SessionMultiManager)
    contract = sessions.view_contract
    assert_type(contract, ViewContract | None)
    if contract is not None:
        assert_type(contract.declared, tuple[str, ...])
        assert_type(contract.view, Callable[..., Any])
    assert_type(sessions.namespaces, list[str])
    assert_type(sessions.discriminators, list[str])
    assert_type(sessions.namespaces_to_cookienames, dict[str, str | None])
    assert_type(sessions.has_namespace("a"), bool)
    assert_type(sessions.get_namespace_config("a"), Factory | None)
    assert_type(sessions.get_namespace_cookiename("a"), str | None)
    assert_type(sessions.get_namespace_discriminator("a"), Discriminator | None)


def mutators(sessions: SessionMultiManager) -> None:
    assert_type(sessions.__setitem__, Refusing)
    assert_type(sessions.__delitem__, Refusing)
    assert_type(sessions.__ior__, Refusing)
    assert_type(sessions.clear, Refusing)
    assert_type(sessions.copy, Refusing)
    assert_type(sessions.pop, Refusing)
    assert_type(sessions.popitem, Refusing)
    assert_type(sessions.setdefault, Refusing)
    assert_type(sessions.update, Refusing)


def reading(request: Request, registered: Namespace) -> None:
    assert_type(detached_copy(request), Request)
    assert_type(detached_copy(request, cookies="sid=1"), Request)
    assert_type(peek_session(request, registered), dict[str, Any] | None)
    assert_type(read_session(request, registered), dict[str, Any] | None)


def server_side(request: Request, registry: Registry) -> None:
    assert_type(session_id(request, "account"), str | None)
    assert_type(end_session(registry, "account", "id"), bool)


def isolation(registry: Registry, warning: IsolationWarning) -> None:
    verdicts = isolation_verdicts(registry)
    assert_type(verdicts, dict[str, IsolationVerdict])
    assert_type(verdicts["a"].known, bool)
    assert_type(verdicts["a"].reason, str)
    for source, target in verdicts["a"].replays:
        assert_type(source.cookie_name, str | None)
        assert_type(target.session_library, SessionLibrary | None)
    raised: UserWarning = warning
    assert_type(raised.args, tuple[Any, ...])


def errors(
    unregistered: UnregisteredSession,
    refused: RefusedSession,
    recursive: RecursiveOpening,
    undeclared: UndeclaredSession,
) -> None:
    of_one_tree: list[SessionMultiError] = [unregistered, refused, recursive, undeclared]
    assert_type(of_one_tree[0].args, tuple[Any, ...])
    a_key_error: KeyError = unregistered
    an_attribute_error: AttributeError = refused
    a_runtime_error: RuntimeError = recursive
    assert_type(
        [a_key_error.args, an_attribute_error.args, a_runtime_error.args], list[tuple[Any, ...]]
    )
    assert_type(unregistered.namespace, object)
    assert_type(unregistered.registered, tuple[str, ...])
    assert_type(refused.namespace, str)
    assert_type(refused.discriminator, Callable[..., Any] | None)
    assert_type(recursive.namespace, str)
    assert_type(undeclared.namespace, str)
    assert_type(undeclared.declared, tuple[str, ...])
    assert_type(undeclared.view, Callable[..., Any] | None)


def csrf(request: Request) -> None:
    policy = SessionMultiCSRFStoragePolicy("account", key="_csrft_")
    assert_type(policy.namespace, str)
    assert_type(policy.key, str)
    assert_type(policy.new_csrf_token(request), str)
    assert_type(policy.get_csrf_token(request), str)
    assert_type(policy.check_csrf_token(request, "token"), bool)


def authentication(request: Request) -> None:
    helper = SessionMultiAuthenticationHelper("account", prefix="auth.", keep=["cart"])
    assert_type(helper.namespace, str)
    assert_type(helper.keep, tuple[str, ...])
    assert_type(helper.remember(request, "ann"), list[tuple[str, str]])
    assert_type(helper.forget(request), list[tuple[str, str]])
    assert_type(helper.authenticated_userid(request), Any)

    def generation(request: Request, userid: Any) -> int | None:
        return 1

    helper = SessionMultiAuthenticationHelper("account", generation=generation)
    assert_type(helper.generation, Callable[[Request, Any], Any] | None)


def library(described: SessionLibrary, factory: Callable[..., Any], session: object) -> None:
    assert_type(described.fix, str)
    assert_type(described.recognizes_factory(factory), bool)
    assert_type(described.cookie_name(factory), str | None)
    assert_type(described.server_side(factory), bool)
    assert_type(described.key_tokens(factory), tuple[Hashable, ...])
    assert_type(described.sample_cookie(factory), bytes | None)
    assert_type(described.accepts_cookie(factory, b"value"), bool | None)
    assert_type(described.secret_bytes(factory), int | None)
    assert_type(described.unsigned(factory), bool | None)
    assert_type(described.runs_code(factory), bool)
    assert_type(described.possible_keys(factory), frozenset[Hashable])
    assert_type(described.storage(factory), Hashable | None)
    assert_type(described.is_customized(factory), bool)
    assert_type(described.prepare(session, session, "account"), None)
    assert_type(described.recognizes_session(session), bool)
    assert_type(described.came_from_cookie(session), bool)
    assert_type(described.created(session), float)
    assert_type(described.renew(session, {}), None)
    assert_type(described.session_id(session), str | None)
    assert_type(described.end_session(factory, "id", session), bool | None)
    assert_type(described.read(session), dict[str, Any])
    assert_type(described.read_passively(session), dict[str, Any] | None)
    assert_type(described.invalidate(session), None)
    shared = described.shared_resource(factory)
    assert_type(shared, SharedResource | None)
    if shared is not None:
        assert_type(shared.name, str)
        assert_type(shared.configuration, object)
        assert_type(shared.fix, str)
    assert_type(SharedResource(name="client", configuration="redis:", fix="..."), SharedResource)
    assert_type(described.cookie_attributes(factory), CookieAttributes | None)
    assert_type(described.makers, tuple[str, ...])
    assert_type(described.maker(factory), str | None)
    assert_type(described.startup_problem(factory), str | None)
    assert_type(described.made_for(factory), str | None)
    assert_type(described.in_memory(factory), bool)
    assert_type(described.has_fixed_expiry(factory), bool)
    assert_type(described.revives_ended(factory), bool)


def cookie(attributes: CookieAttributes) -> None:
    assert_type(CookieAttributes(path="/", samesite="Lax"), CookieAttributes)
    assert_type(attributes.is_samesite_none_insecure, bool)
    assert_type(attributes.prefix_problems("__Host-a"), list[str])
    assert_type(attributes.scope_problems(), dict[str, str])
    assert_type(attributes.path, str)
    assert_type(attributes.domain, str | None)
    assert_type(attributes.max_age, int | None)
    assert_type(attributes.secure, bool)
    assert_type(attributes.httponly, bool)
    assert_type(attributes.samesite, str | None)
    assert_type(attributes.flags(), list[str])


class MyLibrary(SessionLibrary):
    """An application's own description."""

    fix = "give each a prefix of its own"

    def recognizes_factory(self, candidate: object) -> bool:
        return callable(candidate)

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        return (factory.__name__,)


def interfaces() -> None:
    assert_type(ISessionMultiManager, type[ISessionMultiManager])
    assert_type(ISessionMultiManagerConfig, type[ISessionMultiManagerConfig])
    assert_type(ISessionMultiObserver, type[ISessionMultiObserver])
