"""Views for any session: write, flash, lose a write, renew, invalidate."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..forms import end, require_cookie_session, require_room, session, text
from ..responses import done

# The shop's own keys; those with a leading underscore are Pyramid's or the library's.
RESERVED = ("basket", "user", "generation", "_")


@view_config(route_name="write", renderer="json")
def write(request: Request) -> Any:
    """Put a value into a session."""
    namespace, key, value = (text(request, name) for name in ("ns", "key", "value"))
    if key.startswith(RESERVED):
        raise HTTPBadRequest(f"{key!r} is one of the shop's own keys: choose another one.")
    opened = session(request, namespace)
    require_room(opened, key, value)
    opened[key] = value
    return done(request, f"{key} = {value} in {namespace}")


@view_config(route_name="flash", renderer="json")
def flash(request: Request) -> Any:
    """Store a message that the page shows once."""
    namespace, message = text(request, "ns"), text(request, "message")
    opened = session(request, namespace)
    require_room(opened, message)
    opened.flash(message)
    return done(request, f"message stored in {namespace}")


@view_config(route_name="lose", renderer="json")
def lose(request: Request) -> Any:
    """Write in time, and once more when the response has its cookie; the panel shows the loss.

    Response callbacks run in the order in which they were added. The first write adds the one that
    sets the session's cookie, so the second write is not in it.
    """
    namespace = text(request, "ns")
    opened = session(request, namespace)
    require_cookie_session(request, namespace)
    require_room(opened, "in time", "saved", "too late", "lost")
    opened["in time"] = "saved"

    def write_too_late(request: Request, response: Response) -> None:
        opened["too late"] = "lost"

    request.add_response_callback(write_too_late)
    return done(request, f"one write saved and one lost in {namespace}")


@view_config(route_name="renew", renderer="json")
def renew(request: Request) -> Any:
    """Keep the data under a new cookie, and under a new id if the data is on the server."""
    namespace = text(request, "ns")
    request.session_multi.renew(namespace)
    return done(request, f"{namespace} renewed")


@view_config(route_name="invalidate", renderer="json")
def invalidate(request: Request) -> Any:
    """End one session, or all of them if the request names none."""
    if not request.params.get("ns"):
        request.session_multi.invalidate()
        return done(request, "all sessions invalidated")
    namespace = text(request, "ns")
    end(request, namespace)
    return done(request, f"{namespace} invalidated")
