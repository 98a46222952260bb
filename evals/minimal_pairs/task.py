"""Owns the measurement on minimal pairs: the shipped stance judge beside what needs no judge.

The two baselines: the label that is the most frequent, always; and the claim's share of content stems that stand in the
passage, cut into labels at the thresholds that suit *these* pairs best. The second is therefore flattered: it could not
be had without the labels. ``accuracy`` counts claims, ``pair_accuracy`` items with both claims right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from consilience.evals.registry import EvalResult, Figure, TaskInput, flatten, shown, table, versions
from consilience.language import text
from consilience.models.encoder import load_encoder
from consilience.models.entailment import load_stance_judge
from consilience.models.stance import Judge, StanceScores

from .items import Label, MinimalPair, Phenomenon, first_of_each, shipped

Predictions = tuple[tuple[Label, Label], ...]
"""For each item what was said of its claim and of its changed claim."""
_LABELS = tuple(Label)
_CHUNK = 24


def measure(given: TaskInput) -> EvalResult:
    """The shipped judge on the shipped pairs; ``limit`` takes so many of them, from the phenomena in turn."""
    pairs = first_of_each(shipped(), given.limit)
    return result(pairs, judged(load_stance_judge(load_encoder()), pairs, given.progress))


def judged(judge: Judge, pairs: Sequence[MinimalPair], progress: Callable[[str], None]) -> Predictions:
    """The likeliest label of each claim; of equal ones the first of supports, refutes, neutral."""
    said: list[tuple[Label, Label]] = []
    for start in range(0, len(pairs), _CHUNK):
        part = pairs[start : start + _CHUNK]
        scores = judge.judge([(claim, p.evidence) for p in part for claim in (p.base, p.changed)])
        labels = [likeliest(one) for one in scores]
        said += zip(labels[::2], labels[1::2], strict=True)
        progress(f"{len(said)} of {len(pairs)} minimal pairs judged")
    return tuple(said)


def likeliest(scores: StanceScores) -> Label:
    """The label with the highest probability."""
    return max(zip((scores.supports, scores.refutes, scores.neutral), _LABELS, strict=True), key=lambda one: one[0])[1]


def result(pairs: Sequence[MinimalPair], said: Predictions) -> EvalResult:
    """Figures and tables: by phenomenon, by kind of change, beside the baselines, and confusion by label."""
    ways = {"judge": said, "majority": majority(pairs), "overlap": overlap(pairs)}
    kinds = _kinds(pairs)
    figures: dict[str, Figure] = {"pairs": len(pairs), "claims": 2 * len(pairs)}
    for way, predictions in ways.items():
        figures |= flatten({way: {name: _shares(pairs, predictions, chosen) for name, chosen in kinds.items()}})
    confusion = confused(pairs, said)
    figures |= {f"judge.confusion.{true.value}.{told.value}": n for (true, told), n in confusion.items()}
    head = ("", "pairs", "both right", "claim", "changed claim", "majority, both", "word overlap, both")
    rows = [_row(name, pairs, ways, chosen) for name, chosen in kinds.items()]
    seen = [(true.value, *(str(confusion[true, told]) for told in _LABELS)) for true in _LABELS]
    sides = [(way, *_sides(_shares(pairs, predictions, kinds["all"]))) for way, predictions in ways.items()]
    parts = (
        table(head, rows),
        table(("", "both right", "claims right", "claim", "changed claim"), sides),
        table(("label (rows) and what the judge said", *(label.value for label in _LABELS)), seen),
    )
    return EvalResult("minimal-pairs", figures, "\n\n".join(parts), versions())


def majority(pairs: Sequence[MinimalPair]) -> Predictions:
    """The most frequent label of these pairs' claims, for every claim."""
    counts = Counter(label for p in pairs for label in (p.base_label, p.changed_label))
    most = max(_LABELS, key=lambda label: counts[label])
    return tuple((most, most) for _ in pairs)


def overlap(pairs: Sequence[MinimalPair]) -> Predictions:
    """Labels by the share of a claim's stems that the passage holds: high supports, middling refutes, low neutral.

    Both thresholds are those with the most claims right on these very pairs.
    """
    shares = [(_share(p.base, p.evidence), _share(p.changed, p.evidence)) for p in pairs]
    flat = [share for both in shares for share in both]
    wanted = [label for p in pairs for label in (p.base_label, p.changed_label)]
    counts = Counter(zip(flat, wanted, strict=True))
    steps = sorted({*flat, 2.0})

    def right(cut: tuple[float, float]) -> int:
        return sum(times for (share, label), times in counts.items() if _cut(share, *cut) is label)

    low, high = max(((low, high) for low in steps for high in steps if low <= high), key=right)
    return tuple((_cut(first, low, high), _cut(second, low, high)) for first, second in shares)


def confused(pairs: Sequence[MinimalPair], said: Predictions) -> dict[tuple[Label, Label], int]:
    """How many claims of each label (first) were given each label (second)."""
    counts = Counter(one for p, told in zip(pairs, said, strict=True) for one in zip(_wanted(p), told, strict=True))
    return {(true, told): counts[true, told] for true in _LABELS for told in _LABELS}


def _kinds(pairs: Sequence[MinimalPair]) -> dict[str, tuple[int, ...]]:
    """The places of the pairs of each phenomenon, of both kinds of change, and of all."""

    def places(holds: Callable[[MinimalPair], bool]) -> tuple[int, ...]:
        return tuple(place for place, pair in enumerate(pairs) if holds(pair))

    kinds = {name.value: places(lambda p, name=name: p.phenomenon is name) for name in Phenomenon}
    kinds |= {"preserving": places(lambda p: p.preserving), "changing": places(lambda p: not p.preserving)}
    kinds["all"] = places(lambda _: True)
    return {name: found for name, found in kinds.items() if found}


def _shares(pairs: Sequence[MinimalPair], said: Predictions, chosen: Iterable[int]) -> dict[str, float | int]:
    """Of the chosen pairs: how many there are, and the shares that are right."""
    right = [tuple(a is b for a, b in zip(_wanted(pairs[i]), said[i], strict=True)) for i in chosen]
    of = len(right)
    first, second = sum(one[0] for one in right), sum(one[1] for one in right)
    return {
        "pairs": of,
        "pair_accuracy": round(sum(all(one) for one in right) / of, 4),
        "accuracy": round((first + second) / (2 * of), 4),
        "base_accuracy": round(first / of, 4),
        "changed_accuracy": round(second / of, 4),
    }


def _row(
    name: str, pairs: Sequence[MinimalPair], ways: dict[str, Predictions], chosen: tuple[int, ...]
) -> tuple[str, ...]:
    judge, *others = (_shares(pairs, said, chosen) for said in ways.values())
    own = (shown(judge[key]) for key in ("pair_accuracy", "base_accuracy", "changed_accuracy"))
    return (name.replace("_", " "), str(judge["pairs"]), *own, *(shown(o["pair_accuracy"]) for o in others))


def _sides(shares: dict[str, float | int]) -> tuple[str, ...]:
    return tuple(shown(shares[key]) for key in ("pair_accuracy", "accuracy", "base_accuracy", "changed_accuracy"))


def _wanted(pair: MinimalPair) -> tuple[Label, Label]:
    return pair.base_label, pair.changed_label


def _share(claim: str, passage: str) -> float:
    words = set(text.stems(claim))
    return round(len(words & set(text.stems(passage))) / len(words), 4) if words else 0.0


def _cut(share: float, low: float, high: float) -> Label:
    if share >= high:
        return Label.SUPPORTS
    return Label.REFUTES if share >= low else Label.NEUTRAL
