"""What a gold report holds: the answer, claims and papers that a careful reader of the abstracts expects.

One question is one file, ``evals/gold/<id>.json``. How the files are written, and who may change them, is in
``evals/PROTOCOL.md``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from consilience.errors import InputError
from consilience.records import AnswerVerdict, Direction, Frozen, QuestionType, Valence, Verdict

GOLD_FOLDER = Path(__file__).parent / "gold"
NOT_QUESTIONS = ("screening.json",)

PaperRef = Annotated[str, StringConstraints(pattern=r"^(pmid:\d+|record:\S+|title:\S.*)$")]
"""How gold names a paper:

``pmid:<digits>``, ``record:<the set's own number>`` or ``title:<the record's title>``.
"""

Wordings = tuple[Annotated[str, StringConstraints(min_length=2)], ...]
"""Ways of naming one thing; any of them counts."""

Kind = Literal["answerable", "unanswerable", "near_miss"]


class Recipe(Frozen):
    """The library a question is asked of: the shipped sample, or a public set below the data folder.

    ``records`` are taken in any case; ``first`` adds that many records from the set's beginning (all of
    them when neither is given).
    """

    set: str = Field(pattern=r"^(sample|systematic_reviews/\w+|pubmedqa|scifact)$")
    records: tuple[str, ...] = ()
    first: int | None = Field(default=None, ge=0)


class GoldClaim(Frozen):
    """A finding that the ledger must hold.

    ``direction`` is what happened to ``outcome`` in the subject's arm.
    """

    key: str = Field(pattern=r"^[a-z0-9-]+$")
    paper: PaperRef
    subject: Wordings = Field(min_length=1)
    comparator: Wordings = ()
    outcome: Wordings = Field(min_length=1)
    direction: Direction
    valence: Valence = Valence.UNSTATED
    verdicts: tuple[Verdict, ...] = Field(min_length=1)
    note: str = ""


class Forbidden(Frozen):
    """A claim that may stand as background but must never answer: off the question, whatever its words."""

    paper: PaperRef
    outcome: Wordings = Field(default=(), description="empty: no claim of this paper may answer")
    why: str = Field(min_length=10)


class ContestedPoint(Frozen):
    """Where papers disagree: a report that answers must bring claims of at least one paper from each side."""

    point: str = Field(min_length=10)
    one_side: tuple[PaperRef, ...] = Field(min_length=1)
    other_side: tuple[PaperRef, ...] = Field(min_length=1)


class Change(Frozen):
    """A line of the file's change log."""

    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    what: str
    reason: str


class GoldQuestion(Frozen):
    """One question with everything that its report is held against.

    ``subject`` and ``outcome`` are the question's facets in the gold's own wordings (for an open question:
    its topic and what is asked of it). ``citations`` is ``closed`` where the must and may lists name every
    paper that the answer may rest on, and ``open`` where the library is too large for that and only
    ``must_not_cite`` is refused.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    question: str = Field(min_length=10)
    library: Recipe
    kind: Kind
    question_type: QuestionType
    answers: tuple[AnswerVerdict, ...] = Field(min_length=1)
    subject: Wordings = Field(min_length=1)
    outcome: Wordings = Field(min_length=1)
    must: tuple[GoldClaim, ...] = ()
    must_not: tuple[Forbidden, ...] = ()
    contested: tuple[ContestedPoint, ...] = ()
    citations: Literal["closed", "open"] = "closed"
    must_cite: tuple[PaperRef, ...] = ()
    may_cite: tuple[PaperRef, ...] = ()
    must_not_cite: tuple[PaperRef, ...] = ()
    why: str = Field(min_length=20)
    changes: tuple[Change, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        empty = AnswerVerdict.NOT_ENOUGH_EVIDENCE
        if self.kind != "answerable" and (self.answers != (empty,) or self.must or self.must_cite):
            raise ValueError(f"{self.kind} questions have the one answer {empty.value!r} and no expected claim")
        if self.kind == "answerable" and not (self.must and self.must_cite):
            raise ValueError("an answerable question names claims that must appear and papers that must be cited")
        if clash := (set(self.must_cite) | set(self.may_cite)) & set(self.must_not_cite):
            raise ValueError(f"papers both allowed and refused: {sorted(clash)}")
        if twice := [key for key, n in Counter(claim.key for claim in self.must).items() if n > 1]:
            raise ValueError(f"claim keys used twice: {twice}")
        return self

    def papers(self) -> tuple[str, ...]:
        """Every paper that the file names, sorted."""
        named = {*self.must_cite, *self.may_cite, *self.must_not_cite}
        named.update(claim.paper for claim in self.must)
        named.update(claim.paper for claim in self.must_not)
        for point in self.contested:
            named.update((*point.one_side, *point.other_side))
        return tuple(sorted(named))


def load_gold(folder: Path = GOLD_FOLDER) -> tuple[GoldQuestion, ...]:
    """Every gold question, sorted by id.

    Raises:
        InputError: a file that does not fit the schema, or whose id is not its name.
    """
    found: list[GoldQuestion] = []
    for path in sorted(folder.glob("*.json")):
        if path.name in NOT_QUESTIONS:
            continue
        try:
            question = GoldQuestion.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise InputError(f"{path.name}: {error}", "see evals/PROTOCOL.md for the fields") from error
        if question.id != path.stem:
            raise InputError(f"{path.name} holds the question {question.id!r}", "name the file after its id")
        found.append(question)
    return tuple(sorted(found, key=lambda q: q.id))
