"""The reports in docs/examples are what the program writes today, byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from consilience.reports.report import Report

LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")


@pytest.fixture(scope="module")
def shipped(examples: ModuleType) -> dict[str, str]:
    """The files as they stand, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in examples.HERE.iterdir() if path.suffix != ".py"}


def test_the_examples_do_not_drift(examples: ModuleType, shipped: dict[str, str], tmp_path: Path) -> None:
    made = examples.files(examples.make(tmp_path / "home"))
    if examples.arithmetic() != examples.recorded():
        answers = {name: json.loads(made[name])["answer"]["verdict"] for name in made if name.endswith(".json")}
        assert answers == {name: json.loads(shipped[name])["answer"]["verdict"] for name in answers}
        pytest.skip("this processor's arithmetic differs from the one that made the examples: answers alone compared")
    assert set(made) == set(shipped)
    drifted = [name for name, text in made.items() if shipped[name] != text]
    assert not drifted, "run `make examples`, and read the difference"


def test_each_example_keeps_the_contract_and_tells_no_time(examples: ModuleType, shipped: dict[str, str]) -> None:
    for slug in examples.SLUGS:
        report = Report.model_validate_json(shipped[f"{slug}.json"])
        assert report.run_id == slug
        assert report == report.timeless()
        assert not report.manifest.versions


def test_the_index_leads_to_every_example(examples: ModuleType, shipped: dict[str, str]) -> None:
    targets = set(LINK.findall(shipped[examples.INDEX]))
    assert set(shipped) - {examples.INDEX} <= targets
    assert not [target for target in targets if not (examples.HERE / target).exists()]
