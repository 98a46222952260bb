"""The domain types of the vocabulary (docs/architecture.md, "Vocabulary").

Every type is a frozen pydantic model that refuses unknown fields, so that a value can be shared between
agents, hashed into the run's artifacts and written into a report without being copied or changed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

TextOrigin = Literal["authors", "summary"]
FacetRole = Literal["population", "subject", "comparator", "outcome", "topic"]


class Frozen(BaseModel):
    """Base of all domain types: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --------------------------------------------------------------------------- literature


class Record(Frozen):
    """What a database or a person's file returned about one work. Unknown fields stay empty."""

    source: str = Field(description="where it came from, e.g. 'library:sample' or 'file:refs.bib'")
    key: str = Field(default="", description="the source's own identifier, if it has one")
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    doi: str = Field(default="", description="lower-case, without a resolver's prefix")
    pmid: str = ""
    arxiv: str = ""
    type: str = Field(default="", description="publication type as the source states it")
    retracted: bool = False
    text_origin: TextOrigin = "authors"


class Paper(Frozen):
    """Records of one work, merged. ``text_origin`` says whose words the abstract is."""

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    doi: str = ""
    pmid: str = ""
    arxiv: str = ""
    type: str = ""
    retracted: bool = False
    text_origin: TextOrigin = "authors"
    sources: tuple[str, ...] = ()


class Span(Frozen):
    """A quotation: ``text`` equals the abstract's characters from ``start`` to ``end``."""

    paper_id: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)

    @model_validator(mode="after")
    def _length_agrees(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"span {self.start}:{self.end} does not hold {len(self.text)} characters")
        return self

    def matches(self, paper: Paper) -> bool:
        """Whether the quotation stands in the paper's abstract exactly where it says."""
        return paper.id == self.paper_id and paper.abstract[self.start : self.end] == self.text


# --------------------------------------------------------------------------- the plan


class QuestionType(StrEnum):
    YES_NO = "yes_no"
    OPEN = "open"


class Direction(StrEnum):
    """What a finding says happened to its outcome in the subject's arm against the comparator's."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NO_DIFFERENCE = "no_difference"
    UNSTATED = "unstated"

    @property
    def opposite(self) -> Direction:
        """The other way; what has none stays."""
        return {Direction.INCREASE: Direction.DECREASE, Direction.DECREASE: Direction.INCREASE}.get(self, self)


class Valence(StrEnum):
    """Whether that direction of that outcome is good: a decrease of headache is a benefit."""

    BENEFIT = "benefit"
    HARM = "harm"
    NEUTRAL = "neutral"
    UNSTATED = "unstated"

    @property
    def opposite(self) -> Valence:
        """Harm of a benefit, and the reverse; what has none stays."""
        return {Valence.BENEFIT: Valence.HARM, Valence.HARM: Valence.BENEFIT}.get(self, self)


class Facet(Frozen):
    """One part of the question. ``terms`` are lower-case wordings that count as naming it."""

    role: FacetRole
    text: str
    terms: tuple[str, ...] = ()


class Plan(Frozen):
    """How a question will be answered: its type, facets, queries and criteria."""

    question: str
    question_type: QuestionType
    facets: tuple[Facet, ...]
    expected: Direction | None = Field(
        default=None, description="for yes_no: the direction that the question asks about"
    )
    expected_valence: Valence = Field(
        default=Valence.UNSTATED, description="for yes_no: whether a yes would be good or bad"
    )
    any_change: bool = Field(default=False, description="for yes_no: asks for a relation in either direction")
    key_phrases: tuple[str, ...] = ()
    queries: tuple[str, ...]
    inclusion: tuple[str, ...] = ()
    exclusion: tuple[str, ...] = ()

    def facet(self, role: FacetRole) -> Facet | None:
        """The first facet with this role, or None."""
        return next((f for f in self.facets if f.role == role), None)


class Gap(Frozen):
    """Something that could not be had, as a value with a reason. Never report prose."""

    node: str
    kind: Literal["source_failed", "bound_reached", "budget", "refused", "invalid", "no_text", "not_found"]
    reason: str
    partial: bool = Field(default=False, description="whether it makes the run's result partial")
    stood_in: bool = Field(default=False, description="whether the embedded rules did what could not be had")


class SearchOutcome(Frozen):
    """What one query brought from one source."""

    source: str
    query: str
    round: int
    paper_ids: tuple[str, ...] = ()
    time: str = ""
    gap: Gap | None = None


class ScreeningDecision(Frozen):
    """One paper included or excluded, with a reason. ``score`` in [0, 1] ranks relevance."""

    paper_id: str
    included: bool
    reason: str
    score: float
    rescreened: bool = Field(default=False, description="screened in later, by cross-examination")


# --------------------------------------------------------------------------- claims


class Strength(StrEnum):
    CAUSAL = "causal"
    ASSOCIATIONAL = "associational"
    DESCRIPTIVE = "descriptive"


class StudyDesign(StrEnum):
    """Read from the abstract's own words; ordered from the strongest to the weakest."""

    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic review"
    RANDOMISED = "randomised trial"
    COHORT = "cohort study"
    CASE_CONTROL = "case-control study"
    CROSS_SECTIONAL = "cross-sectional study"
    UNCONTROLLED = "uncontrolled study"
    REVIEW = "narrative review"
    IN_VITRO = "in vitro study"
    ANIMAL = "animal study"
    IN_SILICO = "in silico study"
    UNSTATED = "unstated"


