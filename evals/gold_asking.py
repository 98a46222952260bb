"""One gold question through the engine, its report reduced and held against the gold report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from consilience.assembly import Way
from consilience.errors import InputError
from consilience.runs.model_calls import ModelCall
from consilience.settings import Settings

from .gold_schema import GoldQuestion
from .libraries import build
from .matching import Resolve, matches, on_question
from .metrics import Scores, score
from .observation import Observation, observe
from .registry import TaskInput


@dataclass(frozen=True)
class Asked:
    """One question's report, reduced, with its scores."""

    gold: GoldQuestion
    seen: Observation
    scores: Scores
    seconds: float
    misses: Mapping[str, str] = field(default_factory=dict[str, str])


def ask(gold: GoldQuestion, settings: Settings, data: Path | None) -> Asked:
    """Build the question's library under the settings' home, ask the embedded reasoner, and score the report.

    Raises:
        InputError: the library lacks a paper that the gold report names.
    """
    plain = settings.model_copy(update={"reasoner": "embedded"})
    return asyncio.run(ask_on_way(gold, Way(plain), data))[0]


async def ask_on_way(gold: GoldQuestion, way: Way, data: Path | None) -> tuple[Asked, Sequence[ModelCall]]:
    """As ``ask``, of whoever is at the end of the way; and the calls of a language model that the run rests on."""
    from consilience.engine import run_question

    built = await asyncio.to_thread(build, gold.library, way.settings.home, data)
    if missing := [paper for paper in gold.papers() if built.resolve(paper) is None]:
        raise InputError(f"{gold.id}: its library lacks {', '.join(missing)}", "see evals/PROTOCOL.md")
    begun = time.perf_counter()
    finished = await run_question(gold.question, library=built.name, settings=way.settings, way=way)
    if finished.report is None:
        raise AssertionError("a run that nobody stops for approval ends with a report")
    seconds = time.perf_counter() - begun
    calls = finished.run.model_calls.read()
    finished.run.close()
    seen = observe(finished.report)
    scores = score(gold, seen, built.resolve)
    return Asked(gold, seen, scores, seconds, misses(gold, seen, built.resolve)), calls


def misses(gold: GoldQuestion, seen: Observation, resolve: Resolve) -> dict[str, str]:
    """What to read first where a score is low: expected claims not found, answers off the question."""
    answering = [claim for claim in seen.claims if claim.answers]
    missed = [w.key for w in gold.must if not any(matches(w, claim, resolve) for claim in answering)]
    stray = [claim.text for claim in answering if not on_question(gold, claim, resolve)]
    found = {"missed claims": ", ".join(missed), "off the question": " | ".join(stray)}
    return {name: text for name, text in found.items() if text}


def tell(given: TaskInput, asked: Asked) -> Asked:
    """Say how a question ended."""
    given.progress(f"{asked.gold.id}: {asked.seen.answer.value} ({asked.seconds:.0f} s)")
    return asked
