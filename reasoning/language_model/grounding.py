"""What a sentence of the report must keep: whole, on claims of the ledger, with their numbers, and no stronger.

A sentence that does not keep it is dropped and counted, never mended; what a reader must be told of its claims (that
they are contested, or rest on one paper) is added where the writer left it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from consilience.language import hedging, instructions
from consilience.reasoning.embedded.panel import wording
from consilience.reasoning.verdicts import STANDING
from consilience.records import Fate, LedgerEntry, Paper, Sentence, Strength, Verdict

from .answers import SentenceAnswer
from .figures import foreign_numbers
from .reading import share_of_words
from .showing import Handles

_LONGEST = 600
_GROUNDED = 0.5
"""Share of a result sentence's content words that its claims and their quotations must hold (chosen)."""


@dataclass
class Ground:
    """The ledger that sentences stand on, and what was dropped so far, by reason."""

    shown: Handles[LedgerEntry]
    papers: dict[str, Paper]
    counts: str
    """The run's own figures in words: what a sentence about the run may count."""
    dropped: Counter[str] = field(default_factory=Counter[str])

    def results(self, given: Sequence[SentenceAnswer]) -> tuple[Sentence, ...]:
        """Sentences that state findings: each names standing claims."""
        return tuple(s for g in given if (s := self._kept(g, needs_claims=True)) is not None)

    def around(self, given: Sequence[SentenceAnswer]) -> tuple[Sentence, ...]:
        """Sentences of abstract, answer and introduction: they may speak of the run alone."""
        return tuple(s for g in given if (s := self._kept(g, needs_claims=False)) is not None)

    def lines(self, given: Sequence[str], most: int) -> tuple[str, ...]:
        """Plain sentences without claims, such as limitations."""
        found = self.around([SentenceAnswer(text=text, claims=()) for text in given])
        return tuple(s.text for s in found)[:most]

    def _kept(self, given: SentenceAnswer, *, needs_claims: bool) -> Sentence | None:
        text = " ".join(given.text.split())
        named = [e for e in map(self.shown.find, dict.fromkeys(given.claims)) if e is not None]
        standing = [e for e in named if e.fate is not Fate.DROPPED and e.verdict in STANDING]
        fault = self._fault(text, named, standing, needs_claims=needs_claims)
        if fault:
            self.dropped[fault] += 1
            return None
        return Sentence(text=_told(text, standing), claim_ids=tuple(e.claim.id for e in standing))

    def _fault(
        self, text: str, named: Sequence[LedgerEntry], standing: Sequence[LedgerEntry], *, needs_claims: bool
    ) -> str:
        if not text or len(text) > _LONGEST or wording.is_cut_off(text):
            return "no whole sentence"
        if instructions.speaks_to_reader(text):
            return "it speaks to the reader"
        if len(standing) < len(named):
            return "it rests on a claim that does not stand"
        if not standing and (needs_claims or wording.states_finding(text)):
            return "it states a finding and names no claim"
        sources = [*self._sources(standing), self.counts]
        if foreign_numbers(text, sources):
            return "a number that its claims do not hold"
        if needs_claims and share_of_words(text, sources) < _GROUNDED:
            return "words that its claims do not hold"
        return _too_strong(text, standing)

    def _sources(self, entries: Sequence[LedgerEntry]) -> list[str]:
        """The claims' words with their quotations, and the papers' titles, authors and years."""
        found: list[str] = []
        for entry in entries:
            found += [entry.claim.text, *(s.text for s in entry.claim.spans)]
            found += [f"{entry.independent_support} {entry.independent_refutation} {len(entry.claim.paper_ids)}"]
            for paper in (self.papers[p] for p in entry.claim.paper_ids if p in self.papers):
                found.append(" ".join((paper.title, *paper.authors, str(paper.year or ""))))
        return found


def _too_strong(text: str, standing: Sequence[LedgerEntry]) -> str:
    """A sentence is not stronger than the weakest claim that it needs."""
    if wording.emphatic(text):
        return "it claims more certainty than evidence gives"
    causal = wording.causal(text) and not hedging.is_hedged(text)
    if causal and any(e.claim.strength is not Strength.CAUSAL for e in standing):
        return "it speaks of causes and its claims do not"
    return ""


def _told(text: str, standing: Sequence[LedgerEntry]) -> str:
    """The sentence with what its reader must know of its claims."""
    notes: list[str] = []
    if any(e.verdict is Verdict.CONTESTED for e in standing) and not wording.names_conflict(text):
        notes.append("contested")
    alone = len(standing) == 1 and standing[0].verdict is Verdict.UNCORROBORATED
    if alone and len(standing[0].claim.paper_ids) == 1 and not wording.says_single(text):
        notes.append("one paper, uncorroborated")
    if not notes:
        return text
    body, stop = (text[:-1], text[-1]) if text[-1] in ".!?" else (text, ".")
    return f"{body} ({'; '.join(notes)}){stop}"
