"""Owns the objections about the report: overclaim and contradiction (the sceptic's), and clarity."""

from __future__ import annotations

from collections.abc import Iterator

from .demands import Demand, about
from .faults import LONG_ABSTRACT, LONG_SENTENCE
from .whole import Draftwide

LOW_CONFIDENCE = 0.5
"""Under this mean probability that the verdicts are right, an answer must be held back."""


def sceptic(m: Draftwide) -> Iterator[Demand]:
    """What claims more than the ledger holds, and disagreement that is not told."""
    if m.title is not None:
        problem = f"the title is stronger than the answer: {m.title.why}"
        yield Demand("title", "title", "title", "", "blocking", "soften", problem, m.title.allowed)
    if m.verdict is not None:
        problem = f"the answer is '{m.draft.answer.verdict.value}': {m.verdict.why}"
        yield Demand("verdict", "verdict", "answer", "", "blocking", "soften", problem, m.verdict.allowed)
    for line, why, claim_id in m.weak:
        problem = f"'{line.text}' {why}"
        anchor = f"{line.anchor} {claim_id}"
        yield Demand("weak", "no_weak", line.target, anchor, "blocking", "drop", problem, claim_id)
    if not m.answer_tells:
        problem = f"{m.disagreement}, and the answer does not say so"
        ids = " ".join(e.claim.id for e in m.contested)
        yield Demand("disagreement", "answer_tells", "answer", "", "blocking", "rewrite", problem, ids)
    yield from about(m.untold_contested, "settled", "all_told", "blocking", "rewrite")
    yield from about(m.untold_single, "single", "single_told", "major", "soften")
    yield from about(m.lost_hedges, "hedge", "hedges", "major", "soften")
    yield from about(m.emphatic, "emphatic", "strength", "major", "soften", more=", and its claims do not")
    for entry in m.retracted:
        target = f"claim:{entry.claim.id}"
        problem = f"a retracted paper states '{entry.claim.text}'"
        yield Demand("retracted", "eight_papers", target, entry.claim.id, "blocking", "drop", problem, entry.claim.id)
    if m.answering and m.mean_confidence < LOW_CONFIDENCE and m.draft.answer.certainty.value == "moderate":
        problem = f"moderate certainty on a mean confidence of {m.mean_confidence:.2f}"
        yield Demand("confidence", "confidence", "answer", "", "major", "soften", problem, "low")


def clarity(m: Draftwide) -> Iterator[Demand]:
    """Citations that cannot be followed, and sentences that cannot be read alone."""
    for target, there in _pieces(m):
        if not there.strip():
            yield Demand("empty", "complete", target, target, "blocking", "rewrite", f"the {target} is empty")
    for target, claim_id in m.unknown_ids:
        problem = f"claim {claim_id} is named and does not exist in the ledger"
        anchor = f"{target.split(':')[0]} {claim_id}"
        yield Demand("unknown", "entries_exist", target, anchor, "blocking", "cite", problem, claim_id)
    for entry in m.broken_quotations:
        target = f"claim:{entry.claim.id}"
        problem = f"a quotation of claim {entry.claim.id} does not stand in its paper's abstract"
        yield Demand("quotation", "quotations", target, entry.claim.id, "blocking", "drop", problem, entry.claim.id)
    for line in m.uncited:
        problem = f"'{line.text}' states a finding and names no ledger entry"
        yield Demand("uncited", "all_cited", line.target, line.anchor, "major", "cite", problem)
    for line in m.uncarried:
        problem = f"'{line.text}' holds mostly words that its claims lack"
        ids = " ".join(e.claim.id for e in line.entries)
        yield Demand("uncarried", "carried", line.target, line.anchor, "major", "rewrite", problem, ids)
    for target, sentence in m.cut_off:
        yield Demand("cut", "whole", target, sentence, "major", "rewrite", f"'{sentence}' is cut off")
    for line, earlier in m.repeats:
        problem = f"'{line.text}' repeats sentence {earlier.number}"
        yield Demand("repeat", "distinct", line.target, line.anchor, "minor", "drop", problem, earlier.target)
    yield from about(m.loose, "loose", "resolved", "minor", "rewrite", more=", which points outside it")
    for line in m.long:
        problem = f"'{line.text}' has more than {LONG_SENTENCE} words"
        yield Demand("long", "short", line.target, line.anchor, "minor", "rewrite", problem, str(LONG_SENTENCE))
    yield from _abstract(m)


def _pieces(m: Draftwide) -> tuple[tuple[str, str], ...]:
    return (("title", m.draft.title), ("abstract", m.draft.abstract), ("answer", m.draft.answer.text))


def _abstract(m: Draftwide) -> Iterator[Demand]:
    if len(m.draft.abstract.split()) > LONG_ABSTRACT:
        problem = f"the abstract has more than {LONG_ABSTRACT} words"
        yield Demand("long", "short", "abstract", "abstract", "minor", "rewrite", problem, str(LONG_ABSTRACT))
    for wrong in m.wrong_counts:
        problem = f"the abstract counts '{wrong}', which neither the search nor the ledger holds"
        yield Demand("count", "counts", "abstract", wrong, "major", "rewrite", problem, wrong)
    if not m.draft.limitations:
        yield Demand("limits", "limits", "abstract", "limits", "major", "disclose", "no limitation is stated")
