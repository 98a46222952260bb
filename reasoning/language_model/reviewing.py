"""Reviewers, the auditor and deliberation by a language model, beside rules that no model can wave through.

The model scores every criterion and objects. Blocking faults that the embedded rules count in the draft (a citation
that leads nowhere, a title stronger than the answer, a quotation that is not its abstract's) are added to its
objections, under the lens that would have seen them: a reviewer that likes a draft cannot make such a fault go away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from consilience.language import instructions
from consilience.reasoning.base import Dossier, Outcome, Reasoner
from consilience.reasoning.embedded.panel.scales import CRITERIA
from consilience.reasoning.embedded.panel.scoring import read_all
from consilience.reasoning.embedded.panel.whole import Draftwide
from consilience.reasoning.embedded.reviewing import changes_since
from consilience.records import GRAVEST_FIRST, Draft, LedgerEntry, Lens, Objection, Review, Score

from . import showing
from .answers import DeliberateAnswer, ObjectionAnswer, ReviewAnswer, ScoreAnswer
from .asking import Asker
from .showing import Handles
from .standing_in import gather, gravest, told

_MOST_OBJECTIONS = 8
_LONGEST = 400
_PLACES = ("title", "answer", "abstract", "coverage")


async def review(
    asker: Asker, rules: Reasoner, lens: Lens, dossier: Dossier, draft: Draft, number: int, earlier: Review | None
) -> Outcome[Review]:
    """One reviewer's scores and objections; the auditor is asked with a prompt of its own and no earlier review."""
    counted = (await rules.review(lens, dossier, draft, number, earlier)).value
    shown = asker.fitting(showing.handles_of(dossier), showing.entries)
    names = {entry.claim.id: name for name, entry in shown.named()}
    variables = {
        "question": dossier.plan.question,
        "claims": showing.entries(shown),
        "search": f"{showing.search(dossier.search)}\n{_counted(dossier, draft)}",
        "draft": showing.draft(draft, names),
    }
    if lens == "auditor":
        asked = await asker.ask("audit", "auditor", ReviewAnswer, variables, _scores_fault)
    else:
        asked = await asker.ask(
            "review",
            "reviewer",
            ReviewAnswer,
            {
                "lens": lens,
                "earlier": showing.review(earlier, names) if earlier else "none: this is the first round",
                **variables,
            },
            _scores_fault,
        )
    if asked.value is None or counted is None:
        return Outcome(value=counted, gap=told(asked.gap), calls=asked.calls)
    given = asked.value
    scores = _scores(given)
    raised = [o for g in given.objections[:_MOST_OBJECTIONS] if (o := _objection(lens, g, shown, draft)) is not None]
    made = Review(
        reviewer=lens,
        round=number,
        scores=scores,
        objections=_together(raised, counted.objections),
        changes=changes_since(earlier if lens != "auditor" else None, scores),
    )
    return Outcome(value=made, calls=asked.calls)


def _counted(dossier: Dossier, draft: Draft) -> str:
    """What a program counted for each check of the scales: nobody has to count for themselves."""
    readings = read_all(Draftwide(dossier, draft))
    return "\n".join(f"{name}: {reading.said}" for name, reading in sorted(readings.items()))


def _scores_fault(answer: ReviewAnswer | DeliberateAnswer) -> str:
    """What is missing or doubled among the criteria, or ''."""
    given = [score.criterion for score in answer.scores]
    missing = [c for c in CRITERIA if c not in given]
    doubled = sorted({c for c in given if given.count(c) > 1})
    if missing:
        return f"These criteria have no score: {', '.join(missing)}."
    return f"These criteria are scored more than once: {', '.join(doubled)}." if doubled else ""


def _scores(answer: ReviewAnswer | DeliberateAnswer) -> tuple[Score, ...]:
    """The scores in the order of the criteria."""
    return tuple(_score(s) for s in sorted(answer.scores, key=lambda s: CRITERIA.index(s.criterion)))


def _score(given: ScoreAnswer) -> Score:
    return Score(
        criterion=given.criterion, value=round(given.value, 1), reason=_line(given.reason) or "no reason given"
    )


def _line(text: str) -> str:
    """A model's words in one line, without what speaks to a reader."""
    plain = " ".join(text.split())[:_LONGEST]
    return "" if instructions.speaks_to_reader(plain) else plain


