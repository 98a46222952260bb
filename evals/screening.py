"""The screening task: how high the papers that reviewers included rank, on published reviews.

Each set becomes a library. Three orders of its records are compared: the run's own screening (its plan's queries,
its retrieval and its screening code, with no limit on hits; papers that the run would not even screen follow in the
order of its retrieval for the question), BM25 alone, and the encoder alone, the last two on the review's question
as it stands. Records without an abstract rank by their title; records with neither stand last. Beside the ranks,
what the run would have included under its settings is counted.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from consilience.errors import InputError
from consilience.records import Frozen, SearchOutcome
from consilience.settings import Settings

from .gold_schema import GOLD_FOLDER, Recipe
from .libraries import BuiltLibrary, build
from .ranking import average_precision, recall_at, wss
from .registry import EvalResult, Figure, TaskInput, shown, table, versions

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.reasoning.base import Reasoner
    from consilience.records import ScreeningDecision

ORDERS = ("run", "bm25", "encoder")
MEASURES = ("recall@10%", "recall@20%", "WSS@95", "AP")


class ReviewQuestion(Frozen):
    """A set and its review's question; ``inclusion`` is what the review took in, in the writer's words."""

    set: str
    question: str
    inclusion: str


@dataclass(frozen=True)
class Ranked:
    """A set's records in three orders (paper ids, best first) and the run's own decisions."""

    orders: Mapping[str, tuple[str, ...]]
    decisions: tuple[ScreeningDecision, ...]


def load_questions(path: Path = GOLD_FOLDER / "screening.json") -> tuple[ReviewQuestion, ...]:
    """The review question of every set.

    Raises:
        InputError: the file does not fit.
    """
    try:
        return TypeAdapter(tuple[ReviewQuestion, ...]).validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError(f"{path.name}: {error}") from error


def measure(given: TaskInput) -> EvalResult:
    """Rank every set and print recall, work saved and average precision of each order.

    Raises:
        InputError: the data folder or a set is missing.
    """
    data = given.needed_data("screening")
    questions = load_questions()
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory(prefix="consilience-screening-") as folder:
        settings = given.settings.model_copy(update={"home": Path(folder)})
        encoder, reasoner = _models(settings)
        for review in questions:
            given.progress(f"ranking {review.set}")
            built = build(Recipe(set=review.set), settings.home, data)
            ranked = asyncio.run(rank(review.question, built, settings, encoder, reasoner))
            figures.update(_figures(_short(review.set), built, ranked))
    names = [_short(review.set) for review in questions]
    for order in ORDERS:
        for name in MEASURES:
            values = [figures[f"{each}.{order}.{name}"] for each in names]
            figures[f"mean.{order}.{name}"] = round(sum(map(float, values)) / len(values), 4)
    return EvalResult("screening", figures, _table(names, figures), versions())


async def rank(question: str, built: BuiltLibrary, settings: Settings, encoder: Encoder, reasoner: Reasoner) -> Ranked:
    """The library's papers in the three orders.

    Raises:
        InputError: the reasoner made no plan or no decisions, with its reason.
    """
    from consilience.agents.screening import fuse
    from consilience.agents.state import Scored, SearchBatch
    from consilience.literature.library import Library
    from consilience.literature.sources import LibrarySource
    from consilience.reasoning.base import PlanRequest
    from consilience.vectorstore.retrieval import HybridRetriever

    papers = tuple(built.papers.values())
    index = Library.open(settings.home, built.name).index(encoder)
    retriever = HybridRetriever(papers, index, encoder)
    source = LibrarySource(built.name, papers, retriever)
    planned = await reasoner.plan(PlanRequest(question, max_queries=settings.search.max_queries))
    if planned.value is None:
        raise InputError(f"no plan for {question!r}: {planned.gap.reason if planned.gap else ''}")
    batches: list[SearchBatch] = []
    for query in planned.value.queries:
        answer = await source.search(query, len(papers))
        batches.append(
            SearchBatch(
                outcome=SearchOutcome(source=source.name, query=query, round=0),
                scored=tuple(Scored(paper_id=f.paper.id, fused=f.fused, cosine=f.cosine) for f in answer.found),
            )
        )
    candidates = fuse(batches, source.papers(), question)
    screened = await reasoner.screen(planned.value, candidates, settings.screening.max_included)
    if screened.value is None:
        raise InputError(f"no screening: {screened.gap.reason if screened.gap else ''}")
    own = sorted(screened.value, key=lambda d: (not d.included, -d.score, d.paper_id))
    hits = retriever.search(question, len(papers))
    return Ranked(
        {
            "run": _all((*(d.paper_id for d in own), *(h.paper_id for h in hits)), built.papers),
            "bm25": _all(_by_rank({h.paper_id: h.bm25_rank for h in hits}), built.papers),
            "encoder": _all(_by_rank({h.paper_id: h.dense_rank for h in hits}), built.papers),
        },
        tuple(own),
    )


def labels_of(built: BuiltLibrary, order: Sequence[str]) -> list[bool]:
    """The reviewers' decision on every record of the set, in the order of the papers they became.

    Records merged into one paper stand side by side. Records that became none stand last, the included ones
    at the very end: nothing is gained by losing a record.
    """
    of_paper: dict[str, list[bool]] = {}
    lost: list[bool] = []
    for record in built.records:
        paper_id = built.of_record.get(record.record)
        labels = lost if paper_id is None else of_paper.setdefault(paper_id, [])
        labels.append(bool(record.included))
    return [label for paper_id in order for label in of_paper.get(paper_id, [])] + sorted(lost)


def _all(papers_in_order: Iterable[str], every: Mapping[str, object]) -> tuple[str, ...]:
    """The order, and then, by id, what it leaves out."""
    ranked = tuple(dict.fromkeys(papers_in_order))
    return ranked + tuple(sorted(every.keys() - set(ranked)))


def _by_rank(ranks: Mapping[str, int | None]) -> list[str]:
    known = [(rank, paper_id) for paper_id, rank in ranks.items() if rank is not None]
    return [paper_id for _, paper_id in sorted(known)]


def _figures(name: str, built: BuiltLibrary, ranked: Ranked) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for order in ORDERS:
        labels = labels_of(built, ranked.orders[order])
        values = (recall_at(labels, 0.1), recall_at(labels, 0.2), wss(labels), average_precision(labels))
        for measure_name, value in zip(MEASURES, values, strict=True):
            figures[f"{name}.{order}.{measure_name}"] = 0.0 if value is None else value
    taken = {d.paper_id for d in ranked.decisions if d.included}
    relevant = [r for r in built.records if r.included]
    figures[f"{name}.records"] = len(built.records)
    figures[f"{name}.included by reviewers"] = len(relevant)
    figures[f"{name}.without title and abstract"] = len(built.lost)
    figures[f"{name}.included by the run"] = len(taken)
    figures[f"{name}.of those by reviewers too"] = sum(built.of_record.get(r.record) in taken for r in relevant)
    return figures


def _table(names: Sequence[str], figures: Mapping[str, Figure]) -> str:
    head = ("set", "records", "included", "order", *MEASURES, "run includes (of them right)")
    rows: list[tuple[str, ...]] = []
    for name in (*names, "mean"):
        for order in ORDERS:
            counts = ("", "") if name == "mean" else _counts(name, figures)
            taken = ""
            if name != "mean" and order == "run":
                right = figures[f"{name}.of those by reviewers too"]
                taken = f"{figures[f'{name}.included by the run']} ({right})"
            values = (shown(figures[f"{name}.{order}.{m}"]) for m in MEASURES)
            rows.append((name, *counts, order, *values, taken))
    return f"{table(head, rows)}\n\n{_ceilings(names, figures)}"


def _ceilings(names: Sequence[str], figures: Mapping[str, Figure]) -> str:
    """What recall can be at most, where a set includes more records than the best share holds."""
    found: list[str] = []
    for name in names:
        records, included = int(figures[f"{name}.records"]), int(figures[f"{name}.included by reviewers"])
        for share in (0.1, 0.2):
            held = math.ceil(records * share)
            if held < included:
                found.append(f"{name} {held / included:.2f} at {share:.0%}")
    return f"Recall cannot exceed: {'; '.join(found)}." if found else "Recall can reach 1 in every set."


def _counts(name: str, figures: Mapping[str, Figure]) -> tuple[str, str]:
    return str(figures[f"{name}.records"]), str(figures[f"{name}.included by reviewers"])


def _short(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _models(settings: Settings) -> tuple[Encoder, Reasoner]:
    """The encoder and the reasoner that a run uses."""
    from consilience.models.encoder import load_encoder
    from consilience.models.entailment import load_stance_judge
    from consilience.reasoning.embedded import EmbeddedReasoner
    from consilience.reasoning.embedded.judging import LoggedJudge

    encoder = load_encoder(settings.models.threads)
    return encoder, EmbeddedReasoner(LoggedJudge(load_stance_judge(encoder), None), settings)
