"""The linter of prose reads scripts, settings, workflows and templates, but not their code."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("proselint", reason="only the environments hatch-test have it")

LINTER = Path(__file__).resolve().parents[1] / "scripts" / "prose"

FILES = {
    "script": """\
#!/usr/bin/env bash
# Prints the cure.
root=$(cd -- "$(dirname -- "$0")/.." && pwd) # beside the script
cure=${1#cure} beside="cure"
echo "There is no \\"script\\" beside $root." >&2
printf '%s\\n' 'The script, which is to be run, is missing.'
""",
    "workflow.yml": """\
# Does not run
# in silence.
name: The tests and what lies beside them
jobs:
  cure: # in silence
    steps:
      - uses: cure/beside@v1
      - label: "The tests are to be run"
      - description: >-
          Many words, of which
          one is the cure.
        required: true
""",
    "settings.toml": """\
# The cure.
cure = "beside" # the settings beside it
because = "The type is told in the docstring."
""",
    "settings.ini": """\
; The cure.
[app:cure]
beside = in silence
    # one lies beside the other
""",
    "page.mako": """\
## The cure.
<%doc>
    Not in silence.
</%doc>
<%! CURE = {"cure": "beside", "message": "It is lost in silence."} %>
<p class="cure beside" title="the cure">The <b>name</b> is told
  in the <code>cure</code>.</p>
% if "cure" == beside:
<td>${"It lies beside the other." if cure else beside}</td>
% endif
<style>.beside { content: "the cure" }</style>
""",
}
LINES = {
    "script": [2, 3, 5, 6],
    "workflow.yml": [2, 3, 5, 8, 11],
    "settings.toml": [1, 2, 3],
    "settings.ini": [1, 4],
    "page.mako": [1, 3, 5, 6, 6, 9],
}


def lint(*files):
    command = [sys.executable, LINTER / "check.py", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    *problems, _ = done.stdout.splitlines()
    return problems


@pytest.mark.parametrize("name", FILES)
def test_comments_and_texts_are_prose_and_code_is_not(tmp_path, name):
    file = tmp_path / name
    file.write_text(FILES[name])
    prefix = f"{file}:"
    numbers = [int(problem.removeprefix(prefix).partition(":")[0]) for problem in lint(file)]
    assert sorted(numbers) == LINES[name]


def test_the_comment_at_the_head_of_a_file_begins_with_a_noun_or_a_verb(tmp_path):
    script, settings = tmp_path / "script", tmp_path / "settings.toml"
    script.write_text("#!/bin/sh\n# What the script does.\n\n# What happens next.\n")
    settings.write_text("# All that is needed.\n")
    assert len(lint(script, settings)) == 2


def test_every_file_of_the_project_with_prose_is_read(monkeypatch):
    """A new kind of file has to be added to the linter, or here if it has no prose."""
    monkeypatch.syspath_prepend(str(LINTER))
    import check

    list_files = subprocess.run(
        ["git", "-C", check.ROOT, "ls-files"], capture_output=True, text=True, check=False
    )
    if list_files.returncode:
        pytest.skip("this is not a clone of the repository")
    files = {check.ROOT / name for name in list_files.stdout.splitlines()}
    unread = {file.relative_to(check.ROOT) for file in files - set(check._files())}
    without_prose = {".css", ".png", ".svg", ".typed"}
    assert not {
        str(file)
        for file in unread
        if file.suffix not in without_prose
        and file.name != "LICENSE"
        and not check._EXCLUDED & set(file.parts)
    }
