from typing import Any

from pyramid.config import Configurator
from pyramid.router import Router
from pyramid_session_multi import https_only, signed_cookie_session_factory
from shop_request import Request


def home(request: Request) -> dict[str, Any]:
    public, account = request.session_multi["public"], request.session_multi["account"]
    public["visits"] = public.get("visits", 0) + 1
    return {"visits": public["visits"], "user": account and account.get("user")}


def login(request: Request) -> dict[str, Any]:
    account = request.session_multi.renew("account")
    account["user"] = request.params["user"]
    return {"user": account["user"]}


def main(global_config: dict[str, str], **settings: Any) -> Router:
    secret = settings["shop.secret"]
    with Configurator(settings=settings) as config:
        config.include("pyramid_session_multi")
        config.register_session_factory("public", signed_cookie_session_factory("public", secret))
        account = signed_cookie_session_factory("account", secret, secure=True)
        config.register_session_factory("account", account, discriminator=https_only)
        for view in (home, login):
            config.add_route(view.__name__, f"/{view.__name__}")
            config.add_view(view, route_name=view.__name__, renderer="json")
        return config.make_wsgi_app()
