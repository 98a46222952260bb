"""The gold task: asks every gold question through the engine and holds the report against the gold report."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from consilience.assembly import Way, settled

from .gold_asking import ask, tell
from .gold_model import ask_model
from .gold_schema import load_gold
from .gold_table import compared, result
from .registry import EvalResult, TaskInput


def measure(given: TaskInput, way: Way | None = None) -> EvalResult:
    """Ask every gold question whose library can be had; without ``data`` those on public sets are left out.

    Where the settings choose a language model, or a ``way`` to one is given, it is asked first, and the embedded
    reasoner beside it.

    Raises:
        EndpointError: the language model cannot be asked; nothing was spent.
        InputError: a set is there but lacks a record that its gold question names.
    """
    questions = load_gold()
    if given.data is None:
        skipped = [q.id for q in questions if q.library.set != "sample"]
        questions = tuple(q for q in questions if q.library.set == "sample")
        given.progress(f"skipped without --data: {', '.join(skipped)}")
    questions = questions[: given.limit]
    with tempfile.TemporaryDirectory(prefix="consilience-gold-") as folder:
        settings = given.settings.model_copy(update={"home": Path(folder)})
        with_model = way is not None or settled(settings).reasoner == "model"
        runs = asyncio.run(ask_model(given, questions, settings, way)) if with_model else None
        asked = [tell(given, ask(q, settings, given.data)) for q in questions]
    return result(asked) if runs is None else compared(asked, runs)
