"""The build backend of the root, which has nothing to build: say what can be installed instead."""

from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]

MESSAGE = """\
This repository holds several distributions, but none at its root. Install one of these folders:
{folders}
or, without a clone, one of them by its folder in the url of the repository:
    pip install 'git+https://...#subdirectory=packages/pyramid_session_multi'"""


def build_wheel(*arguments: object, **options: object) -> NoReturn:
    """Exit with the names of the packages; pip and uv show what is printed."""
    packages = sorted(path.name for path in (ROOT / "packages").iterdir())
    folders = "\n".join(f"    ./packages/{package}" for package in packages)
    raise SystemExit(MESSAGE.format(folders=folders))


build_editable = build_sdist = get_requires_for_build_wheel = build_wheel
get_requires_for_build_editable = get_requires_for_build_sdist = build_wheel
