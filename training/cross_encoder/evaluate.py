"""Measures trained networks on the public sets: one command prints the table and writes dated JSON::

    python -m consilience.training.cross_encoder.evaluate RUN [RUN ...] --weights DIR --data DIR --out DIR

A RUN is a stage's folder (``stage.json`` and ``final.pt``), or a folder of exported weights (``card.json``). The
shipped feature judge is measured beside them, and joined with each, with ``--shipped``.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from consilience.evals.stance_benchmark import judged
from consilience.evals.stance_pairs import Pair
from consilience.models import calibration
from consilience.models.encoder import load_encoder
from consilience.models.feature_judge import FeatureJudge

from . import benchmarks, measures
from .measures import Floats
from .pairs import Labelled

Judge = Callable[[Sequence[Labelled]], tuple[Floats, Sequence[Floats]]]
"""Pairs to label logits, shape (pairs, 3), and for each pair one evidence logit a sentence that was read."""


def main() -> None:
    """Measure each run, print the table, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="*", help="folders of stages or of exported weights")
    parser.add_argument("--weights", type=Path, help="the folder that holds the backbones' folders")
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    parser.add_argument("--out", type=Path, required=True, help="where the figures and the chosen sentences go")
    parser.add_argument("--shipped", action="store_true", help="measure the shipped feature judge too")
    parser.add_argument(
        "--held-out", action="store_true", help="only what was held out of training: no development set"
    )
    parser.add_argument("--threads", type=int, default=1, help="for exported weights; the rate printed is of so many")
    given = parser.parse_args()
    table: dict[str, dict[str, Any]] = {}
    judges = {folder.name: remembering(loaded(folder, given.weights, given.threads)) for folder in given.runs}
    if given.shipped:
        shipped = remembering(feature_judge())
        for folder in given.runs:
            both = joined(judges[folder.name], shipped, _temperature(folder))
            judges[f"{folder.name} + feature judge"] = both
        judges["feature judge"] = shipped
    for name, judge in judges.items():
        table[name] = figures(judge, given.data, given.out / "cache", given.held_out)
        print(json.dumps({name: table[name]}, indent=1), flush=True)
    for folder in given.runs:
        table[folder.name] |= _file(folder)
    for name in table.keys() - {folder.name for folder in given.runs}:
        table[name].pop("pairs_per_second", None)  # what was measured alone before is remembered, not judged
    print(as_markdown(table))
    if not given.held_out:
        print(f"\n{frontier(table)}")
    now = datetime.datetime.now(datetime.UTC)
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / f"{now:%Y-%m-%d-%H%M}-cross-encoder.json"
    content = {"measured": now.isoformat(timespec="minutes"), "data": _data(given.data), "figures": table}
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"written to {file}")


def figures(judge: Judge, data: Path, cache: Path, held_out: bool = False) -> dict[str, Any]:
    """All figures of one judge. The temperature comes from held-out pairs, never from a development set."""
    fitting = benchmarks.nearest(benchmarks.calibration_pairs(data), cache)
    found, _ = judge(fitting)
    temperature = measures.fit_temperature(found, fitting)
    is_trial = [p.source.startswith("trials") for p in fitting]
    made = [p for p, trial in zip(fitting, is_trial, strict=True) if trial]
    result: dict[str, Any] = {
        "temperature": temperature,
        "trials": measures.refuting(found[np.array(is_trial)], made, temperature),
        "citation_dev": measures.of_pairs(*_only(found, fitting, "citation")),
    }
    return result if held_out else result | _development(judge, data, cache, temperature)


def _development(judge: Judge, data: Path, cache: Path, temperature: float) -> dict[str, Any]:
    whole, unseen = benchmarks.scifact_dev(data)
    dev = benchmarks.nearest(whole, cache)
    started = time.perf_counter()
    logits, evidence = judge(dev)
    rate = len(dev) / (time.perf_counter() - started)
    new = np.array(unseen)
    health = benchmarks.nearest(benchmarks.healthver_dev(data), cache)
    health_logits, _ = judge(health)
    chances = calibration.softmax(logits, temperature)
    return {
        "scifact_dev": measures.of_pairs(logits, dev),
        "pairs_per_second": round(rate, 1),
        "scifact_dev_unseen": measures.of_pairs(logits[new], [p for p, n in zip(dev, unseen, strict=True) if n]),
        "scifact_dev_claim_alone": measures.of_pairs(judge(benchmarks.claim_alone(dev))[0], dev),
        "scifact_dev_shuffled": measures.of_pairs(judge(benchmarks.shuffled(dev))[0], dev),
        "scifact_dev_sentences": measures.sentence_scores(evidence, chances, dev),
        "scifact_dev_calibration": measures.calibrated(chances, dev),
        "scifact_dev_calibration_cross_fitted": measures.calibrated(measures.cross_fitted(logits, dev), dev),
        "healthver_dev": measures.of_pairs(health_logits, health),
        "healthver_dev_claim_alone": measures.of_pairs(judge(benchmarks.claim_alone(health))[0], health),
        "healthver_dev_shuffled": measures.of_pairs(judge(benchmarks.shuffled(health))[0], health),
        "healthver_dev_calibration": measures.calibrated(calibration.softmax(health_logits, temperature), health),
    }


