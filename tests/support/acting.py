"""Lets one node act outside the graph, with LangGraph's own runtime, over papers and a source made by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from consilience.agents.context import Context
from consilience.literature.base import Found, SearchAnswer
from consilience.models.encoder import Encoder
from consilience.reasoning.base import Reasoner
from consilience.records import Gap, Paper
from consilience.runs.store import RunStore
from consilience.settings import Settings
from consilience.vectorstore.passages import Passages

TIME = "2026-01-01T00:00:00Z"


class _Box(TypedDict):
    given: Mapping[str, Any]
    update: NotRequired[dict[str, Any]]


async def act(node: Callable[..., Awaitable[dict[str, Any]]], state: Mapping[str, Any], context: Context) -> Any:  # noqa: ANN401 -- each node's own update
    """What a node answers to a state or a task."""

    async def run(box: _Box, *, runtime: Runtime[Context]) -> _Box:
        return {"given": box["given"], "update": await node(box["given"], runtime=runtime)}

    builder = StateGraph(_Box, context_schema=Context)
    builder.add_node("act", cast("Any", run))
    builder.add_edge(START, "act")
    builder.add_edge("act", END)
    box: _Box = {"given": state}
    return (await builder.compile().ainvoke(box, context=context))["update"]


@dataclass
class Shelf:
    """A closed source that brings what it is told to: by query, papers' ids with fused score and cosine."""

    held: Mapping[str, Paper]
    hits: Mapping[str, Sequence[tuple[str, float, float]]] = field(default_factory=dict[str, Any])
    gaps: Mapping[str, Gap] = field(default_factory=dict[str, Gap])
    name: str = "library:tests"
    closed: bool = True
    asked: list[str] = field(default_factory=list[str])

    def papers(self) -> Mapping[str, Paper]:
        """All papers that it holds."""
        return self.held

    async def search(self, query: str, limit: int) -> SearchAnswer:
        """What it was told to bring for this query, or for any query under ``*``."""
        self.asked.append(query)
        if query in self.gaps:
            return SearchAnswer(gap=self.gaps[query])
        hits = self.hits.get(query, self.hits.get("*", ()))
        return SearchAnswer(found=tuple(Found(self.held[p], fused, cosine) for p, fused, cosine in hits[:limit]))


def make_context(
    home: Path, reasoner: Reasoner, shelf: Shelf, encoder: Encoder | None = None, **settings: object
) -> Context:
    """A run's context; ``settings`` are concerns as dicts. Without an encoder nothing can be sought in papers."""
    made = Settings.model_validate({"home": home, **settings})
    run = RunStore(home).create("Does zolafen reduce night cramps in adults?", "tests", made.manifest())
    return Context(
        settings=made,
        reasoner=reasoner,
        source=shelf,
        passages=cast("Passages", None) if encoder is None else Passages(shelf.papers(), encoder),
        run=run,
        papers=shelf.papers(),
        clock=lambda: TIME,
    )
