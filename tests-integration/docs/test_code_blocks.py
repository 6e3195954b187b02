"""Every block of code in the READMEs and in ``docs/`` is executed: a page is a story.

It begins in an empty folder. A block whose first line is a comment with a file's name is written to
that file, and must be used; other Python runs in the names of the page, other settings are loaded;
commands run in one terminal, and print what the page shows, where ``...`` stands for anything. What
the page serves runs until the end of the story.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from pyramid.config import Configurator

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(ROOT.glob("packages/*/README.md")),
    *(page for page in sorted(ROOT.glob("docs/**/*.md")) if "_build" not in page.parts),
]

# Page and language: the test that executes those blocks.
README = "tests-integration/docs/test_readme.py"
USAGE = f"{README}::test_the_example_counts_visits_and_has_the_account_on_https_only"
SAME = f"{README}::test_what_the_root_readme_shows_is_the_same_elsewhere"
SUITE = "packages/pyramid_session_multi_testing/tests/test_examples.py::test_the_examples_pass"
REFERENCE = "tests-integration/docs/test_reference.py"
ELSEWHERE = {
    ("README.md", "python"): USAGE,
    ("README.md", "ini"): USAGE,
    ("README.md", "shell"): f"{README}::test_the_three_packages_install_from_a_repository",
    ("docs/index.md", "python"): SAME,
    ("docs/index.md", "shell"): SAME,
    ("packages/pyramid_session_multi/README.md", "shell"): SAME,
    ("packages/pyramid_session_multi/README.md", "python"): USAGE,
    ("packages/pyramid_session_multi/README.md", "ini"): (
        f"{README}::test_the_ini_example_registers_two_namespaces"
    ),
    ("packages/pyramid_session_multi_debugtoolbar/README.md", "shell"): SAME,
    ("packages/pyramid_session_multi_debugtoolbar/README.md", "python"): USAGE,
    ("packages/pyramid_session_multi_debugtoolbar/README.md", "ini"): USAGE,
    ("packages/pyramid_session_multi_testing/README.md", "shell"): SAME,
    ("packages/pyramid_session_multi_testing/README.md", "python"): SUITE,
    ("docs/how-to/testing.md", "python"): SUITE,
    ("docs/reference/findings.md", "shell"): (
        f"{REFERENCE}::test_the_commands_are_those_that_psessions_takes"
    ),
    ("docs/reference/settings.md", "shell"): (
        f"{REFERENCE}::test_the_commands_take_the_secrets_from_the_environment"
    ),
    ("docs/reference/settings.md", "ini"): (
        f"{REFERENCE}::test_the_ini_examples_make_working_namespaces"
    ),
    ("docs/reference/settings.md", "python"): (
        f"{REFERENCE}::test_the_ini_examples_make_working_namespaces"
    ),
}
# On any page, after this mark.
MADE = "<!-- made by scripts/docs-outputs -->"
BY_OUTPUTS = (
    "tests-integration/docs/test_command_outputs.py::test_the_commands_print_what_the_page_says"
)

# These show nothing of ours: `docs:build` fails where they are wrong.
FOR_SPHINX = {"{eval-rst}", "{toctree}"}

SERVERS = {"nginx", "pserve", "redis-server"}
PROGRAMS = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"  # Debian's nginx is there
TOOLS = {"curl", "nginx", "redis-cli", "redis-server"}


class Block(NamedTuple):
    """A block of code.

    :ivar line: of the page, where it begins.
    :ivar language: and what follows it on that line.
    """

    page: str
    line: int
    language: str
    rest: str
    text: str

    @property
    def file(self):
        """The file that it is, or none."""
        match = re.match(r"(?:\{# |# )([\w./-]+\.\w+)(?: #\})?\n", self.text)
        return match[1] if match else None


def blocks(page, text=None) -> Iterator[Block]:
    """Those of a page that nobody else executes."""
    name, before = page.relative_to(ROOT).as_posix(), ""
    for token in MarkdownIt().parse(page.read_text() if text is None else text):
        if token.type in {"fence", "code_block"}:
            language, _, rest = token.info.strip().partition(" ")
            is_elsewhere = (name, language) in ELSEWHERE or language in FOR_SPHINX
            if not is_elsewhere and before != MADE:
                yield Block(name, token.map[0] + 1, language, rest, token.content)
        before = token.content.strip()


# --- commands ---


def commands(text):
    """Each with the output that is shown after it; of ``shell`` blocks none is."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        command = [lines.pop(0)]
        while lines and lines[0].startswith("> "):
            command.append(lines.pop(0)[2:])
        yield "\n".join(command), "\n".join(lines).strip()


