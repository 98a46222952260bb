"""``eval``: names, data folders and where the figures go; what an eval measures is tested with the evals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from consilience.cli.evaluate import chosen
from consilience.cli.options import overrides
from consilience.evals import registry

Call = Callable[..., Result]


def test_the_evals_are_listed(call: Call) -> None:
    lines = call("eval", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == registry.names()


def test_an_unknown_eval_runs_nothing(call: Call, tmp_path: Path) -> None:
    result = call("eval", registry.names()[0], "nothing", "--json", str(tmp_path / "figures.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no eval nothing" in result.stderr
    assert not list(tmp_path.iterdir())


def test_data_must_be_a_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in ("missing", "file"):
        result = call("eval", "screening", "--data", str(tmp_path / place))
        assert result.exit_code == 2
        assert "is not a folder" in result.stderr


def test_an_eval_without_its_data_says_so(call: Call) -> None:
    result = call("eval", "screening")
    assert result.exit_code == 2
    assert "--data" in result.stderr


def test_without_a_key_no_model_is_asked(call: Call) -> None:
    result = call("eval", "gold", "--reasoner", "model")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "key" in result.stderr
    assert "Traceback" not in result.stderr


def test_most_evals_never_ask_a_language_model(call: Call) -> None:
    for names in (("stance",), ("gold", "stance")):
        result = call("eval", *names, "--reasoner", "model")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "leave out stance" in result.stderr


def test_a_key_alone_does_not_make_an_eval_ask_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    assert chosen({}).reasoner == "embedded"
    assert chosen(overrides("auto", None, None, None, None)).reasoner == "auto"
    assert chosen(overrides(None, "a-model", None, None, None)).reasoner == "model"
    monkeypatch.setenv("CONSILIENCE_REASONER", "model")
    assert chosen({}).reasoner == "model"


def test_a_limit_is_at_least_one(call: Call) -> None:
    assert call("eval", "gold", "--limit", "0").exit_code == 2


def test_plots_are_refused_before_anything_is_measured(call: Call, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = call("eval", "scifact", "--data", str(tmp_path), "--plots", str(tmp_path / "taken"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is a file" in result.stderr
