"""Prosecution and defence by a language model: separate calls with separate evidence, neither knowing the other.

Claims are triaged. The witnesses pass over all passages of all claims, at no cost; the model reads those of claims that
carry the answer and of claims on which the witnesses disagree. It reads one paper a call, with all claims of the chunk
that the paper may bear on: an instruction hidden in a paper can then bend what is said of that paper, and nothing else.
A claim costs a side at most one call a paper, and shares it with the other claims of its chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from consilience.language import directions, numbers
from consilience.reasoning.base import Brief, Examination, Outcome
from consilience.reasoning.embedded import EmbeddedReasoner
from consilience.reasoning.embedded.examining import LEANS, brief, likeliest_first
from consilience.reasoning.embedded.extracting import statement_findings, states_result
from consilience.reasoning.embedded.passages import Witnessed
from consilience.reasoning.embedded.scope import Scope
from consilience.records import Claim, Evidence, Gap, Paper, Span, Stance

from . import showing
from .answers import BriefAnswer
from .asking import Asker
from .joining import HOLDS, disagree, joint
from .reading import reports
from .showing import Handles
from .standing_in import gather, gravest, told

Side = Literal["prosecute", "defend"]


@dataclass(frozen=True)
class Reading:
    """What the model is asked of one paper: the claims it may bear on, and its passages."""

    paper: Paper
    claims: Handles[Claim]
    passages: Handles[Span]


@dataclass(frozen=True)
class Read:
    """What the model said of one paper: (claim, span) pairs that bear on the side asked for; None without an answer."""

    paper_id: str
    bearing: frozenset[tuple[str, Span]] | None
    first_claim: str
    gap: Gap | None
    calls: tuple[str, ...]


async def briefs(
    asker: Asker, rules: EmbeddedReasoner, items: tuple[Examination, ...], side: Side
) -> tuple[Outcome[Brief], ...]:
    """One side's brief for each examination."""
    if not items:
        return ()
    want = Stance.REFUTES if side == "prosecute" else Stance.SUPPORTS
    witnessed = await rules.witness(items)
    asked = [n for n, item in enumerate(items) if needs_model(item.claim, witnessed[n])]
    readings = _readings([items[n] for n in asked], rules.scope(items[0].plan))
    read = {r.paper_id: r for r in await gather([_read(asker, items[0], reading, side) for reading in readings])}
    judged = await _judged(rules, [items[n].claim for n in asked], [witnessed[n] for n in asked], read)
    heard = dict(zip(asked, judged, strict=True))
    return tuple(
        _joined(item, heard[n], read, want) if n in heard else Outcome(value=brief(item.claim.id, witnessed[n], want))
        for n, item in enumerate(items)
    )


def needs_model(claim: Claim, seen: Sequence[Witnessed]) -> bool:
    """Whether a claim carries the answer, or the witnesses disagree on it."""
    return not claim.background and (claim.answers != "none" or any(map(disagree, seen)))


def _readings(items: Sequence[Examination], scope: Scope) -> list[Reading]:
    """The calls of one side: one a paper, with every claim that has passages in it."""
    papers = {paper.id: paper for item in items for paper in item.papers}
    claims: dict[str, dict[str, Claim]] = {}
    spans: dict[str, dict[Span, None]] = {}
    for item in items:
        for span in item.passages:
            if _is_read(span, papers[span.paper_id], item.claim, scope):
                claims.setdefault(span.paper_id, {})[item.claim.id] = item.claim
                spans.setdefault(span.paper_id, {})[span] = None
    return [
        Reading(
            papers[paper_id],
            Handles("C", tuple(claims[paper_id].values())),
            Handles("S", tuple(sorted(spans[paper_id], key=lambda s: (s.start, s.end)))),
        )
        for paper_id in sorted(claims)
    ]


def _is_read(span: Span, paper: Paper, claim: Claim, scope: Scope) -> bool:
    """Whether a passage of the paper is put to the model: one of results that states a finding or a figure.

    A passage that states neither bears on no claim, and could only tell the model how to read the others.
    """
    if not reports(span.text):
        return False
    if span in claim.spans:
        return True
    view = scope.view(paper)
    if not states_result(span, view):
        return False
    return bool(numbers.read(span.text) or directions.cues(span.text) or statement_findings(span, view, scope))


async def _read(asker: Asker, item: Examination, reading: Reading, side: Side) -> Read:
    asked = await asker.ask(
        side,
        "prosecutor" if side == "prosecute" else "defender",
        BriefAnswer,
        {
            "question": item.plan.question,
            "claims": showing.claims(reading.claims),
            "passages": showing.passages(reading.passages),
        },
    )
    first = reading.claims.items[0].id
    if asked.value is None:
        return Read(reading.paper.id, None, first, told(asked.gap), asked.calls)
    wanted = "refutes" if side == "prosecute" else "supports"
    bearing: set[tuple[str, Span]] = set()
    for finding in asked.value.findings:
        claim, span = reading.claims.find(finding.claim), reading.passages.find(finding.passage)
        same = finding.same_comparison and finding.same_outcome
        if claim is not None and span is not None and same and finding.bears == wanted:
            bearing.add((claim.id, span))
    return Read(reading.paper.id, frozenset(bearing), first, None, asked.calls)


async def _judged(
    rules: EmbeddedReasoner, claims: Sequence[Claim], seen: Sequence[Sequence[Witnessed]], read: dict[str, Read]
) -> list[list[Witnessed]]:
    """The passages with the stance judge's word also on those that the model finds to bear and the rules had not."""
    silent = [
        w
        for claim, of in zip(claims, seen, strict=True)
        for w in of
        if w.scores is None and _bears(claim, w.passage.span, read)
    ]
    scores = dict(zip(map(id, silent), await rules.stance_scores([w.passage for w in silent]), strict=True))
    return [[replace(w, scores=scores[id(w)]) if id(w) in scores else w for w in of] for of in seen]


def _bears(claim: Claim, span: Span, read: dict[str, Read]) -> bool:
    """Whether the model found a passage to bear on a claim."""
    said = read.get(span.paper_id)
    return said is not None and said.bearing is not None and (claim.id, span) in said.bearing


def _joined(item: Examination, witnessed: Sequence[Witnessed], read: dict[str, Read], want: Stance) -> Outcome[Brief]:
    """The brief that model and witnesses make together; of papers that the model could not read, the witnesses'."""
    claim_id = item.claim.id
    evidence: list[Evidence] = []
    undecided: list[Evidence] = []
    for seen in witnessed:
        span, own = seen.passage.span, seen.passage.own
        said = read.get(span.paper_id)
        if said is not None and said.bearing is not None:
            score = joint(want, seen) if _bears(item.claim, span, read) else 0.0
        else:
            score = seen.stated.probability if said is not None and seen.stated.stance is want else 0.0
        if score >= LEANS:
            kept = evidence if score >= HOLDS else undecided
            kept.append(Evidence(span=span, stance=want, score=score, own_source=own))
    ordered = tuple(sorted(evidence, key=likeliest_first))
    # A call is shared by several claims; it is counted with the first.
    mine = [r for r in read.values() if r.first_claim == claim_id]
    return Outcome(
        value=Brief(claim_id, ordered, tuple(sorted(undecided, key=likeliest_first))),
        gap=gravest(r.gap for r in mine),
        calls=tuple(call for r in mine for call in r.calls),
    )
