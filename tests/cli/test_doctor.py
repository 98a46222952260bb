"""``doctor`` tells what works, what is missing and what is broken, never a key, and never falls ill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from consilience.cli.health import Finding, State, guarded, home, language_model
from consilience.evals.loopback.server import ModelServer

Call = Callable[..., Result]


def test_everything_that_is_needed_works_here(call: Call) -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    for name in (
        "python",
        "sqlite",
        "home folder",
        "sentence encoder",
        "stance judge",
        "index",
        "language model",
    ):
        assert name in result.stdout
    assert "Everything that is needed works." in result.stdout


def test_a_key_is_told_and_never_shown(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert language_model().state is State.ABSENT
    with ModelServer(key="sk-secret", models=["one", "two"]) as server:
        monkeypatch.setenv("CONSILIENCE_MODEL__BASE_URL", server.base_url)
        monkeypatch.setenv("CONSILIENCE_MODEL__NAME", "one")
        monkeypatch.setenv("CONSILIENCE_MODEL__API_KEY", "sk-secret")
        found = language_model()
        assert found.state is State.GOOD
        assert found.detail == f"one at {server.base_url}, 2 models listed"
        monkeypatch.setenv("CONSILIENCE_MODEL__API_KEY", "sk-wrong-secret")
        refused = language_model()
        assert refused.state is State.BROKEN
        assert server.count() == 0
    assert "secret" not in repr(found) + repr(refused)


def test_a_home_that_cannot_be_written_is_broken(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CONSILIENCE_HOME", str(tmp_path / "file"))
    assert home().state is State.BROKEN
    result = call("doctor")
    assert result.exit_code == 2
    assert "set CONSILIENCE_HOME" in result.stdout


def test_a_check_that_raises_is_a_finding() -> None:
    @guarded("thing")
    def check() -> Finding:
        raise RuntimeError("it broke")

    assert check() == Finding("thing", State.BROKEN, "RuntimeError: it broke", "install consilience anew")
