"""What can be done with any session: write, flash, renew, invalidate."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.view import view_config

from ..forms import end, require_room, session, text
from ..responses import done

# What the shop itself keeps in its sessions; a leading underscore is Pyramid's or the library's.
RESERVED = ("basket", "user", "generation", "_")


@view_config(route_name="write", renderer="json")
def write(request: Request) -> Any:
    """Put a value into a session."""
    namespace, key, value = (text(request, name) for name in ("ns", "key", "value"))
    if key.startswith(RESERVED):
        raise HTTPBadRequest(f"Keys like {key!r} are the shop's own: choose another, please.")
    opened = session(request, namespace)
    require_room(opened, key, value)
    opened[key] = value
    return done(request, f"{key} = {value} in {namespace}")


@view_config(route_name="flash", renderer="json")
def flash(request: Request) -> Any:
    """Leave a message that the page shows once."""
    namespace, message = text(request, "ns"), text(request, "message")
    opened = session(request, namespace)
    require_room(opened, message)
    opened.flash(message)
    return done(request, f"a message waits in {namespace}")


@view_config(route_name="renew", renderer="json")
def renew(request: Request) -> Any:
    """Same data, new id: what was known of the session until now is worth nothing."""
    namespace = text(request, "ns")
    request.session_multi.renew(namespace)
    return done(request, f"{namespace} renewed")


@view_config(route_name="invalidate", renderer="json")
def invalidate(request: Request) -> Any:
    """End one session, or all of them where none is named."""
    if not request.params.get("ns"):
        request.session_multi.invalidate()
        return done(request, "all invalidated")
    namespace = text(request, "ns")
    end(request, namespace)
    return done(request, f"{namespace} invalidated")
