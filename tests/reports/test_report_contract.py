"""The report's contract: what assemble builds keeps it, and every breach is refused with its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from consilience.reasoning.base import Dossier
from consilience.records import Fate, PanelDecision, Review, ScreeningDecision, Sentence
from consilience.reports.assemble import assemble
from consilience.reports.report import Report
from consilience.reports.schema import SCHEMA_PATH, schema_text

Arguments = Callable[[], dict[str, Any]]


def _assembled(given: dict[str, Any], **changes: object) -> Report:
    return assemble(**dict[str, Any](given, **changes))


def test_every_quotation_stands_in_its_abstract(report: Report) -> None:
    abstracts = {p.id: p.abstract for p in report.papers}
    quoted = [q for c in report.claims for q in (*c.spans, *c.evidence)]
    assert len(quoted) == 7
    assert all(abstracts[q.paper_id][q.start : q.end] == q.text for q in quoted)


def test_references_are_the_included_papers_and_the_screened_out_one_is_kept_short(report: Report) -> None:
    assert set(report.references) == {"a", "b", "c"}
    out = next(p for p in report.papers if p.id == "d")
    assert (out.included, out.abstract, out.authors) == (False, "", ())
    assert (out.year, out.reason) == (2015, "lacks the outcome")
    assert out.title


def test_a_quoted_paper_keeps_its_abstract_even_when_it_was_screened_out(arguments: Arguments) -> None:
    given = arguments()
    given["screening"] = tuple(
        d.model_copy(update={"included": d.paper_id not in ("c", "d")}) for d in given["screening"]
    )
    given["prisma"] = given["prisma"].model_copy(
        update={"included": 2, "rescreened": 0, "excluded": {"lacks the outcome": 2}}
    )
    given["dossier"] = _without_tallies(given["dossier"], "c")
    report = assemble(**given)
    assert next(p for p in report.papers if p.id == "c").abstract
    assert "c" not in report.references


def _without_tallies(dossier: Dossier, paper_id: str) -> Dossier:
    """The dossier whose claims do not count that paper."""
    entries = tuple(
        e.model_copy(update={"supporting_papers": tuple(p for p in e.supporting_papers if p != paper_id)})
        for e in dossier.ledger
    )
    return replace(dossier, ledger=entries)


def test_claims_on_the_question_come_first_and_are_numbered(report: Report) -> None:
    assert [(c.number, c.id, c.background) for c in report.claims] == [
        (1, "k1", False),
        (2, "k2", False),
        (3, "k0", True),
    ]


def test_gaps_are_gathered_once_and_make_the_report_partial(report: Report) -> None:
    assert [g.node for g in report.gaps] == ["extract", "search"]
    assert report.partial
    assert any("partial" in n for n in report.notices)
    assert any(n.startswith("For 1 of 3") for n in report.notices)
    assert report.counts.verdicts["CONTESTED"] == 1
    assert report.counts.verdicts["REFUTED"] == 0, "a dropped claim is not counted"


def test_a_failed_source_is_a_gap_and_hits_are_as_they_came(report: Report) -> None:
    assert [(q.hits, q.gap is None) for q in report.queries] == [(5, True), (0, False)]


def test_the_report_survives_json(report: Report) -> None:
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_timeless_empties_the_times_and_nothing_else(report: Report) -> None:
    timeless = report.timeless()
    assert (timeless.date, timeless.manifest.started, timeless.manifest.seconds) == ("", "", {})
    ignored = {"date", "manifest", "queries"}
    assert timeless.model_dump(exclude=ignored) == report.model_dump(exclude=ignored)
    assert timeless.manifest.versions == report.manifest.versions


def _changed(report: Report, **changes: object) -> dict[str, Any]:
    return {**report.model_dump(), **changes}


def _claims(report: Report, number: int, **changes: object) -> list[dict[str, Any]]:
    return [{**c.model_dump(), **(changes if c.number == number else {})} for c in report.claims]


def _papers(report: Report, id: str, **changes: object) -> list[dict[str, Any]]:
    return [{**p.model_dump(), **(changes if p.id == id else {})} for p in report.papers]


BREACHES: dict[str, Callable[[Report], dict[str, Any]]] = {
    "misquotes a": lambda r: _changed(r, papers=_papers(r, "a", abstract="Something else.")),
    "quotes paper zz": lambda r: _changed(
        r,
        claims=_claims(r, 3, spans=[{"paper_id": "zz", "start": 0, "end": 4, "text": "More"}]),
    ),
    "the answer cites claim k9": lambda r: _changed(r, answer={**r.answer.model_dump(), "claim_ids": ["k9"]}),
    "rests on claim k0": lambda r: _changed(r, answer={**r.answer.model_dump(), "claim_ids": ["k0"]}),
    "rests on claim k1": lambda r: _changed(
        r,
        claims=_claims(r, 1, fate=Fate.DROPPED),
        counts={**r.counts.model_dump(), "dropped": 2, "verdicts": dict.fromkeys(r.counts.verdicts, 0)},
    ),
    "'Methodology' cites claim k9": lambda r: _changed(
        r,
        method={"heading": "Methodology", "sentences": [Sentence(text="x", claim_ids=("k9",)).model_dump()]},
    ),
    "included paper b is not among the references": lambda r: _changed(r, references=["a", "c"]),
    "reference d is not an included paper": lambda r: _changed(r, references=["a", "b", "c", "d"]),
    "reference a stands more than once": lambda r: _changed(r, references=["a", "a", "b", "c"]),
    "less 0 duplicates": lambda r: _changed(r, prisma={**r.prisma.model_dump(), "duplicates": 0}),
    "do not add up": lambda r: _changed(r, prisma={**r.prisma.model_dump(), "excluded": {"x": 2}}),
    "counts paper d, which was not included": lambda r: _changed(r, claims=_claims(r, 1, refuting_papers=["d"])),
    "retracted paper a as support": lambda r: _changed(r, papers=_papers(r, "a", retracted=True)),
    "counts are not those": lambda r: _changed(r, counts={**r.counts.model_dump(), "claims": 9}),
    "claims are not numbered in order": lambda r: _changed(r, claims=[c.model_dump() for c in reversed(r.claims)]),
    "blocking objection is open": lambda r: _changed(
        r,
        review={
            **r.review.model_dump(),
            "objections": [{**o.model_dump(), "state": "open", "severity": "blocking"} for o in r.review.objections],
        },
    ),
}


@pytest.mark.parametrize("said", BREACHES)
def test_a_breach_is_refused_by_name(report: Report, said: str) -> None:
    with pytest.raises(ValidationError, match="breaks its contract") as refused:
        Report.model_validate(BREACHES[said](report))
    assert said in str(refused.value)


def test_an_empty_run_makes_an_honest_report(arguments: Arguments) -> None:
    given = arguments()
    dossier = given["dossier"]
    empty: dict[str, Any] = {
        "dossier": replace(dossier, ledger=(), papers={}, gaps=()),
        "draft": given["draft"].model_copy(
            update={"answer": given["draft"].answer.model_copy(update={"claim_ids": ()}), "results": ()}
        ),
        "papers": (),
        "screening": (),
        "searches": (),
        "prisma": given["prisma"].model_copy(
            update={
                "identified": 0,
                "duplicates": 0,
                "screened": 0,
                "excluded": {},
                "included": 0,
                "rescreened": 0,
            }
        ),
        "reviews": (),
        "decisions": (),
        "audit": None,
        "gaps": (),
    }
    report = _assembled(given, **empty)
    assert (report.references, report.review.score, report.review.interval) == ((), None, None)
    assert (report.review.converged, report.partial) == (False, False)


def test_the_last_decision_of_a_paper_holds(arguments: Arguments) -> None:
    given = arguments()
    earlier = tuple(ScreeningDecision(paper_id=i, included=False, reason="too far", score=0.1) for i in ("a", "b"))
    assert _assembled(given, screening=(*earlier, *given["screening"])).references


def test_the_published_schema_is_that_of_the_types() -> None:
    assert SCHEMA_PATH.read_text("utf-8") == schema_text(), "run: python -m consilience.reports.schema"


def test_scores_before_and_after_deliberation_are_kept_apart(report: Report) -> None:
    review = report.review
    assert review.rounds == 2
    assert [s.mean for s in review.first_scores] == [5.5, 6.5, 7.5, 8.5, 9.5]
    second = review.history[1]
    assert [s.mean for s in second.before] == [6.5] * 5
    assert next(s.mean for s in second.after if s.reviewer == "sceptic") == 7.5
    assert review.final_scores == second.after
    assert review.score == 6.5
    assert review.agreement == 0.4
    assert [o.state for o in review.objections] == ["resolved"]


@pytest.mark.parametrize(("value", "said"), [(6.0, ""), (4.0, "2.50 points below"), (9.0, "2.50 points above")])
def test_an_auditor_far_from_the_panel_is_noted(arguments: Arguments, value: float, said: str) -> None:
    given = arguments()
    audit: Review = given["audit"]
    score = audit.scores[0].model_copy(update={"value": value})
    review = _assembled(given, audit=audit.model_copy(update={"scores": (score,)})).review
    assert said in review.auditor_note
    assert bool(said) == bool(review.auditor_note)
    assert review.auditor_score == value


def test_without_a_decision_the_objections_are_the_reviewers_own(arguments: Arguments) -> None:
    given = arguments()
    decision: PanelDecision = given["decisions"][0]
    raised = given["reviews"][0].model_copy(update={"objections": decision.objections})
    review = _assembled(given, reviews=(raised,), decisions=()).review
    assert review.objections == decision.objections
    assert not review.converged
