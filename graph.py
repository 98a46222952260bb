"""The state machine: nodes and edges, and nothing else.

Absolute imports only: LangGraph's own tools load this file by its path. What a node does is in ``agents``.
"""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from consilience.agents import auditor, extractor, panel, publisher, reviewers, searcher, verifier, writer
from consilience.agents.context import Context
from consilience.agents.state import RunState


def build_graph() -> StateGraph[RunState, Context]:
    """The uncompiled graph. Compile it with a checkpointer to make its runs resumable."""
    builder = StateGraph(RunState, context_schema=Context)
    builder.add_node("plan", searcher.plan)
    builder.add_node("approve", searcher.approve)
    builder.add_node("search", searcher.search)
    builder.add_node("screen", searcher.screen)
    builder.add_node("extract", extractor.extract)
    builder.add_node("reconcile", extractor.reconcile)
    builder.add_node("cross_examine", verifier.cross_examine)
    builder.add_node("write", writer.write)
    builder.add_node("review", reviewers.review)
    builder.add_node("deliberate", panel.deliberate)
    builder.add_node("audit", auditor.audit)
    builder.add_node("publish", publisher.publish)

    builder.add_edge(START, "plan")
    builder.add_edge("plan", "approve")
    builder.add_conditional_edges("approve", searcher.send_queries, ["search", "screen"])
    builder.add_edge("search", "screen")
    builder.add_conditional_edges("screen", extractor.send_papers, ["plan", "extract", "reconcile"])
    builder.add_edge("extract", "reconcile")
    builder.add_conditional_edges("reconcile", verifier.send_claims, ["cross_examine", "write"])
    builder.add_edge("cross_examine", "write")
    builder.add_conditional_edges("write", reviewers.send_reviews, ["review"])
    builder.add_edge("review", "deliberate")
    builder.add_conditional_edges("deliberate", panel.route, {"revise": "write", "search": "plan", "audit": "audit"})
    builder.add_edge("audit", "publish")
    builder.add_edge("publish", END)
    return builder


graph = build_graph().compile(name="consilience")
