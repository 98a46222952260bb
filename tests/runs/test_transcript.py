"""Transcripts: append-only, one line a key, and the same for a run that was killed and resumed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.errors import CorruptRunError
from consilience.records import Event
from consilience.runs.transcript import Transcript


def event(key: str, step: int = 1, decided: str = "went on") -> Event:
    return Event(
        key=key,
        step=step,
        node="plan",
        agent="Searcher",
        time="2026-01-01T00:00:00Z",
        seconds=0.5,
        saw="a question\nwith two lines",
        decided=decided,
    )


def test_events_are_read_by_step_and_key(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path / "t.jsonl")
    assert transcript.read() == []
    for item in (event("b", 2), event("z", 1), event("a", 2)):
        transcript.record(item)
    assert [e.key for e in transcript.read()] == ["z", "a", "b"]
    assert len((tmp_path / "t.jsonl").read_bytes().splitlines()) == 3


def test_a_repeated_step_adds_nothing_and_tells_nobody(tmp_path: Path) -> None:
    heard: list[str] = []
    first = Transcript(tmp_path / "t.jsonl")
    end = first.subscribe(lambda e: heard.append(e.key))
    first.record(event("a", decided="first"))
    first.record(event("a", decided="second"))
    end()
    first.record(event("b"))
    resumed = Transcript(tmp_path / "t.jsonl")
    resumed.record(event("a", decided="third"))
    assert heard == ["a"]
    assert [(e.key, e.decided) for e in resumed.read()] == [("a", "first"), ("b", "went on")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(cut=st.integers(1, 10_000))
def test_a_torn_last_line_is_repaired_wherever_it_tore(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "t.jsonl"
    path.unlink(missing_ok=True)
    whole = Transcript(path)
    whole.record(event("a"))
    kept = path.stat().st_size
    whole.record(event("b"))
    undisturbed = path.read_bytes()
    path.write_bytes(undisturbed[: kept + cut % (len(undisturbed) - kept)])
    resumed = Transcript(path)
    assert [e.key for e in resumed.read()] == ["a"]
    resumed.record(event("a"))
    resumed.record(event("b"))
    assert path.read_bytes() == undisturbed


def test_a_damaged_line_in_the_middle_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    Transcript(path).record(event("a"))
    with path.open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(CorruptRunError, match="line 2"):
        Transcript(path).read()
    with pytest.raises(CorruptRunError, match="line 2"):
        Transcript(path).record(event("c"))
