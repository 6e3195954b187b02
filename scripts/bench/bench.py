"""Ratios between ours, the predecessor and code by hand: ``scripts/hatch run bench --help``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import growth_tables
import report

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "packages" / "pyramid_session_multi" / "src"
PREDECESSOR = "pyramid_session_multi==0.4.0"

_IMPORT = """
import sys, time
sys.path.insert(0, sys.argv[1])
start = time.process_time()
import pyramid.config
between = time.process_time()
import pyramid_session_multi
print(between - start, time.process_time() - between)
"""


def main() -> int:
    arguments = _arguments()
    directories = {"predecessor": _predecessor(), "ours": OURS}
    runs = []
    for number in range(processes := 2 if arguments.quick else 11):
        _say(f"process {number + 1} of {processes}")
        runs.append(_measure(directories, "quick" if arguments.quick else "full"))
    _say("memory")
    memory = _measure(directories, "memory")
    _say("imports")
    imports = _imports(directories, 4 if arguments.quick else 25)
    panels = []
    for number in range(processes := 1 if arguments.quick else 3):
        _say(f"panel, process {number + 1} of {processes}")
        panels.append(_panel(directories, *(["--quick"] if arguments.quick else [])))
    _say("large sessions")
    of_large = json.loads(_python(Path(__file__).with_name("large.py")))
    grown = []
    for number in range(processes := 1 if arguments.quick else 5):
        _say(f"growth, process {number + 1} of {processes}")
        grown.append(_growth(*(["--quick"] if arguments.quick else [])))
    result = report.make(runs, memory, imports, panels, of_large)
    growth_tables.add_tables(result, grown)
    print(result.text)
    if arguments.write:
        command = "scripts/hatch run bench" + (" --quick" if arguments.quick else "")
        report.write(ROOT / "docs" / "reference" / "benchmark.md", result.text, command, ROOT)
    if result.missed:
        print("Above their limits:\n- " + "\n- ".join(result.missed))
    return 1 if arguments.check and result.missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less than a minute, more noise")
    parser.add_argument("--write", action="store_true", help="write docs/reference/benchmark.md")
    parser.add_argument("--check", action="store_true", help="fail if a figure is above its limit")
    return parser.parse_args()


def _predecessor() -> Path:
    """A directory with the predecessor only; both use the other packages of this Python."""
    directory = ROOT / ".hatch-tools" / "bench" / PREDECESSOR.replace("==", "-")
    if not (directory / "pyramid_session_multi").is_dir():
        _say(f"installing {PREDECESSOR}")
        uv = os.environ.get("HATCH_ENV_TYPE_VIRTUAL_UV_PATH") or shutil.which("uv")
        pip = [uv, "pip"] if uv else [sys.executable, "-m", "pip"]
        where = ["--python", sys.executable] if uv else []
        command = [*pip, "install", *where, "--quiet", "--no-deps", "--target", str(directory)]
        subprocess.run([*command, PREDECESSOR], check=True)
    return directory


def _measure(directories: dict[str, Path], what: str) -> dict[str, Any]:
    script = Path(__file__).with_name("measure.py")
    result: dict[str, Any] = json.loads(_python(script, *directories.values(), what))
    return result


def _panel(directories: dict[str, Path], *options: str) -> dict[str, Any]:
    script = Path(__file__).with_name("panel.py")
    result: dict[str, Any] = json.loads(_python(script, *directories.values(), "--json", *options))
    return result


def _growth(*options: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(_python(Path(__file__).with_name("growth.py"), *options))
    return result


def _imports(directories: dict[str, Path], times: int) -> dict[str, list[tuple[float, float]]]:
    """Seconds to import Pyramid's configuration and then the package, in new processes."""
    by_name: dict[str, list[tuple[float, float]]] = {name: [] for name in directories}
    for _ in range(times + 1):
        for name, directory in directories.items():
            plain, package = _python("-c", _IMPORT, directory).split()
            by_name[name].append((float(plain), float(package)))
    return {name: seconds[1:] for name, seconds in by_name.items()}  # the first compiled the files


def _python(*arguments: object) -> str:
    # Pyramid and WebOb warn of what they import themselves.
    command = [sys.executable, "-W", "ignore", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
