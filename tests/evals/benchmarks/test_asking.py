"""The same pairs put to a language model behind HTTP, through the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from consilience.cli import app
from consilience.evals.benchmarks.asking import scores_of
from consilience.evals.loopback.server import KEY, ModelServer
from consilience.reasoning.language_model.answers import StanceAnswer


def script(task: str, body: dict[str, Any]) -> dict[str, Any]:
    """Says what the claim's own verb says: enough to be right on some and wrong on others."""
    assert task == "stance"
    shown = body["messages"][-1]["content"]
    stance = "refutes" if "raises" in shown else "supports" if "eases" in shown else "neutral"
    return {"reason": "As the text says.", "stance": stance, "sure": 80}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with ModelServer(script, key=KEY) as running:
        monkeypatch.setenv("CONSILIENCE_MODEL__BASE_URL", running.base_url)
        monkeypatch.setenv("CONSILIENCE_MODEL__API_KEY", running.key or "")
        monkeypatch.setenv("CONSILIENCE_MODEL__NAME", "a-model")
        yield running


def measure(data: Path, file: Path, *more: str) -> tuple[Result, list[dict[str, Any]]]:
    words = ["eval", *more, "--data", str(data), "--json", str(file), "--reasoner", "model"]
    result = CliRunner().invoke(app, words)
    return result, json.loads(file.read_text(encoding="utf-8"))["results"] if file.exists() else []


def test_a_self_rating_becomes_the_stances_probability() -> None:
    answer = StanceAnswer(reason="r", stance="refutes", sure=80)
    found = scores_of(answer)
    assert (found.supports, found.refutes, found.neutral) == pytest.approx((0.1, 0.8, 0.1))
    assert scores_of(answer.model_copy(update={"sure": 0})).refutes > 1 / 3, "the stance stays the first of three"


def test_a_model_judges_every_pair_and_its_bill_is_told(small: Path, tmp_path: Path, server: ModelServer) -> None:
    result, [made] = measure(small, tmp_path / "x.json", "scifact")
    assert result.exit_code == 0, result.output
    assert made["figures"]["reasoner"] == "a-model"
    assert (made["figures"]["accuracy"], made["figures"]["not_judged"]) == (1.0, 0)
    assert made["figures"]["calibration.brier"] == 0.06
    assert made["bill"]["tokens"] > 0
    assert len(made["provenance"]["prompt stance"]) == 64
    assert server.count("stance") == 3
    assert "3 of 3 put to the model" in result.stderr


def test_what_was_paid_once_is_not_paid_again(small: Path, tmp_path: Path, server: ModelServer) -> None:
    measure(small, tmp_path / "x.json", "scifact")
    _, [again] = measure(small, tmp_path / "y.json", "scifact")
    assert server.count("stance") == 3
    assert again["bill"]["tokens"] == 0


def test_three_claims_are_asked_of_a_trial(small: Path, tmp_path: Path, server: ModelServer) -> None:
    _, [made] = measure(small, tmp_path / "x.json", "evidence-inference")
    assert server.count("stance") == 9
    assert made["figures"]["pairs"] == 3


def test_a_bound_leaves_pairs_unjudged_and_later_sets_unrun(small: Path, tmp_path: Path, server: ModelServer) -> None:
    result, made = measure(small, tmp_path / "x.json", "scifact", "healthver", "--max-tokens", "10")
    assert result.exit_code == 0, result.output
    assert [one["figures"]["not_judged"] for one in made] == [3, 3]
    assert "macro_f1" not in made[0]["figures"]
    assert "bound of 10 tokens" in made[0]["notes"][-1]
    assert server.count("stance") == 0


def test_an_answer_that_cannot_be_used_leaves_the_pair_out(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(task: str, body: dict[str, Any]) -> dict[str, Any] | str:
        wrong = "raises" in body["messages"][1]["content"]
        return {"reason": "r", "stance": "perhaps", "sure": 1} if wrong else script(task, body)

    with ModelServer(broken, key=KEY) as running:
        monkeypatch.setenv("CONSILIENCE_MODEL__BASE_URL", running.base_url)
        monkeypatch.setenv("CONSILIENCE_MODEL__API_KEY", running.key or "")
        _, [made] = measure(small, tmp_path / "x.json", "scifact")
    assert (made["figures"]["pairs"], made["figures"]["not_judged"]) == (2, 1)
