"""The state machine as it is drawn: its nodes, its edges, and the file that LangGraph's own tools load."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

from consilience.graph import build_graph, graph

ROOT = Path(__file__).resolve().parents[1]
NODES = {
    *("plan", "approve", "search", "screen", "extract", "reconcile", "cross_examine"),
    *("write", "review", "deliberate", "audit", "publish"),
}
# docs/architecture.md, "What a run does". The second line of each pair of fan-out and join holds where it is empty.
EDGES = {
    ("__start__", "plan"),
    ("plan", "approve"),
    ("approve", "search"),
    ("approve", "screen"),
    ("search", "screen"),
    ("screen", "plan"),
    ("screen", "extract"),
    ("screen", "reconcile"),
    ("extract", "reconcile"),
    ("reconcile", "cross_examine"),
    ("reconcile", "write"),
    ("cross_examine", "write"),
    ("write", "review"),
    ("review", "deliberate"),
    ("deliberate", "write"),
    ("deliberate", "plan"),
    ("deliberate", "audit"),
    ("audit", "publish"),
    ("publish", "__end__"),
}


def edges(compiled: Any) -> set[tuple[str, str]]:  # noqa: ANN401 -- the graph's own class has four parameters
    return {(edge.source, edge.target) for edge in compiled.get_graph().edges}


def test_nodes_and_edges_are_those_of_the_design() -> None:
    assert set(build_graph().nodes) == NODES
    assert edges(graph) == EDGES


def test_every_loop_leads_through_a_node_that_can_end_it() -> None:
    """Without screening's and the panel's way back, whose bounds are tested with whole runs, nothing loops."""
    ahead = edges(graph) - {("screen", "plan"), ("deliberate", "plan"), ("deliberate", "write")}
    left = {node for edge in ahead for node in edge}
    while left:
        ends = {node for node in left if not any(a == node and b in left for a, b in ahead)}
        assert ends, f"a loop within {sorted(left)}"
        left -= ends


def test_langgraphs_own_tools_load_the_file_by_its_path() -> None:
    listed = json.loads((ROOT / "langgraph.json").read_text())["graphs"]
    assert list(listed) == ["consilience"]
    path, _, name = listed["consilience"].partition(":")
    spec = importlib.util.spec_from_file_location("loaded_by_path", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loaded = getattr(module, name)
    assert loaded is not graph
    assert edges(loaded) == EDGES
    assert set(loaded.get_graph().nodes) == {*NODES, "__start__", "__end__"}
