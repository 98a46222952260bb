"""Owns what can be wrong with a draft as a whole: title, verdict, certainty, counts, facets, disclosures."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from consilience.language import directions
from consilience.reasoning.verdicts import RANDOMISED
from consilience.records import (
    AnswerVerdict,
    Certainty,
    Facet,
    QuestionType,
    Verdict,
)

from . import wording
from .counts import wrong_counts
from .faults import Faults
from .measures import allowed_verdict, papers_of

SATURATED = 0.95
"""The saturation at which searching stops by default (``settings.SearchSettings``)."""
FEW_PAPERS = 5
_ORDER = (Certainty.NONE, Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE)
_ABSTRACTS = re.compile(
    r"\babstracts?\s+(?:only|alone)\b|\bonly\s+(?:the\s+)?abstracts?\b|\bfull\s+texts?\s+(?:was|were|is|are)\s+not\b"
    r"|\bnot\s+(?:the\s+|their\s+)?full\s+texts?\b|\bwithout\s+(?:the\s+)?full\s+texts?\b|\bno\s+full\s+texts?\b",
    re.I,
)
_BIAS = re.compile(r"\brisk\s+of\s+bias\b", re.I)
_FEW = re.compile(
    r"\b(?:few|single|only\s+\w+|one|two|three|four)\s+(?:\w+\s+){0,2}(?:papers?|stud(?:y|ies)|trials?)\b"
    r"|\b\d+\s+(?:papers?|stud(?:y|ies)|trials?)\s+only\b",
    re.I,
)
_INCOMPLETE = re.compile(
    r"\bsaturat\w*|\bestimated\s+\d+\s*%|\bmay\s+have\s+been\s+missed|\bnot\s+exhaustive"
    r"|\bsearch\s+(?:was|is)\s+(?:not|in)\s*complete",
    re.I,
)
_FAILED = re.compile(r"\bcould\s+not\s+be\b|\bfailed\b|\bunavailable\b|\bstopped\b|\bwas\s+reached\b", re.I)


class Mismatch(NamedTuple):
    """What the draft says, why the ledger does not allow it, and what it would allow."""

    why: str
    allowed: str


class Draftwide(Faults):
    """The faults of sentences and those of the draft as a whole: what the checks and the objections read."""

    @cached_property
    def verdict(self) -> Mismatch | None:
        """The answer's verdict where it is stronger than the ledger allows."""
        said = self.draft.answer.verdict
        if said is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
            return None
        if not self.standing:
            why = "no kept claim on the question stands"
            return Mismatch(why, AnswerVerdict.NOT_ENOUGH_EVIDENCE.value)
        if said not in (AnswerVerdict.YES, AnswerVerdict.NO):
            return None
        allowed = allowed_verdict(self)
        if allowed is said:
            return None
        given, taken = self.sides
        return Mismatch(f"{len(given)} papers speak for and {len(taken)} against", allowed.value)

    @cached_property
    def abstains_needlessly(self) -> Mismatch | None:
        """*Not enough evidence* where two papers or more carry a corroborated claim that answers."""
        if not self.abstains:
            return None
        open_question = self.dossier.plan.question_type is QuestionType.OPEN
        borne = [
            e for e in self.standing if e.verdict is Verdict.SUPPORTED and (open_question or e.claim.answers != "none")
        ]
        papers = papers_of(borne)
        if len(papers) < 2:
            return None
        allowed = AnswerVerdict.FINDINGS if open_question else allowed_verdict(self)
        return Mismatch(f"{len(borne)} supported claims from {len(papers)} papers answer", allowed.value)

    @cached_property
    def wrong_kind(self) -> Mismatch | None:
        """A yes-or-no verdict on an open question, or findings on a yes-or-no question."""
        said, kind = self.draft.answer.verdict, self.dossier.plan.question_type
        if kind is QuestionType.OPEN and said in (AnswerVerdict.YES, AnswerVerdict.NO, AnswerVerdict.MIXED):
            return Mismatch(f"the question is open, the answer is '{said.value}'", AnswerVerdict.FINDINGS.value)
        if kind is QuestionType.YES_NO and said is AnswerVerdict.FINDINGS:
            return Mismatch("the question asks yes or no, the answer lists findings", allowed_verdict(self).value)
        return None

    @cached_property
    def certainty_ceiling(self) -> Mismatch:
        """The highest certainty that the ledger allows, and why."""
        if not self.answering:
            return Mismatch("no claim carries the answer", Certainty.NONE.value)
        if len(self.answer_papers) < 2:
            return Mismatch("one paper carries the answer", Certainty.LOW.value)
        if all(e.claim.subjects not in ("humans", "unstated") for e in self.answering):
            return Mismatch("no claim under the answer is about people", Certainty.VERY_LOW.value)
        if not any(e.claim.design in RANDOMISED for e in self.answering):
            return Mismatch("no randomised trial or systematic review carries the answer", Certainty.LOW.value)
        if self.mean_confidence < 0.5:
            why = f"the mean confidence under the answer is {self.mean_confidence:.2f}"
            return Mismatch(why, Certainty.LOW.value)
        return Mismatch("abstracts alone allow no more", Certainty.MODERATE.value)

    @cached_property
    def certainty(self) -> Mismatch | None:
        """The certainty where it is above its ceiling."""
        said, ceiling = self.draft.answer.certainty, self.certainty_ceiling
        limit = max(1, _ORDER.index(Certainty(ceiling.allowed)))  # "none" and "very low" say the same of nothing
        return ceiling if _ORDER.index(said) > limit else None

    @cached_property
    def mean_confidence(self) -> float:
        confidences = [e.confidence for e in self.answering]
        return round(sum(confidences) / len(confidences), 4) if confidences else 0.0

    @cached_property
    def title(self) -> Mismatch | None:
        """A title that takes a side where the answer does not, or more firmly than its certainty."""
        title, answer = self.draft.title, self.draft.answer
        word = wording.emphatic(title)
        if word:
            return Mismatch(f"it says '{word}'", "a title without that word")
        if not wording.asserts(title):
            return None
        if answer.verdict in (AnswerVerdict.NOT_ENOUGH_EVIDENCE, AnswerVerdict.MIXED):
            return Mismatch(f"it takes a side and the answer is '{answer.verdict.value}'", answer.verdict.value)
        expected = self.dossier.plan.expected
        if answer.verdict is AnswerVerdict.NO and expected is directions.overall(title):
            return Mismatch("it says what the answer denies", answer.verdict.value)
        if answer.certainty is not Certainty.MODERATE:
            return Mismatch(f"it takes a side at {answer.certainty.value} certainty", "may")
        return None

    @cached_property
    def disagreement(self) -> str:
        """Why the answer must speak of disagreement, or ''."""
        given, taken = self.sides
        if self.contested:
            return f"{len(self.contested)} claims on the question are contested"
        if min(len(given), len(taken)) * 4 > len(given) + len(taken):
            return f"{len(given)} papers speak for and {len(taken)} against"
        return ""

    @cached_property
    def answer_tells(self) -> bool:
        """Whether the answer names the disagreement, or there is none to name."""
        answer = self.draft.answer
        told = answer.verdict is AnswerVerdict.MIXED or wording.names_conflict(answer.text)
        return told or not self.disagreement

    @cached_property
    def wrong_counts(self) -> tuple[str, ...]:
        """Counts in the abstract that neither the search nor the ledger holds."""
        return wrong_counts(self)

    @cached_property
    def uncovered(self) -> tuple[Facet, ...]:
        """Facets that no included paper names in title or abstract."""
        texts = [f"{p.title} {p.abstract}" for _, p in sorted(self.dossier.papers.items())]
        return tuple(f for f in self.asked if not any(self._names(line, f) for line in texts))

    @staticmethod
    def _names(line: str, facet: Facet) -> bool:
        folded = line.casefold()
        return any(term in folded for term in facet.terms) or wording.contains_any(line, facet.terms)

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """Papers with a standing claim on the question that no result sentence names, sorted."""
        return tuple(sorted(set(papers_of(self.standing)) - set(papers_of(self.cited))))

    @cached_property
    def tells(self) -> frozenset[str]:
        """What the report discloses: 'abstracts', 'bias', 'few', 'incomplete', 'failed'."""
        patterns = {
            "abstracts": _ABSTRACTS,
            "bias": _BIAS,
            "few": _FEW,
            "incomplete": _INCOMPLETE,
            "failed": _FAILED,
        }
        return frozenset(name for name, pattern in patterns.items() if pattern.search(self.disclosures))

    def names_open_point(self, facet: Facet) -> bool:
        """Whether limitations or open points name a facet."""
        line = " ".join((*self.draft.limitations, *self.draft.gaps_in_evidence))
        return facet.text.casefold() in line.casefold() or self._names(line, facet)
