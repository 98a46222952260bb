"""The overhead task: a run's wall time over its floor, which is the longest chain of model calls that wait for others.

The model is the stand-in: every call takes ``LATENCY`` seconds, as many at once as are asked. What a run takes beyond
its floor is its own: loading, retrieval, the embedded witnesses, checkpoints, files.

The chain is read from the transcript. The graph's steps follow one another, so each step adds the longest chain in it;
within a step, calls of one task do not wait for each other. Cross-examination has up to three links: both sides' briefs
at once, then papers screened in again for evidence that they gave, then the judge. Every other step that asks has one.

The stand-in works its answers out by rules, which takes time that a model behind a network would not take from the run.
So the run is rehearsed in a process of its own, and the measured one, which begins cold, is given those answers.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from consilience.assembly import Way
from consilience.errors import ConsilienceError
from consilience.literature.sample import SAMPLE, open_sample
from consilience.models.encoder import load_encoder
from consilience.records import Event
from consilience.reports.cost import AgentCost
from consilience.settings import ScreeningSettings, Settings

from .registry import EvalResult, Figure, TaskInput, shown, table, versions
from .stand_in import StandIn, Timed

LATENCY = 0.5
INCLUDED = 40
_MODULE = "consilience.evals.overhead"
QUESTION = "Does hormone therapy reduce fractures in postmenopausal women?"
_TOGETHER = {"prosecute": "defend"}
"""Tasks of one step that are asked side by side: they make one link of its chain."""


@dataclass(frozen=True)
class Measured:
    """One run: its wall seconds, the chain by node, the stretches without a call under way, and what it asked."""

    wall: float
    chain: Mapping[str, int]
    alone: Mapping[str, float]
    included: int
    costs: tuple[AgentCost, ...]

    @property
    def floor(self) -> float:
        """Seconds that the chain takes at the least."""
        return LATENCY * sum(self.chain.values())


def measure(given: TaskInput) -> EvalResult:
    """Run the sample question with forty papers included, under a temporary home."""
    with tempfile.TemporaryDirectory(prefix="consilience-overhead-") as folder:
        home = Path(folder)
        open_sample(home).index(load_encoder(given.settings.models.threads))
        given.progress("rehearsing, for the answers")
        answers = _rehearsed(home)
        given.progress(f"asking with {INCLUDED} papers included, {LATENCY} s a call")
        return result(run_once(home, answers))


def _rehearsed(home: Path) -> dict[str, str]:
    """The answers of a run in another process, by what was asked."""
    path = home / "answers.json"
    done = subprocess.run([sys.executable, "-m", _MODULE, str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ConsilienceError(f"the rehearsal failed: {last}")
    return json.loads(path.read_text(encoding="utf-8"))


def rehearse(path: Path) -> None:
    """Run without latency under a home of its own, and write the answers to a file."""
    with tempfile.TemporaryDirectory(prefix="consilience-rehearsal-") as folder:
        answers: dict[str, str] = {}
        run_once(Path(folder), answers, latency=0.0)
    path.write_text(json.dumps(answers), encoding="utf-8")


def run_once(
    home: Path, answers: dict[str, str], *, latency: float = LATENCY, included: int = INCLUDED, library: str = SAMPLE
) -> Measured:
    """One run over a library in ``home``; the models are loaded within, and new answers are added to ``answers``."""
    from consilience.engine import run_question

    settings = Settings(home=home, reasoner="model", screening=ScreeningSettings(max_included=included))
    model = StandIn(latency=latency, includes_all=True, remembered=answers)
    heard: list[Event] = []
    begun = time.perf_counter()
    finished = asyncio.run(
        run_question(QUESTION, library=library, settings=settings, way=Way(settings, model), listener=heard.append)
    )
    ended = time.perf_counter()
    if finished.report is None:
        raise AssertionError("a run that nobody stops for approval ends with a report")
    tasks = {call.id: call.task for call in finished.run.model_calls.read()}
    finished.run.close()
    return Measured(
        wall=ended - begun,
        chain=chain(heard, tasks),
        alone=alone(model.timed, begun, ended),
        included=finished.report.prisma.included,
        costs=finished.report.manifest.costs,
    )


def chain(heard: Iterable[Event], tasks: Mapping[str, str]) -> dict[str, int]:
    """Links of the longest chain of calls that wait for one another, by node; ``tasks`` is of calls by their id."""
    steps: dict[tuple[int, str], int] = {}
    for event in heard:
        links = {_TOGETHER.get(tasks[call], tasks[call]) for call in event.calls if call in tasks}
        key = (event.step, event.node)
        steps[key] = max(steps.get(key, 0), len(links))
    found: dict[str, int] = {}
    for (_, node), links in sorted(steps.items()):
        if links:
            found[node] = found.get(node, 0) + links
    return found


def alone(timed: Sequence[Timed], begun: float, ended: float) -> dict[str, float]:
    """Seconds without any call under way, by the task whose call ended them; the last ones by ``the end``."""
    found: dict[str, float] = {}
    reached = begun
    for call in sorted(timed, key=lambda call: call.began):
        if call.began > reached:
            found[call.task] = found.get(call.task, 0.0) + call.began - reached
        reached = max(reached, call.ended)
    found["the end"] = max(0.0, ended - reached)
    return found


def result(measured: Measured) -> EvalResult:
    """Figures and three tables: the whole, the chain and the stretches alone, calls and tokens by agent."""
    ratio, own = measured.wall / measured.floor, sum(measured.alone.values())
    start = next(iter(measured.alone.values()), 0.0)
    whole: dict[str, Figure] = {
        "papers included": measured.included,
        "links of the chain": sum(measured.chain.values()),
        "floor, seconds": round(measured.floor, 2),
        "wall, seconds": round(measured.wall, 2),
        "wall over floor": round(ratio, 3),
        "wall over floor without start-up": round((measured.wall - start) / measured.floor, 3),
        "seconds with no call under way": round(own, 2),
        "their share of the wall": round(own / measured.wall, 3),
    }
    links = [(node, str(number)) for node, number in measured.chain.items()]
    waits = [(f"before {task}" if task != "the end" else task, shown(s, 2)) for task, s in measured.alone.items()]
    asked = [(c.role, str(c.calls), str(c.tokens_in), str(c.tokens_out)) for c in measured.costs]
    total = [
        sum(column) for column in zip(*((c.calls, c.tokens_in, c.tokens_out) for c in measured.costs), strict=True)
    ]
    asked.append(("**all**", str(total[0]), str(total[1]), str(total[2])))
    parts = (
        table(("figure", "value"), [(name, shown(value, 2)) for name, value in whole.items()]),
        table(("node", "links of the chain"), links),
        table(("no call under way", "seconds"), waits),
        table(("agent", "calls", "tokens in", "tokens out"), asked),
    )
    figures = {name.replace(", ", "_").replace(" ", "_"): value for name, value in whole.items()}
    figures.update({f"chain.{node}": number for node, number in measured.chain.items()})
    figures.update({f"alone.{task.replace(' ', '_')}": round(s, 3) for task, s in measured.alone.items()})
    for cost in measured.costs:
        figures |= {f"{cost.role}.calls": cost.calls, f"{cost.role}.tokens": cost.tokens_in + cost.tokens_out}
    return EvalResult("overhead", figures, "\n\n".join(parts), versions())


if __name__ == "__main__":
    rehearse(Path(sys.argv[1]))
