"""The schema of ``report.json``, which other programs rely on, and the types that only a report needs.

``docs/report.schema.json`` is made from it by ``python -m consilience.reports.schema``. A report that breaks
the contract (``reports.contract``) cannot be built: every quotation stands in its abstract, every claim that
is cited exists, and the references are the included papers.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from consilience.records import (
    Answer,
    Fate,
    Frozen,
    Gap,
    Plan,
    Quantity,
    QuestionType,
    Relation,
    Section,
    Span,
    Stance,
    Strength,
    StudyDesign,
    TextOrigin,
    Verdict,
)

from .contract import breaches
from .cost import AgentCost
from .panel import PanelReview

SCHEMA_VERSION = "1.0"


class CitedEvidence(Frozen):
    """A quotation for, against or beside a claim: ``text == papers[paper_id].abstract[start:end]``."""

    paper_id: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)
    stance: Stance
    score: float = Field(ge=0, le=1, description="the witness's probability of that stance")
    own_source: bool = Field(description="from a paper that states the claim itself")
    whole: bool = Field(
        default=False, description="the stance is the whole abstract's, of which this is the likeliest evidence"
    )


class ReportClaim(Frozen):
    """A ledger entry: the claim, where it stands, what was found for and against it, what became of it."""

    id: str
    number: int = Field(ge=1, description="how the report's text and the chat name it: claim 1, claim 2")
    text: str
    verdict: Verdict
    confidence: float = Field(ge=0, le=1, description="estimated probability that the verdict is right")
    fate: Fate
    background: bool
    answers: Literal["for", "against", "none"]
    strength: Strength
    relation: Relation
    design: StudyDesign
    subjects: Literal["humans", "animals", "in vitro", "in silico", "unstated"]
    hedged: bool
    completed: bool
    quantities: tuple[Quantity, ...]
    spans: tuple[Span, ...] = Field(min_length=1, description="where the claim was taken from")
    evidence: tuple[CitedEvidence, ...]
    independent_support: int = Field(ge=0)
    independent_refutation: int = Field(ge=0)
    supporting_papers: tuple[str, ...]
    refuting_papers: tuple[str, ...]
    reason: str = Field(description="how the verdict and the fate were reached")


class ReportPaper(Frozen):
    """A paper of the working set. One screened out that nothing quotes keeps id, title, year, reason."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    doi: str = ""
    pmid: str = ""
    arxiv: str = ""
    type: str = ""
    abstract: str = ""
    text_origin: TextOrigin = "authors"
    included: bool
    reason: str
    score: float = Field(description="relevance at screening, 0 to 1; ranks, no probability")
    rescreened: bool = Field(default=False, description="included later, by cross-examination")
    retracted: bool = False


class Prisma(Frozen):
    """The flow of records (PRISMA 2020, doi:10.1136/bmj.n71).

    ``identified - duplicates = screened = included + sum(excluded)``.
    """

    identified: int = Field(ge=0, description="records that all queries brought")
    duplicates: int = Field(default=0, ge=0, description="of those, the same work met again")
    screened: int = Field(ge=0)
    excluded: dict[str, int] = Field(default_factory=dict, description="screened out, by reason")
    included: int = Field(ge=0, description="at the end, those screened in later among them")
    rescreened: int = Field(default=0, ge=0, description="of the included, screened in by cross-examination")
    retracted: int = Field(default=0, ge=0, description="of the screened, flagged as retracted")


class Query(Frozen):
    """One query as it was sent, and what it brought. A gap says that the source failed: never zero hits."""

    source: str
    query: str
    round: int
    hits: int = Field(ge=0)
    time: str
    gap: Gap | None = None


class SearchSummary(Frozen):
    """``saturation`` is the estimated share of the relevant work found, 0 to 1."""

    library: str
    rounds: int
    saturation: float = Field(ge=0, le=1)


class Counts(Frozen):
    """Figures that the text and the charts use; the contract recounts them."""

    claims: int
    on_question: int
    background: int
    dropped: int
    verdicts: dict[str, int] = Field(description="claims on the question that were not dropped, by verdict")
    quotations: int = Field(description="evidence quotations of all claims")
    summaries: int = Field(description="included papers whose text is the project's summary")

    @classmethod
    def of(cls, claims: tuple[ReportClaim, ...], papers: tuple[ReportPaper, ...]) -> Self:
        """Count the claims and papers of a report."""
        live = [c for c in claims if not c.background and c.fate is not Fate.DROPPED]
        return cls(
            claims=len(claims),
            on_question=sum(not c.background for c in claims),
            background=sum(c.background for c in claims),
            dropped=sum(c.fate is Fate.DROPPED for c in claims),
            verdicts={v.value: sum(c.verdict is v for c in live) for v in Verdict},
            quotations=sum(len(c.evidence) for c in claims),
            summaries=sum(p.included and p.text_origin == "summary" for p in papers),
        )


class ModelFile(Frozen):
    """A model that took part, and the sha256 of its weights (empty for a remote one)."""

    name: str
    sha256: str = ""


class Manifest(Frozen):
    """What made the report: enough to make it again. No secrets, no paths of a person's machine."""

    reasoner: str
    versions: dict[str, str] = Field(default_factory=dict)
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    models: tuple[ModelFile, ...] = ()
    started: str = Field(default="", description="ISO 8601, UTC")
    finished: str = Field(default="", description="ISO 8601, UTC")
    seconds: dict[str, float] = Field(default_factory=dict, description="wall seconds by node")
    prompts: dict[str, str] = Field(default_factory=dict, description="sha256 of each prompt that was used, by task")
    costs: tuple[AgentCost, ...] = Field(default=(), description="what each agent asked of language models")
    extractive: bool = Field(default=True, description="sentences are taken from abstracts, not composed")


class Report(Frozen):
    """One question's answer and all that it rests on.

    Raises:
        ValueError: (pydantic's ``ValidationError``) with every breach of the contract.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    run_id: str
    date: str = Field(description="ISO 8601 date on which the report was made")
    partial: bool = Field(description="a bound or a failure cut the run short; `gaps` tells which")
    question: str
    question_type: QuestionType
    title: str
    abstract: str
    answer: Answer
    introduction: Section
    method: Section
    sections: tuple[Section, ...] = Field(description="the results")
    limitations: tuple[str, ...] = ()
    gaps_in_evidence: tuple[str, ...] = ()
    notices: tuple[str, ...] = Field(default=(), description="what every reader must know about its making")
    plan: Plan
    search: SearchSummary
    queries: tuple[Query, ...]
    prisma: Prisma
    counts: Counts
    claims: tuple[ReportClaim, ...] = Field(description="on the question first, then background")
    papers: tuple[ReportPaper, ...] = Field(description="the working set, sorted by id")
    references: tuple[str, ...] = Field(description="every included paper, in the order of the list")
    review: PanelReview
    gaps: tuple[Gap, ...] = ()
    manifest: Manifest

    @model_validator(mode="after")
    def _keeps_the_contract(self) -> Self:
        found = breaches(self)
        if found:
            raise ValueError("the report breaks its contract: " + "; ".join(found))
        return self

    def timeless(self) -> Report:
        """The same report with its time fields emptied, for comparing two runs."""
        queries = tuple(q.model_copy(update={"time": ""}) for q in self.queries)
        manifest = self.manifest.model_copy(update={"started": "", "finished": "", "seconds": {}})
        return self.model_copy(update={"date": "", "queries": queries, "manifest": manifest})
