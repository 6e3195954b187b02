"""The description of a session library; one description serves all its factories."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from .customization import replaces_methods

if TYPE_CHECKING:
    from .cookie_attributes import CookieAttributes
    from .shared_resource import SharedResource


class SessionLibrary:
    """The description of a session library; those in ``backends/`` are built in.

    Every method except :meth:`recognizes_factory` has a default. The defaults fit a library that
    obeys :class:`pyramid.interfaces.ISession`, and assume nothing more. ``factory`` is always one
    that :meth:`recognizes_factory` recognized, without the application's wrappers.

    :cvar fix: what to do if two factories accept each other's cookies.
    :cvar makers: dotted names of the library's functions that create factories, from their
        ``__module__`` and ``__qualname__``. Registering one without calling it is an error at
        start-up.
    """

    fix = "give each of them its own key"
    makers: tuple[str, ...] = ()

    def recognizes_factory(self, candidate: object) -> bool:
        """True if this object is a session factory of the library."""
        raise NotImplementedError

    def cookie_name(self, factory: Callable[..., Any]) -> str | None:
        """The name of the cookie that the factory's sessions use; ``None``: not known."""
        return None

    def cookie_attributes(self, factory: Callable[..., Any]) -> CookieAttributes | None:
        """The attributes of the factory's cookie; ``None``: not known."""
        return None

    def maker(self, factory: Callable[..., Any]) -> str | None:
        """The dotted name under which people import the function that created the factory.

        For reports. ``None``: the factory's own name is the best one.
        """
        return None

    def server_side(self, factory: Callable[..., Any]) -> bool:
        """True if the data are stored on a server, so that reading them queries a backend."""
        return True

    def startup_problem(self, factory: Callable[..., Any]) -> str | None:
        """The reason why no session could be opened, such as a package that is not installed.

        It completes "cannot work: ..." in an error at start-up. ``None``: there is no such reason.
        """
        return None

    def made_for(self, factory: Callable[..., Any]) -> str | None:
        """The namespace that the factory was created for; ``None``: any."""
        return None

    def in_memory(self, factory: Callable[..., Any]) -> bool:
        """True if sessions live in one process: they end with it, and others do not see them."""
        return False

    def has_fixed_expiry(self, factory: Callable[..., Any]) -> bool:
        """True if browsers drop the cookie at a fixed time, even if the session is in use.

        For example, a cookie with a Max-Age that is sent only when the session begins: browsers
        drop it that long afterwards, however much the session is used.
        """
        return False

    def revives_ended(self, factory: Callable[..., Any]) -> bool:
        """True if an id that was ended comes back when a slower request of its session writes."""
        return False

    # Isolation: which cookies a factory accepts, either by keys or by a trial.

    def key_tokens(self, factory: Callable[..., Any]) -> tuple[Hashable, ...]:
        """Tokens for the factory's keys: the first signs its cookies, all verify them.

        Factories that share a key accept each other's cookies, even if one only verifies with it,
        as after a rotation. Factories without a common key do not. Return tokens, not
        secrets. Empty: only a trial with :meth:`sample_cookie` can decide.
        """
        return ()

    def possible_keys(self, factory: Callable[..., Any]) -> frozenset[Hashable]:
        """Tokens of everything that may be a key, if the application has its own serializer.

        A trial with one cookie does not reveal a key that only verifies. If factories share one of
        these tokens, isolation cannot be determined.
        """
        return frozenset()

    def sample_cookie(self, factory: Callable[..., Any]) -> bytes | None:
        """A cookie value as the factory's sessions send it, built without a backend.

        ``None``, or an exception: isolation cannot be determined.
        """
        return None

    def accepts_cookie(self, factory: Callable[..., Any], value: bytes) -> bool | None:
        """True if the factory's sessions accept this cookie value as their own.

        An exception counts as false. If a factory does not accept its own sample, isolation
        cannot be determined.
        """
        return None

    def secret_bytes(self, factory: Callable[..., Any]) -> int | None:
        """The length in bytes of the shortest secret in use; ``None``: not known."""
        return None

    def unsigned(self, factory: Callable[..., Any]) -> bool | None:
        """True if anyone can forge the cookie.

        ``None``: not known, for example because the application has its own serializer.
        """
        return False

    def runs_code(self, factory: Callable[..., Any]) -> bool:
        """True if a forged cookie can run code, as one that is unpickled can."""
        return False

    def storage(self, factory: Callable[..., Any]) -> Hashable | None:
        """A token for the storage on a server, equal if two factories may use one storage.

        An :meth:`unsigned` cookie can be forged with the id of any session in the same storage.
        ``None``: there is no storage, or no factory accepts the ids of another.
        """
        return None

    def is_customized(self, factory: Callable[..., Any]) -> bool:
        """True if the application's own code also decides which cookies the factory accepts.

        A check can then prove that a cookie is accepted, but not that none is. By default, this is
        true for a subclass of a library's class that replaces one of its methods.
        """
        return isinstance(factory, type) and replaces_methods(factory, self.recognizes_factory)

    def shared_resource(self, factory: Callable[..., Any]) -> SharedResource | None:
        """The resource that all factories of the library share in one application.

        Two factories that configure it differently are a ``ConfigurationError`` at start-up.
        ``None``: nothing is shared.
        """
        return None

    # Sessions

    def prepare(self, session: Any, request: Any, namespace: str) -> None:
        """Prepare a session of this namespace that its factory has just created."""

    def recognizes_session(self, session: Any) -> bool:
        """True for a session of the library; a wrapped factory may return another object."""
        return True

    def came_from_cookie(self, session: Any) -> bool:
        """True if the session was loaded from the request's cookie, rather than started anew."""
        return not session.new

    def created(self, session: Any) -> float:
        """The moment at which the session began, in seconds as of :func:`time.time`.

        :meth:`invalidate` begins a new session; a write or a later request does not. Only called
        for namespaces with a lifetime, when a session is opened.
        """
        created: float = session.created
        return created

    def read(self, session: Any) -> dict[str, Any]:
        """The data that the application and Pyramid (``_csrft_``, ``_f_*``) keep in the session.

        :returns: a new ``dict``; its values may be the session's own.
        """
        return dict(session.items())

    def read_passively(self, session: Any) -> dict[str, Any] | None:
        """Like :meth:`read`, but for a session still in use: must not load, touch or refresh it.

        ``None`` if that is not possible, for example for a session that is not loaded yet.
        """
        return None

    def invalidate(self, session: Any) -> None:
        """Empty the session, and end its id on the server if the library has ids.

        Later writes belong to a new session, whose :meth:`created` is now.
        """
        session.invalidate()

    def renew(self, session: Any, data: dict[str, Any]) -> None:
        """End the session's id, and put ``data`` and a new CSRF token under a new one."""
        self.invalidate(session)
        session.update(data)
        session.new_csrf_token()

    # Server-side sessions by their id

    def session_id(self, session: Any) -> str | None:
        """The id under which the server keeps the session; ``None``: it does not, or not known."""
        return None

    def end_session(
        self, factory: Callable[..., Any], session_id: str, request: Any
    ) -> bool | None:
        """End a session on the server by its id; return false if there is none.

        ``None``: sessions of the factory have no ids, or the description does not know how.

        :param request: a request with the application's registry, and without a client's data.
        """
        return None
