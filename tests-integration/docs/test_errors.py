"""``docs/reference/errors.md`` has an entry for each message of the packages, and no others.

The messages are read from the source: the arguments of exceptions, warnings, notes and log lines
from ``warning`` up, the texts that those are composed of, and the sentences of the panel. Two more
are Python's own; a program that causes each of them prints it.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "errors.md"
SOURCES = sorted(ROOT.glob("packages/*/src/**/*.py"))

# What is only known at run time: a name, a value, a suggestion. The page writes it as well.
GAP = "…"

# A message of its own, in contrast to the name of an option or the argument of a call.
SENTENCE = re.compile(r"[A-Za-z]{2}\S* \S*[A-Za-z]{2}")
FULL_STOP = re.compile(r"\.( |$)")

# A function that returns shorter texts in a message returns a name or a suggestion.
MAX_SUGGESTION = 30

LOG_METHODS = {"critical", "error", "exception", "warning"}
MESSAGE_METHODS = {"add_note", "warn", *LOG_METHODS}


class Module:
    """A source file: what its names stand for."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self._own: dict[str, ast.AST] = {}
        self._imported: dict[str, tuple[Path, str]] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._own[node.targets[0].id] = node.value
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                self._own[node.name] = node
            elif isinstance(node, ast.ImportFrom) and node.level:
                folder = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                for alias in node.names:
                    self._imported[alias.asname or alias.name] = folder, alias.name

    def find(self, name: str) -> tuple[Module, ast.AST] | None:
        """The definition of a name, with the module that has it."""
        if name in self._own:
            return self, self._own[name]
        folder, original = self._imported.get(name, (None, ""))
        file = folder and folder.with_suffix(".py")
        return module(file).find(original) if file and file.is_file() else None


@functools.cache
def module(file: Path) -> Module:
    return Module(file)


