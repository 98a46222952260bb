"""The shipped prompts on the real small model, until a bound on tokens ends its part: the rest is the rules'."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from consilience.engine import FinishedRun, run_question
from consilience.prompts import digests
from consilience.tests.llm import tea
from consilience.tests.support import homes

BOUND = 9_000
"""Tokens: enough to plan, and to screen a paper or two."""


@pytest.fixture(scope="module")
def finished(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    home = tea.home_with_tea(tmp_path_factory.mktemp("shipped") / "home")
    settings = tea.short(home, model_file, BOUND)
    return asyncio.run(run_question(tea.QUESTION, library=tea.LIBRARY, settings=settings, run_id="short"))


def test_the_model_was_asked_with_the_shipped_prompts(finished: FinishedRun) -> None:
    versions = digests()
    asked = {call.task: call.prompt_sha256 for call in finished.run.model_calls.read() if call.tokens_out}
    assert "plan" in asked
    assert asked == {task: versions[task] for task in asked}


def test_the_bound_holds(finished: FinishedRun) -> None:
    assert 0 < sum(call.tokens_in + call.tokens_out for call in finished.run.model_calls.read()) <= BOUND


def test_the_rest_is_the_rules_and_the_report_says_so(finished: FinishedRun) -> None:
    report = homes.report_of(finished)
    assert report.partial
    assert any(gap.kind == "budget" and gap.partial for gap in report.gaps)
    assert any("This report is partial" in notice for notice in report.notices)
    assert any("rules did its work" in notice for notice in report.notices)
    assert report.review.score is not None
