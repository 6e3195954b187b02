"""The terminals that the pages' commands run in: an empty folder's, and one for each server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from functools import partial
from itertools import chain, count
from pathlib import Path

import pytest

SECONDS_FOR_A_PAGE = 60


class Terminal:
    """A bash that stays, as a reader's does. All that it started ends with it."""

    def __init__(self, scratch, environ):
        self._scratch, self._servers, self._numbers, self._code = scratch, {}, count(), 0
        start = scratch / "empty"
        start.mkdir()
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=start,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._watch = threading.Timer(SECONDS_FOR_A_PAGE, self._kill)
        self._watch.start()

    @property
    def folder(self):
        """The folder that the reader is in."""
        code = self._code
        folder = self.run("pwd")[1].strip()
        self._code = code
        return Path(folder)

    def run(self, command):
        """Exit code and output; ``$?`` is that of the command before."""
        script = f"(exit {self._code}); {{ {command}\n}} </dev/null\nprintf '\\0%s\\0' $?\n"
        self._bash.stdin.write(script.encode())
        self._bash.stdin.flush()
        output, code = self._until_nul(), self._until_nul()
        self._code = int(code)
        return self._code, output

    def _until_nul(self):
        read = bytearray()
        for byte in iter(partial(self._bash.stdout.read, 1), b"\0"):
            assert byte, f"the terminal was closed, after printing: {read.decode()}"
            read += byte
        return read.decode()

    def serve(self, command, ports):
        """Start a server, again if it runs already, and wait until it listens.

        :returns: the lines that it prints, as they come.
        """
        if command in self._servers:
            pid, output = self._servers.pop(command)
            self.run(f"kill {pid}; wait {pid}")
            output.close()
        assert not all(map(_listens, ports)), "it listens nowhere, or another one does so already"
        fifo = self._scratch / f"output-{next(self._numbers)}"
        os.mkfifo(fifo)
        pid = self.run(f"{command} >{fifo} 2>&1 & echo $!")[1].strip()
        output = fifo.open(encoding="utf-8")
        self._servers[command] = pid, output
        lines = iter(output.readline, "")
        first = next(lines, "")
        for port in ports:
            while not _listens(port):
                assert self.run(f"kill -0 {pid}")[0] == 0, first + output.read()
        return chain([first], lines)

    def _kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGKILL)

    def close(self):
        self._watch.cancel()
        self._kill()
        self._bash.wait()
        outputs = (output for _, output in self._servers.values())
        for file in (self._bash.stdin, self._bash.stdout, *outputs):
            file.close()


def _listens(port):
    with suppress(ConnectionRefusedError), socket.create_connection(("localhost", port)):
        return True
    return False


def environment(scratch):
    """A reader's environment, with this one's commands; curl is as silent as in a terminal."""
    (scratch / ".curlrc").write_text("silent\nshow-error\n")
    folders = [str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]  # nginx is there
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    return inherited | {
        "PATH": os.pathsep.join(folders),
        "CURL_HOME": str(scratch),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:pkg_resources is deprecated as an API:UserWarning",
    }


@pytest.fixture
def terminal(tmp_path):
    """A :class:`Terminal` in an empty folder."""
    terminal = Terminal(tmp_path, environment(tmp_path))
    yield terminal
    terminal.close()


@pytest.fixture(scope="session")
def ports():
    """Free ports in place of those that a page names: ``ports["6543"]`` is one of them.

    All are reserved at once, so that they differ, then released and used later: another process
    could get one of them in between. A page cannot serve on port 0.
    """
    with ExitStack() as taken:
        sockets = {
            port: taken.enter_context(socket.create_server(("localhost", 0)))
            for port in ("6543", "6544", "6545", "6546", "6547", "6379", "6380", "26379")
        }
        return {port: str(server.getsockname()[1]) for port, server in sockets.items()}
