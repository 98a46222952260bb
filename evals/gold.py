"""The gold task: asks every gold question through the engine and holds the report against the gold report."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from consilience.errors import InputError
from consilience.settings import Settings

from .gold_schema import GoldQuestion, load_gold
from .libraries import build
from .matching import Resolve, matches, on_question
from .metrics import METRICS, Scores, score, summary
from .observation import Observation, observe
from .registry import EvalResult, Figure, TaskInput, shown, table, versions

_SHORT = {
    "claim_recall": "recall",
    "claim_precision": "precision",
    "verdict_accuracy": "verdicts",
    "citation_precision": "cite prec.",
    "citation_recall": "cite recall",
    "contested": "contested",
    "supported_on_question": "supported on question",
}


@dataclass(frozen=True)
class Asked:
    """One question's report, reduced, with its scores."""

    gold: GoldQuestion
    seen: Observation
    scores: Scores
    seconds: float
    misses: Mapping[str, str] = field(default_factory=dict[str, str])


def measure(given: TaskInput) -> EvalResult:
    """Ask every gold question whose library can be had; without ``data`` those on public sets are left out.

    Raises:
        InputError: a set is there but lacks a record that its gold question names.
    """
    questions = load_gold()
    if given.data is None:
        skipped = [q.id for q in questions if q.library.set != "sample"]
        questions = tuple(q for q in questions if q.library.set == "sample")
        given.progress(f"skipped without --data: {', '.join(skipped)}")
    with tempfile.TemporaryDirectory(prefix="consilience-gold-") as folder:
        settings = given.settings.model_copy(update={"home": Path(folder)})
        asked = [_tell(given, ask(q, settings, given.data)) for q in questions]
    return result(asked)


def ask(gold: GoldQuestion, settings: Settings, data: Path | None) -> Asked:
    """Build the question's library under the settings' home, ask, and score the report.

    Raises:
        InputError: the library lacks a paper that the gold report names.
    """
    from consilience.engine import run_question

    built = build(gold.library, settings.home, data)
    if missing := [paper for paper in gold.papers() if built.resolve(paper) is None]:
        raise InputError(f"{gold.id}: its library lacks {', '.join(missing)}", "see evals/PROTOCOL.md")
    begun = time.perf_counter()
    finished = asyncio.run(run_question(gold.question, library=built.name, settings=settings))
    if finished.report is None:
        raise AssertionError("a run that nobody stops for approval ends with a report")
    seen = observe(finished.report)
    scores = score(gold, seen, built.resolve)
    return Asked(gold, seen, scores, time.perf_counter() - begun, misses(gold, seen, built.resolve))


def misses(gold: GoldQuestion, seen: Observation, resolve: Resolve) -> dict[str, str]:
    """What to read first where a score is low: expected claims not found, answers off the question."""
    answering = [claim for claim in seen.claims if claim.answers]
    missed = [w.key for w in gold.must if not any(matches(w, claim, resolve) for claim in answering)]
    stray = [claim.text for claim in answering if not on_question(gold, claim, resolve)]
    found = {"missed claims": ", ".join(missed), "off the question": " | ".join(stray)}
    return {name: text for name, text in found.items() if text}


def _tell(given: TaskInput, asked: Asked) -> Asked:
    given.progress(f"{asked.gold.id}: {asked.seen.answer.value} ({asked.seconds:.0f} s)")
    return asked


def result(asked: Sequence[Asked]) -> EvalResult:
    """Figures (macro means, then every question's) and a table with one row a question."""
    figures: dict[str, Figure] = {"questions": len(asked)}
    means = summary([one.scores for one in asked])
    figures.update({name: value for name, value in means.items() if value is not None})
    rows: list[tuple[str, ...]] = []
    for one in asked:
        for name in METRICS:
            value = getattr(one.scores, name).value
            if value is not None:
                figures[f"{one.gold.id}.{name}"] = value
        figures[f"{one.gold.id}.verdict"] = one.seen.answer.value
        figures.update({f"{one.gold.id}.{name}": text for name, text in one.misses.items()})
        if one.seen.score is not None:
            figures[f"{one.gold.id}.score"] = one.seen.score
        rows.append(_row(one))
    rows.append(("**mean**", f"{shown(means['answer'])} right", *(shown(means[name]) for name in _SHORT), "", ""))
    head = ("question", "answer", *_SHORT.values(), "score", "seconds")
    checks = ", ".join(
        f"{label} {shown(means[name])}"
        for name, label in (
            ("abstention", "abstention"),
            ("whole_claims", "claims not cut off"),
            ("true_quotations", "quotations equal to their span"),
        )
    )
    return EvalResult("gold", figures, f"{table(head, rows)}\n\nMeans over questions: {checks}.", versions())


def _row(one: Asked) -> tuple[str, ...]:
    right = "" if one.scores.answer.hits else f" (wanted {' or '.join(a.value for a in one.gold.answers)})"
    shares = (getattr(one.scores, name) for name in _SHORT)
    return (
        one.gold.id,
        one.seen.answer.value + right,
        *(f"{share.hits}/{share.of}" if share.of else "-" for share in shares),
        shown(one.seen.score, 1),
        f"{one.seconds:.0f}",
    )