def pattern(expected):
    return ".*?".join(map(re.escape, expected.split("...")))


def installable(command):
    """Ours are of this checkout, with extras that they have; the others are here as well.

    So are the versions: of a checkout, that of the release that it becomes.
    """
    ours = {}
    for file in ROOT.glob("packages/*/pyproject.toml"):
        project = tomllib.loads(file.read_text())["project"]
        ours[canonicalize_name(project["name"])] = project
    for word in shlex.split(command, comments=True)[2:]:
        wanted = Requirement(word)
        project = ours.get(canonicalize_name(wanted.name), {})
        extras = set(project.get("optional-dependencies", ()))
        assert wanted.extras <= extras, f"{word}: {sorted(extras)}"
        version = Version(project.get("version") or metadata.version(wanted.name))
        assert wanted.specifier.contains(version.base_version), f"{word}: {version}"


class Story:
    """A page up to the current block: names, files, and Python that was executed."""

    def __init__(self, terminal, ports):
        self.terminal, self.ports = terminal, ports
        self.names, self.files, self.told, self.news = {}, {}, [], []

    def tell(self, block):
        if block.file and block.language in WRITTEN:
            self.write(block)
        else:
            assert block.language in EXECUTED, f"{block.language or 'no language'}: how is it run?"
            EXECUTED[block.language](self, block)

    def write(self, block):
        file = self.terminal.folder / block.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text)
        self.files[block.file] = block.text

    def python(self, block):
        """Executed here and now."""
        self.told.append(block.text)
        folder = self.terminal.folder
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.syspath_prepend(str(folder))
            patch.setattr(sys, "dont_write_bytecode", True)
            code = compile("\n" * block.line + block.text, ROOT / block.page, "exec")
            exec(code, self.names)
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None)).startswith(str(folder)):
                del sys.modules[name]

    def ini(self, block):
        """The settings of an application; each variable is a good secret."""
        variables = {name: name * 64 for name in re.findall(r"%\((\w+)\)s", block.text)}
        parser = ConfigParser(variables)
        parser.read_string(f"[app:main]\n{block.text}")
        config = Configurator(settings=dict(parser["app:main"]))
        if "debugtoolbar.includes" in config.registry.settings:
            config.include("pyramid_debugtoolbar")
        config.include("pyramid_session_multi")
        config.make_wsgi_app()

    def diff(self, block):
        """The lines of a file that change."""
        path = self.terminal.folder / block.file
        _, *lines = block.text.splitlines(keepends=True)
        old, new = ("".join(x[1:] for x in lines if x[0] in f" {sign}") for sign in "-+")
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))

    def console(self, block):
        """Each command succeeds, or the page shows that it does not."""
        assert block.text.startswith("$ ")
        told = list(commands(block.text))
        for (command, expected), (following, _) in zip(told, [*told[1:], ("", "")], strict=True):
            self.command(command, expected, fails=following == "echo $?")

    def shell(self, block):
        for command in block.text.replace("\\\n", "").splitlines():
            self.command(command)

    def yaml(self, block):
        """The commands of a workflow, in its environment."""
        [names] = re.findall(r"^    env:\n((?:      .*\n)*)", block.text, re.MULTILINE)
        for name, value in re.findall(r"(\w+): (.*)", names):
            self.command(f"export {name}={shlex.quote(value)}")
        steps = re.findall(r"^      - run: (.*)", block.text, re.MULTILINE)
        assert len(steps) == block.text.count("run:")
        for command in steps:
            self.command(command)

    def literalinclude(self, block):
        """The file that is shown is there; it has tests of its own."""
        shutil.copy((ROOT / block.page).parent / block.rest, self.terminal.folder)

    def command(self, command, expected="", *, fails=False):
        self.told.append(command)
        if command.startswith("pip install "):
            installable(command)
        elif command.split()[0] in SERVERS and not fails:
            self.serve(command, expected)
        else:
            self.run(command, expected, fails)

    def run(self, command, expected, fails):
        # With pip it takes long, and not every Python can; here nothing is installed into it.
        code, output = self.terminal.run(command.replace("-m venv ", "-m venv --without-pip "))
        assert (code != 0) == fails, f"{command}: exit code {code}\n{output}"
        if expected and not re.fullmatch(pattern(expected), output.strip(), re.DOTALL):
            printed = output.strip().replace(str(self.terminal.folder), "...")
            self.news.append((f"$ {command}\n{expected}\n", f"$ {command}\n{printed}\n"))

    def serve(self, command, expected):
        """It listens on the ports that the command names, or a file that it reads."""
        folder = self.terminal.folder
        files = [folder / word for word in command.split() if (folder / word).is_file()]
        read = "\n".join(file.read_text() for file in files)
        text = "\n".join([command, *re.findall(r"^ *(?:bind|listen|port) .*", read, re.MULTILINE)])
        output = self.terminal.serve(command, [p for p in self.ports.values() if p in text])
        for line in expected.splitlines():
            assert any(re.fullmatch(pattern(line), each.strip()) for each in output), line

    def unused(self):
        """The files that nothing on the page used: neither a command nor another file."""
        for name in self.files:
            others = [text for other, text in self.files.items() if other != name]
            told = "\n".join([*self.told, *others])
            stem = Path(name).stem
            by_pytest = re.fullmatch(r"test_\w+|conftest", stem)
            if not re.search("^pytest" if by_pytest else rf"\b{stem}\b", told, re.MULTILINE):
                yield name


