"""A run's account holds each call once, in the order in which they ended, whatever kills the process."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from consilience.errors import CorruptRunError
from consilience.runs.model_calls import CallModel, ModelCall, ModelCalls, fault_key


def call(key: str, fault: str = "", tokens: int = 5) -> ModelCall:
    return ModelCall(
        id=key, role="judge", task="judge", prompt_sha256="", model="m", endpoint="", tokens_in=tokens, fault=fault
    )


@pytest.fixture
def calls(tmp_path: Path) -> ModelCalls:
    return ModelCalls(tmp_path / "model-calls.sqlite")


def test_calls_come_back_in_the_order_in_which_they_ended(calls: ModelCalls) -> None:
    written = [call("b"), call("a"), call("c", "silent")]
    calls.record(written[0])
    calls.record_many(written[1:])
    calls.record_many([])
    calls.close()
    assert list(calls.read()) == written


def test_an_answered_call_and_each_of_its_faults_are_recorded_once(calls: ModelCalls) -> None:
    calls.record_many([call("a", "silent"), call("a", "silent"), call("a", "unavailable"), call("a"), call("a", "", 9)])
    calls.record(call("a", "", 9))
    assert [(one.fault, one.tokens_in) for one in calls.read()] == [("silent", 5), ("unavailable", 5), ("", 5)]


def test_models_are_noted_once_each_in_their_order(calls: ModelCalls) -> None:
    one = CallModel(role="judge", name="m", endpoint="https://a/v1", parameters={"seed": 7, "temperature": None})
    two = one.model_copy(update={"name": "n"})
    calls.name_models([one, two])
    calls.name_models([two, one])
    assert calls.models() == (one, two)


def test_reading_makes_no_file(calls: ModelCalls, tmp_path: Path) -> None:
    assert (calls.read(), calls.models()) == ((), ())
    assert not list(tmp_path.iterdir())


def test_a_file_of_the_first_version_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "model-calls.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE calls (place INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    connection.execute("INSERT INTO calls (body) VALUES (?)", (call("a").model_dump_json(exclude_defaults=True),))
    connection.execute("PRAGMA user_version=1")
    connection.commit()
    connection.close()
    calls = ModelCalls(path)
    assert calls.read() == (call("a"),)
    assert calls.models() == ()
    calls.close()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model-calls.sqlite"
    path.write_bytes(b"no database, but longer than the header of one" * 10)
    with pytest.raises(CorruptRunError, match="cannot be read"):
        ModelCalls(path).read()


def test_a_faults_key_is_a_runs_own() -> None:
    assert (
        len({fault_key("run-a", "x"), fault_key("run-b", "x"), fault_key("run-a", "y"), fault_key("run-", "ax")}) == 4
    )
