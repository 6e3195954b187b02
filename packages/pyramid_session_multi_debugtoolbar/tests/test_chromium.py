"""In a real browser: no data of a session become markup or script."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading

import pytest
import waitress
from pyramid.response import Response
from pyramid_beaker import BeakerSessionFactoryConfig
from webtest import TestApp

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=3000", "--dump-dom",
)  # fmt: skip

RUN = "document.documentElement.setAttribute('data-ran-%s','')"


def payloads(where):
    """Markup that runs ``RUN`` if it gets onto a page unescaped."""
    run = RUN % where
    return [
        f"<script>{run}</script>",
        f'<img src=x onerror="{run}">',
        f'\'"></code></summary></table></style></title><svg onload="{run}">',
        f'--><iframe srcdoc="<script>parent.{run}</script>"></iframe>',
        f'<details open ontoggle="{run}">',
        "${__import__('os').abort()} <%% import os; os.abort() %%>",
        "{{ 7*7 }}\n% raise SystemExit",
    ]


class Html(str):
    __slots__ = ()

    def __html__(self):
        return payloads("html")[0]


class Repr:
    def __init__(self):
        self.text = payloads("attribute")[0]

    def __repr__(self):
        return payloads("repr")[0]

    __str__ = __html__ = __repr__

    def __reduce__(self):
        return make_repr, ()


def make_repr():
    """Create the object for pickle, which cannot find its class by name."""
    return Repr()


Repr.__qualname__ = payloads("type")[1]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """``chromium(url)``: the page after its scripts have run."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)

    def chromium(url):
        profile = tmp_path_factory.mktemp("profile")
        done = subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={profile}", url],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=300,
        )  # fmt: skip
        return done.stdout

    return chromium


@pytest.fixture
def serve():
    """``serve(app)``: the url of the running application."""
    servers = []

    def serve(app):
        server = waitress.create_server(app, host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.effective_port}"

    yield serve
    for server, thread in servers:
        server.trigger.pull_trigger(server.close)
        thread.join()


def planted():
    data = {payload: payload for payload in payloads("key")}
    data |= {f"value {n}": payload for n, payload in enumerate(payloads("value"))}
    data |= {f"_f_{payload}": [payload] for payload in payloads("flash")}
    data |= {"html": Html("harmless"), "repr": Repr(), "nested": {"x": [(Html("y"), Repr())]}}
    data |= {Html("key with html"): 1, (payloads("tuple")[0],): 2, "token": payloads("token")[0]}
    return data


def test_no_payload_runs(site, chromium, serve):
    """In keys, values, reprs, ``__html__``, names of namespaces, cookies, types and functions."""
    names = payloads("namespace")
    factories = {
        name: BeakerSessionFactoryConfig(key=f"c{n}", type="memory", secret=f"secret {n}")
        for n, name in enumerate(names)
    }

    def down(request):
        raise type(payloads("error")[0], (Exception,), {})(payloads("message")[0])

    down.__qualname__ = payloads("function")[1]
    settings = {"debugtoolbar.panels": "session_multi"}
    cookie = "c'`|onerror"
    here = site(toolbar="activated", settings=settings, down=(down, None, cookie), **factories)
    here.client.set_cookie(cookie, "x")

    def view(m):
        for name in names:
            m[name].update(planted())
        with pytest.raises(Exception, match="script"):
            m["down"]

    def odd(request):
        view(request.session_multi)
        request.add_response_callback(
            lambda request, response: response.headers.add(
                "Set-Cookie", f"{cookie}=1; Path={payloads('path')[0]}"
            )
        )

    odd.__code__ = odd.__code__.replace(co_name="odd", co_qualname=payloads("caller")[1])
    for _ in range(2):  # incoming as well as outgoing
        here.visit(odd)
    assert here.panel._errors.lines == []
    page_text = here.content.get_text()
    for where in (
        "key",
        "value",
        "flash",
        "namespace",
        "function",
        "caller",
        "type",
        "error",
        "path",
    ):
        assert RUN % where in page_text.replace("\\'", "'"), where
    number = here.app.registry.pdtb_history[0][0]
    page = chromium(f"{serve(here.app)}/_debug_toolbar/{number}")
    assert 'id="pDebugPanel-session_multi-content"' in page
    assert "data-ran" not in page.partition(">")[0] + page.partition("<head")[0]


def test_the_same_payloads_run_if_they_are_not_escaped(site, chromium, serve, signed):
    """So the test above would detect it."""
    markup = "".join(payloads("raw")[:5]).replace("-->", "")
    here = site(
        toolbar=False,
        setup=lambda config: (
            config.add_route("raw", "/raw"),
            config.add_view(lambda request: Response(f"<html><body>{markup}"), route_name="raw"),
        ),
    )
    assert TestApp(here.app).get("/raw").status_int == 200
    page = chromium(f"{serve(here.app)}/raw")
    assert "data-ran-raw" in page.partition("<head")[0]


@pytest.mark.parametrize("number", range(5))
def test_each_payload_runs_by_itself(site, chromium, serve, number):
    """Browsers run all of them."""
    markup = payloads("raw")[number]
    here = site(
        toolbar=False,
        setup=lambda config: (
            config.add_route("raw", "/raw"),
            config.add_view(lambda request: Response(f"<html><body>{markup}"), route_name="raw"),
        ),
    )
    assert "data-ran-raw" in chromium(f"{serve(here.app)}/raw").partition("<head")[0]
