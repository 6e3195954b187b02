"""Compares what ``pyright --verifytypes`` calls unknown with the list that explains each of them.

The list is tests-integration/types/unknown.toml; * in its names stands for anything. Fails for a
name that is missing there, and for one of the list that has become known.
"""

import json
import subprocess
import sys
import tomllib
from fnmatch import filter as matching
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = sorted(path.name for path in ROOT.glob("packages/*/"))
LIST = ROOT / "tests-integration/types/unknown.toml"


def unknown(package: str) -> set[str]:
    """The names that the package exports and whose types a type checker has to guess."""
    command = ["pyright", "--verifytypes", package, "--ignoreexternal", "--outputjson"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    report = json.loads(done.stdout)
    symbols = report["typeCompleteness"]["symbols"]
    if not symbols:
        sys.exit(f"{package}: {report['generalDiagnostics']}")
    return {
        symbol["name"]
        for symbol in symbols
        if symbol["isExported"] and not (symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"])
    }


def main() -> None:
    found = set[str]().union(*map(unknown, PACKAGES))
    reasons = tomllib.loads(LIST.read_text())["unknown"]
    listed = {pattern for reason in reasons for pattern in reason["names"]}
    missing = {name for name in found if not any(matching([name], one) for one in listed)}
    outdated = {pattern for pattern in listed if not matching(found, pattern)}
    for name in sorted(missing):
        print(f"{name}: its type is not known. Annotate it.")
    for pattern in sorted(outdated):
        print(f"{pattern}: its type is known by now. Take it out of {LIST.relative_to(ROOT)}.")
    if missing or outdated:
        sys.exit(1)
    print(f"{len(PACKAGES)} packages: {len(found)} types are unknown, each for a known reason.")


if __name__ == "__main__":
    main()
