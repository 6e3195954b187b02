"""Logging in and out; the account exists only over https."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..forms import require_room, session, text
from ..responses import done
from ..users import LOGINS, end_logins


@view_config(route_name="login", renderer="json")
def login(request: Request) -> Any:
    """Log in. This renews the session, so that nobody who knew the old one has the login."""
    user = text(request, "user")
    account = session(request, "account")
    require_room(account, user, user)
    LOGINS.remember(request, user)
    account.flash(f"Welcome, {user}.")
    return done(request, f"{user} logged in")


@view_config(route_name="logout", renderer="json")
def logout(request: Request) -> Any:
    """End the account. The cart stays, which is one reason to have several sessions."""
    session(request, "account")
    LOGINS.forget(request)
    return done(request, "logged out")


@view_config(route_name="logout_everywhere", renderer="json")
def logout_everywhere(request: Request) -> Any:
    """End this user's logins on all devices, although the sessions are in their cookies."""
    session(request, "account")
    user = LOGINS.authenticated_userid(request)
    if user is not None:
        end_logins(user)
    LOGINS.forget(request)
    return done(request, "logged out everywhere")
