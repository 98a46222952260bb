"""Owns the base measurements that every reviewer shares: which claims carry the answer, which sentence
rests on what.

"Carrying" entries are the kept ledger entries on the question whose verdict lets them stand; where the
draft answers *not enough evidence*, none carries it (prompts/scales.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from consilience.language import text
from consilience.reasoning.base import Dossier
from consilience.reasoning.verdicts import RANDOMISED, STANDING
from consilience.records import (
    AnswerVerdict,
    Draft,
    Facet,
    Fate,
    Gap,
    LedgerEntry,
    Paper,
    Span,
    StudyDesign,
    Verdict,
)

CONTROLLED = (*RANDOMISED, StudyDesign.COHORT, StudyDesign.CASE_CONTROL)
_ASIDE = ("background", "context", "related", "off the question", "not on the question")


@dataclass(frozen=True)
class Line:
    """A result sentence: its number in the draft (from 1), its heading, and the ledger entries it names."""

    number: int
    heading: str
    text: str
    entries: tuple[LedgerEntry, ...]
    unknown: tuple[str, ...]

    @property
    def target(self) -> str:
        return f"sentence:{self.number}"

    @property
    def told(self) -> str:
        """Heading and sentence: a heading's disclosure holds for the sentences under it."""
        return f"{self.heading}. {self.text}"

    @property
    def aside(self) -> bool:
        """Whether its heading says that it does not answer the question."""
        return any(word in self.heading.casefold() for word in _ASIDE)

    @property
    def anchor(self) -> str:
        """What stays the same when the sentence moves or is reworded: the claims it names, else its words."""
        ids = [e.claim.id for e in self.entries] + list(self.unknown)
        return " ".join(sorted(ids)) or " ".join(text.words(self.text))


