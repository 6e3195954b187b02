"""The published files: their content, and that anyone can build the same."""

import shutil
import subprocess
import sys
import tarfile
import tomllib
from configparser import ConfigParser
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[1]
MEMBERS = sorted(path.name for path in ROOT.glob("packages/*/"))


def build(source, destination, *options):
    """An sdist and a wheel, as ``{file name: content}``."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", destination, *options]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in destination.iterdir()}


@pytest.fixture(scope="module", params=MEMBERS)
def member(request):
    """The directory of a distribution."""
    return ROOT / "packages" / request.param


@pytest.fixture(scope="module")
def project(member):
    """The project table of its pyproject.toml."""
    return tomllib.loads((member / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def built(member, tmp_path_factory):
    """Its sdist and its wheel, built in this checkout."""
    return build(member, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(built):
    """The files of the wheel, as ``{path: content}``."""
    [content] = [content for name, content in built.items() if name.endswith(".whl")]
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def unpacked(built, tmp_path_factory):
    """The directory that the sdist unpacks to, outside the checkout."""
    [content] = [content for name, content in built.items() if name.endswith(".tar.gz")]
    directory = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        for file in filter(tarfile.TarInfo.isfile, archive):
            path = directory / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.extractfile(file).read())
    [top] = directory.iterdir()
    return top


@pytest.fixture(scope="module")
def info(project):
    """The name of the metadata directory in the wheel."""
    return f"{project['name']}-{project['version']}.dist-info"


def files(directory):
    """All files worth publishing in a directory, as ``{path: content}``."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_there_are_one_sdist_and_one_wheel(built, project):
    stem = f"{project['name']}-{project['version']}"
    assert sorted(built) == [f"{stem}-py3-none-any.whl", f"{stem}.tar.gz"]


def test_building_elsewhere_gives_the_same_bytes(member, built, tmp_path):
    copy = shutil.copytree(
        member, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__", ".*_cache")
    )
    shutil.copy(ROOT / ".gitignore", tmp_path / "copy")  # the sdist has the files of the checkout
    assert build(copy, tmp_path / "dist") == built


def test_the_sdist_alone_builds_the_wheel_to_the_same_bytes(built, unpacked, tmp_path):
    [(name, content)] = build(unpacked, tmp_path / "dist", "-t", "wheel").items()
    assert content == built[name]


def test_the_wheel_holds_the_package_and_nothing_else(member, wheel, info, project):
    metadata = {"METADATA", "WHEEL", "RECORD", "licenses/LICENSE"}
    if "scripts" in project or "entry-points" in project:
        metadata.add("entry_points.txt")
    sources = files(member / "src")
    assert set(wheel) == {*sources, *(f"{info}/{name}" for name in metadata)}
    assert {name: wheel[name] for name in sources} == sources


def test_the_wheel_is_typed(wheel, project):
    assert wheel[f"{project['name']}/py.typed"] == b""


def test_the_wheel_of_the_panel_holds_its_template(wheel, project):
    templates = [name for name in wheel if name.endswith(".dbtmako")]
    assert len(templates) == (project["name"] == "pyramid_session_multi_debugtoolbar")


def test_the_wheel_contains_the_license(wheel, info):
    assert wheel[f"{info}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_declares_the_entry_points(wheel, info, project):
    parser = ConfigParser()
    parser.read_string(wheel.get(f"{info}/entry_points.txt", b"").decode())
    declared = dict(project.get("entry-points", {}))
    if "scripts" in project:
        declared["console_scripts"] = project["scripts"]
    assert {name: dict(parser[name]) for name in parser.sections()} == declared


def test_the_index_page_is_the_readme(member, wheel, info):
    metadata = message_from_bytes(wheel[f"{info}/METADATA"])
    assert metadata["Description-Content-Type"] == "text/markdown"
    description = metadata.get_payload(decode=True)
    assert description == (member / "README.md").read_bytes()


def test_the_sdist_holds_all_except_the_tests(member, unpacked):
    """Tests need the settings and dependencies of the workspace, and one another."""
    published, here = files(unpacked), files(member)
    sources = {name: content for name, content in here.items() if not name.startswith("tests/")}
    assert set(published) == {*sources, "PKG-INFO", ".gitignore"}
    assert {name: published[name] for name in sources} == sources
