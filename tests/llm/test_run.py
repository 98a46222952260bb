"""A whole question on a real small model. It knows next to nothing: what is tested is that bad answers are caught."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from consilience.engine import FinishedRun, run_question
from consilience.graph import build_graph
from consilience.records import Plan
from consilience.settings import Settings, load_settings
from consilience.tests.support import homes

_SMALL = {
    "search": {"max_rounds": 1, "max_queries": 1, "hits_per_query": 4},
    "screening": {"max_included": 2},
    "extraction": {"max_claims_per_paper": 2},
    "verification": {"papers_per_side": 2, "sentences_per_paper": 2},
    "panel": {"max_rounds": 1, "max_searches": 0},
}


@pytest.fixture(scope="module")
def finished(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    base = tmp_path_factory.mktemp("llm")
    home = homes.copied(homes.few_home(base), base / "home")
    ask = run_question(
        homes.FEW_QUESTION, library=homes.FEW, settings=small(home, model_file), run_id="small-model", confirm=approve
    )
    return asyncio.run(ask)


async def approve(plan: Plan) -> Plan:
    """A person who takes every plan: the node that asks tells of it only then."""
    return plan


def small(home: Path, model_file: Path) -> Settings:
    """Bounds within which a run ends in a few minutes on two cores; its last one ends it in any case."""
    model = {"name": f"local:{model_file}", "context_tokens": 4096, "max_output_tokens": 256}
    return load_settings(home=home, reasoner="model", model=model, budget={"max_seconds": 220}, **_SMALL)


def test_it_passes_through_every_node(finished: FinishedRun) -> None:
    assert {event.node for event in finished.run.transcript.read()} == set(build_graph().nodes)


def test_the_model_was_asked_by_every_kind_of_agent(finished: FinishedRun) -> None:
    tasks = {call.task for call in finished.run.model_calls.read()}
    assert tasks >= {"plan", "screen", "extract"}
    assert {call.model for call in finished.run.model_calls.read()} == {finished_name(finished)}


def finished_name(finished: FinishedRun) -> str:
    """The model as the run's description names it: by file and sha256, without a path."""
    name = str(finished.run.info.settings["model"]["name"])
    assert name.startswith("local:SmolLM2-135M-Instruct.Q4_1.gguf@sha256:")
    return name


def test_the_report_says_who_wrote_it_and_where_rules_stood_in(finished: FinishedRun) -> None:
    report = homes.report_of(finished)
    assert not report.manifest.extractive or any("language model" in notice for notice in report.notices)
    assert any("stood in" in gap.reason or gap.kind == "budget" for gap in report.gaps)
    assert report.partial == any(gap.partial for gap in report.gaps)


def test_every_quotation_stands_in_its_abstract(finished: FinishedRun) -> None:
    report = homes.report_of(finished)
    abstracts = {paper.id: paper.abstract for paper in report.papers}
    for claim in report.claims:
        for evidence in claim.evidence:
            assert evidence.text == abstracts[evidence.paper_id][evidence.start : evidence.end]


def recorded(finished: FinishedRun) -> str:
    """All texts of the run's folder."""
    files = sorted(finished.run.folder.glob("*.json*"))
    assert {"report.json", "run.json", "transcript.jsonl"} <= {file.name for file in files}
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_the_models_place_is_not_recorded(finished: FinishedRun, model_file: Path) -> None:
    assert str(model_file.parent) not in recorded(finished)


def test_the_servers_port_is_not_recorded(finished: FinishedRun) -> None:
    found = re.search(r".{60}127\.0\.0\.1:\d+", recorded(finished), re.DOTALL)
    assert found is None, found
