"""Imports point downwards and form no cycle: the contracts of .importlinter, checked for real."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import grimp
import pytest


def lint(config: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over the product with the contracts of one file."""
    command = [sys.executable, "-P", "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(
        [*command, "--config", str(config), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("consilience", cache_dir=None)


def test_the_contracts_hold(root: Path) -> None:
    result = lint(root / ".importlinter", root)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_contract_can_break(root: Path, tmp_path: Path) -> None:
    config = configparser.ConfigParser()
    config.read(root / ".importlinter", encoding="utf-8")
    contract = config["importlinter:contract:layers"]
    contract["layers"] = "\n".join(reversed(contract["layers"].strip().splitlines()))
    with (tmp_path / "reversed.ini").open("w", encoding="utf-8") as file:
        config.write(file)
    result = lint(tmp_path / "reversed.ini", root)
    assert result.returncode == 1
    assert "Rooms import downwards only BROKEN" in result.stdout


def test_the_contracts_see_every_module(graph: grimp.ImportGraph, root: Path, modules: list[Path]) -> None:
    names = {
        ".".join(("consilience", *module.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        for module in modules
    }
    assert graph.modules == names
