"""The schema of a verification: one claim that a person gave, its verdict, and the quotations that it rests on.

``docs/verification.schema.json`` is made from ``Verifications`` by ``python -m consilience.reports.schema``. A
verification whose quotations are not their abstracts' own characters cannot be built.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from consilience.records import Frozen, Gap, Paper, Relation, Stance, StudyDesign, TextOrigin, Verdict

SCHEMA_VERSION = "1.0"


class Quotation(Frozen):
    """A sentence for or against the claim: ``text == papers[paper_id].abstract[start:end]``."""

    paper_id: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)
    stance: Stance
    score: float = Field(ge=0, le=1, description="probability of that stance")
    whole: bool = Field(
        default=False, description="the stance is the whole abstract's, of which this is the likeliest evidence"
    )


class QuotedPaper(Frozen):
    """A paper that the verification names, with the text that its quotations stand in."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    doi: str = ""
    pmid: str = ""
    arxiv: str = ""
    abstract: str = ""
    text_origin: TextOrigin = "authors"
    design: StudyDesign = Field(default=StudyDesign.UNSTATED, description="as title and abstract tell it")
    retracted: bool = False

    @classmethod
    def of(cls, paper: Paper, design: StudyDesign) -> Self:
        """The paper as it is shown."""
        shared = {name: getattr(paper, name) for name in cls.model_fields if name in Paper.model_fields}
        return cls(**shared, design=design)


class ClaimReading(Frozen):
    """How the claim was read. ``by_rules`` False: no relation could be told, and the stance judge decided alone."""

    by_rules: bool
    question: str = Field(default="", description="the question that the claim answers, where rules read it")
    denied: bool = Field(default=False, description="the claim denies its relation: 'X does not increase Y'")
    relation: Relation = Relation()


class LeftOut(Frozen):
    """A paper with a sentence for or against the claim that does not count, and why."""

    paper_id: str
    reason: str


class Searched(Frozen):
    """What was looked at."""

    library: str
    papers: int = Field(ge=0, description="papers that the library holds")
    without_abstract: int = Field(default=0, ge=0, description="of those, papers in which there is nothing to read")
    read: int = Field(ge=0, description="papers whose nearest sentences were judged")
    passages: int = Field(ge=0, description="sentences judged, those for and those against sought apart")
    queries: tuple[str, ...] = Field(description="what was sought: the claim, and the claim reversed")
    papers_per_side: int = Field(ge=1)
    sentences_per_paper: int = Field(ge=1)


class Verification(Frozen):
    """One claim's verdict. Support and refutation are tallied apart, by independent papers."""

    schema_version: str = SCHEMA_VERSION
    claim: str
    line: int | None = Field(default=None, ge=1, description="where it stood in the file, from 1")
    verdict: Verdict = Field(description="never UNCORROBORATED: a person's claim has no paper of its own")
    confidence: float | None = Field(
        ge=0,
        le=1,
        description="estimated probability that the abstracts found bear the verdict out; null where none was judged",
    )
    reading: ClaimReading
    evidence_for: tuple[Quotation, ...] = Field(default=(), description="likeliest first")
    evidence_against: tuple[Quotation, ...] = Field(default=(), description="likeliest first")
    independent_support: int = Field(default=0, ge=0, description="papers for it, one a group of authors")
    independent_refutation: int = Field(default=0, ge=0)
    supporting_papers: tuple[str, ...] = ()
    refuting_papers: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    retracted: tuple[str, ...] = Field(
        default=(), description="retracted papers that were found near it: never counted"
    )
    papers: tuple[QuotedPaper, ...] = Field(default=(), description="every paper named above, by id")
    searched: Searched
    limits: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    partial: bool = False
    reason: str = ""
    reasoner: str = Field(default="", description="'embedded' or 'language model'")
    language_model: str = Field(default="", description="the judge's, where one reasons")
    models: dict[str, str] = Field(default_factory=dict, description="sha256 of the embedded models' weights, by name")
    calls: tuple[str, ...] = Field(default=(), description="ids of the language model's calls, in the call log")
    date: str = ""
    seconds: float = Field(default=0.0, ge=0)

    def paper(self, paper_id: str) -> QuotedPaper:
        """A paper that the verification names."""
        return next(paper for paper in self.papers if paper.id == paper_id)

    @model_validator(mode="after")
    def _quotations_stand(self) -> Self:
        papers = {paper.id: paper for paper in self.papers}
        named = [*self.supporting_papers, *self.refuting_papers, *self.retracted, *(o.paper_id for o in self.left_out)]
        for paper_id in named:
            if paper_id not in papers:
                raise ValueError(f"paper {paper_id} is named and not given")
        for item in (*self.evidence_for, *self.evidence_against):
            paper = papers.get(item.paper_id)
            if paper is None or paper.retracted or paper.abstract[item.start : item.end] != item.text:
                raise ValueError(f"{item.paper_id} does not hold the quotation at {item.start}:{item.end}")
        return self


class Refusal(Frozen):
    """A line of a file that is no claim."""

    line: int = Field(ge=1)
    text: str = Field(description="the line as far as it can be shown")
    problem: str
    advice: str


class Verifications(Frozen):
    """What ``consilience verify --json`` prints: the claims in their order, and the lines that are none."""

    schema_version: str = SCHEMA_VERSION
    id: str = Field(description="folder under CONSILIENCE_HOME/verifications that keeps them")
    library: str
    verifications: tuple[Verification, ...]
    refused: tuple[Refusal, ...] = ()
