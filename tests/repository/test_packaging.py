"""What pyproject.toml declares is what the tree holds, so that the wheel holds all that the product needs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import consilience

# Files beside the code that serve the repository's readers and not the program.
NOT_SHIPPED = {".md"}


def setuptools(project: dict[str, Any]) -> dict[str, Any]:
    return project["tool"]["setuptools"]


def shipped(root: Path, project: dict[str, Any]) -> set[Path]:
    """The data files that the declared patterns match."""
    return {
        path
        for package, patterns in setuptools(project)["package-data"].items()
        for pattern in patterns
        for path in root.joinpath(*package.split(".")[1:]).glob(pattern)
        if path.is_file()
    }


def test_the_declared_packages_are_the_trees(project: dict[str, Any], packages: dict[str, Path]) -> None:
    assert setuptools(project)["packages"] == sorted(setuptools(project)["packages"])
    assert set(setuptools(project)["packages"]) == set(packages)


def test_the_package_is_the_root(root: Path) -> None:
    assert consilience.__file__ is not None
    assert Path(consilience.__file__).resolve() == root / "__init__.py"


def test_each_data_pattern_matches_something(root: Path, project: dict[str, Any]) -> None:
    idle = [
        f"{package}: {pattern}"
        for package, patterns in setuptools(project)["package-data"].items()
        for pattern in patterns
        if not any(path.is_file() for path in root.joinpath(*package.split(".")[1:]).glob(pattern))
    ]
    assert not idle


def test_each_data_file_in_a_package_is_shipped(
    root: Path, project: dict[str, Any], packages: dict[str, Path], files: list[Path]
) -> None:
    rooms = [folder for name, folder in packages.items() if name != "consilience"]
    data = {
        root / file
        for file in files
        if file.suffix != ".py" and any((root / file).is_relative_to(room) for room in rooms)
    }
    forgotten = {path for path in data - shipped(root, project) if path.suffix not in NOT_SHIPPED}
    assert not sorted(str(path.relative_to(root)) for path in forgotten)


def test_prompts_are_shipped_with_their_text(root: Path, project: dict[str, Any], files: list[Path]) -> None:
    prompts = {root / file for file in files if file.parts[0] == "prompts" and file.suffix == ".md"}
    assert prompts
    assert prompts <= shipped(root, project)


def test_the_type_checker_looks_at_the_tree(project: dict[str, Any]) -> None:
    # A folder whose name begins with a dot is left out silently: pyright would pass having read nothing.
    pyright = project["tool"]["pyright"]
    assert pyright["include"] == ["."]
    assert pyright["typeCheckingMode"] == "strict"


def test_nothing_at_the_root_is_named_like_a_standard_module(root: Path) -> None:
    names = {path.stem for path in root.glob("*.py")} | {path.name for path in root.iterdir() if path.is_dir()}
    assert not sorted(names & sys.stdlib_module_names)


def test_the_changelogs_newest_version_is_the_projects(root: Path, project: dict[str, Any]) -> None:
    heading = re.search(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heading is not None
    assert heading[1] == project["project"]["version"]


def test_the_licence_goes_along(root: Path, project: dict[str, Any]) -> None:
    for name in project["project"]["license-files"]:
        assert (root / name).stat().st_size > 0
    assert project["project"]["license"] == "Apache-2.0"


def test_every_model_in_the_tree_is_in_the_notice(root: Path) -> None:
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    weights = root / "models" / "weights"
    for folder in sorted(path for path in weights.iterdir() if path.is_dir()):
        assert f"models/weights/{folder.name}" in notice
