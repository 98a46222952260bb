"""The results: every standing finding as a sentence with its source, by side; then what is contested and background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from consilience.reasoning.verdicts import STRENGTH_OF_DESIGN
from consilience.records import (
    AnswerVerdict,
    Fate,
    LedgerEntry,
    Paper,
    Section,
    Sentence,
    Verdict,
)

from .phrases import capital, closed, design_noun, listed, number_of, short_citation
from .votes import Votes, side_of

PER_SECTION = 14
"""Sentences in one section; more stand in the claims table, and the section says how many."""
_FEW = 2


def results(votes: Votes, skip: frozenset[str] = frozenset()) -> tuple[Section, ...]:
    """The result sections in order; ``skip`` are claims that the panel wanted out of the prose."""
    open_question = votes.verdict is AnswerVerdict.FINDINGS
    sections: list[Section] = []
    if open_question:
        _add(sections, "Findings", votes.answering, votes, skip)
    elif votes.verdict is not AnswerVerdict.NOT_ENOUGH_EVIDENCE:
        for heading, test in _SIDES:
            _add(sections, heading, [e for e in votes.answering if test(e)], votes, skip)
    indirect = [e for e in votes.standing if e not in votes.answering]
    _add(sections, "Related comparisons, which do not answer the question", indirect, votes, skip)
    background = [
        e
        for e in votes.dossier.ledger
        if e.claim.background and e.verdict in (Verdict.SUPPORTED, Verdict.UNCORROBORATED)
    ]
    kept = [e for e in background if e.fate is not Fate.DROPPED]
    _add(sections, "Background from the included papers, not on the question", kept, votes, skip, limit=6)
    if not sections:
        sections.append(Section(heading="Findings", sentences=(Sentence(text=_nothing(votes)),)))
    return tuple(sections)


_SIDES: tuple[tuple[str, Callable[[LedgerEntry], bool]], ...] = (
    ("Findings for", lambda e: side_of(e) == "for"),
    ("Findings of no significant difference", lambda e: side_of(e) == "no difference"),
    ("Findings to the contrary", lambda e: side_of(e) == "opposite"),
)


def _add(
    sections: list[Section],
    heading: str,
    entries: Iterable[LedgerEntry],
    votes: Votes,
    skip: frozenset[str],
    limit: int = PER_SECTION,
) -> None:
    chosen = sorted((e for e in entries if e.claim.id not in skip), key=_order)
    if not chosen:
        return
    papers = votes.dossier.papers
    sentences = [Sentence(text=sentence(e, papers), claim_ids=(e.claim.id,)) for e in chosen[:limit]]
    if len(chosen) > limit:
        rest = f"Another {len(chosen) - limit} stand in the claims table."
        sentences.append(Sentence(text=rest))
    sections.append(Section(heading=heading, sentences=tuple(sentences)))


def _order(entry: LedgerEntry) -> tuple[int, int, float, str]:
    """The better borne out first, then the stronger design, then the more confident."""
    borne_out = 0 if entry.verdict is Verdict.SUPPORTED else 1
    return (borne_out, STRENGTH_OF_DESIGN[entry.claim.design], -entry.confidence, entry.claim.id)


def sentence(entry: LedgerEntry, papers: Mapping[str, Paper]) -> str:
    """The claim behind its source: who found it, in what kind of study, alone or with others, contested or not."""
    claim = entry.claim
    sources = [papers[p] for p in claim.paper_ids]
    kind = design_noun(claim.design)
    cited = listed(short_citation(p) for p in sources)
    if len(sources) > 1:
        lead = f"In {len(sources)} papers ({cited})"
    elif entry.independent_support:
        others = [p for p in entry.supporting_papers if p not in claim.paper_ids]
        lead = f"In {_article(kind)} {kind} ({cited}), with support from {_named(others, papers)}"
    else:
        lead = f"In one {kind} ({cited})"
    if entry.verdict is Verdict.CONTESTED:
        lead += f", contested by {_named(entry.refuting_papers, papers)}"
    animal = {"animals": ", in animals", "in vitro": ", in vitro", "in silico": ", in silico"}.get(claim.subjects, "")
    return f"{capital(lead)}{animal}: {closed(claim.text)}"


def _named(paper_ids: Sequence[str], papers: Mapping[str, Paper]) -> str:
    """Papers by name while they are few, else their number; the claims table names all."""
    if len(paper_ids) <= _FEW:
        return listed(short_citation(papers[p]) for p in paper_ids)
    return f"{len(paper_ids)} other papers"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _nothing(votes: Votes) -> str:
    search = votes.dossier.search
    if not search.included:
        return f"No record was included: {number_of(search.screened, 'record was', 'records were')} screened."
    return (
        f"None of the {number_of(search.included, 'included paper')} states a finding on the question; "
        f"{number_of(search.screened, 'record was', 'records were')} screened."
    )
