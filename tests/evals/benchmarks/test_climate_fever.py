"""Climate-FEVER: a claim's sentences become papers by article, its scores a verdict, and nothing is asked twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from consilience.errors import InputError
from consilience.evals import registry
from consilience.evals.benchmarks.climate_fever import (
    AS_THE_PRODUCT,
    CLASSES,
    FILE,
    LIKELIEST,
    ClimateClaim,
    likeliest,
    reach,
    read,
)
from consilience.models.stance import StanceScores
from consilience.records import Stance
from consilience.settings import load_settings
from consilience.tests.evals.benchmarks.conftest import write

FOR, AGAINST, NONE = StanceScores(0.9, 0.05, 0.05), StanceScores(0.02, 0.95, 0.03), StanceScores(0.02, 0.02, 0.96)
LEANING = StanceScores(0.3, 0.45, 0.25)
ASKED = ClimateClaim("Seas rise.", ("Seas rose.", "Seas fell.", "Ice melts."), ("Sea", "Sea", "Ice"), 0)


def row(claim: str, label: str, *evidence: tuple[str, str]) -> dict[str, Any]:
    return {"claim": claim, "claim_label": label, "evidences": [{"article": a, "evidence": e} for a, e in evidence]}


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ((FOR, NONE, NONE), "SUPPORTED"),
        ((NONE, AGAINST, NONE), "REFUTED"),
        ((FOR, NONE, AGAINST), "CONTESTED"),
        ((FOR, AGAINST, NONE), "CONTESTED"),
        ((NONE, NONE, NONE), "NOT_ENOUGH_EVIDENCE"),
        ((LEANING, NONE, NONE), "NOT_ENOUGH_EVIDENCE"),
    ],
)
def test_a_verdict_is_what_the_articles_bear_out(scores: tuple[StanceScores, ...], verdict: str) -> None:
    assert CLASSES[reach(ASKED, scores, AS_THE_PRODUCT).verdict] == verdict


def test_two_sentences_of_one_article_are_one_paper_and_two_articles_are_no_less_sure() -> None:
    alone = reach(ASKED, (FOR, NONE, NONE), AS_THE_PRODUCT)
    same_article = reach(ASKED, (FOR, FOR, NONE), AS_THE_PRODUCT)
    assert same_article.confidence == alone.confidence
    two = reach(ASKED, (FOR, NONE, FOR), AS_THE_PRODUCT)
    assert two.confidence >= alone.confidence  # how much surer is fitted, and may be nothing
    assert two.independent > alone.independent


def test_what_is_left_undecided_makes_not_enough_evidence_less_sure() -> None:
    clear = reach(ASKED, (NONE, NONE, NONE), AS_THE_PRODUCT)
    one = reach(ASKED, (LEANING, NONE, NONE), AS_THE_PRODUCT)
    assert reach(ASKED, (LEANING, NONE, LEANING), AS_THE_PRODUCT).confidence <= one.confidence < clear.confidence


def test_the_likeliest_stance_is_taken_without_thresholds_and_a_tie_is_none() -> None:
    assert likeliest(LEANING) == (Stance.REFUTES, 0.45)
    assert likeliest(StanceScores(0.4, 0.4, 0.2))[0] is Stance.NEUTRAL
    assert likeliest(StanceScores(0.4, 0.2, 0.4))[0] is Stance.NEUTRAL
    assert CLASSES[reach(ASKED, (LEANING, NONE, NONE), LIKELIEST).verdict] == "REFUTED"


def test_support_too_weak_to_count_is_counted_by_likeliest_stances_alone() -> None:
    scores = (StanceScores(0.5, 0.05, 0.45), NONE, StanceScores(0.02, 0.48, 0.5))
    assert CLASSES[reach(ASKED, scores, AS_THE_PRODUCT).verdict] == "NOT_ENOUGH_EVIDENCE"
    assert CLASSES[reach(ASKED, scores, LIKELIEST).verdict] == "SUPPORTED"


def test_claims_are_read_without_blank_sentences(tmp_path: Path) -> None:
    write(tmp_path, FILE, [row("Seas rise.", "DISPUTED", ("Sea", "Seas rose."), ("Ice", " "))])
    (made,) = read(tmp_path)
    assert made == ClimateClaim("Seas rise.", ("Seas rose.",), ("Sea",), 3)
    assert made.papers()["Sea"].abstract == "Seas rose."


def test_an_unknown_label_is_refused(tmp_path: Path) -> None:
    write(tmp_path, FILE, [row("Seas rise.", "MAYBE", ("Sea", "Seas rose."))])
    with pytest.raises(InputError, match="MAYBE"):
        read(tmp_path)


def test_the_task_gives_figures_controls_and_where_they_are_from(tmp_path: Path) -> None:
    claims = [row(f"Tea number {n} lowers pain.", label, ("Tea", f"Tea number {n} lowers pain."), ("Sea", "Seas rose."))
              for n, label in enumerate(("SUPPORTS", "SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO"))]  # fmt: skip
    write(tmp_path, FILE, claims)
    made = registry.run("climate-fever", data=tmp_path, settings=load_settings())
    figures = made.figures
    assert figures["pairs"] == 4
    assert figures["controls.majority.accuracy"] == 0.5
    assert figures["controls.claim_alone.accuracy"] == 0.25, "without evidence nothing is decided"
    assert sum(int(figures[f"said.{name}.claims"]) for name in CLASSES) == 4
    assert 0 < float(figures["confidence.mean"]) < float(figures["independent.mean"])
    assert f"data {FILE}" in made.provenance
    assert "arXiv:2012.00614" in made.table
