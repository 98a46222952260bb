"""Runs of the few papers on a loopback model server: in this process, or in one that can be killed at any moment."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sqlite3
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from consilience.engine import FinishedRun, resume_run, run_question
from consilience.evals.loopback.server import KEY, ModelServer, sleep_until
from consilience.runs.store import calls_path
from consilience.settings import Settings

from . import homes
from .killing import PRELOADED

NODES = (
    "plan", "screen", "extract", "reconcile", "defend", "prosecute", "judge", "write", "review", "deliberate", "revise",
    "audit",
)  # fmt: skip
"""The tasks of a run in the order in which their first calls come."""
QUESTION = "Do second-generation antihistamines cause sedation compared with placebo?"
_WAIT_SECONDS = 120.0


def settings_for(home: Path, base_url: str, **model: Any) -> Settings:  # noqa: ANN401 -- settings of any kind
    """Settings for a run over the few papers on the model at an address."""
    endpoint = {"name": "scripted", "base_url": base_url, "api_key": KEY, **model}
    return homes.few_settings(home, reasoner="model", model=endpoint)


def ask(settings: Settings, run_id: str = "one") -> FinishedRun:
    """A run from start to end."""
    return homes.ask(settings, run_id, QUESTION)


def resumed(settings: Settings, run_id: str = "one") -> FinishedRun:
    """A run that goes on to its end."""
    return asyncio.run(resume_run(run_id, settings=settings))


def kill_at(server: ModelServer, home: Path, task: str, *, resume: bool, run_id: str = "one") -> None:
    """Begin or resume a run in a process of its own, and kill that process once the server is asked a task.

    A run that never asks it again ends; then the moment lay behind it.
    """
    before = server.count(task)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    process = context.Process(target=_run, args=(home, run_id, server.base_url, resume))
    process.start()
    sleep_until(lambda: server.count(task) > before or not process.is_alive(), _WAIT_SECONDS)
    _kill(process)


def _kill(process: ForkServerProcess) -> None:
    process.kill()
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL), f"the run failed with {code}"


def _run(home: Path, run_id: str, base_url: str, resume: bool) -> None:
    settings = settings_for(home, base_url)
    if resume:
        asyncio.run(resume_run(run_id, settings=settings))
    else:
        asyncio.run(run_question(QUESTION, library=homes.FEW, settings=settings, run_id=run_id))


def answers_on_disk(home: Path) -> int:
    """How many answers of models the call log holds."""
    path = calls_path(home)
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM calls WHERE kind = 'chat'").fetchone()[0])
