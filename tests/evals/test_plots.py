"""The plots: drawn in both formats, the same each time, and refused in one sentence where they cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from consilience.errors import InputError
from consilience.evals import plots
from consilience.evals.results import Bin, EvalResult, Published

RESULT = EvalResult(
    "tea",
    {"accuracy": 0.5, "reasoner": "a judge"},
    "",
    published=(Published("Other", "accuracy", 0.8, "test", "arXiv:1"), Published("Third", "f1", 0.7, "dev", "doi:2")),
    reliability=(Bin(0.4, 0.5, 0.2, 0.8, 10), Bin(0.9, 0.8, 0.6, 0.95, 10)),
)


def test_a_result_is_drawn_as_svg_and_png(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    made = plots.draw([RESULT, EvalResult("bare", {}, "")], tmp_path / "new")
    assert sorted(file.name for file in made) == [
        "tea-published.png", "tea-published.svg", "tea-reliability.png", "tea-reliability.svg",
    ]  # fmt: skip
    bars = (tmp_path / "new" / "tea-published.svg").read_text(encoding="utf-8")
    assert "Consilience, accuracy" in bars
    assert "Other, accuracy (test)" in bars
    assert "Consilience, f1" not in bars, "we have no such figure"
    diagram = (tmp_path / "new" / "tea-reliability.svg").read_text(encoding="utf-8")
    assert "20 items" in diagram
    assert (tmp_path / "new" / "tea-reliability.png").read_bytes().startswith(b"\x89PNG")


def test_equal_figures_give_equal_files(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first, second = (plots.draw([RESULT], tmp_path / name) for name in "ab")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="is a file"):
        plots.check(tmp_path / "taken")
    with pytest.raises(InputError, match="cannot be written"):
        plots.draw([RESULT], tmp_path / "taken" / "inside")


def test_without_matplotlib_the_advice_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match="matplotlib") as refused:
        plots.check(tmp_path)
    assert "consilience[evals]" in refused.value.advice
