"""The list of tasks is light, refuses what it does not know, and flattens what a task measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from consilience.errors import InputError
from consilience.evals import registry
from consilience.settings import load_settings


def test_the_tasks() -> None:
    own = ["climate-fever", "gold", "injection", "judge-speed", "minimal-pairs", "overhead", "performance"]
    own += ["retrieval", "scifact-open", "screening", "stance"]
    assert registry.names() == sorted([*own, *registry.BENCHMARKS])
    assert all(registry.describe(name) for name in registry.names())


def test_an_unknown_task_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no eval named golden") as refused:
        registry.run("golden", data=None, settings=load_settings())
    assert "gold, healthver, injection" in refused.value.advice


@pytest.mark.parametrize("folder", [None, Path("nowhere")])
@pytest.mark.parametrize(
    "name", ["climate-fever", "injection", "retrieval", "scifact-open", "screening", "stance", *registry.BENCHMARKS]
)
def test_a_task_on_public_data_says_what_it_needs(name: str, folder: Path | None) -> None:
    with pytest.raises(InputError, match=name) as refused:
        registry.run(name, data=folder, settings=load_settings())
    assert "--data" in refused.value.advice


def test_importing_the_registry_loads_nothing_heavy() -> None:
    heavy = ("chromadb", "onnxruntime", "langgraph", "numpy", "bm25s", "tokenizers")
    code = f"import sys, consilience.evals.registry; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nested_figures_become_flat() -> None:
    nested = {"a": {"b": 1, "c": {"d": 0.5}}, "e": None, "f": [1]}
    assert registry.flatten(nested) == {"a.b": 1, "a.c.d": 0.5, "e": "None", "f": "[1]"}


def test_a_tables_cells_cannot_break_it() -> None:
    made = registry.table(("a", "b"), [("x|y", "one\ntwo")])
    assert made.splitlines() == ["| a | b |", "| --- | --- |", "| x\\|y | one two |"]


@pytest.mark.parametrize(("value", "text"), [(None, "-"), (0.12345, "0.123"), (3, "3"), ("no", "no")])
def test_figures_are_shown(value: registry.Figure | None, text: str) -> None:
    assert registry.shown(value) == text


def test_versions_name_what_a_figure_depends_on() -> None:
    found = registry.versions()
    assert {"python", "machine", "consilience", "onnxruntime", "chromadb"} <= found.keys()
    assert found["onnxruntime"] != "not installed"