class Measures:
    """Lazy, shared readings of one dossier and one draft. Nothing here judges."""

    def __init__(self, dossier: Dossier, draft: Draft) -> None:
        self.dossier, self.draft = dossier, draft

    @cached_property
    def entries(self) -> dict[str, LedgerEntry]:
        """Ledger entries by claim id, in the order of ids."""
        return {e.claim.id: e for e in sorted(self.dossier.ledger, key=lambda e: e.claim.id)}

    @cached_property
    def abstains(self) -> bool:
        return self.draft.answer.verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE

    @cached_property
    def on_question(self) -> tuple[LedgerEntry, ...]:
        """Entries with the question's subject and outcome, whatever their verdict."""
        return tuple(e for e in self.entries.values() if not e.claim.background)

    @cached_property
    def standing(self) -> tuple[LedgerEntry, ...]:
        """Kept entries on the question whose verdict lets them stand."""
        return tuple(e for e in self.on_question if e.fate is not Fate.DROPPED and e.verdict in STANDING)

    @cached_property
    def carrying(self) -> tuple[LedgerEntry, ...]:
        """The standing entries, or none where the draft says that the evidence is not enough."""
        return () if self.abstains else self.standing

    @cached_property
    def answering(self) -> tuple[LedgerEntry, ...]:
        """The entries under the answer that carry it."""
        carrying = {e.claim.id for e in self.carrying}
        return tuple(self.entries[i] for i in self.answer_ids if i in carrying)

    @cached_property
    def answer_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.draft.answer.claim_ids))

    @cached_property
    def asked(self) -> tuple[Facet, ...]:
        """The parts of the question that have wordings to look for."""
        return tuple(f for f in self.dossier.plan.facets if f.terms)

    @cached_property
    def failed_steps(self) -> tuple[Gap, ...]:
        """What the world withheld, as against bounds that were reached and what is not there."""
        return tuple(g for g in self.dossier.gaps if g.kind in ("source_failed", "budget", "refused"))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All result sentences in order, numbered from 1 over all sections."""
        found: list[Line] = []
        for section in self.draft.results:
            for sentence in section.sentences:
                ids = tuple(dict.fromkeys(sentence.claim_ids))
                found.append(
                    Line(
                        number=len(found) + 1,
                        heading=section.heading,
                        text=sentence.text,
                        entries=tuple(self.entries[i] for i in ids if i in self.entries),
                        unknown=tuple(i for i in ids if i not in self.entries),
                    )
                )
        return tuple(found)

    @cached_property
    def told_lines(self) -> tuple[Line, ...]:
        """Result sentences that name an entry and stand under no heading that sets them apart."""
        return tuple(n for n in self.lines if n.entries and not n.aside)

    @cached_property
    def cited(self) -> tuple[LedgerEntry, ...]:
        """Entries that the answer or a result sentence names, in the order of ids."""
        ids = self.shown | set(self.answer_ids)
        return tuple(e for i, e in self.entries.items() if i in ids)

    @cached_property
    def shown(self) -> frozenset[str]:
        """The ids of claims that the result sentences name."""
        return frozenset(e.claim.id for line in self.lines for e in line.entries)

    @cached_property
    def contested(self) -> tuple[LedgerEntry, ...]:
        return tuple(e for e in self.standing if e.verdict is Verdict.CONTESTED)

    @cached_property
    def carrying_papers(self) -> tuple[str, ...]:
        """The papers whose claims carry the answer, sorted."""
        return papers_of(self.carrying)

    @cached_property
    def answer_papers(self) -> tuple[str, ...]:
        """The papers that state or bear out the claims under the answer, sorted."""
        return papers_behind(self.answering)

    @cached_property
    def disclosures(self) -> str:
        """Where a report tells its limits: limitations, open points, method, certainty's reasons, abstract,
        answer."""
        draft = self.draft
        method = tuple(s.text for s in draft.method.sentences)
        answer = (*draft.answer.certainty_reasons, draft.answer.text, draft.abstract)
        return " ".join((*draft.limitations, *draft.gaps_in_evidence, *method, *answer))

    @cached_property
    def sides(self) -> tuple[frozenset[str], frozenset[str]]:
        """Papers that state a claim for, and against, what a yes-or-no question asks; some may do both."""
        sides: dict[str, set[str]] = {"for": set(), "against": set()}
        for entry in self.standing:
            if entry.claim.answers != "none":
                sides[entry.claim.answers].update(entry.claim.paper_ids)
        return frozenset(sides["for"]), frozenset(sides["against"])

    def paper(self, paper_id: str) -> Paper | None:
        return self.dossier.papers.get(paper_id)

    def stands(self, span: Span) -> bool:
        """Whether a quotation stands in its paper's abstract, character by character."""
        paper = self.paper(span.paper_id)
        return paper is not None and span.matches(paper)


def papers_of(entries: Iterable[LedgerEntry]) -> tuple[str, ...]:
    """The papers that state the claims, sorted."""
    return tuple(sorted({p for e in entries for p in e.claim.paper_ids}))


def papers_behind(entries: Iterable[LedgerEntry]) -> tuple[str, ...]:
    """The papers that state the claims or support them, sorted."""
    return tuple(sorted({p for e in entries for p in (*e.claim.paper_ids, *e.supporting_papers)}))


def single_source(entries: Iterable[LedgerEntry]) -> bool:
    """Whether one paper alone carries all of the entries (and there is one)."""
    return len(papers_behind(entries)) == 1


def allowed_verdict(measures: Measures) -> AnswerVerdict:
    """The strongest verdict that the ledger allows for a yes-or-no question, by papers on each side.

    A side is taken when at least two thirds of the papers that take one are on it; otherwise the answer is
    mixed.
    """
    given, taken = measures.sides
    total = len(given) + len(taken)
    if not total:
        return AnswerVerdict.NOT_ENOUGH_EVIDENCE
    if 3 * len(given) >= 2 * total:
        return AnswerVerdict.YES
    return AnswerVerdict.NO if 3 * len(taken) >= 2 * total else AnswerVerdict.MIXED
