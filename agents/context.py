"""What every node is given at run time: settings, the reasoner, the source, the run's files.

Handed in through LangGraph's runtime context, never through globals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consilience.records import Paper
from consilience.settings import Settings

if TYPE_CHECKING:
    from consilience.literature.base import Source
    from consilience.reasoning.base import Reasoner
    from consilience.runs.store import Run
    from consilience.vectorstore.passages import Passages


@dataclass(frozen=True)
class Means:
    """What claims are cross-examined with. ``papers`` is the source's own map: it grows as searches bring papers."""

    settings: Settings
    reasoner: Reasoner
    source: Source
    passages: Passages
    papers: Mapping[str, Paper]


@dataclass(frozen=True)
class Context(Means):
    """One run's dependencies."""

    run: Run
    clock: Callable[[], str]
    confirm_plan: bool = False
    manifest: Mapping[str, str] = field(default_factory=dict[str, str])
