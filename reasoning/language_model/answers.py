"""The answers that prompts ask for, as pydantic models: one a task. Their JSON schemas go to the model.

Every field is required and no other is allowed, so that the schemas are strict ones. Papers, claims and passages are
named by the handles under which the prompt showed them (``P1``, ``C1``, ``S1``), never by a DOI, an address or a title.
A reason stands before what it leads to, since a model writes its answer in that order.
"""

from __future__ import annotations

import unicodedata
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator

from consilience.records import Action, Criterion, Severity

DirectionWord = Literal["increase", "decrease", "no_difference", "unstated"]
ValenceWord = Literal["benefit", "harm", "neutral", "unstated"]
VerdictWord = Literal["SUPPORTED", "UNCORROBORATED", "CONTESTED", "REFUTED", "NOT_ENOUGH_EVIDENCE"]


class StrictAnswer(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _without_hidden_signs(cls, value: object) -> object:
        if isinstance(value, list):
            return [visible(item) for item in cast("list[object]", value)]
        return visible(value)


def visible(value: object) -> object:
    """A text without signs that show nothing and can hide or reorder others; what is no text as it is."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c for c in value if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


_KEPT = "\n\t\u200c\u200d"
"""Line ends, and the signs that join letters in some scripts."""


class FacetAnswer(StrictAnswer):
    """One part of the question and the wordings by which an abstract may name it."""

    role: Literal["population", "subject", "comparator", "outcome", "topic"]
    text: str
    wordings: tuple[str, ...]


class PlanAnswer(StrictAnswer):
    """Task ``plan``."""

    question_type: Literal["yes_no", "open"]
    facets: tuple[FacetAnswer, ...]
    expected: Literal["increase", "decrease", "either", "none"]
    """For yes_no: what a yes would say of the outcome; either: any relation would be a yes."""
    yes_would_be: ValenceWord
    queries: tuple[str, ...]
    inclusion: tuple[str, ...]
    exclusion: tuple[str, ...]


class ScreenAnswer(StrictAnswer):
    """Task ``screen``: one paper."""

    reason: str
    relevance: int = Field(ge=0, le=10)
    include: bool
    group: Literal[
        "on the question",
        "another subject",
        "another outcome",
        "another population",
        "another comparison",
        "states no finding",
        "another topic",
    ]


class ClaimAnswer(StrictAnswer):
    """One claim: the exact quotation that carries it, and what it relates."""

    quote: str
    text: str
    subject: str
    comparator: str
    outcome: str
    population: str
    direction: DirectionWord
    valence: ValenceWord
    strength: Literal["causal", "associational", "descriptive"]
    subjects: Literal["humans", "animals", "in vitro", "in silico", "unstated"]
    hedged: bool
    on_question: bool
    answers: Literal["for", "against", "none"]


class ExtractAnswer(StrictAnswer):
    """Task ``extract``: one paper."""

    claims: tuple[ClaimAnswer, ...]


class GroupAnswer(StrictAnswer):
    """Handles of claims that say the same of the same comparison and outcome; the first is the clearest."""

    claims: tuple[str, ...]


class ReconcileAnswer(StrictAnswer):
    """Task ``reconcile``: groups of two claims or more; a claim that stands alone is in none."""

    groups: tuple[GroupAnswer, ...]


class FindingAnswer(StrictAnswer):
    """One passage that bears on one claim."""

    claim: str
    passage: str
    reason: str
    same_comparison: bool
    same_outcome: bool
    bears: Literal["supports", "refutes", "neither"]


class BriefAnswer(StrictAnswer):
    """Tasks ``prosecute`` and ``defend``: the passages of one paper against several claims."""

    findings: tuple[FindingAnswer, ...]


class WeighedAnswer(StrictAnswer):
    """What the judge makes of one quotation in the briefs."""

    passage: str
    reason: str
    stance: Literal["supports", "refutes", "neutral"]


class StanceAnswer(StrictAnswer):
    """Task ``stance``: one text against one claim. ``sure`` is measured by the benchmarks, and decides nothing."""

    reason: str
    stance: Literal["supports", "refutes", "neutral"]
    sure: int = Field(ge=0, le=100)


class JudgeAnswer(StrictAnswer):
    """Task ``judge``: one claim."""

    weighed: tuple[WeighedAnswer, ...]
    reason: str
    verdict: VerdictWord


class SentenceAnswer(StrictAnswer):
    """A sentence and the handles of the claims it rests on."""

    text: str
    claims: tuple[str, ...]


class SectionAnswer(StrictAnswer):
    """One section of the results."""

    heading: str
    sentences: tuple[SentenceAnswer, ...]


class WriteAnswer(StrictAnswer):
    """Tasks ``write`` and ``revise``. Verdict and certainty are the ledger's and not the writer's."""

    title: str
    abstract: tuple[SentenceAnswer, ...]
    answer: tuple[SentenceAnswer, ...]
    introduction: tuple[SentenceAnswer, ...]
    results: tuple[SectionAnswer, ...]
    limitations: tuple[str, ...]
    gaps_in_evidence: tuple[str, ...]


class ScoreAnswer(StrictAnswer):
    """One criterion's score on its anchored scale, and why."""

    criterion: Criterion
    reason: str
    value: float = Field(ge=1, le=10)


class ObjectionAnswer(StrictAnswer):
    """A demand. ``target``: title, answer, abstract, coverage, a claim's handle, or ``sentence:<n>``."""

    target: str
    severity: Severity
    problem: str
    action: Action
    detail: str


class ReviewAnswer(StrictAnswer):
    """Tasks ``review`` and ``audit``: every criterion once."""

    scores: tuple[ScoreAnswer, ...]
    objections: tuple[ObjectionAnswer, ...]


class DeliberateAnswer(StrictAnswer):
    """Task ``deliberate``: one reviewer after reading the others. ``kept`` are handles of its own objections."""

    scores: tuple[ScoreAnswer, ...]
    kept: tuple[str, ...]
    changes: tuple[str, ...]


class FollowUpAnswer(StrictAnswer):
    """Task ``follow_up``: sentences from the ledger, or the question that a new run should ask."""

    sentences: tuple[SentenceAnswer, ...]
    needs_run: bool
    question: str
