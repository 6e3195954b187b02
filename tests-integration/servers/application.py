"""The application that each server serves: a signed cookie, Redis, and Beaker's files.

``app`` is for WSGI, ``asgi_app`` the same behind a2wsgi. The environment says where data are kept
(``REDIS_URL``, ``DATA_DIR``), and whether the toolbar's panel is on (``PANEL``).
"""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware
from pyramid.config import Configurator

SECRET = "the-secret-of-all-the-servers-32-bytes-at-least"


def settings():
    listed = {
        "public": {"use": "signed_cookie", "secrets": SECRET},
        "account": {"use": "redis", "secret": SECRET, "redis_url": os.environ["REDIS_URL"]},
        "cart": {"use": "beaker", "secret": f"cart-{SECRET}", "data_serializer": "json"},
        "admin": {
            "use": "signed_cookie",
            "secrets": SECRET,
            "discriminator": "pyramid_session_multi.https_only",
        },
    }
    listed["cart"]["data_dir"] = os.environ["DATA_DIR"]
    settings = {"session_multi.namespaces": " ".join(listed)}
    for name, options in listed.items():
        settings |= {f"session_multi.{name}.{option}": text for option, text in options.items()}
    if "PANEL" in os.environ:
        settings["debugtoolbar.includes"] = "pyramid_session_multi.debugtoolbar"
        settings["debugtoolbar.active_panels"] = "session_multi"
    return settings


def act(request):
    """Do what the client wants, and return what the namespaces held before that."""
    wanted, sessions = request.json_body, request.session_multi
    marks = {name: sessions[name].get("mark") for name in wanted["namespaces"]}
    for name in wanted["namespaces"]:
        if wanted["do"] == "write":
            sessions[name]["mark"] = [*wanted["mark"], name]
        elif wanted["do"] in {"renew", "invalidate"}:
            getattr(sessions, wanted["do"])(name)
    return {"held": marks, "process": os.getpid()}


def home(request):
    """For limits of headers, and for the scheme."""
    return {"is_secure": request.session_multi["admin"] is not None}


def make_app():
    config = Configurator(settings=settings())
    config.include("pyramid_session_multi")
    if "PANEL" in os.environ:
        config.include("pyramid_debugtoolbar")
    for name, path, view in (("act", "/act", act), ("home", "/", home)):
        config.add_route(name, path)
        config.add_view(view, route_name=name, renderer="json")
    return config.make_wsgi_app()


app = make_app()
asgi_app = WSGIMiddleware(app)
