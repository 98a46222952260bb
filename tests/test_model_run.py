"""Whole runs on a language model behind HTTP: faulty servers, kills, budgets, replays."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from consilience import prompts
from consilience.engine import replay_run, run_question
from consilience.errors import EndpointError
from consilience.evals.loopback.answering import stand_in_script
from consilience.evals.loopback.server import KEY, ModelServer
from consilience.graph import build_graph
from consilience.literature.library import Library
from consilience.literature.placing import place_papers
from consilience.records import Plan
from consilience.reports.report import Report
from consilience.runs.bundle import export_run, import_run
from consilience.runs.calls import CallLog
from consilience.runs.store import RunStore, calls_path
from consilience.settings import BudgetSettings, Settings
from consilience.tests.support import homes, model_runs
from consilience.tests.support.sameness import rendered


@pytest.fixture
def papers(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """This test's own home with a dozen papers."""
    return homes.copied(homes.few_home(tmp_path_factory.getbasetemp()), home)


def report_of(settings: Settings) -> Report:
    return homes.report_of(model_runs.ask(settings))


def test_a_run_passes_every_node_and_says_who_wrote_it(papers: Path) -> None:
    with ModelServer(stand_in_script, key=KEY) as server:
        finished = model_runs.ask(model_runs.settings_for(papers, server.base_url))
    report = homes.report_of(finished)
    nodes = {event.node for event in finished.run.transcript.read()}
    assert nodes == set(build_graph().nodes) - {"approve"}
    assert not report.partial
    assert not report.manifest.extractive
    assert report.manifest.reasoner == "language model"
    assert set(report.manifest.prompts) == set(model_runs.NODES)
    assert sum(cost.calls for cost in report.manifest.costs) == server.count()
    assert any("language model" in notice for notice in report.notices)
    told = {call for event in finished.run.transcript.read() for call in event.calls}
    assert told == {call.id for call in finished.run.model_calls.read()}


def test_a_run_against_a_server_that_fails_every_fifth_call_ends_complete(papers: Path) -> None:
    with ModelServer(stand_in_script, key=KEY) as server:
        server.fail_randomly(0.2, seed=11)
        finished = model_runs.ask(model_runs.settings_for(papers, server.base_url))
        faults = sum(asked.fault is not None for asked in server.asked)
    report = homes.report_of(finished)
    assert faults >= 15
    assert finished.run.info.status == "done"
    assert report.review.score is not None
    assert report.review.auditor_score is not None
    assert report.sections
    assert all("stood in" in gap.reason or gap.node in ("deliberate", "write") for gap in report.gaps)


def test_a_run_killed_at_every_node_repeats_no_answer_that_reached_the_disk(papers: Path, tmp_path: Path) -> None:
    undisturbed = homes.copied(papers, tmp_path / "undisturbed")
    with ModelServer(stand_in_script, key=KEY, latency=0.05) as server:
        for number, task in enumerate(model_runs.NODES):
            known, asked = model_runs.answers_on_disk(papers), server.count()
            model_runs.kill_at(server, papers, task, resume=number > 0)
            fresh = model_runs.answers_on_disk(papers) - known
            # What was asked and is not on the disk was under way when the kill came.
            assert server.count() - asked >= fresh
        known, asked = model_runs.answers_on_disk(papers), server.count()
        settings = model_runs.settings_for(papers, server.base_url)
        finished = model_runs.resumed(settings)
        assert server.count() - asked == model_runs.answers_on_disk(papers) - known
        whole = server.count()
        straight = model_runs.ask(model_runs.settings_for(undisturbed, server.base_url))
        # Each kill may cost the calls that were under way, and nothing else.
        assert whole - (server.count() - whole) <= len(model_runs.NODES) * server.peak
    assert rendered(finished) == rendered(straight)


def test_a_spent_budget_ends_the_run_with_what_it_has(papers: Path) -> None:
    bound = 60_000
    with ModelServer(stand_in_script, key=KEY) as server:
        settings = model_runs.settings_for(papers, server.base_url, max_output_tokens=512)
        finished = model_runs.ask(settings.model_copy(update={"budget": BudgetSettings(max_tokens=bound)}))
    report = homes.report_of(finished)
    assert finished.run.info.status == "partial"
    assert report.partial
    assert any(gap.kind == "budget" and gap.partial for gap in report.gaps)
    assert 0 < sum(c.tokens_in + c.tokens_out for c in report.manifest.costs) <= bound
    # The rules ended what the model had begun, and every node was passed.
    assert report.review.score is not None
    assert report.claims


