"""Logging in and out: the account exists on https only."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..answers import done
from ..forms import end, require_room, session, text


@view_config(route_name="login", renderer="json")
def login(request: Request) -> Any:
    """Who knew the session before the login must not have it afterwards: renew it."""
    user = text(request, "user")
    require_room(session(request, "account"), user, user)
    account = request.session_multi.renew("account")
    account["user"] = user
    account.flash(f"Welcome, {user}.")
    return done(request, f"{user} logged in")


@view_config(route_name="logout", renderer="json")
def logout(request: Request) -> Any:
    """The account ends; the cart stays, which is one reason for having several sessions."""
    end(request, "account")
    return done(request, "logged out")