class Function:
    """A function of a module, and the texts that its expressions can have."""

    running: ClassVar[list[ast.FunctionDef]] = []  # one may call itself

    def __init__(self, owner: Module, node: ast.AST) -> None:
        self.owner, self.node = owner, node
        self._local: dict[str, list[ast.expr]] = {}
        self._pending: set[str] = set()
        for statement in ast.walk(node):
            if isinstance(statement, ast.Assign):
                self._assign(statement.targets[0], statement.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._local.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for part, its_value in zip(target.elts, value.elts, strict=True):
                self._assign(part, its_value)

    def texts(self, node: ast.expr) -> list[str]:  # noqa: PLR0911 - a case for each form
        """All texts that an expression can have, with gaps."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(chosen) for chosen in product(*map(self.texts, parts))]
            case ast.FormattedValue(value=ast.Name() as name):
                return self.texts(name)
            case ast.FormattedValue(value=ast.Call() as call):
                texts = self.texts(call)
                return texts if max(map(len, texts), default=0) > MAX_SUGGESTION else [GAP]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [a + b for a, b in product(self.texts(left), self.texts(right))]
            case ast.IfExp(body=body, orelse=other):
                return self.texts(body) + self.texts(other)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return [text for item in items for text in self.texts(item)]
            case ast.Call(func=ast.Attribute(attr="join"), args=[items]):
                return self.texts(items)
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
                return self._texts_of_name(name)
        return [GAP]

    def _texts_of_name(self, name: str) -> list[str]:
        if name in self._local and name not in self._pending:
            self._pending.add(name)
            texts = [text for value in self._local[name] for text in self.texts(value)]
            self._pending.remove(name)
            return texts
        match self.owner.find(name):
            case owner, ast.FunctionDef() as function if function not in Function.running:
                Function.running.append(function)
                results = list(Function(owner, function).results())
                Function.running.remove(function)
                return results
            case owner, ast.expr() as value:
                return Function(owner, value).texts(value)
        return [GAP]

    def results(self) -> Iterator[str]:
        """The texts that it returns."""
        for node in ast.walk(self.node):
            match node:
                case ast.Return(value=None | ast.Constant(value=None)):
                    pass
                case ast.Return(value=value):
                    yield from self.texts(value)

    def messages(self) -> Iterator[str]:
        """The texts of its exceptions, warnings, notes and log lines."""
        if self.node.name == "__str__" or "page" in self.owner.file.parts:
            yield from filter(FULL_STOP.search, self.results())
        for call in ast.walk(self.node):
            if isinstance(call, ast.Call):
                for argument in message_arguments(call):
                    yield from self.texts(argument)
                if isinstance(call.func, ast.Attribute) and call.func.attr == "append":
                    yield from filter(FULL_STOP.search, self.texts(call.args[0]))


def message_arguments(call: ast.Call) -> list[ast.expr]:
    match call.func, call.args:
        case ast.Name(id="OptionError"), [option, problem]:
            prefix = ast.Constant(f"session_multi.{GAP}.")
            return [ast.JoinedStr([prefix, option, ast.Constant(" "), problem])]
        case ast.Name(id=name), arguments if name in error_classes():
            return arguments
        case ast.Attribute(attr="__init__"), arguments:
            return arguments
        case ast.Attribute(attr=name), [first, *_] if name in MESSAGE_METHODS:
            return [first]
    return []


@functools.cache
def error_classes() -> set[str]:
    """The names of Python's, Pyramid's and the packages' own exceptions and warnings."""
    names = {name for name, value in vars(builtins).items() if is_exception(value)}
    names |= {"ConfigurationError", "HTTPBadRequest"}
    for file in SOURCES:
        for node in module(file).tree.body:
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                names |= {node.name} if bases & names else set()
    return names


def is_exception(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def all_messages() -> Iterator[str]:
    for file in SOURCES:
        for node in ast.walk(module(file).tree):
            if isinstance(node, ast.FunctionDef):
                for text in Function(module(file), node).messages():
                    yield re.sub(f"%[rsd]|{GAP}+", GAP, text)


MESSAGES = sorted(filter(SENTENCE.search, set(all_messages())))
ENTRIES = re.findall(r"^- `([^`]+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


# Entries for messages of Python, which a beginner sees first, and a program that ends in each.
FROM_PYTHON = {
    "AttributeError: register_session_factory. Did you mean: 'set_session_factory'?": (
        "from pyramid.config import Configurator\n"
        "Configurator().register_session_factory('a', print)"
    ),
    "'Request' object has no attribute 'session_multi'": (
        "from pyramid.request import Request\nRequest.blank('/').session_multi"
    ),
}


def covers(entry: str, message: str) -> bool:
    """True if an entry of the page stands for a message: a gap of the entry takes any text."""
    pattern = ".*".join(map(re.escape, entry.split(GAP)))
    return re.fullmatch(pattern, message, re.DOTALL) is not None


@pytest.mark.parametrize(
    "start",
    [
        "The … is an empty string: pass its dotted name.",  # an argument
        "no session namespace is registered: call ",  # a constant
        "session_multi.….discriminator is empty: ",  # a variable
        "while storing the session …. Its cookie is too long: ",  # what a function returns
        "The … and the … share one cookie, …: their sessions",  # a function of another module
        "No session is registered for the namespace …. Registered: …",  # the text of an exception
    ],
)
def test_the_messages_are_read_from_the_source(start):
    """However they get there."""
    assert any(message.startswith(start) for message in MESSAGES)


def test_each_message_of_the_source_has_an_entry():
    """Those that have none need one in docs/reference/errors.md, with cause and fix."""
    assert [text for text in MESSAGES if not any(covers(entry, text) for entry in ENTRIES)] == []


def test_each_entry_has_a_message_of_the_source():
    """Correct or remove those that have none, in docs/reference/errors.md."""
    own = [entry for entry in ENTRIES if entry not in FROM_PYTHON]
    assert [entry for entry in own if not any(covers(entry, text) for text in MESSAGES)] == []


@pytest.mark.parametrize(("entry", "program"), FROM_PYTHON.items())
def test_a_message_of_python_is_printed_without_the_include(entry, program):
    """Python's words differ from version to version: the page has those that users see."""
    python = [sys.executable, "-W", "ignore", "-c", program]
    result = subprocess.run(python, capture_output=True, text=True, check=False)
    assert entry in ENTRIES
    assert entry in result.stderr
