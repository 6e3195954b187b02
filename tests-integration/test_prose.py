"""The linter of prose finds each pattern in pages and in source, and ignores code."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("proselint", reason="only the environments hatch-test have it")

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "settings.md"

TO_AVOID = [
    "The name is told in the message.",
    "The message tells whether the session was opened.",
    "The cure is another secret.",
    "It is no option of that library.",
    "Give a value that is none.",
    "Who logs in by http is redirected.",
    "Open it. Of a refused session nothing is shown.",
    "The session is open to whoever has the cookie.",
    "One cookie lies beside the other.",
    "The namespace whose cookie came is opened.",
    "It is lost in silence.",
    "It lives for ever.",
    "All but for one are opened.",
    "The time is to be linear.",
    "The old id is dead on the server.",
    "Its behaviour is serialised.",
    "The the session is opened.",
]
PLAIN = [
    "There is no session.",
    "It is no longer valid.",
    "That is secure, and of course signed.",
    "Who can read it? Anyone who has the key.",
    "The behavior is serialized.",
    "It does the same, but for another session.",
]


def lint(file):
    """Exit code and the problems, without the path."""
    command = [sys.executable, ROOT / "scripts" / "prose" / "check.py", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    *problems, _ = done.stdout.splitlines()
    return done.returncode, [problem.removeprefix(f"{file}:") for problem in problems]


def test_a_page_that_is_broken_fails(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text())
    assert lint(page) == (0, [])
    text = PAGE.read_text().splitlines()
    end = text.index("## All settings")
    page.write_text("\n".join([*text[:end], "What it is\ncannot be told.", *text[end:]]))
    code, (problem,) = lint(page)
    assert code == 1
    assert problem.startswith(f"{end + 2}: ")
    assert problem.endswith(" ('cannot be told')")


def lines(problems):
    return [int(problem.partition(":")[0]) for problem in problems]


def test_each_pattern_is_found_in_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("\n\n".join(TO_AVOID))
    code, problems = lint(page)
    assert code == 1
    assert set(lines(problems)) == set(range(1, 2 * len(TO_AVOID), 2))


def test_each_pattern_is_found_in_a_message(tmp_path):
    module = tmp_path / "messages.py"
    *messages, _ = TO_AVOID
    module.write_text("\n".join(f'f"{message} {{1}}"' for message in messages))
    code, problems = lint(module)
    assert code == 1
    assert set(lines(problems)) == set(range(1, len(messages) + 1))


def test_comments_of_several_lines_are_one_text(tmp_path):
    """A comment after code is a text of its own."""
    module = tmp_path / "module.py"
    module.write_text("# The name\n# cannot be\n# told.\na = 1  # the cure\n# is to be.\n")
    code, problems = lint(module)
    assert code == 1
    assert lines(problems) == [2, 4, 5]


def test_a_pattern_is_found_across_lines(tmp_path):
    page, module = tmp_path / "page.md", tmp_path / "module.py"
    page.write_text("The name\ncannot be\ntold.\n")
    module.write_text('def f():\n    """The name\n\n    cannot be\n    told.\n    """\n')
    assert [lines(lint(file)[1]) for file in (page, module)] == [[2], [4]]


def test_plain_english_passes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("\n\n".join(PLAIN))
    assert lint(page) == (0, [])


def test_a_docstring_begins_with_a_noun_or_a_verb(tmp_path):
    module = tmp_path / "module.py"
    functions = (
        f'def f():\n    """{start} the session holds."""\n'
        for start in ("What", "Whether", "Who", "Of", "Data")
    )
    module.write_text("".join(functions))
    code, problems = lint(module)
    assert code == 1
    assert set(lines(problems)) == {2, 4, 6, 8}


def test_code_is_not_prose(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "The `cure` is `beside` it:\n\n```python\ncure = 'it is to be in silence'\n```\n\n"
        "    a cure of an indented block\n\n<!-- a cure -->\n"
    )
    module = tmp_path / "module.py"
    module.write_text('"""Has ``cure`` and :attr:`beside`."""\n#\ncure = "cure"\n')
    assert lint(page) == lint(module) == (0, [])
