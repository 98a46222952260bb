"""Kills a run at a moment that a test names, as a power cut would: SIGKILL, nothing is closed or flushed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from consilience.records import Event
from consilience.tests.support import homes

_WAIT_SECONDS = 120
PRELOADED = (
    "consilience.tests.support.killing",
    "consilience.graph",
    "langgraph.checkpoint.sqlite.aio",
    "chromadb",
    "bm25s",
    "tokenizers",
)


@dataclass(frozen=True)
class Moment:
    """``seconds`` after the ``events``-th event that the process records; 0 events is the run's beginning."""

    events: int
    seconds: float


@dataclass
class Killer:
    """Counts the run's events and kills this process at its moment."""

    moment: Moment
    seen: int = 0
    armed: bool = False

    def hear(self, event: Event | None = None) -> None:
        """An event was recorded; None is the beginning."""
        self.seen += event is not None
        if self.seen >= self.moment.events and not self.armed:
            self.arm()

    def arm(self) -> None:
        """Let the kill come after the moment's seconds."""
        self.armed = True
        timer = threading.Timer(self.moment.seconds, os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()


def kill_run(home: Path, run_id: str, moment: Moment, *, resume: bool) -> None:
    """Begin or resume a run in a process of its own and kill that process at the moment.

    The process is forked from a server that has the heavy imports behind it, so that kills fall into the run.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    process = context.Process(target=_run, args=(home, run_id, moment, resume))
    process.start()
    process.join(_WAIT_SECONDS)
    hanging = process.is_alive()
    if hanging:
        process.kill()
        process.join()
    assert not hanging, f"the run neither ended nor was killed at {moment}"
    assert process.exitcode == -signal.SIGKILL, f"the run failed before it was killed at {moment}"
    process.close()


def _run(home: Path, run_id: str, moment: Moment, resume: bool) -> None:
    from consilience.engine import resume_run, run_question

    settings, killer = homes.few_settings(home), Killer(moment)
    if resume:
        killer.hear()
        asyncio.run(resume_run(run_id, settings=settings, listener=killer.hear))
    else:
        asyncio.run(
            run_question(
                homes.FEW_QUESTION,
                library=homes.FEW,
                settings=settings,
                run_id=run_id,
                listener=killer.hear,
                started=lambda _: killer.hear(),
            )
        )
    # The run came to its end first: the kill comes then.
    if not killer.armed:
        killer.arm()
    time.sleep(_WAIT_SECONDS)
