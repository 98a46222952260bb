"""Judges cases by asking the configured language model, one call a claim, within the budget's bounds.

Answers go through the call log, so that what was paid once is never paid again. The model tells a stance and how sure
it is; that self-rating is taken as the stance's probability here *in order to measure it*, and nowhere else.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from consilience import prompts
from consilience.assembly import Way, way_to_model
from consilience.endpoints.budget import Budget
from consilience.endpoints.logged import LoggedCompleter
from consilience.endpoints.prices import price_of
from consilience.evals.registry import TaskInput
from consilience.evals.spending import Bill
from consilience.models.stance import StanceScores
from consilience.reasoning.language_model.answers import StanceAnswer
from consilience.reasoning.language_model.asking import Asker
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import ModelCalls
from consilience.runs.store import calls_path

from .cases import Case

_SURE = (0.34, 0.99)
"""Bounds of what a self-rating is worth: more than a third, since the stance is the first of three."""
_EVERY = 25
_AT_ONCE = 64
"""Cases that are under way at once; the endpoint's own bound on calls at once is stricter."""


@dataclass(frozen=True)
class Answered:
    """Each case's scores, None where some claim of it got no usable answer; who answered; what it took."""

    scores: tuple[tuple[StanceScores, ...] | None, ...]
    model: str
    bill: Bill
    faults: tuple[str, ...]
    """Why claims got no answer, each reason once."""
    prompt: str
    """sha256 of the prompt, with the texts that it includes."""


def asked(cases: Sequence[Case], given: TaskInput, name: str, way: Way | None = None) -> Answered:
    """Put the cases to the model that the settings choose, or to the one at the end of ``way``.

    Raises:
        EndpointError: it cannot be asked; nothing was spent.
    """
    return asyncio.run(_asked(cases, given, name, way))


def scores_of(answer: StanceAnswer) -> StanceScores:
    """The stance with the self-rating as its probability, the rest shared by the other two."""
    low, high = _SURE
    sure = min(high, max(low, answer.sure / 100))
    rest = (1 - sure) / 2
    chances = {word: sure if word == answer.stance else rest for word in ("supports", "refutes", "neutral")}
    return StanceScores(**chances)


async def _asked(cases: Sequence[Case], given: TaskInput, name: str, way: Way | None) -> Answered:
    async with nullcontext(way) if way else way_to_model(given.settings) as opened:
        if opened.completer is None:
            raise AssertionError("the settings choose a model, and the way to it is open")
        with tempfile.TemporaryDirectory() as folder, _accounted(Path(folder), given) as (account, log):
            budget = Budget(opened.settings.budget, price_of, time.monotonic)
            run = f"eval-{name}-{time.time_ns():x}"
            asker = Asker(LoggedCompleter(opened.completer, log, account, budget, run), opened.settings.model)
            found = await _all(cases, asker, given, name)
            bill = Bill.of(account.read())
        faults = tuple(dict.fromkeys(one for of in found for one in of if isinstance(one, str)))
        prompt = prompts.digests(asker.folder)["stance"]
        return Answered(tuple(map(_whole, found)), opened.completer.describe("judge").name, bill, faults, prompt)


@contextmanager
def _accounted(folder: Path, given: TaskInput) -> Generator[tuple[ModelCalls, CallLog]]:
    """This measurement's own account of calls, and the call log that all runs share."""
    account, log = ModelCalls(folder / "model-calls.sqlite"), CallLog(calls_path(given.settings.home))
    try:
        yield account, log
    finally:
        log.close()
        account.close()


def _whole(found: Sequence[StanceScores | str]) -> tuple[StanceScores, ...] | None:
    """A case's scores, if all of its claims have some."""
    scores = tuple(one for one in found if isinstance(one, StanceScores))
    return scores if len(scores) == len(found) else None


async def _all(cases: Sequence[Case], asker: Asker, given: TaskInput, name: str) -> list[list[StanceScores | str]]:
    """For each case the scores of its claims, or the reason why there are none."""
    done, slots = 0, asyncio.Semaphore(_AT_ONCE)

    async def one(case: Case) -> list[StanceScores | str]:
        nonlocal done
        async with slots:
            made = [await _one(asker, claim, case.sentences) for claim in case.claims]
        done += 1
        if done % _EVERY == 0 or done == len(cases):
            given.progress(f"{name}: {done} of {len(cases)} put to the model")
        return made

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(case)) for case in cases]
    return [task.result() for task in tasks]


async def _one(asker: Asker, claim: str, sentences: Sequence[str]) -> StanceScores | str:
    numbered = "\n".join(f"S{n}. {sentence}" for n, sentence in enumerate(sentences, start=1))
    shown = {"claim": prompts.data("claim", claim), "sentences": prompts.data("sentences", numbered)}
    outcome = await asker.ask("stance", "judge", StanceAnswer, shown)
    if outcome.value is not None:
        return scores_of(outcome.value)
    return outcome.gap.reason if outcome.gap else "no usable answer"