WRITTEN = {"python", "ini", "conf", "html+jinja"}
EXECUTED = {
    "python": Story.python,
    "ini": Story.ini,
    "diff": Story.diff,
    "console": Story.console,
    "shell": Story.shell,
    "yaml": Story.yaml,
    "{literalinclude}": Story.literalinclude,
}


# --- tests ---


def source_of(test):
    """The text of the module that has this test."""
    path, _, function = test.partition("::")
    source = (ROOT / path).read_text()
    assert function in {getattr(node, "name", None) for node in ast.parse(source).body}
    return source


def exchange(text, ports):
    return re.sub(rf"\b({'|'.join(ports)})\b", lambda match: ports[match[0]], text)


def name_of(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [p for p in PAGES if any(blocks(p))], ids=name_of)
def test_every_block_runs(request, page, terminal, ports):
    text = exchange(page.read_text(), ports)
    needed = TOOLS & set(re.findall(r"[\w-]+", "".join(block.text for block in blocks(page))))
    missing = sorted(tool for tool in needed if shutil.which(tool, path=PROGRAMS) is None)
    if missing:
        reason = f"not installed: {', '.join(missing)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    story = Story(terminal, ports)
    for block in blocks(page, text):
        try:
            story.tell(block)
        except BaseException as error:
            error.add_note(f"{page}:{block.line}")
            raise
    assert list(story.unused()) == []
    if request.config.getoption("--update-docs"):
        for expected, printed in story.news:
            text = text.replace(expected, printed)
        page.write_text(exchange(text, {here: there for there, here in ports.items()}))
    else:
        for expected, printed in story.news:
            assert expected == printed, f"{page}: scripts/docs-outputs"


def test_what_curl_hands_on_it_hands_on_silently():
    """It draws a progress meter in the terminal if its output goes elsewhere."""
    told = (
        f"{block.page}:{block.line}: {command}"
        for page in PAGES
        for block in blocks(page)
        if block.language == "console"
        for command, _ in commands(block.text)
    )
    noisy = re.compile(r": curl (?!.*-s\b)(?=.*(?:\||-o\b))")
    assert [command for command in told if noisy.search(command)] == []


@pytest.mark.parametrize("claim", ELSEWHERE.items(), ids=lambda claim: ":".join(claim[0]))
def test_what_is_executed_elsewhere_is_there(claim):
    """The page has such blocks, and the test reads the page."""
    (page, language), test = claim
    assert f"\n```{language}\n" in (ROOT / page).read_text()
    assert Path(page).name in source_of(test)


def test_the_mark_is_that_of_the_outputs():
    assert f'"{MADE}\\n```console\\n"' in source_of(BY_OUTPUTS)