def test_a_replay_gives_the_same_report_and_asks_nobody(papers: Path, tmp_path: Path) -> None:
    with ModelServer(stand_in_script, key=KEY) as server:
        server.fail_randomly(0.2, seed=5)
        finished = model_runs.ask(model_runs.settings_for(papers, server.base_url))
        asked = server.count()
    again = asyncio.run(replay_run("one", settings=homes.few_settings(papers), home=tmp_path / "again"))
    assert homes.report_of(again).timeless() == homes.report_of(finished).timeless()
    assert server.count() == asked


def test_a_second_run_of_the_same_question_is_answered_from_the_log(papers: Path) -> None:
    with ModelServer(stand_in_script, key=KEY) as server:
        settings = model_runs.settings_for(papers, server.base_url)
        first = report_of(settings)
        asked = server.count()
        second = homes.report_of(model_runs.ask(settings, "two"))
        assert server.count() == asked
    assert second.manifest.costs == first.manifest.costs
    assert not any(call.paid for call in RunStore(papers).open("two").model_calls.read())


def test_no_secret_is_written_anywhere(papers: Path) -> None:
    with ModelServer(stand_in_script, key=KEY) as server:
        model_runs.ask(model_runs.settings_for(papers, server.base_url))
    held = [path for path in papers.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert held == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"api_key": "another-key-than-theirs"}, "does not take the key"),
        ({"api_key": None}, "asks for a key"),
        ({"name": "nobody"}, "has no model named nobody"),
        ({"base_url": "http://127.0.0.1:9/v1"}, "nothing answers at"),
    ],
)
def test_a_model_that_cannot_be_asked_is_told_before_anything_is_spent(
    papers: Path, change: dict[str, str | None], said: str
) -> None:
    with ModelServer(stand_in_script, key=KEY, models=["scripted"]) as server:
        model = {"base_url": server.base_url, **change}
        settings = model_runs.settings_for(papers, str(model.pop("base_url")), **model)
        with pytest.raises(EndpointError, match=re.escape(said)):
            model_runs.ask(settings)
        assert server.count() == 0
    assert RunStore(papers).list() == []
    assert not calls_path(papers).exists() or model_runs.answers_on_disk(papers) == 0


def test_prompts_of_ones_own_hold_for_the_whole_run_and_for_its_replay(papers: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    (own / "rules.md").write_text(prompts.text("rules") + "\nWrite British English.\n")
    with ModelServer(stand_in_script, key=KEY) as server:
        settings = model_runs.settings_for(papers, server.base_url, prompts=own)
        finished = model_runs.ask(settings)
        said = str(server.asked[-1].body["messages"][0]["content"])
    assert "Write British English." in said
    shutil.rmtree(own)
    file = tmp_path / "run.zip"
    log = CallLog(calls_path(papers))
    export_run(finished.run, Library.open(papers, homes.FEW).papers(), log, file)
    elsewhere = tmp_path / "elsewhere"
    import_run(file, elsewhere, place_papers)
    for home in (papers, elsewhere):
        again = asyncio.run(replay_run("one", settings=Settings(home=home), home=tmp_path / f"again-{home.name}"))
        assert homes.report_of(again).timeless() == homes.report_of(finished).timeless()


def test_a_plan_that_the_person_changed_is_the_replays_too(few: Settings, tmp_path: Path) -> None:
    async def narrower(plan: Plan) -> Plan:
        return plan.model_copy(update={"queries": plan.queries[:1], "exclusion": (*plan.exclusion, "letters")})

    finished = asyncio.run(
        run_question(homes.FEW_QUESTION, library=homes.FEW, settings=few, run_id="one", confirm=narrower)
    )
    again = asyncio.run(replay_run("one", settings=few, home=tmp_path / "again"))
    assert "letters" in homes.report_of(again).plan.exclusion
    assert homes.report_of(again).timeless() == homes.report_of(finished).timeless()
