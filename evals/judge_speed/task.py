"""Owns the judge's speed: pairs a second over the floor of its matrix products, and memory that does not grow.

Seconds depend on the machine and on what else it does; the ratio much less, because network and floor take turns in one
process. These are figures to publish and never a test. ``python -m consilience.evals.judge_speed.task --weights DIR``
measures the network of another folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from consilience.evals.registry import EvalResult, Figure, TaskInput, shown, table, versions
from consilience.models.cross_encoder import WEIGHTS
from consilience.models.encoder import load_encoder

from .floor import available
from .memory import Spent, apart
from .timing import Timed, timed
from .workload import PAPERS, workload

PAIRS = 32
FEW = 5
"""Papers of the smaller of the two measurements of memory."""
_QUICK = (1, 4)


def measure(given: TaskInput) -> EvalResult:
    """The shipped judge. ``limit`` takes so many pairs for the timing (else 32), and 1 and 4 papers for the memory.

    Raises:
        InputError: a folder of public sets was given, and it does not hold SciFact.
    """
    papers = (FEW, PAPERS) if given.limit is None else _QUICK
    return measured(None, given.data, given.limit or PAIRS, given.progress, papers)


def measured(
    folder: Path | None,
    data: Path | None,
    pairs: int,
    progress: Callable[[str], None],
    papers: tuple[int, int] = (FEW, PAPERS),
) -> EvalResult:
    """Measure the network of a folder, or (None) the shipped judge, whose network is timed where one ships."""
    work = workload(data)
    network = folder or (WEIGHTS if WEIGHTS.is_dir() else None)
    rates: Timed | None = None
    if network is not None and available():
        progress(f"timing {pairs} pairs on 1 and 2 threads")
        rates = timed(network, work.read(load_encoder(), pairs))
    spent: list[Spent] = []
    for count in papers:
        progress(f"judging {len(work.claims)} claims beside {count} papers")
        spent.append(apart(count, data, folder))
    missing = "no trained network ships" if network is None else "the package onnx is not installed"
    return result(work.source, rates if rates is not None else f"not measured: {missing}", spent)


def result(source: str, rates: Timed | str, spent: Sequence[Spent]) -> EvalResult:
    """Figures and tables; ``rates`` is a text where the floor could not be measured, and says why."""
    few, many = spent
    figures: dict[str, Figure] = {"texts": source}
    parts: list[str] = [f"Texts: {source}."]
    if isinstance(rates, Timed):
        figures |= _rate_figures(rates)
        parts += [_rate_table(rates), _told(rates)]
    else:
        figures["floor"] = rates
        parts.append(f"The floor of matrix products: {rates}.")
    for one in spent:
        figures |= {
            f"memory.{one.pairs}_pairs.loaded_mib": one.loaded_mib,
            f"memory.{one.pairs}_pairs.growth_mib": round(one.growth_mib, 1),
            f"memory.{one.pairs}_pairs.again_mib": one.again_mib,
            f"judge.{one.pairs}_pairs.a_second": round(one.pairs / one.seconds, 2),
        }
    same = list(many.digests[: len(few.digests)]) == list(few.digests)
    figures["same_scores"] = "yes" if same else "no"
    parts.append(_memory_table(spent))
    parts.append(f"The pairs judged in both calls have the same scores: {figures['same_scores']}.")
    return EvalResult("judge-speed", figures, "\n\n".join(parts), versions())


def _rate_figures(rates: Timed) -> dict[str, Figure]:
    figures: dict[str, Figure] = {"pairs": len(rates.lengths), "tokens_a_pair": _mean(rates.lengths)}
    for rate in rates.rates:
        name = f"threads_{rate.threads}"
        figures |= {
            f"{name}.pairs_a_second": round(rate.network, 2),
            f"{name}.floor_pairs_a_second": round(rate.floor, 2),
            f"{name}.ratio": round(rate.ratio, 4),
        }
    return {**figures, "products": rates.products, "largest_difference": rates.difference}


def _rate_table(rates: Timed) -> str:
    head = ("threads", "network, pairs a second", "matrix products alone, pairs a second", "ratio")
    rows = [(str(r.threads), shown(r.network, 1), shown(r.floor, 1), shown(r.ratio, 2)) for r in rates.rates]
    return table(head, rows)


def _told(rates: Timed) -> str:
    return (
        f"{len(rates.lengths)} pairs of {_mean(rates.lengths)} tokens on average, {rates.products} products each; the "
        f"largest difference of a score between rounds and threads: {rates.difference}."
    )


def _memory_table(spent: Sequence[Spent]) -> str:
    head = ("whole judge, one call", "loaded, MiB", "peak grew by, MiB", "once more, MiB", "pairs a second")
    rows = [
        (
            f"{one.pairs} pairs",
            *(shown(value, 1) for value in (one.loaded_mib, one.growth_mib, one.again_mib, one.pairs / one.seconds)),
        )
        for one in spent
    ]
    return table(head, rows)


def _mean(lengths: Sequence[int]) -> int:
    return round(sum(lengths) / len(lengths))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables for the network of a folder."""
    parser = argparse.ArgumentParser(prog="python -m consilience.evals.judge_speed.task", description=__doc__)
    parser.add_argument(
        "--weights", type=Path, required=True, help="folder with model.onnx, tokenizer.json, weights.json"
    )
    parser.add_argument("--data", type=Path, help="folder of public sets; without it texts are composed")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args(arguments)
    found = measured(given.weights, given.data, given.pairs, lambda line: print(line, file=sys.stderr, flush=True))
    print(found.table)


if __name__ == "__main__":
    main()
