"""What the repository's tests look at: the root, its packages and every file that belongs to it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Folders of the root that are no part of the import package.
APART = {"tests", "training", "docs", "build", "dist", "out"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root, which is the package's folder too."""
    return ROOT


@pytest.fixture(scope="session")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Every file that is tracked, or new and not ignored, relative to the root and sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: which files belong to the repository is not known")
    names = {name for name in listed.stdout.split("\0") if name}
    return sorted(Path(name) for name in names if (root / name).is_file())


@pytest.fixture(scope="session")
def packages(root: Path) -> dict[str, Path]:
    """The packages that the tree holds: import name to folder."""
    found: dict[str, Path] = {}
    for folder, below, names in os.walk(root):
        path = Path(folder)
        if path == root:
            below[:] = [name for name in below if name not in APART]
        below[:] = [name for name in below if not name.startswith((".", "__"))]
        if "__init__.py" in names:
            found[".".join(("consilience", *path.relative_to(root).parts))] = path
    return found


@pytest.fixture(scope="session")
def modules(packages: dict[str, Path]) -> list[Path]:
    """Every module of the product, sorted."""
    return sorted(module for folder in packages.values() for module in folder.glob("*.py"))


@pytest.fixture(scope="session")
def generate(root: Path) -> ModuleType:
    """docs/generate.py, which is a script beside the package."""
    return _script("docs_generate", root / "docs" / "generate.py")


@pytest.fixture(scope="session")
def examples(root: Path) -> ModuleType:
    """docs/examples/generate.py, which is a script beside the package."""
    return _script("docs_examples", root / "docs" / "examples" / "generate.py")


def _script(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
