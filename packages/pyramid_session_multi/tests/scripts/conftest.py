"""``psessions``, run on the .ini file of an application."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from pyramid.config import Configurator
from pyramid_session_multi.scripts.psessions import main


class Run(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def findings(self):
        """The printed findings, each in the form that ``--ignore`` takes."""
        lines = self.out.rpartition("\n\n")[2].splitlines()
        rows = [line.split(": ", 2) for line in lines if line != "No findings."]
        return [f"{finding}:{name}" for finding, names, _ in rows for name in names.split(", ")]

    @property
    def start_error(self):
        """The one line on stderr of a run that cannot load the application; it shows no secret."""
        assert (self.code, self.out) == (2, "")
        assert self.err.startswith("psessions: ")
        assert len(self.err.splitlines()) == 1
        assert "hush-hush" not in self.err
        return self.err


@pytest.fixture
def command(capsys):
    """Run ``psessions`` with these arguments."""

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return Run(code, *capsys.readouterr())

    return command


@pytest.fixture
def ini(tmp_path):
    """``ini(settings, sections)``: the path of a file with an application and these settings."""

    def ini(settings=(), sections=""):
        lines = [f"{key} = {value}" for key, value in dict(settings).items()]
        text = "\n".join(["[app:main]", "use = call:package_of_somebody:main", *lines, sections])
        path = tmp_path / "development.ini"
        path.write_text(f"{text}\n")
        return path

    return ini


@pytest.fixture
def psessions(command, ini, package):
    """Run ``psessions`` on an application with these settings and this ``setup``."""

    def psessions(*arguments, settings=(), setup=lambda config: None, sections="", name=""):
        def of_the_application(global_config, **settings):
            config = Configurator(settings=settings)
            config.include("pyramid_session_multi")
            setup(config)
            return config.make_wsgi_app()

        package.__dict__.setdefault("main", of_the_application)
        run = command(f"{ini(settings, sections)}{name}", *arguments)
        package.__dict__.pop("main")
        return run

    return psessions


@pytest.fixture
def register():
    """A ``setup`` that registers one namespace."""

    def register(name, factory, *others):
        return lambda config: config.register_session_factory(name, factory, *others)

    return register
