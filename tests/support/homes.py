"""Homes for runs of the whole: the sample library, and a dozen papers of it, indexed once a session and copied."""

from __future__ import annotations

import asyncio
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from consilience.engine import FinishedRun, run_question
from consilience.literature.library import Library
from consilience.literature.sample import open_sample, shipped_files
from consilience.models.encoder import load_encoder
from consilience.reports.report import Report
from consilience.settings import Settings

FEW = "few"
FEW_QUESTION = "Does fexofenadine impair driving performance?"
# In pieces of two papers and two claims, so that a run over a dozen papers has many steps.
SMALL_CHUNKS: dict[str, Any] = {"extraction": {"chunk_size": 2}, "verification": {"chunk_size": 2}}
_FROM = {"antihistamines.jsonl": 8}


@cache
def sample_home(base: Path) -> Path:
    """A home with the sample library and its index. Not to be written in: copy it."""
    home = base / "home-of-the-sample"
    open_sample(home).index(load_encoder())
    return home


@cache
def few_home(base: Path) -> Path:
    """A home with the library ``few``: eight papers on the question and four on others. Not to be written in."""
    home = base / "home-of-a-few"
    home.mkdir()
    lines: list[str] = []
    for file in shipped_files():
        lines += file.read_text(encoding="utf-8").splitlines()[: _FROM.get(file.name, 1)]
    papers = home / "few.jsonl"
    papers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Library.add_to(home, FEW, [papers])
    Library.open(home, FEW).index(load_encoder())
    return home


def copied(home: Path, to: Path) -> Path:
    """A copy to run in."""
    return Path(shutil.copytree(home, to))


def few_settings(home: Path, **changes: Any) -> Settings:  # noqa: ANN401 -- settings of any concern
    """Settings for a run over the few papers, in small chunks."""
    return Settings(home=home, **(SMALL_CHUNKS | changes))


def ask(settings: Settings, run_id: str = "one", question: str = FEW_QUESTION, library: str = FEW) -> FinishedRun:
    """A run from start to end."""
    return asyncio.run(run_question(question, library=library, settings=settings, run_id=run_id))


def report_of(finished: FinishedRun) -> Report:
    """The report of a run that must have one."""
    assert finished.report is not None
    return finished.report
