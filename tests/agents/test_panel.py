"""The panel's procedure: convergence, agreement, the life of objections, what happens next, and the nodes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from consilience.agents import convergence, panel
from consilience.agents.auditor import audit, distance_note
from consilience.agents.context import Context
from consilience.agents.convergence import Bounds
from consilience.agents.dossier import load_dossier
from consilience.agents.reviewers import review, send_reviews
from consilience.agents.settlement import Situation, open_blocking, settle
from consilience.agents.state import LedgerChunk, RunState, Screening
from consilience.reasoning.base import Dossier, Outcome
from consilience.reasoning.embedded.deliberating import deliberate as deliberate_by_rules
from consilience.reasoning.embedded.panel.scales import CRITERIA
from consilience.reasoning.embedded.reviewing import review as review_by_rules
from consilience.records import Draft, Fate, Gap, Lens, Objection, PanelDecision, Review, Score, Sentence
from consilience.reports.report import Prisma
from consilience.runs.store import RunStore
from consilience.settings import PanelSettings, Settings
from consilience.tests.support import dossiers as made
from consilience.tests.support.acting import act


def given(reviewer: Lens, *values: float, objections: tuple[Objection, ...] = ()) -> Review:
    """A review with these scores, the last value repeated for the remaining criteria."""
    filled = [*values, *([values[-1]] * (len(CRITERIA) - len(values)))]
    scores = tuple(Score(criterion=c, value=v, reason=f"counted {v}") for c, v in zip(CRITERIA, filled, strict=True))
    return Review(reviewer=reviewer, round=1, scores=scores, objections=objections)


def objection(name: str = "sceptic-1", **changes: object) -> Objection:
    plain = Objection(
        id=name,
        reviewer="sceptic",
        target="title",
        severity="blocking",
        problem="too strong",
        action="soften",
    )
    return plain.model_copy(update=changes)


# ----------------------------------------------------------------- convergence


@pytest.mark.parametrize(
    ("median", "previous", "blocking", "converged"),
    [
        (7.0, None, 0, False),
        (7.0, 7.0, 0, True),
        (7.35, 7.1, 0, True),  # 7.35 - 7.1 is 0.25000000000000036 in binary
        (6.85, 7.1, 0, True),
        (7.36, 7.1, 0, False),
        (6.84, 7.1, 0, False),
        (7.1, 7.1, 1, False),
    ],
)
def test_convergence_at_its_boundary(median: float, previous: float | None, blocking: int, converged: bool) -> None:
    assert convergence.has_converged(median, previous, blocking, 0.25) is converged


def test_median_is_of_all_reviewers_means() -> None:
    reviews = [given("methodology", 4), given("relevance", 8), given("sceptic", 9)]
    assert convergence.median_of(reviews) == 8
    assert convergence.median_of([*reviews, given("clarity", 5)]) == 6.5


def test_agreement_is_defined_only_where_there_is_variation() -> None:
    same = [given("methodology", 5), given("relevance", 5)]
    assert convergence.agreement(same) is None
    assert convergence.agreement([given("methodology", 1, 9)]) is None
    assert convergence.agreement([]) is None
    perfect = [given("methodology", 1, 9), given("relevance", 1, 9)]
    assert convergence.agreement(perfect) == 1.0
    opposed = [given("methodology", 1, 9, 1, 9, 1, 9, 1, 9), given("relevance", 9, 1, 9, 1, 9, 1, 9, 1)]
    value = convergence.agreement(opposed)
    assert value is not None
    assert value < 0


def test_agreement_of_one_criterion_is_undefined() -> None:
    one = [r.model_copy(update={"scores": r.scores[:1]}) for r in (given("methodology", 3), given("clarity", 8))]
    assert convergence.agreement(one) is None


def test_agreement_by_hand() -> None:
    """Two raters, two units: values 1 1 | 1 2; observed disagreement 0.5, expected 0.5: alpha 0."""
    two = [given("methodology", 1, 1), given("clarity", 1, 2)]
    short = [r.model_copy(update={"scores": r.scores[:2]}) for r in two]
    assert convergence.agreement(short) == 0.0


SEARCH = objection("coverage-1", reviewer="coverage", severity="major", action="search", detail="quinine")


@pytest.mark.parametrize(
    ("converged", "bounds", "objections", "step", "reached"),
    [
        (False, Bounds(1, 4, 0, 1, True), (), "revise", []),
        (True, Bounds(2, 4, 0, 1, True), (), "audit", []),
        (False, Bounds(4, 4, 0, 1, True), (), "audit", ["rounds"]),
        (True, Bounds(4, 4, 0, 1, True), (), "audit", []),
        (False, Bounds(1, 4, 0, 1, True), (SEARCH,), "search", []),
        (True, Bounds(2, 4, 0, 1, True), (SEARCH,), "search", []),
        (True, Bounds(3, 4, 1, 1, True), (SEARCH,), "audit", ["searches"]),
        (False, Bounds(3, 4, 1, 1, True), (SEARCH,), "revise", []),
        (False, Bounds(1, 4, 0, 1, False), (SEARCH,), "revise", []),
        (False, Bounds(4, 4, 0, 1, True), (SEARCH,), "audit", ["rounds", "searches"]),
        (False, Bounds(1, 4, 0, 1, True), (SEARCH.model_copy(update={"state": "answered"}),), "revise", []),
    ],
)
def test_what_happens_next(
    converged: bool, bounds: Bounds, objections: tuple[Objection, ...], step: str, reached: list[str]
) -> None:
    assert convergence.choose_next(converged, objections, bounds) == step
    assert sorted(convergence.bounds_reached(converged, objections, bounds, step)) == reached


def test_dissent_beyond_a_point_and_open_objections() -> None:
    reviews = [
        given("methodology", 7),
        given("relevance", 8),
        given("sceptic", 6.9),
        given("clarity", 2, 6.5),
    ]
    said = convergence.dissent(reviews, 7.0, ())
    assert len(said) == 1
    assert said[0].startswith("clarity: 5.94, 1.06 below the median of 7.00; lowest on methodology (2.0)")
    assert convergence.dissent([given("relevance", 8)], 7.0, ()) == ()
    assert convergence.dissent([], 7.0, (objection(),)) == ("sceptic, open (blocking): too strong",)
    assert convergence.dissent([], 7.0, (objection(state="resolved"),)) == ()


# ----------------------------------------------------------------- the life of an objection


def situation(case: tuple[Dossier, Draft], can_search: bool = True) -> Situation:
    return Situation(*case, can_search=can_search, search_said="3 queries brought nothing new")


def test_an_objection_is_open_until_it_is_not_raised_again() -> None:
    now = situation(made.good(3))
    first = settle((), (objection(),), now)
    assert [o.state for o in first] == ["open"]
    assert open_blocking(first) == 1
    second = settle(first, (), now)
    assert [o.state for o in second] == ["resolved"]
    assert made.good(3)[1].title in second[0].settlement
    third = settle(second, (), now)
    assert third == second
    again = settle(third, (objection(),), now)
    assert [(o.state, o.settlement) for o in again] == [("open", "")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": "answer"}, "certainty low"),
        ({"target": "coverage", "action": "search"}, "3 papers are included"),
        ({"target": "abstract", "action": "disclose"}, made.LIMIT),
        ({"target": "sentence:2", "detail": "c2"}, made.finding(2)),
        ({"target": "sentence:2", "detail": "c77"}, "does not stand"),
        (
            {"target": "sentence:2", "detail": "in one study", "problem": f"'{made.finding(3)}' rests"},
            made.finding(3),
        ),
        ({"target": "claim:c1"}, "claim c1 stands as SUPPORTED"),
        ({"target": "claim:c77"}, "claim c77 was dropped"),
    ],
)
def test_a_settlement_says_what_the_report_says_now(changes: dict[str, Any], words: str) -> None:
    settled = settle((objection(**changes),), (), situation(made.good(3)))
    assert words in settled[0].settlement


def test_a_dropped_claim_is_told_as_dropped() -> None:
    dossier, draft = made.good(3)
    ledger = (dossier.ledger[0].model_copy(update={"fate": Fate.DROPPED}), *dossier.ledger[1:])
    settled = settle((objection(target="claim:c1"),), (), situation((replace(dossier, ledger=ledger), draft)))
    assert settled[0].settlement == "claim c1 was dropped"


def test_a_wish_to_search_is_answered_where_searching_can_bring_nothing() -> None:
    case = made.good(3)
    assert settle((), (SEARCH,), situation(case, can_search=True))[0].state == "open"
    answered = settle((), (SEARCH,), situation(case, can_search=False))
    assert (answered[0].state, answered[0].settlement) == ("answered", "3 queries brought nothing new")
    assert settle(answered, (SEARCH,), situation(case, can_search=False)) == answered


def test_a_quotations_own_wording_answers_a_minor_wish_to_rewrite_it_and_no_graver_one() -> None:
    case = made.good(3)
    wish = objection("clarity-1", target="sentence:1", severity="minor", action="rewrite")
    first = settle((), (wish,), situation(case))
    assert first[0].state == "open"
    assert settle(first, (wish,), situation(case))[0].state == "answered"
    grave = wish.model_copy(update={"severity": "blocking"})
    assert settle(first, (grave,), situation(case))[0].state == "open"
    own = made.results(Sentence(text="Fewer cramps were seen.", claim_ids=("c1",)))
    reworded = case[0], case[1].model_copy(update={"results": own})
    assert settle(first, (wish,), situation(reworded))[0].state == "open"


# ----------------------------------------------------------------- the nodes


class Rules:
    """A reasoner with the embedded rules for reviews, or with gaps where it is told to fail."""

    name = "rules"

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    async def review(
        self, lens: Lens, dossier: Dossier, draft: Draft, round: int, earlier: Review | None
    ) -> Outcome[Review]:
        if self.fails:
            return Outcome(gap=Gap(node="review", kind="refused", reason="the model refused"))
        return Outcome(value=review_by_rules(lens, dossier, draft, round, earlier))

    async def deliberate(
        self, dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]
    ) -> Outcome[tuple[Review, ...]]:
        if self.fails:
            return Outcome(gap=Gap(node="deliberate", kind="refused", reason="the model refused"))
        return Outcome(value=deliberate_by_rules(dossier, draft, reviews))


@dataclass
class Shelf:
    """A closed source: its name is all that the panel reads."""

    name: str = "library:tests"
    closed: bool = True


@dataclass
class Bench:
    """A run on disk with a dossier and a draft in its artifacts."""

    home: Path
    case: tuple[Dossier, Draft]
    saturation: float = 1.0
    max_rounds: int = 4
    fails: bool = False
    state: dict[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        settings = Settings(home=self.home, panel=PanelSettings.model_validate({"max_rounds": self.max_rounds}))
        dossier, draft = self.case
        run = RunStore(self.home).create(made.QUESTION, "tests", settings.manifest())
        self.context = Context(
            settings=settings,
            reasoner=cast(Any, Rules(self.fails)),
            source=cast(Any, Shelf()),
            passages=cast(Any, None),
            run=run,
            papers=dossier.papers,
            clock=lambda: "2026-01-01T00:00:00Z",
        )
        put = run.artifacts.put
        prisma = Prisma(identified=60, duplicates=10, screened=50, excluded={}, included=len(dossier.papers))
        screening = Screening(decisions=(), prisma=prisma, saturation=self.saturation)
        self.state.update(
            {
                "plan": put(dossier.plan),
                "ledger": put(LedgerChunk(entries=dossier.ledger)),
                "screening": put(screening),
                "round": 0,
            }
        )
        self.write(draft)

    def write(self, draft: Draft) -> None:
        """Do what the writer does: open a round with a draft."""
        number = self.state.get("panel_round", 0) + 1
        written = draft.model_copy(update={"version": number})
        self.state.update({"draft": self.context.run.artifacts.put(written), "panel_round": number})

    def apply(self, update: dict[str, Any]) -> dict[str, Any]:
        for key, value in update.items():
            self.state[key] = {**self.state.get(key, {}), **value} if isinstance(value, dict) else value
        return update

    async def round(self) -> PanelDecision:
        """All reviews, then the deliberation."""
        for send in send_reviews(self.run_state):
            self.apply(await act(review, send.arg, self.context))
        self.apply(await act(panel.deliberate, self.run_state, self.context))
        ref = self.state["decisions"][f"p{self.state['panel_round']}"]
        return self.context.run.artifacts.get(ref, PanelDecision)

    @property
    def run_state(self) -> RunState:
        return cast(RunState, self.state)


async def test_rounds_until_converged_with_frozen_first_scores(home: Path) -> None:
    bench = Bench(home, made.overclaiming())
    first = await bench.round()
    assert (first.round, first.next, first.converged, first.previous_median) == (1, "revise", False, None)
    assert first.open_blocking > 0
    assert panel.route(bench.run_state) == "revise"
    bench.write(made.contested()[1])
    second = await bench.round()
    assert second.previous_median == first.median
    assert second.open_blocking == 0
    assert all(o.state == "resolved" and o.settlement for o in second.objections if o.severity == "blocking")
    assert (second.converged, second.next) == (False, "revise"), "the median moved by more than 0.25"
    bench.write(made.contested()[1])
    third = await bench.round()
    assert (third.converged, third.next) == (True, "audit")
    assert bench.state.get("gaps", {}) == {}
    reviews = bench.state["reviews"]
    assert {f"p1/{lens}" for lens in ("methodology", "sceptic")} <= set(reviews)
    frozen = bench.context.run.artifacts.get(reviews["p1/clarity"], Review)
    assert frozen == review_by_rules("clarity", *_case(bench), 1, None)
    events = bench.context.run.transcript.read()
    assert sum(e.node == "deliberate" for e in events) == 3


def _case(bench: Bench) -> tuple[Dossier, Draft]:
    """The first round's case as the nodes read it back."""
    draft = made.overclaiming()[1].model_copy(update={"version": 1})
    return load_dossier(bench.state, bench.context), draft


