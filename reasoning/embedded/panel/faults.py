"""Owns what can be wrong with a result sentence or a cited claim: one list a kind, shared by checks and
objections."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from consilience.language import hedging, text
from consilience.records import LedgerEntry, Strength, Verdict

from . import wording
from .measures import Line, Measures, single_source

LONG_SENTENCE = 60
LONG_ABSTRACT = 350
CARRIED = 0.5
"""Chosen, not fitted: a sentence of which less than half the content words stand in its claims says
something else."""


class Fault(NamedTuple):
    """A faulty sentence, what is wrong with it, and what the writer needs to mend it."""

    line: Line
    why: str
    detail: str = ""


class Faults(Measures):
    """The measures with their faults. Each list is in the order of the sentences or of the claims' ids."""

    @cached_property
    def finding_lines(self) -> tuple[Line, ...]:
        """Result sentences that state a finding or name an entry; the others tell about the run itself."""
        return tuple(n for n in self.lines if n.entries or n.unknown or wording.states_finding(n.text))

    @cached_property
    def uncited(self) -> tuple[Line, ...]:
        return tuple(n for n in self.finding_lines if not n.entries and not n.unknown)

    @cached_property
    def unknown_ids(self) -> tuple[tuple[str, str], ...]:
        """(target, claim id) of entries that are named and do not exist."""
        answer = [("answer", i) for i in self.answer_ids if i not in self.entries]
        return (*answer, *((n.target, i) for n in self.lines for i in n.unknown))

    @cached_property
    def broken_quotations(self) -> tuple[LedgerEntry, ...]:
        """Cited claims with a span, their own or a piece of evidence, that its abstract does not hold."""
        return tuple(
            e for e in self.cited if not all(map(self.stands, (*e.claim.spans, *(v.span for v in e.evidence))))
        )

    @cached_property
    def retracted(self) -> tuple[LedgerEntry, ...]:
        """Cited claims that a retracted paper states."""
        return tuple(e for e in self.cited if any(self._is_retracted(p) for p in e.claim.paper_ids))

    def _is_retracted(self, paper_id: str) -> bool:
        paper = self.paper(paper_id)
        return paper is not None and paper.retracted

    @cached_property
    def overstated(self) -> tuple[Fault, ...]:
        """Sentences that speak of cause, or drop "associated", where a claim that they need does not."""
        found: list[Fault] = []
        for line in self.lines:
            weak = next((e for e in line.entries if e.claim.strength is not Strength.CAUSAL), None)
            if weak is None:
                continue
            held = " ".join(e.claim.text for e in line.entries)
            word = wording.causal(line.text)
            if word and word.casefold() not in held.casefold():
                why = f"says '{word}' where claim {weak.claim.id} is {weak.claim.strength.value}"
                found.append(Fault(line, why, weak.claim.text))
            elif self._drops_association(line, weak):
                why = f"tells an association (claim {weak.claim.id}) as an effect"
                found.append(Fault(line, why, weak.claim.text))
        return tuple(found)

    @staticmethod
    def _drops_association(line: Line, weak: LedgerEntry) -> bool:
        if not wording.associational(weak.claim.text) or wording.associational(line.text):
            return False
        return wording.states_finding(line.text)

    @cached_property
    def emphatic(self) -> tuple[Fault, ...]:
        """Sentences with a word of proof that their claims do not use."""
        found: list[Fault] = []
        for line in self.lines:
            word = wording.emphatic(line.text)
            if word and not any(word.casefold() in e.claim.text.casefold() for e in line.entries):
                found.append(Fault(line, f"says '{word}'", word))
        return tuple(found)

    @cached_property
    def lost_hedges(self) -> tuple[Fault, ...]:
        """Sentences without a hedge that rest on a hedged claim."""
        found: list[Fault] = []
        for line in self.lines:
            hedged = next((e for e in line.entries if e.claim.hedged), None)
            if hedged and not hedging.is_hedged(line.told) and not wording.is_tentative(line.told):
                found.append(Fault(line, f"drops the hedge of claim {hedged.claim.id}", hedged.claim.text))
        return tuple(found)

    @cached_property
    def untold_subjects(self) -> tuple[Fault, ...]:
        """Sentences on animals, cells or simulations that do not say so."""
        found: list[Fault] = []
        for line in self.lines:
            kinds = sorted({e.claim.subjects for e in line.entries} - {"humans", "unstated"})
            missing = [k for k in kinds if not wording.says_subjects(line.told, k)]
            if missing:
                phrase = " and ".join("in animals" if k == "animals" else k for k in missing)
                found.append(Fault(line, f"does not say that its evidence is {phrase}", phrase))
        return tuple(found)

    @cached_property
    def untold_single(self) -> tuple[Fault, ...]:
        """Sentences that one paper alone carries and that do not say so."""
        return tuple(
            Fault(line, "rests on one paper and does not say so", "in one study")
            for line in self.lines
            if single_source(line.entries) and not wording.says_single(line.told)
        )

    @cached_property
    def weak(self) -> tuple[Fault, ...]:
        """Sentences on a claim without enough evidence, or on a refuted one that they do not call refuted."""
        found: list[Fault] = []
        for line in self.lines:
            for entry in line.entries:
                refuted = entry.verdict is Verdict.REFUTED and not wording.names_conflict(line.told)
                if refuted or entry.verdict is Verdict.NOT_ENOUGH_EVIDENCE:
                    found.append(Fault(line, f"rests on a claim that is {entry.verdict.value}", entry.claim.id))
        return tuple(found)

    @cached_property
    def untold_contested(self) -> tuple[Fault, ...]:
        """Sentences that tell a contested claim as settled."""
        found: list[Fault] = []
        for line in self.lines:
            entry = next((e for e in line.entries if e.verdict is Verdict.CONTESTED), None)
            if entry and not wording.names_conflict(line.told):
                found.append(Fault(line, "tells a contested claim as settled", entry.claim.id))
        return tuple(found)

    @cached_property
    def off_question(self) -> tuple[Line, ...]:
        """Cited result sentences on background claims alone, not under a heading that sets them apart."""
        return tuple(n for n in self.told_lines if all(e.claim.background for e in n.entries))

    @cached_property
    def uncarried(self) -> tuple[Line, ...]:
        """Sentences most of whose content words stand neither in their claims nor in the papers' titles."""
        return tuple(n for n in self.lines if n.entries and wording.overlap(n.text, self._held(n)) < CARRIED)

    def _held(self, line: Line) -> str:
        """The claims' words with their quotations, their papers' titles, authors and years, and the
        heading."""
        parts = [line.heading, "one study paper reported found evidence against for contested"]
        for entry in line.entries:
            parts += [entry.claim.text, *(s.text for s in entry.claim.spans)]
            papers = [self.paper(p) for p in (*entry.claim.paper_ids, *entry.supporting_papers)]
            parts += [" ".join((p.title, *p.authors, str(p.year or ""))) for p in papers if p]
        return " ".join(parts)

    @cached_property
    def cut_off(self) -> tuple[tuple[str, str], ...]:
        """(target, sentence) of what ends in the middle."""
        answer = self.draft.answer.text
        torn = [("answer", answer)] if answer.strip() and wording.is_cut_off(answer) else []
        return (*torn, *((n.target, n.text) for n in self.lines if wording.is_cut_off(n.text)))

    @cached_property
    def repeats(self) -> tuple[tuple[Line, Line], ...]:
        """(sentence, the earlier one whose words it repeats)."""
        seen: dict[tuple[str, ...], Line] = {}
        found: list[tuple[Line, Line]] = []
        for line in self.lines:
            key = text.words(line.text)
            if key in seen:
                found.append((line, seen[key]))
            seen.setdefault(key, line)
        return tuple(found)

    @cached_property
    def loose(self) -> tuple[Fault, ...]:
        """Sentences on findings that open with a word that points outside them."""
        opened = ((n, wording.loose_opening(n.text)) for n in self.finding_lines)
        return tuple(Fault(n, f"opens with '{word}'", word) for n, word in opened if word)

    @cached_property
    def long(self) -> tuple[Line, ...]:
        return tuple(n for n in self.lines if wording.length(n.text) > LONG_SENTENCE)