class Quantity(Frozen):
    """A number as it stands in the text: ``text`` is the exact characters, ``values`` what they say."""

    kind: Literal["percent", "p_value", "interval", "ratio", "count", "measure", "dose"]
    text: str
    values: tuple[float, ...]


class Relation(Frozen):
    """What a claim relates: subject against comparator, on an outcome, in a population."""

    subject: str = ""
    comparator: str = ""
    outcome: str = ""
    population: str = ""
    direction: Direction = Direction.UNSTATED
    valence: Valence = Valence.UNSTATED

    @property
    def is_directed(self) -> bool:
        """Whether it says what happened to the outcome, or whether that is good."""
        return self.direction is not Direction.UNSTATED or self.valence is not Valence.UNSTATED


class Claim(Frozen):
    """One checkable statement about one relation, readable without its context.

    ``background`` claims lack the question's subject or its outcome and can never answer it.
    ``answers`` holds, for a yes_no question, whether the claim speaks for or against the asked direction.
    """

    id: str
    text: str
    spans: tuple[Span, ...] = Field(min_length=1)
    relation: Relation = Relation()
    quantities: tuple[Quantity, ...] = ()
    strength: Strength = Strength.DESCRIPTIVE
    subjects: Literal["humans", "animals", "in vitro", "in silico", "unstated"] = "unstated"
    hedged: bool = False
    design: StudyDesign = StudyDesign.UNSTATED
    background: bool = True
    answers: Literal["for", "against", "none"] = "none"
    completed: bool = Field(
        default=False, description="whether words from its own abstract were added to make it readable alone"
    )

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The papers that state it, sorted."""
        return tuple(sorted({s.paper_id for s in self.spans}))


class GivenClaim(Claim):
    """A claim that a person gave: no paper of the literature is its source, so it has no quotation of its own.

    ``denied``: it denies what its relation says; "X does not increase Y" has the relation of "X increases Y".
    """

    spans: tuple[Span, ...] = ()
    denied: bool = False


class Extraction(Frozen):
    """The claims of one paper and the count of sentences dropped, by reason."""

    paper_id: str
    claims: tuple[Claim, ...] = ()
    dropped: dict[str, int] = Field(default_factory=dict)


class Stance(StrEnum):
    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class Evidence(Frozen):
    """A span with a stance towards a claim. ``score`` is the witness's probability of that stance."""

    span: Span
    stance: Stance
    score: float = Field(ge=0, le=1)
    whole: bool = Field(
        default=False, description="the stance is the whole abstract's, of which the span is the likeliest evidence"
    )
    own_source: bool = Field(description="whether the span is from a paper that states the claim itself")


class Verdict(StrEnum):
    """See docs/architecture.md, "Verdicts". Support and refutation are tallied apart."""

    SUPPORTED = "SUPPORTED"
    UNCORROBORATED = "UNCORROBORATED"
    CONTESTED = "CONTESTED"
    REFUTED = "REFUTED"
    NOT_ENOUGH_EVIDENCE = "NOT_ENOUGH_EVIDENCE"


def verdict_words(verdict: str) -> str:
    """A verdict's value as words of a sentence."""
    return verdict.replace("_", " ").lower()


class Fate(StrEnum):
    KEPT = "kept"
    SOFTENED = "softened"
    DROPPED = "dropped"


