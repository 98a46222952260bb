"""Owns the check of a draft's counts: every number of papers, claims or queries must be one that can be
counted."""

from __future__ import annotations

import re

from consilience.records import Fate, Verdict

from .measures import Measures, papers_of

_COUNT = re.compile(
    r"\b(\d[\d,]*)\s+(?:\w+\s+){0,2}?(papers?|records?|studies|abstracts?|claims?|queries|statements?)\b",
    re.I,
)


def wrong_counts(measures: Measures) -> tuple[str, ...]:
    """Counts in the draft's abstract that neither the search nor the ledger holds; quoted counts are let
    be."""
    quoted = " ".join(e.claim.text for e in measures.dossier.ledger).casefold()
    known = {
        "q": frozenset({len(measures.dossier.search.queries)}),
        "c": _claim_counts(measures),
        "p": _paper_counts(measures),
    }
    wrong: list[str] = []
    for match in _COUNT.finditer(measures.draft.abstract):
        noun = match[2].lower()
        kind = "q" if noun == "queries" else "c" if noun.startswith(("claim", "statement")) else "p"
        if int(match[1].replace(",", "")) not in known[kind] and match.group().casefold() not in quoted:
            wrong.append(match.group())
    return tuple(dict.fromkeys(wrong))


def _paper_counts(m: Measures) -> frozenset[int]:
    search = m.dossier.search
    groups = (m.dossier.ledger, m.on_question, m.standing, m.cited, m.answering)
    held = {len(papers_of(group)) for group in groups} | {len(m.answer_papers), len(m.dossier.papers)}
    sides = {len(side) for side in m.sides} | {len(m.sides[0] | m.sides[1])}
    excluded = {*search.excluded.values(), sum(search.excluded.values())}
    duplicates = max(0, search.identified - search.screened)
    return frozenset({search.identified, search.screened, search.included, duplicates, *held, *sides, *excluded})


def _claim_counts(m: Measures) -> frozenset[int]:
    kept = [e for e in m.dossier.ledger if e.fate is not Fate.DROPPED]
    groups = [list(m.dossier.ledger), kept, list(m.on_question), list(m.standing), list(m.cited)]
    groups += [list(m.answering), [e for e in kept if e.claim.background]]
    counts = {len(group) for group in groups} | {len(m.dossier.ledger) - len(group) for group in groups}
    return frozenset(counts | {sum(e.verdict is v for e in group) for group in groups for v in Verdict})
