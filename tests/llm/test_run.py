"""A whole question on a real small model. It knows next to nothing: what is tested is that bad answers are caught."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from consilience.engine import FinishedRun, replay_run, resume_run, run_question
from consilience.graph import build_graph
from consilience.prompts.catalogue import LENSES
from consilience.records import Plan
from consilience.runs.model_calls import ModelCall
from consilience.settings import load_settings
from consilience.tests.llm import tea
from consilience.tests.support import homes


@dataclass(frozen=True)
class Asked:
    """A run that has ended, and the home that it lies in."""

    finished: FinishedRun
    home: Path

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        return self.finished.run.model_calls.read()


@pytest.fixture(scope="module")
def asked(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    home = tea.home_with_tea(tmp_path_factory.mktemp("llm") / "home")
    settings = tea.small(home, model_file)
    ask = run_question(tea.QUESTION, library=tea.LIBRARY, settings=settings, run_id="small", confirm=approve)
    return Asked(asyncio.run(ask), home)


async def approve(plan: Plan) -> Plan:
    """A person who takes every plan: the node that asks tells of it only then."""
    return plan


def test_it_passes_through_every_node(asked: Asked) -> None:
    assert {event.node for event in asked.finished.run.transcript.read()} == set(build_graph().nodes)


def test_the_model_answered_in_every_task(asked: Asked) -> None:
    answered = {call.task for call in asked.calls if call.tokens_in and call.tokens_out and not call.estimated}
    assert answered == tea.ASKED


def test_the_model_answered_every_reviewer_and_the_panel_for_each(asked: Asked) -> None:
    answered = {call.id: call.task for call in asked.calls if call.tokens_out}
    steps = {event.key: {answered.get(call) for call in event.calls} for event in asked.finished.run.transcript.read()}
    assert [steps[f"review/p1/{lens}"] for lens in LENSES] == [{"review"}] * len(LENSES)
    assert list(answered.values()).count("deliberate") >= len(LENSES)


def test_some_answers_could_be_used_and_others_not(asked: Asked) -> None:
    assert {word.usable for word in tea.last_words(asked.finished, asked.home)} == {True, False}


def test_every_answer_that_could_not_be_used_is_told_as_a_gap(asked: Asked) -> None:
    lost = {word.call.task for word in tea.last_words(asked.finished, asked.home) if not word.usable}
    gaps = homes.report_of(asked.finished).gaps
    assert lost <= {gap.node for gap in gaps if gap.kind in ("invalid", "bound_reached")}
    assert any(gap.stood_in for gap in gaps)


def test_the_report_is_whole_and_says_who_wrote_it(asked: Asked) -> None:
    report = homes.report_of(asked.finished)
    assert not report.partial
    assert asked.finished.run.info.status == "done"
    assert report.sections
    assert not report.manifest.extractive
    assert any(notice.startswith("A language model worded") for notice in report.notices)
    assert any("rules did its work" in notice for notice in report.notices)


def test_the_model_is_named_by_its_file_and_sha256(asked: Asked, model_file: Path) -> None:
    digest = hashlib.sha256(model_file.read_bytes()).hexdigest()
    name = f"local:{model_file.name}@sha256:{digest[:16]}"
    manifest = homes.report_of(asked.finished).manifest
    assert {call.model for call in asked.calls} == {name}
    assert f"{name} at this machine" in [model.name for model in manifest.models]
    assert {cost.model for cost in manifest.costs} == {name}
    assert asked.finished.run.info.settings["model"]["name"] == name


def test_every_quotation_stands_in_its_abstract(asked: Asked) -> None:
    report = homes.report_of(asked.finished)
    abstracts = {paper.id: paper.abstract for paper in report.papers}
    quoted = [evidence for claim in report.claims for evidence in claim.evidence]
    assert quoted
    assert all(e.text == abstracts[e.paper_id][e.start : e.end] for e in quoted)


def recorded(asked: Asked) -> dict[str, bytes]:
    """What the files of the run's folder hold."""
    found = {file.name: file.read_bytes() for file in asked.finished.run.folder.iterdir() if file.is_file()}
    assert {"report.json", "report.md", "report.html", "run.json", "transcript.jsonl"} <= set(found)
    return found


def test_no_place_of_this_machine_is_recorded(asked: Asked, model_file: Path) -> None:
    places = [str(place).encode() for place in (model_file.parent, asked.home, tea.PROMPTS)]
    assert [name for name, data in recorded(asked).items() if any(place in data for place in places)] == []


def test_the_servers_port_is_not_recorded(asked: Asked) -> None:
    address = re.compile(rb"(?:127\.0\.0\.1|localhost):\d+")
    assert [name for name, data in recorded(asked).items() if address.search(data)] == []


def test_its_server_has_ended(asked: Asked) -> None:
    assert asked.finished.report is not None
    assert not [child for child in psutil.Process().children() if "local_server" in " ".join(child.cmdline())]


@pytest.fixture
def without_model(asked: Asked, tmp_path: Path) -> Path:
    """A home like the run's, which knows nothing of where the model's file lies."""
    home = homes.copied(asked.home, tmp_path / "home")
    (home / "local-models.json").unlink()
    return home


def test_a_replay_gives_the_same_report_without_the_model(asked: Asked, without_model: Path, tmp_path: Path) -> None:
    settings = load_settings(home=without_model, model={"prompts": tea.PROMPTS})
    again = asyncio.run(replay_run("small", settings=settings, home=tmp_path / "again"))
    assert homes.report_of(again).timeless() == homes.report_of(asked.finished).timeless()


def test_resuming_the_finished_run_gives_its_report_without_the_model(asked: Asked, without_model: Path) -> None:
    again = asyncio.run(resume_run("small", settings=load_settings(home=without_model)))
    assert homes.report_of(again) == homes.report_of(asked.finished)
