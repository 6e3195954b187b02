"""The applications under measurement: the same sessions, reached in different ways."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory

NAMES = ("a", "b", "c")
OPENS = (0, 1, 3)

Opener = Callable[[Request], tuple[Any, ...]]

# Written out: a loop over names would cost both ways the same, and hide the difference.
_BY_MANAGER: dict[int, Opener] = {
    0: lambda request: (),
    1: lambda request: (request.session_multi["a"],),
    3: lambda request: (
        request.session_multi["a"],
        request.session_multi["b"],
        request.session_multi["c"],
    ),
}
_BY_HAND: dict[int, Opener] = {
    0: lambda request: (),
    1: lambda request: (request.a,),
    3: lambda request: (request.a, request.b, request.c),
}


def signed(name: str) -> Any:
    """A session factory with a cookie and a secret of its own.

    Without ``reissue_time`` a cookie is not signed anew as soon as it is a second old: that
    would change what is measured in the middle of it, and hide small differences.
    """
    return SignedCookieSessionFactory(f"{name:*>64}", cookie_name=name, reissue_time=None)


def by_hand(opens: int = 0, *, read: bool = False) -> Any:
    """An application without the package: a reified request property for each session."""
    config = _configurator()
    for name in NAMES:
        config.add_request_method(signed(name), name, reify=True)
    return _application(config, _BY_HAND[opens], read=read)


def by_manager(package: Any, opens: int = 0, *, read: bool = False, vary: bool = True) -> Any:
    """``package`` is ours or the predecessor, which does not know the setting."""
    config = _configurator({"session_multi.vary": "true" if vary else "false"})
    config.include(package.includeme)
    for name in NAMES:
        package.register_session_factory(config, name, signed(name))
    return _application(config, _BY_MANAGER[opens], read=read)


def with_contracts(
    package: Any, opens: int, *, read: bool, declared: bool, elsewhere: bool = False
) -> Any:
    """The view declares all namespaces, or another view does, or none."""
    config = _configurator()
    config.include(package.includeme)
    for name in NAMES:
        package.register_session_factory(config, name, signed(name))
    if elsewhere:
        config.add_view(lambda request: Response(b""), name="elsewhere", session_multi=NAMES)
    options = {"session_multi": NAMES} if declared else {}
    return _application(config, _BY_MANAGER[opens], read=read, **options)


def without(*, another_property: bool) -> Any:
    """No session at all, and maybe a reified request property of the application's own."""
    config = _configurator()
    if another_property:
        config.add_request_method(lambda request: None, "another", reify=True)
    return _application(config, _BY_HAND[0], read=False)


def _configurator(settings: dict[str, str] | None = None) -> Configurator:
    config = Configurator(settings=settings)
    config.set_session_factory(signed("session"))
    return config


def _application(config: Configurator, opener: Opener, *, read: bool, **options: Any) -> Any:
    opened = _copied(opener)

    def view(request: Request) -> Response:
        for session in opened(request):
            if read:
                session["n"]
        return Response(b"")

    def fill(request: Request) -> Response:
        for session in opened(request):
            session["n"] = "a value of some length"
        return Response(b"")

    def keep(request: Request) -> Response:
        request.environ["bench.request"] = request
        return Response(b"")

    config.add_view(_copied(view), **options)
    config.add_view(fill, name="fill")
    config.add_view(keep, name="keep")
    return config.make_wsgi_app()


def _copied(function: Any) -> Any:
    """The function with bytecode of its own.

    Python adapts bytecode to the types it meets there; shared by applications with different
    ones, as no real application is, it would fit none of them.
    """
    code, scope = function.__code__.replace(), function.__globals__
    return FunctionType(code, scope, function.__name__, None, function.__closure__)


def call(app: Any, environ: dict[str, Any]) -> None:
    """Do what a server does with a request."""
    b"".join(app(dict(environ), _start_response))


def _start_response(status: str, headers: Any, exc_info: Any = None) -> None:
    if status != "200 OK":
        raise RuntimeError(status)


def environ(cookie: str = "") -> dict[str, Any]:
    """A prepared WSGI environ."""
    blank: dict[str, Any] = Request.blank("/").environ
    return {**blank, "HTTP_COOKIE": cookie} if cookie else blank


def filled_cookies() -> str:
    """A ``Cookie`` header that brings all sessions, with data."""
    response = Request.blank("/fill").get_response(by_hand(3))
    return "; ".join(line.partition(";")[0] for line in response.headers.getall("Set-Cookie"))


def live_request(app: Any) -> Request:
    """A request as a view of the application gets it."""
    blank = Request.blank("/keep")
    blank.get_response(app)
    return blank.environ["bench.request"]
