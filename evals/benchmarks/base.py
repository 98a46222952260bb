"""Owns what public benchmarks share: provenance, fair samples, and tables with published figures beside ours."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from consilience.errors import InputError
from consilience.evals.registry import shown, table
from consilience.evals.results import EvalResult, Figure, Published

T = TypeVar("T")
CONTROLS = ("majority", "claim_alone", "other_evidence")


def provenance(data: Path, files: Iterable[str], judges: Mapping[str, str]) -> dict[str, str]:
    """sha256 of each judge (``judge NAME``) and of each data file (``data PATH``, the path under ``data``).

    ``judges`` maps the name of whatever judges or ranks (stance judge, encoder) to its ``digest``.

    Raises:
        InputError: a file is missing or cannot be read.
    """
    found = {f"judge {name}": digest for name, digest in judges.items()}
    return found | {f"data {path}": file_digest(data / path) for path in files}


def file_digest(file: Path) -> str:
    """sha256 of a file's bytes, hexadecimal.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", "give the folder that holds the public sets"
        ) from error


def sampled(items: Sequence[T], limit: int | None, label: Callable[[T], Hashable], key: Callable[[T], str]) -> list[T]:
    """At most ``limit`` items in their order, with the labels in the proportions that they have in ``items``.

    Which ones is decided by a hash of their ``key``: the same everywhere, and a larger limit keeps nearly all that a
    smaller one took. A label's share is rounded by largest remainders, ties by the label's first place.
    """
    if limit is None or limit >= len(items):
        return list(items)
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        places[label(item)].append(place)
    exact = {name: limit * len(of) / len(items) for name, of in places.items()}
    share = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: share[name] - exact[name])
    for name in by_remainder[: limit - sum(share.values())]:
        share[name] += 1
    chosen: list[int] = []
    for name, of in places.items():
        ranked = sorted(of, key=lambda place: (hashlib.sha256(key(items[place]).encode()).hexdigest(), place))
        chosen += ranked[: share[name]]
    return [items[place] for place in sorted(chosen)]


def beside(figures: Mapping[str, Figure], published: Sequence[Published]) -> str:
    """A Markdown table of our figures, each with the published ones on the lines under it; '' without published ones.

    Published figures whose counterpart we do not have are shown too, with a dash for ours.
    """
    if not published:
        return ""
    rows: list[tuple[str, ...]] = []
    for name in dict.fromkeys(p.figure for p in published):
        rows.append((name, "Consilience", shown(figures.get(name)), "this run", "", ""))
        rows += [(name, p.system, shown(p.value), p.split, p.source, p.differs) for p in published if p.figure == name]
    return table(("figure", "system", "value", "split", "source", "how its protocol differs"), rows)


def overview(results: Sequence[EvalResult]) -> str:
    """A Markdown table with a line for each result that has a macro-F1; '' for fewer than two of them."""
    rows: list[tuple[str, ...]] = []
    for result in results:
        figures = result.figures
        if "macro_f1" in figures:
            controls = (shown(figures.get(f"controls.{name}.macro_f1")) for name in CONTROLS)
            rows.append(
                (
                    result.name,
                    shown(figures.get("pairs")),
                    _with_ends(figures, "macro_f1"),
                    *controls,
                    shown(figures.get("accuracy")),
                    _with_ends(figures, "calibration.brier"),
                    _with_ends(figures, "calibration.error"),
                )
            )
    names = (name.replace("_", " ") for name in CONTROLS)
    head = ("set", "pairs", "macro-F1 (5 to 95 %)", *names, "accuracy", "Brier score", "calibration error")
    return table(head, rows) if len(rows) > 1 else ""


def _with_ends(figures: Mapping[str, Figure], name: str) -> str:
    ends = [figures.get(f"{name}_{end}_percent") for end in (5, 95)]
    value = shown(figures.get(name))
    return value if None in ends else f"{value} ({shown(ends[0])} to {shown(ends[1])})"