def _objection(lens: Lens, given: ObjectionAnswer, shown: Handles[LedgerEntry], draft: Draft) -> Objection | None:
    """An objection about something that exists, with an id that stays while the same thing is wrong with it."""
    target, anchor = _target(given.target, shown, draft)
    problem = _line(given.problem)
    if not target or not problem:
        return None
    digest = hashlib.sha256(f"{given.action}|{anchor}".encode()).hexdigest()[:8]
    return Objection(
        id=f"{lens}-m{digest}",
        reviewer=lens,
        target=target,
        severity=given.severity,
        problem=problem,
        action=given.action,
        detail=_line(given.detail),
    )


def _target(text: str, shown: Handles[LedgerEntry], draft: Draft) -> tuple[str, str]:
    """The target as the panel names it, and what of it stays the same when a sentence moves; ('', '') for nothing."""
    plain = text.strip().strip("[]")
    if plain.casefold() in _PLACES:
        return plain.casefold(), plain.casefold()
    entry = shown.find(plain.removeprefix("claim:"))
    if entry is not None:
        return f"claim:{entry.claim.id}", entry.claim.id
    head, _, number = plain.casefold().partition(":")
    sentences = [s for section in draft.results for s in section.sentences]
    place = showing.number_in(number) if head == "sentence" else 0
    if not 1 <= place <= len(sentences):
        return "", ""
    sentence = sentences[place - 1]
    return f"sentence:{place}", " ".join(sentence.claim_ids) or sentence.text


def _together(raised: Sequence[Objection], counted: Sequence[Objection]) -> tuple[Objection, ...]:
    """The model's objections with the blocking ones that rules counted, each id once, gravest first."""
    both = [*(c for c in counted if c.severity == "blocking"), *raised]
    both.sort(key=lambda o: (GRAVEST_FIRST[o.severity], o.id))
    # Of one fault that is told twice the graver word counts.
    return tuple({o.id: o for o in reversed(both)}.values())[::-1]


async def deliberate(
    asker: Asker, dossier: Dossier, draft: Draft, reviews: tuple[Review, ...]
) -> Outcome[tuple[Review, ...]]:
    """The reviews after each reviewer has read the others'; a reviewer that could not be asked keeps its first word."""
    names = {entry.claim.id: name for name, entry in showing.handles_of(dossier).named()}
    outcomes = await gather([_reread(asker, r, reviews, dossier, draft, names) for r in reviews])
    return Outcome(
        value=tuple(o.value or first for o, first in zip(outcomes, reviews, strict=True)),
        gap=gravest(o.gap for o in outcomes),
        calls=tuple(call for o in outcomes for call in o.calls),
    )


async def _reread(
    asker: Asker,
    own: Review,
    reviews: tuple[Review, ...],
    dossier: Dossier,
    draft: Draft,
    names: dict[str, str],
) -> Outcome[Review]:
    asked = await asker.ask(
        "deliberate",
        "panel",
        DeliberateAnswer,
        {
            "lens": own.reviewer,
            "question": dossier.plan.question,
            "draft": showing.draft(draft, names),
            "own": showing.review(own, names),
            "others": "\n".join(showing.review(r, names, letter="X") for r in reviews if r.reviewer != own.reviewer),
        },
        _scores_fault,
    )
    if asked.value is None:
        return Outcome(value=own, gap=asked.gap, calls=asked.calls)
    given = asked.value
    before = {s.criterion: s.value for s in own.scores}
    scores = _scores(given)
    moved = [
        f"{s.criterion} {before[s.criterion]:.1f} to {s.value:.1f}: {s.reason}" for s in scores if _moved(s, before)
    ]
    handles = Handles("O", own.objections)
    kept = {o.id for o in map(handles.find, given.kept) if o is not None}
    stay = tuple(o for o in own.objections if o.id in kept or o.severity == "blocking")
    return Outcome(
        value=own.model_copy(
            update={
                "scores": tuple(s if _moved(s, before) else f for s, f in zip(scores, own.scores, strict=True)),
                "objections": stay,
                "changes": (*own.changes, *moved),
            }
        ),
        calls=asked.calls,
    )


def _moved(score: Score, before: dict[str, float]) -> bool:
    return round(score.value, 1) != round(before.get(score.criterion, 0.0), 1)
