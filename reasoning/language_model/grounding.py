"""What a sentence of the report must keep: whole, on claims of the ledger, with their numbers, and no stronger.

A sentence that does not keep it is dropped and counted, never mended; what a reader must be told of its claims (that
they are contested, or rest on one paper) is added where the writer left it out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from consilience.language import directions, hedging, instructions
from consilience.reasoning.embedded.panel import wording
from consilience.reasoning.embedded.writing.phrases import number_of
from consilience.reasoning.verdicts import STANDING
from consilience.records import Direction, Fate, Gap, LedgerEntry, Paper, Sentence, Strength, Verdict

from .answers import SentenceAnswer
from .figures import foreign_numbers
from .reading import other_direction, share_of_words
from .showing import Handles, entries

_LONGEST = 600
_GROUNDED = 0.5
"""Share of a result sentence's content words that its claims and their quotations must hold (chosen)."""
_AROUND = 0.25
"""The same for a sentence without claims, of all that the writer was shown (chosen): it may say what is missing."""
_REPORTING = (
    "paper study trial design finding report evidence abstract stated disagree differ explain support other compare "
    "rest confidence verdict sample size large small long short follow-up population only none found against missing "
    "open settle show alone independent further few"
)
"""Words in which a report speaks of its findings."""
_NOTED = re.compile(
    r"\b\d+\s+(?:(?:of|out|the|other|independent|included|more|all|\d+)\s+){0,4}"
    r"(?:papers?|studies|trials?|claims?|findings?|abstracts?|reviews?|records?)\b"
    r"|\bconfidence\b[^.;,\d]{0,30}0?\.\d+",
    re.IGNORECASE,
)
"""Counts of papers and confidences, which are the ledger's own and stand in no quotation."""
_NAME = r"([^\W\d_a-z][\w'’-]+)"
_CITED = re.compile(
    rf"{_NAME}(?:\s+(?:and|&)\s+[^\W\d_][\w'’-]+)?"
    r"\s+(?:et\s+al\b|and\s+(?:colleagues|co-?workers)\b|\(\s*(?:19|20)\d\d)"
    rf"|\(\s*{_NAME}[^()]{{0,40}}?\s(?:19|20)\d\d[a-z]?\s*[);]"
)
"""A citation as a person types one; which works a sentence rests on is told by its handles."""


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
        """Sentences that say what the claims are about, or what is missing: they may name none."""
        return tuple(s for g in given if (s := self._kept(g, needs_claims=False)) is not None)

    def lines(self, given: Sequence[str], most: int) -> tuple[str, ...]:
        """Plain sentences without claims, such as limitations."""
        found = self.around([SentenceAnswer(text=text, claims=()) for text in given])
        return tuple(s.text for s in found)[:most]

    def gap(self, node: str) -> Gap | None:
        """What was left out so far, counted by reason; None for nothing."""
        if not self.dropped:
            return None
        reasons = "; ".join(f"{n}: {why}" for why, n in sorted(self.dropped.items()))
        count = number_of(self.dropped.total(), "sentence")
        return Gap(node=node, kind="invalid", reason=f"{count} of the writer's text left out ({reasons})")

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
        if not standing and (needs_claims or _states_finding(text)):
            return "it states a finding and names no claim"
        if self._strange_figures(text, standing):
            return "a number that its claims do not hold"
        if self._cites_others(text, standing):
            return "it cites a work that its claims do not rest on"
        if self._share(text, standing, needs_claims=needs_claims) < (_GROUNDED if needs_claims else _AROUND):
            return "words that its claims do not hold"
        told = [*self._sources(standing), *(v.span.text for e in standing for v in e.evidence)]
        known = [e.claim.relation.direction for e in standing]
        if all(map(_is_directed, standing)) and other_direction(text, told, known):
            return "it says another direction than its claims"
        return _too_strong(text, standing)

    def _strange_figures(self, text: str, standing: Sequence[LedgerEntry]) -> bool:
        """Whether a number stands in no quotation; the run's own figures are none of a finding."""
        if not standing:
            return bool(foreign_numbers(text, [self.counts]))
        notes = [
            self.counts,
            *(
                f"{e.independent_support} {e.independent_refutation} {len(e.claim.paper_ids)} {e.confidence:.2f}"
                for e in standing
            ),
        ]
        plain = _NOTED.sub(lambda noted: noted[0] if foreign_numbers(noted[0], notes) else " ", text)
        return bool(foreign_numbers(plain, self._sources(standing)))

    def _cites_others(self, text: str, standing: Sequence[LedgerEntry]) -> bool:
        named = {name.casefold() for match in _CITED.finditer(text) for name in match.groups() if name}
        papers = [self.papers[p] for e in standing for p in e.claim.paper_ids if p in self.papers]
        return bool(named - {w for of in papers for author in of.authors for w in author.casefold().split()})

    def _share(self, text: str, standing: Sequence[LedgerEntry], *, needs_claims: bool) -> float:
        sources = [*self._sources(standing), self.counts, _REPORTING]
        return share_of_words(text, sources if needs_claims else [*sources, entries(self.shown)])

    def _sources(self, named: Sequence[LedgerEntry]) -> list[str]:
        """The claims' words with their quotations, and the papers' titles, authors and years."""
        found: list[str] = []
        for entry in named:
            found += [entry.claim.text, *(s.text for s in entry.claim.spans)]
            for paper in (self.papers[p] for p in entry.claim.paper_ids if p in self.papers):
                found.append(" ".join((paper.title, *paper.authors, str(paper.year or ""))))
        return found


def _is_directed(entry: LedgerEntry) -> bool:
    """Whether it can be read which way a claim points; of one that cannot, no sentence says another direction."""
    stated = {entry.claim.relation.direction, directions.overall(entry.claim.text)}
    return stated != {Direction.UNSTATED}


def _states_finding(text: str) -> bool:
    """Whether a sentence reports a result; words about the run ("this report finds") make a direction none the less."""
    return wording.states_finding(text) or directions.overall(text) is not Direction.UNSTATED


def _too_strong(text: str, standing: Sequence[LedgerEntry]) -> str:
    """A sentence is not stronger than the weakest claim that it needs."""
    if wording.emphatic(text):
        return "it claims more certainty than evidence gives"
    causal = wording.causal(text) and not hedging.is_hedged(text)
    if causal and any(e.claim.strength is not Strength.CAUSAL for e in standing):
        return "it speaks of causes and its claims do not"
    careful = bool(standing) and all(e.claim.hedged for e in standing)
    return "it leaves out the caution of its claims" if careful and not wording.is_tentative(text) else ""


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
