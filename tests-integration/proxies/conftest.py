"""Real proxies in front of an application: Apache with its cache, and nginx."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import waitress
from waitress.wasyncore import close_all

# Apache's mod_cache: by default it stores responses with Set-Cookie.
_APACHE = """
ServerName 127.0.0.1
ServerRoot {directory}
Listen 127.0.0.1:{port}
PidFile {directory}/pid
DefaultRuntimeDir {directory}
Mutex file:{directory}
ErrorLog {directory}/log
{user}
{modules}
CacheRoot {directory}/cache
CacheEnable disk /
CacheQuickHandler on
CacheHeader on
ProxyPass / http://127.0.0.1:{backend}/
"""
_APACHE_MODULES = ("mpm_event", "authz_core", "proxy", "proxy_http", "cache", "cache_disk")
_APACHE_DIRECTORIES = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules")

# By default large_client_header_buffers is 4 8k.
_NGINX = """
daemon off;
pid {directory}/pid;
error_log {directory}/log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{backend}; }}
    }}
}}
"""


def _program(*names):
    for name in names:
        path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
        if path is not None:
            return path
    reason = f"{names[0]} is not installed (scripts/system-packages)"
    return pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def _running(arguments, directory, port):
    log = directory / "log"
    with (directory / "output").open("w") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output)
    try:
        while True:
            said = log.read_text() if log.exists() else ""
            assert process.poll() is None, said + (directory / "output").read_text()
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def directory():
    """A directory that a server without root privileges can use: pytest's own are private."""
    path = Path(tempfile.mkdtemp(prefix="proxy-"))
    path.chmod(0o755)
    (path / "cache").mkdir()
    (path / "cache").chmod(0o777)
    yield path
    shutil.rmtree(path)


@contextmanager
def _waitress(app):
    server = waitress.create_server(app, host="127.0.0.1", port=0, max_request_header_size=262144)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        sockets = dict(server._map)
        server.trigger.pull_trigger(server._map.clear)
        thread.join()
        server.task_dispatcher.shutdown()
        close_all(sockets)


class Visitor:
    """A browser: it keeps its cookies, and opens a new connection for each request."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def get(self, path):
        """Return the body; ``status`` and ``headers`` are recorded."""
        headers = {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        self.status, self.headers = answer.status, answer.msg
        for header in self.headers.get_all("Set-Cookie", []):
            name, _, text = header.strip().partition(";")[0].partition("=")
            self.cookies[name] = text
        return body


@pytest.fixture
def apache(directory):
    """``with apache(app) as visitor``: new visitors of Apache's cache in front of it."""
    program = _program("apache2", "httpd")
    modules = next((Path(d) for d in _APACHE_DIRECTORIES if Path(d).is_dir()), Path())
    lines = [f"LoadModule {m}_module {modules}/mod_{m}.so" for m in _APACHE_MODULES]

    @contextmanager
    def apache(app):
        with _waitress(app) as backend:
            port, configuration = _free_port(), directory / "httpd.conf"
            configuration.write_text(
                _APACHE.format(
                    directory=directory,
                    port=port,
                    backend=backend,
                    modules="\n".join(lines),
                    user="" if os.geteuid() else "User nobody\nGroup nogroup",
                )
            )
            arguments = [program, "-f", str(configuration), "-DFOREGROUND"]
            with _running(arguments, directory, port):
                yield lambda: Visitor(port)

    return apache


@pytest.fixture
def nginx(directory):
    """``with nginx(app) as visitor``: new visitors of nginx in front of it."""
    program = _program("nginx")

    @contextmanager
    def nginx(app):
        with _waitress(app) as backend:
            port, configuration = _free_port(), directory / "nginx.conf"
            configuration.write_text(_NGINX.format(directory=directory, port=port, backend=backend))
            arguments = [program, "-c", str(configuration), "-e", str(directory / "log")]
            with _running(arguments, directory, port):
                yield lambda: Visitor(port)

    return nginx
