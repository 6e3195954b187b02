"""The examples of the README and of the how-to page are test suites that pass."""

import re
from pathlib import Path

import pytest

pytest_plugins = "pytester"

PACKAGE = Path(__file__).parents[1]
HOW_TO = PACKAGE.parents[1] / "docs" / "how-to" / "testing.md"


def examples(page):
    """The Python blocks of a page, by the file name in their first line."""
    blocks = re.findall(r"^```python\n# ([\w/]+\.py)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) == page.count("```python\n")
    return blocks


@pytest.mark.parametrize("page", [PACKAGE / "README.md", HOW_TO], ids=lambda page: page.name)
def test_the_examples_pass(page, pytester, run_pytest):
    blocks = examples(page.read_text())
    for name, code in blocks:
        file = pytester.path / name
        file.parent.mkdir(exist_ok=True)
        with file.open("a") as suite:
            suite.write(code + "\n\n")
    tests = len(re.findall(r"^ *def test_", "".join(code for _, code in blocks), re.MULTILINE))
    run_pytest().assert_outcomes(passed=tests)
    assert tests >= 3


@pytest.mark.parametrize("page", [PACKAGE / "README.md", HOW_TO], ids=lambda page: page.name)
def test_a_functional_test_takes_four_lines(page):
    """It logs in, fills the cart, switches to https and reads a namespace."""
    [body] = re.findall(r"def test_checkout\(testapp\):\n((?: {4}.*\n)+)", page.read_text())
    assert len(body.splitlines()) == 4