def loaded(folder: Path, weights: Path | None, threads: int = 1) -> Judge:
    """The judge of a run's folder: the network in torch, or the exported graph as the product runs it."""
    if (folder / "stage.json").exists():
        from .judging import from_stage

        if weights is None:
            raise SystemExit("--weights: a stage is loaded into its backbone")
        return from_stage(folder, weights)
    from .exported import from_export

    return from_export(folder, threads)


def as_markdown(table: dict[str, dict[str, Any]]) -> str:
    """The table of runs, one row a figure."""
    names = list(table)
    rows: dict[str, list[str]] = {}
    for place, name in enumerate(names):
        for key, value in _flat(table[name]).items():
            rows.setdefault(key, ["-"] * len(names))[place] = _cell(value)
    lines = [f"| figure | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    return "\n".join([*lines, *(f"| {key} | {' | '.join(cells)} |" for key, cells in rows.items())])


def _cell(value: Any) -> str:  # noqa: ANN401 - a figure: a number, a digest, or none
    return f"{value:.3f}" if isinstance(value, float) else "-" if value is None else str(value)[:12]


def frontier(table: dict[str, dict[str, Any]]) -> str:
    """What more weights bring: macro-F1 and Brier score on SciFact's development pairs, megabytes, pairs a second on
    one thread. What is joined has its network's size and rate."""
    head = ("judge", "macro-F1", "abstracts unseen", "Brier", "MB", "pairs/s")
    rows = [
        (name, *(_cell(value) for value in (
            f["scifact_dev"]["macro_f1"], f["scifact_dev_unseen"]["macro_f1"],
            f["scifact_dev_calibration"]["brier"], f.get("megabytes"), f.get("pairs_per_second"),
        )))
        for name, f in table.items()
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def feature_judge() -> Judge:
    """The shipped judge on explicit features; the sentences that it is given are those that it would choose."""
    judge = FeatureJudge(load_encoder(1))

    def run(pairs: Sequence[Labelled]) -> tuple[Floats, Sequence[Floats]]:
        chances = judged(judge, [Pair(p.claim, p.sentences, p.label, p.group) for p in pairs])
        return np.log(np.maximum(chances, 1e-6)), [np.full(len(p.sentences), -1.0) for p in pairs]

    return run


def joined(first: Judge, second: Judge, temperature: float) -> Judge:
    """Two judges as one: the mean of their probabilities, the first's at a temperature, and the first's evidence."""

    def run(pairs: Sequence[Labelled]) -> tuple[Floats, Sequence[Floats]]:
        (one, evidence), (other, _) = first(pairs), second(pairs)
        return measures.joined(one, other, temperature), evidence

    return run


def remembering(judge: Judge) -> Judge:
    """The judge, which judges nothing twice: what is joined with another was measured alone before."""
    known: dict[tuple[str, tuple[str, ...]], tuple[Floats, Floats]] = {}

    def run(pairs: Sequence[Labelled]) -> tuple[Floats, Sequence[Floats]]:
        new = list({(p.claim, p.sentences): p for p in pairs if (p.claim, p.sentences) not in known}.values())
        if new:
            labels, evidence = judge(new)
            known.update(zip(((p.claim, p.sentences) for p in new), zip(labels, evidence, strict=True), strict=True))
        found = [known[p.claim, p.sentences] for p in pairs]
        return np.array([row for row, _ in found]), [marks for _, marks in found]

    return run


def _temperature(folder: Path) -> float:
    """The temperature of exported weights; 1 for a stage, which has none yet."""
    file = folder / "weights.json"
    return float(json.loads(file.read_text(encoding="utf-8"))["temperature"]) if file.exists() else 1.0


def _only(logits: Floats, pairs: Sequence[Labelled], source: str) -> tuple[Floats, list[Labelled]]:
    places = [i for i, p in enumerate(pairs) if p.source == source]
    return logits[places], [pairs[i] for i in places]


def _flat(figures: dict[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in figures.items():
        inside = cast("dict[str, Any]", value) if isinstance(value, dict) else None
        flat |= {before + key: value} if inside is None else _flat(inside, f"{before}{key}.")
    return flat


def _file(folder: Path) -> dict[str, Any]:
    """The size in megabytes (10^6 bytes) and the sha256 of a run's weights."""
    content = next(folder / n for n in ("model.onnx", "final.pt") if (folder / n).exists()).read_bytes()
    return {"megabytes": round(len(content) / 1e6, 1), "sha256": hashlib.sha256(content).hexdigest()}


def _data(data: Path) -> dict[str, str]:
    names = (
        "scifact/claims_dev",
        "healthver/pairs_dev",
        "evidence_inference/v2_annotations",
        "citation_integrity/claims_dev",
    )
    return {n: hashlib.sha256((data / f"{n}.jsonl.gz").read_bytes()).hexdigest() for n in names}


if __name__ == "__main__":
    main()
