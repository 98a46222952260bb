"""Measures whole runs: ``python -m consilience.evals.performance.benchmark --abstracts 200 2000``.

Each size runs in a process of its own, so that memory and imports are its own. Trust ratios and shares more
than seconds: the machine may be shared.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from consilience.errors import ConsilienceError
from consilience.evals.libraries import write_jsonl
from consilience.evals.recipes import SetRecord
from consilience.evals.registry import EvalResult, TaskInput, flatten, shown, table, versions
from consilience.records import Event
from consilience.settings import Settings, load_settings

from .corpus import corpus
from .timers import Tracker, watched

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder

SIZES = (200, 2000)
KERNELS = ("ONNX", "Chroma")
WATCHED: dict[str, tuple[str, ...]] = {
    "ONNX": ("onnxruntime:InferenceSession.run",),
    "Chroma": (
        *tuple(
            f"chromadb.api.models.Collection:Collection.{name}"
            for name in ("get", "query", "upsert", "update", "delete", "count")
        ),
        "chromadb:PersistentClient",
    ),
    "tokenizer and pooling": ("consilience.models.encoder:Encoder.encode",),
    "BM25 and fusion": ("consilience.vectorstore.retrieval:HybridRetriever.search",),
    "checkpoints": (
        "langgraph.checkpoint.sqlite.aio:AsyncSqliteSaver.aput",
        "langgraph.checkpoint.sqlite.aio:AsyncSqliteSaver.aput_writes",
    ),
    "artifacts": (
        "consilience.runs.artifacts:Artifacts.put",
        "consilience.runs.artifacts:Artifacts.get",
    ),
    "call log": ("consilience.runs.calls:CallLog.get_many", "consilience.runs.calls:CallLog.put_many"),
    "transcript": ("consilience.runs.transcript:Transcript.record",),
    "passages": ("consilience.vectorstore.passages:Passages.best",),
    "stance features": ("consilience.models.feature_judge:FeatureJudge.judge_abstracts",),
    "cross-encoder": ("consilience.models.cross_encoder:CrossEncoder.run",),
    "rules: screening": ("consilience.reasoning.embedded:screen",),
    "rules: extraction": ("consilience.reasoning.embedded:extract",),
    "rules: reconciling and verdicts": (
        "consilience.reasoning.embedded:reconcile",
        "consilience.reasoning.embedded:brief_all",
        "consilience.reasoning.embedded:judge_case",
    ),
    "rules: writing and review": tuple(
        f"consilience.reasoning.embedded:{name}" for name in ("compose", "revise", "review", "deliberate")
    ),
    "report files": ("consilience.agents.publisher:assemble", "consilience.agents.publisher:publish_files"),
}
_MIB = 1024 * 1024
_LIBRARY = "benchmark"
_MODULE = "consilience.evals.performance.benchmark"


def measure(given: TaskInput) -> EvalResult:
    """The benchmark as an eval task, at 200 and 2,000 abstracts."""
    return result([_in_process(size, given) for size in SIZES])


def result(measured: Sequence[dict[str, Any]]) -> EvalResult:
    """Figures by size, and four tables: the whole, nodes, where the time goes, indexing."""
    figures = flatten({str(one["abstracts"]): one for one in measured})
    sizes = tuple(f"{one['abstracts']} abstracts" for one in measured)
    whole = [
        (label, *(shown(one[key], 2) for one in measured))
        for label, key in (
            ("run, seconds", "run_seconds"),
            ("indexing, seconds", "index_seconds"),
            ("importing and loading, seconds", "load_seconds"),
            ("inside ONNX and Chroma, share of the run", "kernel_share"),
            ("outside the kernels, seconds", "overhead_seconds"),
            ("checkpoints, MiB", "checkpoint_mib"),
            ("run folder, MiB", "run_folder_mib"),
            ("peak memory, MiB", "peak_mib"),
            ("papers included", "included"),
            ("claims", "claims"),
        )
    ]
    tables = [table(("", *sizes), whole)]
    for key, head in (("nodes", "node, wall seconds"), ("time", "where the run's time goes, seconds")):
        names = list(dict.fromkeys(name for one in measured for name in one[key]))
        rows = [(name, *(shown(one[key].get(name), 2) for one in measured)) for name in names]
        tables.append(table((head, *sizes), rows))
    grown = [
        (f"{label}, processor ms an abstract", *(shown(one["indexing"][label], 2) for one in measured))
        for label in ("first quarter", "second quarter", "second half")
    ]
    ratios = (shown(one["linearity"], 2) for one in measured)
    grown.append(("linearity: second half to first quarter (1 is linear)", *ratios))
    tables.append(table(("indexing", *sizes), grown))
    return EvalResult("performance", figures, "\n\n".join(tables), versions())


def measure_here(size: int, data: Path | None) -> dict[str, Any]:
    """Measure one size in this process, under a temporary home."""
    with tempfile.TemporaryDirectory(prefix="consilience-performance-") as folder:
        return _measured(size, data, load_settings(home=Path(folder), reasoner="embedded"))


def _measured(size: int, data: Path | None, settings: Settings) -> dict[str, Any]:
    records, question = corpus(size, data)
    begun = time.perf_counter()
    from consilience.engine import run_question
    from consilience.models.encoder import load_encoder

    tracker = Tracker(tuple(WATCHED))
    heard: list[tuple[float, Event]] = []

    def hear(event: Event) -> None:
        heard.append((time.perf_counter(), event))

    with watched(tracker, WATCHED):
        encoder = load_encoder(settings.models.threads)
        encoder.encode(["warm"])
        loading = time.perf_counter() - begun
        indexing = _indexing(records, settings, encoder)
        tracker.reset()
        begun = time.perf_counter()
        finished = asyncio.run(run_question(question, library=_LIBRARY, settings=settings, listener=hear))
        wall = time.perf_counter() - begun
        spent = tracker.seconds()
    report = finished.report
    if report is None:
        raise AssertionError("a run that nobody stops for approval ends with a report")
    kernel = sum(spent[name] for name in KERNELS)
    return {
        "abstracts": size,
        "run_seconds": round(wall, 3),
        "load_seconds": round(loading, 3),
        "index_seconds": indexing.pop("seconds"),
        "kernel_share": round(kernel / wall, 4),
        "overhead_seconds": round(wall - kernel, 3),
        "checkpoint_mib": round(_bytes(settings.home, "checkpoints.sqlite*") / _MIB, 3),
        "run_folder_mib": round(_bytes(finished.run.folder, "**/*") / _MIB, 3),
        "peak_mib": round(_peak_bytes() / _MIB, 1),
        "included": report.prisma.included,
        "claims": report.counts.claims,
        "nodes": by_node(heard),
        "time": {name: round(seconds, 3) for name, seconds in spent.items()},
        "calls": tracker.calls(),
        "indexing": indexing,
        "linearity": round(indexing["second half"] / indexing["first quarter"], 3),
    }


def _indexing(records: Sequence[SetRecord], settings: Settings, encoder: Encoder) -> dict[str, float]:
    """Processor milliseconds an abstract while the library grows to a quarter, a half and the whole; wall seconds.

    Processor time, because a shared machine would bend a ratio of wall times.
    """
    from consilience.literature.library import Library

    library = Library.create(settings.home, _LIBRARY)
    size = len(records)
    ends = {"first quarter": size // 4, "second quarter": size // 2, "second half": size}
    figures: dict[str, float] = {}
    start, total = 0, 0.0
    for label, end in ends.items():
        library.add([write_jsonl(records[start:end], _LIBRARY, settings.home / f"{end}.jsonl")])
        begun, worked = time.perf_counter(), time.process_time()
        library.index(encoder)
        figures[label] = round(1000 * (time.process_time() - worked) / (end - start), 3)
        start, total = end, total + time.perf_counter() - begun
    return {**figures, "seconds": round(total, 3)}


def by_node(heard: Sequence[tuple[float, Event]]) -> dict[str, float]:
    """Wall seconds in which at least one step of a node was under way, in the order in which nodes first ended.

    ``heard`` holds when each event came, in seconds of any clock. Steps side by side, or waiting for one another,
    count once.
    """
    spans: dict[str, list[tuple[float, float]]] = {}
    for ended, event in sorted(heard, key=lambda pair: pair[0]):
        spans.setdefault(event.node, []).append((ended - event.seconds, ended))
    return {node: round(_union(found), 3) for node, found in spans.items()}


def _union(spans: Sequence[tuple[float, float]]) -> float:
    total, reached = 0.0, float("-inf")
    for begun, ended in sorted(spans):
        total += max(0.0, ended - max(begun, reached))
        reached = max(reached, ended)
    return total


def _bytes(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())


def _peak_bytes() -> int:
    import resource  # there is none on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # Linux counts in KiB


def _in_process(size: int, given: TaskInput) -> dict[str, Any]:
    given.progress(f"measuring {size} abstracts")
    command = [sys.executable, "-m", _MODULE, "--one", str(size)]
    if given.data is not None:
        command += ["--data", str(given.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ConsilienceError(f"the benchmark with {size} abstracts failed: {last}")
    return cast("dict[str, Any]", json.loads(done.stdout.splitlines()[-1]))


def _size(text: str) -> int:
    size = int(text)
    if size < 4:
        raise argparse.ArgumentTypeError("at least 4 abstracts")
    return size


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, or (``--one``, used for the processes of their own) one size's figures as JSON."""
    parser = argparse.ArgumentParser(prog=f"python -m {_MODULE}", description=__doc__)
    parser.add_argument("--abstracts", type=_size, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--data", type=Path, help="folder of public sets; without it abstracts are composed")
    parser.add_argument("--one", type=_size, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        print(json.dumps(measure_here(given.one, given.data)))
        return
    task = TaskInput(given.data, load_settings(), lambda line: print(line, file=sys.stderr, flush=True))
    print(result([_in_process(size, task) for size in given.abstracts]).table)


if __name__ == "__main__":
    main()
