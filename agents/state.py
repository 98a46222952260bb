"""The state of a run: ids, references and decisions only, merged by id.

Values larger than a line live in the run's artifacts (content-addressed); the state holds their references, so that
a checkpoint stays small whatever the library's size. Reducers merge by key and are idempotent: a step that is
repeated after a kill, or a chunk that is sent twice, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

from consilience.errors import CorruptRunError
from consilience.records import (
    Claim,
    Extraction,
    Frozen,
    LedgerEntry,
    ScreeningDecision,
    SearchOutcome,
)
from consilience.reports.report import Prisma

STATE_VERSION = 1
"""Raised when the meaning of a state field changes; a checkpoint of another version is refused."""

Next = Literal["revise", "search", "audit"]


def merge(left: dict[str, str] | None, right: dict[str, str] | None) -> dict[str, str]:
    """Merge two maps of references by key; the later value of a key wins."""
    return {**(left or {}), **(right or {})}


class RunState(TypedDict, total=False):
    """One run's state. Keys of maps begin with the round (``r0/...``) so that loops never mix."""

    version: int
    question: str
    library: str
    """Digest of the library's papers when the run began."""
    round: int
    """Search round, from 0."""
    plan: str
    """Reference of the ``Plan``."""
    wishes: list[str]
    """What the next round should look for: uncovered facets or reviewers' wishes."""
    searches: Annotated[dict[str, str], merge]
    """``r<round>/q<nn>`` to the reference of a ``SearchBatch``."""
    screening: str
    """Reference of the ``Screening``."""
    saturated: bool
    extractions: Annotated[dict[str, str], merge]
    """``r<round>/c<nnn>`` to the reference of an ``ExtractionChunk``."""
    claims: str
    """Reference of the ``ClaimSet``."""
    examinations: Annotated[dict[str, str], merge]
    """``r<round>/e<nnn>`` to the reference of a ``LedgerChunk``."""
    ledger: str
    """Reference of the ``LedgerChunk`` with all entries and their fates."""
    draft: str
    """Reference of the ``Draft``."""
    panel_round: int
    """Review round, from 1; goes on counting over search rounds."""
    coverage_searches: int
    """Times that the panel has sent the run back to search."""
    reviews: Annotated[dict[str, str], merge]
    """``p<round>/<lens>`` to the reference of a ``Review`` as first given; ``p<round>/<lens>/final`` after
    deliberation."""
    decisions: Annotated[dict[str, str], merge]
    """``p<round>`` to the reference of a ``PanelDecision``."""
    next: Next
    audit: str
    """Reference of the auditor's ``Review``."""
    gaps: Annotated[dict[str, str], merge]
    """Key of the step to the reference of a ``Gap``."""


def required(refs: Mapping[str, object], name: str) -> str:
    """What the state, or a task, holds under a name that earlier steps must have filled.

    Raises:
        CorruptRunError: it is missing, so the checkpoint cannot be this graph's.
    """
    value = refs.get(name)
    if not isinstance(value, str) or not value:
        raise CorruptRunError(f"the run's checkpoint holds no {name}", "ask the question again")
    return value


def chunks(ids: Sequence[str], size: int, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """The ids in parts of at most ``size``, each with the key of its task: the prefix and a running number."""
    for number, start in enumerate(range(0, len(ids), size)):
        yield f"{prefix}{number:03d}", list(ids[start : start + size])


class SearchTask(TypedDict):
    """One query of a round: ``items`` holds it."""

    key: str
    round: int
    items: list[str]


class ExtractTask(TypedDict):
    """One chunk of papers: ``items`` are their ids."""

    key: str
    items: list[str]
    plan: str


class ExamineTask(TypedDict):
    """One chunk of ledger entries: ``items`` are their claims' ids."""

    key: str
    items: list[str]
    plan: str
    claims: str
    screening: str


class ReviewTask(TypedDict):
    """One reviewer's task: ``items`` holds the lens, ``earlier`` its own review of the round before, or ''.

    The references are missing where an earlier step left nothing: the reviewer then says so.
    """

    key: str
    round: int
    items: list[str]
    panel_round: int
    earlier: str
    plan: NotRequired[str]
    screening: NotRequired[str]
    ledger: NotRequired[str]
    draft: NotRequired[str]
    searches: NotRequired[dict[str, str]]
    gaps: NotRequired[dict[str, str]]


class Scored(Frozen):
    """A paper that a query brought, with its scores."""

    paper_id: str
    fused: float
    cosine: float


class SearchBatch(Frozen):
    """One query's outcome with the scores of what it brought, best first."""

    outcome: SearchOutcome
    scored: tuple[Scored, ...]


class Screening(Frozen):
    """All decisions so far, sorted by paper id, and how full the search is estimated to be."""

    decisions: tuple[ScreeningDecision, ...]
    prisma: Prisma
    saturation: float
    uncovered: tuple[str, ...] = ()
    new_included: int = 0

    @property
    def included(self) -> tuple[str, ...]:
        """Included papers, most relevant first."""
        kept = sorted((d for d in self.decisions if d.included), key=lambda d: (-d.score, d.paper_id))
        return tuple(d.paper_id for d in kept)


class ExtractionChunk(Frozen):
    extractions: tuple[Extraction, ...]


class ClaimSet(Frozen):
    claims: tuple[Claim, ...]
    dropped: dict[str, int]


class LedgerChunk(Frozen):
    entries: tuple[LedgerEntry, ...]
    rescreened: tuple[ScreeningDecision, ...] = ()
