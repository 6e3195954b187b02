"""The mistakes that type checkers find, as docs/how-to/type-checking.md says.

Each is ignored here, and a type checker that does not find it reports the comment.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from pyramid_session_multi import SessionMultiManager
from pyramid_session_multi_testing import DummySessionMulti
from shop_request import Request, Sessions


def account_may_be_refused(request: Request) -> None:
    request.session_multi["account"]["user"] = "ann"  # type: ignore[index]


def unregistered_name(request: Request) -> None:
    request.session_multi["acount"].pop("user")  # type: ignore[call-overload]
    request.session_multi.renew("acount")  # type: ignore[arg-type]


def session_has_no_such_method(request: Request) -> None:
    request.session_multi["public"].falsh("Welcome.")  # type: ignore[attr-defined]


def manager_cannot_be_changed(request: Request) -> None:
    request.session_multi["public"] = {}  # type: ignore[index]


def the_manager_and_its_double_are_such_sessions(
    manager: SessionMultiManager, double: DummySessionMulti
) -> list[Sessions]:
    return [manager, double]
