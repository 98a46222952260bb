"""The house rules that can be read from the source: docstrings, lengths, imports, reasons for exceptions."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST = 500
MEDIAN = 170
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no\s*cover)", re.IGNORECASE)
REASONED = re.compile(
    r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|(type|pyright): ignore\[[\w, -]+\]|pragma: no cover)"
    r"\s*(#|-{1,2}|:)\s*\w+"
)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def python(files: list[Path]) -> list[Path]:
    return [file for file in files if file.suffix == ".py"]


def test_every_module_says_what_it_owns(root: Path, files: list[Path]) -> None:
    silent = [
        str(file)
        for file in python(files)
        if file.parts[0] != "tests" and not ast.get_docstring(ast.parse((root / file).read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_room_is_left_with_a_placeholder(root: Path, packages: dict[str, Path]) -> None:
    unsaid = [
        name
        for name, folder in packages.items()
        if re.fullmatch(r"The \w+ room\.", ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or "")
    ]
    assert not unsaid


def test_no_file_is_longer_than_can_be_read(root: Path, files: list[Path]) -> None:
    long = {str(file): len(lines(root / file)) for file in python(files) if len(lines(root / file)) > LONGEST}
    assert not long


def test_most_modules_are_short(modules: list[Path]) -> None:
    lengths = [len(lines(module)) for module in modules if module.name != "__init__.py"]
    assert statistics.median(lengths) < MEDIAN


def test_no_import_climbs(root: Path, modules: list[Path]) -> None:
    climbing = [
        f"{module.relative_to(root)}:{node.lineno}"
        for module in modules
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert not climbing


def test_the_graph_imports_absolutely(root: Path) -> None:
    # langgraph loads graph.py by its path, as a module outside the package.
    tree = ast.parse((root / "graph.py").read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level > 0]


def test_no_room_is_imported_by_its_bare_name(root: Path, files: list[Path], packages: dict[str, Path]) -> None:
    own = {name.split(".")[1] for name in packages if "." in name}
    own |= {path.stem for path in root.glob("*.py") if path.stem != "__init__"}
    bare = [
        f"{file}:{line}" for file in python(files) for line, name in imported(root / file) if name.split(".")[0] in own
    ]
    assert not bare


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of every absolute import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def test_every_suppression_names_its_rule_and_a_reason(root: Path, files: list[Path]) -> None:
    here = Path(__file__).resolve()
    unreasoned = [
        f"{file}:{number}"
        for file in python(files)
        if root / file != here
        for number, line in enumerate(lines(root / file), start=1)
        if SUPPRESSION.search(line) and not REASONED.search(line)
    ]
    assert not unreasoned


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("x = 1  # noqa: ANN401 - the library keeps its type private", True),
        ("x = 1  # noqa: E501, RUF100 - a table reads better whole", True),
        ("x = 1  # pyright: ignore[reportUnknownMemberType] - no stubs", True),
        ("x = 1  # type: ignore[arg-type]  # the stub is wrong", True),
        ("x = 1  # noqa: ANN401", False),
        ("x = 1  # noqa", False),
        ("x = 1  # type: ignore", False),
        ("x = 1  # pragma: no cover", False),
    ],
)
def test_what_counts_as_a_reason(line: str, holds: bool) -> None:
    assert SUPPRESSION.search(line)
    assert bool(REASONED.search(line)) is holds