async def test_the_last_round_ends_the_loop_with_a_gap_that_makes_nothing_partial(home: Path) -> None:
    bench = Bench(home, made.overclaiming(), max_rounds=1)
    decision = await bench.round()
    assert (decision.next, decision.converged) == ("audit", False)
    assert any("open (blocking)" in line for line in decision.dissent)
    gap = bench.context.run.artifacts.get(bench.state["gaps"]["p1/rounds"], Gap)
    assert (gap.kind, gap.partial) == ("bound_reached", False)


def wanting_search() -> tuple[Dossier, Draft]:
    facets = (*made.FACETS, made.Facet(role="comparator", text="quinine", terms=("quinine",)))
    dossier, draft = made.good(6)
    return replace(dossier, plan=made.plan(facets=facets)), draft


async def test_a_part_without_papers_sends_the_run_back_to_search_once(home: Path) -> None:
    bench = Bench(home, wanting_search(), saturation=0.5)
    decision = await bench.round()
    assert decision.next == "search"
    assert bench.state["wishes"] == ["quinine"]
    assert (bench.state["coverage_searches"], bench.state["round"]) == (1, 1)
    bench.write(made.good(6)[1])
    decision = await bench.round()
    assert (decision.converged, decision.next) == (True, "audit")
    answered = next(o for o in decision.objections if o.action == "search")
    assert answered.state == "answered", "the library is closed and the search brought nothing new"
    assert "closed library" in answered.settlement


