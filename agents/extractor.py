"""The Extractor: claims out of abstracts, each with spans that are checked, then one ledger of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Send

from consilience.agents.context import Context
from consilience.agents.dossier import load_chunks, load_plan, load_screening
from consilience.agents.state import ClaimSet, ExtractionChunk, ExtractTask, RunState, chunks, required
from consilience.agents.steps import leave_gap, step
from consilience.records import Claim, Extraction, Paper

AGENT = "Extractor"


def send_papers(state: RunState, runtime: Runtime[Context]) -> list[Send] | Literal["plan", "reconcile"]:
    """Back to the plan while the search is not saturated; else one extraction task a chunk of papers."""
    if not state.get("saturated", True):
        return "plan"
    context = runtime.context
    included = load_screening(state, context).included
    parts = chunks(included, context.settings.extraction.chunk_size, f"r{state.get('round', 0)}/c")
    tasks = [Send("extract", ExtractTask(key=key, items=ids, plan=required(state, "plan"))) for key, ids in parts]
    return tasks or "reconcile"


async def extract(state: ExtractTask, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """The claims of one chunk of papers. A quotation that does not match its abstract is dropped and counted."""
    context, key = runtime.context, state["key"]
    papers = tuple(context.papers[paper_id] for paper_id in state["items"])
    update: dict[str, Any] = {}
    with step(context, node="extract", agent=AGENT, key=key) as told:
        told.saw = f"{len(papers)} abstracts"
        # The Verifier will look for passages in these papers: their sentences are encoded while a model reads them.
        await asyncio.to_thread(context.passages.prepare, state["items"])
        outcomes = await context.reasoner.extract(load_plan(state, context), papers)
        told.took(*outcomes)
        kept: list[Extraction] = []
        for paper, outcome in zip(papers, outcomes, strict=True):
            if outcome.value is not None:
                limit = context.settings.extraction.max_claims_per_paper
                kept.append(check_spans(outcome.value, paper, limit))
            if outcome.gap is not None:
                gap = context.run.artifacts.put(outcome.gap)
                update.setdefault("gaps", {})[f"{key}/{paper.id}"] = gap
        claims = [claim for extraction in kept for claim in extraction.claims]
        dropped = sum((Counter(e.dropped) for e in kept), Counter[str]())
        told.decided = f"{len(claims)} claims, {sum(not c.background for c in claims)} on the question"
        told.why = "; ".join(f"{n} sentences dropped: {why}" for why, n in sorted(dropped.items()))
        told.counts = {"claims": len(claims), "dropped": sum(dropped.values())}
        told.details = [f"{'·' if c.background else '→'} {c.text}" for c in claims]
    update["extractions"] = {key: context.run.artifacts.put(ExtractionChunk(extractions=tuple(kept)))}
    return update


def check_spans(extraction: Extraction, paper: Paper, limit: int) -> Extraction:
    """Drop claims whose quotation is not in the abstract, then keep ``limit`` of them, on-question first."""
    dropped = Counter(extraction.dropped)
    good: list[Claim] = []
    for claim in extraction.claims:
        if all(span.matches(paper) for span in claim.spans):
            good.append(claim)
        else:
            dropped["quotation does not match the abstract"] += 1
    order = sorted(range(len(good)), key=lambda n: (good[n].background, n))
    chosen = sorted(order[:limit])
    if len(good) > limit:
        dropped["over the bound of claims a paper"] += len(good) - limit
    return Extraction(paper_id=paper.id, claims=tuple(good[n] for n in chosen), dropped=dict(sorted(dropped.items())))


async def reconcile(state: RunState, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Merge equivalent claims across papers into ledger entries that keep every source span."""
    context, this_round = runtime.context, state.get("round", 0)
    found = load_chunks(state, "extractions", ExtractionChunk, context)
    extractions = [extraction for chunk in found for extraction in chunk.extractions]
    claims = tuple(claim for extraction in extractions for claim in extraction.claims)
    dropped = sum((Counter(e.dropped) for e in extractions), Counter[str]())
    with step(context, node="reconcile", agent=AGENT, key=f"r{this_round}") as told:
        told.saw = f"{len(claims)} claims of {len(extractions)} papers"
        merged = claims
        update: dict[str, Any] = {}
        if claims:
            outcome = await context.reasoner.reconcile(load_plan(state, context), claims)
            told.took(outcome)
            merged = outcome.value if outcome.value is not None else claims
            update = leave_gap(context, f"r{this_round}/reconcile", outcome.gap)
        shared = [c for c in merged if len(c.paper_ids) > 1]
        told.decided = f"{len(merged)} ledger entries, {len(shared)} of them stated by several papers"
        told.why = "merged where comparison, outcome and direction are the same"
        told.counts = {"claims": len(claims), "entries": len(merged), "shared": len(shared)}
        told.details = [f"{len(c.paper_ids)} papers: {c.text}" for c in shared]
    ref = context.run.artifacts.put(ClaimSet(claims=merged, dropped=dict(sorted(dropped.items()))))
    return {**update, "claims": ref}
