"""Owns the auditor's own reckoning: verdicts and tallies counted again from the quotations that stand.

The auditor believes no verdict, count or fate of the ledger: it drops every quotation that its abstract
does not hold, counts papers on each side again and takes the verdict that the tallies bear out
(reasoning/verdicts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from consilience.reasoning.base import Dossier
from consilience.reasoning.verdicts import tally, verdict_of
from consilience.records import Fate, LedgerEntry, Verdict

from . import wording
from .demands import Demand
from .field_rules import coverage, methodology, relevance
from .report_rules import clarity, sceptic
from .whole import Draftwide

RELEVANT = 0.3
"""Chosen, not fitted: a quotation with less of its claim's content words than this does not carry it."""


def recount(dossier: Dossier) -> Dossier:
    """The dossier with every entry's tallies and verdict counted again from the quotations that stand."""
    return replace(dossier, ledger=tuple(_again(e, dossier) for e in dossier.ledger))


def _again(entry: LedgerEntry, dossier: Dossier) -> LedgerEntry:
    papers = dossier.papers
    standing = [
        e for e in entry.evidence if (p := papers.get(e.span.paper_id)) and e.span.matches(p) and not p.retracted
    ]
    if any(p not in papers for p in entry.claim.paper_ids):
        return entry.model_copy(update={"evidence": (), "verdict": Verdict.NOT_ENOUGH_EVIDENCE, "fate": Fate.DROPPED})
    counted = tally(entry.claim, standing, papers)
    borne = verdict_of(entry.claim, counted, papers)
    return entry.model_copy(
        update={
            # The ledger's own quotations stay, so that a broken one is still seen as broken.
            "verdict": borne,
            "independent_support": len(counted.independent_support),
            "independent_refutation": len(counted.independent_refutation),
            "supporting_papers": counted.supporting,
            "refuting_papers": counted.refuting,
        }
    )


def auditor(original: Dossier, m: Draftwide) -> Iterator[Demand]:
    """What the recount shows, and then every rule of the panel's lenses on the recounted ledger."""
    was = {e.claim.id: e for e in original.ledger}
    for entry in m.cited:
        told = was[entry.claim.id].verdict
        if told is not entry.verdict:
            target = f"claim:{entry.claim.id}"
            problem = f"the ledger says {told.value}; its quotations bear out {entry.verdict.value}"
            yield Demand("recount", "verdict", target, entry.claim.id, "blocking", "rewrite", problem, entry.claim.id)
        if not any(wording.overlap(entry.claim.text, s.text) >= RELEVANT for s in entry.claim.spans):
            target = f"claim:{entry.claim.id}"
            problem = f"no quotation of claim {entry.claim.id} holds the claim's words"
            yield Demand("irrelevant", "quotations", target, entry.claim.id, "major", "drop", problem, entry.claim.id)
    for rules in (methodology, relevance, sceptic, coverage, clarity):
        yield from rules(m)