async def test_reasoner_failures_become_gaps_and_the_run_goes_on(home: Path) -> None:
    bench = Bench(home, made.good(3), fails=True)
    for send in send_reviews(bench.run_state):
        bench.apply(await act(review, send.arg, bench.context))
    bench.apply(await act(panel.deliberate, bench.run_state, bench.context))
    assert panel.route(bench.run_state) == "audit"
    bench.apply(await act(audit, bench.run_state, bench.context))
    assert "audit" not in bench.state
    assert {"p1/clarity/review", "p1/deliberate", "audit"} <= set(bench.state["gaps"])


async def test_first_reviews_stand_where_deliberation_alone_fails(home: Path) -> None:
    bench = Bench(home, made.good(3))
    for send in send_reviews(bench.run_state):
        bench.apply(await act(review, send.arg, bench.context))
    cast(Any, bench.context.reasoner).fails = True
    bench.apply(await act(panel.deliberate, bench.run_state, bench.context))
    assert bench.state["reviews"]["p1/clarity"] == bench.state["reviews"]["p1/clarity/final"]
    assert "p1/deliberate" in bench.state["gaps"]


async def test_a_writer_without_a_new_draft_does_not_loop(home: Path) -> None:
    bench = Bench(home, made.overclaiming())
    await bench.round()
    update = await act(panel.deliberate, bench.run_state, bench.context)
    assert update["next"] == "audit"
    assert list(update["gaps"]) == ["p1/again/deliberate"]


async def test_nothing_to_review_is_a_gap_and_no_exception(home: Path) -> None:
    bench = Bench(home, made.good(3))
    del bench.state["draft"]
    for send in send_reviews(bench.run_state):
        update = await act(review, send.arg, bench.context)
        assert list(update) == ["gaps"]
        bench.apply(update)
    assert (await act(panel.deliberate, bench.run_state, bench.context))["next"] == "audit"
    assert list(await act(audit, bench.run_state, bench.context)) == ["gaps"]


async def test_the_audit_notes_a_distance_of_more_than_a_point(home: Path) -> None:
    bench = Bench(home, made.good(3))
    await bench.round()
    update = await act(audit, bench.run_state, bench.context)
    assert bench.context.run.artifacts.get(update["audit"], Review).reviewer == "auditor"
    decision = PanelDecision(round=1, median=8.0, converged=True, open_blocking=0, next="audit", reason="")
    assert distance_note(given("auditor", 7.0), decision) == ""
    assert (
        distance_note(given("auditor", 6.9), decision) == "the auditor's 6.90 is 1.10 below the panel's median of 8.00"
    )
    assert distance_note(given("auditor", 2.0), None) == ""