class LedgerEntry(Frozen):
    """A claim with its evidence, verdict, confidence and fate."""

    claim: Claim
    evidence: tuple[Evidence, ...] = ()
    verdict: Verdict = Verdict.NOT_ENOUGH_EVIDENCE
    confidence: float = Field(default=0.0, ge=0, le=1, description="probability that the verdict is right")
    independent_support: int = 0
    independent_refutation: int = 0
    supporting_papers: tuple[str, ...] = ()
    refuting_papers: tuple[str, ...] = ()
    fate: Fate = Fate.KEPT
    reason: str = Field(default="", description="how the verdict and the fate were reached")


# --------------------------------------------------------------------------- the draft


class AnswerVerdict(StrEnum):
    YES = "yes"
    NO = "no"
    MIXED = "mixed"
    FINDINGS = "findings"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


class Certainty(StrEnum):
    """GRADE's levels; from abstracts alone provisional and never above moderate."""

    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"
    NONE = "none"


class Answer(Frozen):
    verdict: AnswerVerdict
    certainty: Certainty
    certainty_reasons: tuple[str, ...] = ()
    text: str
    claim_ids: tuple[str, ...] = ()


class Sentence(Frozen):
    """A report's sentence with the ledger entries it rests on (none for statements about the run itself)."""

    text: str
    claim_ids: tuple[str, ...] = ()


class Section(Frozen):
    heading: str
    sentences: tuple[Sentence, ...]


class Draft(Frozen):
    """What the writer makes and the reviewers judge."""

    title: str
    abstract: str
    answer: Answer
    introduction: Section
    method: Section
    results: tuple[Section, ...]
    limitations: tuple[str, ...] = ()
    gaps_in_evidence: tuple[str, ...] = Field(default=(), description="what the literature found does not settle")
    version: int = 0


# --------------------------------------------------------------------------- the panel

Lens = Literal["methodology", "relevance", "sceptic", "coverage", "clarity", "auditor"]
Criterion = Literal[
    "methodology", "relevance", "evidence", "contradiction", "coverage", "citation", "clarity", "calibration"
]


class Score(Frozen):
    """A criterion's score on its anchored scale (1 to 10) and the reason for the number."""

    criterion: Criterion
    value: float = Field(ge=1, le=10)
    reason: str


Severity = Literal["blocking", "major", "minor"]
Action = Literal["soften", "drop", "cite", "rewrite", "search", "disclose", "reorder"]
GRAVEST_FIRST = {severity: place for place, severity in enumerate(get_args(Severity))}
"""The place of a severity in an order of objections."""


class Objection(Frozen):
    """A reviewer's demand: what, about what, how severe, and the action that would settle it."""

    id: str
    reviewer: Lens
    target: str = Field(description="'title', 'answer', 'abstract', 'coverage', 'claim:<id>' or 'sentence:<n>'")
    severity: Severity
    problem: str
    action: Action
    detail: str = ""
    state: Literal["open", "resolved", "answered"] = "open"
    settlement: str = Field(default="", description="how it was closed: what changed, or what the ledger shows")


class Review(Frozen):
    """One reviewer's scores and objections in one round."""

    reviewer: Lens
    round: int
    scores: tuple[Score, ...]
    objections: tuple[Objection, ...] = ()
    changes: tuple[str, ...] = Field(default=(), description="why scores moved since the reviewer's last round")

    @property
    def mean(self) -> float:
        """The unweighted mean of the criterion scores, rounded to two decimals."""
        return round(sum(s.value for s in self.scores) / len(self.scores), 2)


class PanelDecision(Frozen):
    """What a round of deliberation decided."""

    round: int
    median: float
    previous_median: float | None = None
    agreement: float | None = Field(default=None, description="Krippendorff's alpha; None where undefined")
    converged: bool
    open_blocking: int
    next: Literal["revise", "search", "audit"]
    reason: str
    dissent: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = Field(default=(), description="every objection so far, with its state")


class Event(Frozen):
    """One step of one agent, append-only. ``key`` is unique in the run and the same when a step is repeated."""

    key: str
    step: int = Field(description="order in the run; events of parallel tasks share it")
    node: str
    agent: str
    time: str
    seconds: float
    saw: str
    decided: str
    why: str = ""
    counts: dict[str, float] = Field(default_factory=dict)
    details: tuple[str, ...] = Field(default=(), description="what the step said, item by item")
    calls: tuple[str, ...] = Field(default=(), description="ids of the language model's calls, in the call log")
