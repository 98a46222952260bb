"""Charts as inline SVG: papers by year, claims by verdict, scores by round.

Each names itself and tells its data in words. Colour never carries a meaning alone: bars and lines have
labels.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from consilience.records import verdict_words

from .panel import PanelReview
from .svg import band, bar, curve, drawing, line, text

_WIDTH = 660
_MAX_BARS = 45
_DASHES = ("none", "7 3", "2 3", "9 3 2 3", "4 4", "12 4")
_PLOT_RIGHT = _WIDTH - 170


def papers_by_year(years: Sequence[int | None]) -> str:
    """Papers by year of publication, or by spans where years would be too many; empty without years."""
    known = sorted(y for y in years if y is not None)
    if not known:
        return ""
    names, bars = _binned(known)
    told = [f"{name}: {n}" for name, n in zip(names, bars, strict=True) if n]
    unknown = len(years) - len(known)
    if unknown:
        told.append(f"year unknown: {unknown}")
    title = "Included papers by year of publication"
    return drawing("years", title, "; ".join(told), _columns(names, bars), _WIDTH, 190)


def _binned(known: Sequence[int]) -> tuple[list[str], list[int]]:
    """Names and counts of equal spans of years; spans of 1, 2, 5, 10, 20, 50 and so on."""
    size, step = 1, 0
    while known[-1] // size - known[0] // size >= _MAX_BARS:
        step += 1
        size = (1, 2, 5)[step % 3] * 10 ** (step // 3)
    first = known[0] // size
    bars = [0] * (known[-1] // size - first + 1)
    for year in known:
        bars[year // size - first] += 1
    starts = [(first + i) * size for i in range(len(bars))]
    return [str(s) if size == 1 else f"{s}–{s + size - 1}" for s in starts], bars


def _columns(names: Sequence[str], bars: Sequence[int]) -> list[str]:
    step = (_WIDTH - 20) / len(bars)
    width = min(step * 0.8, 46)
    # Only as many names as fit side by side; the description has them all.
    every = max(1, round(len(bars) * (8 * max(map(len, names)) + 12) / (_WIDTH - 20) + 0.5))
    parts = [line((10, 160), (_WIDTH - 10, 160))]
    for i, (name, n) in enumerate(zip(names, bars, strict=True)):
        centre, height = 10 + step * (i + 0.5), 125 * n / max(bars)
        if n:
            parts += (
                bar(centre - width / 2, 160 - height, width, height),
                text(centre, 154 - height, str(n), "middle"),
            )
        if i % every == 0:
            parts.append(text(centre, 178, name, "middle"))
    return parts


def verdict_counts(verdicts: Mapping[str, int]) -> str:
    """Claims on the question by verdict; every verdict has its line. Empty without claims."""
    if not sum(verdicts.values()):
        return ""
    parts: list[str] = []
    for i, (name, n) in enumerate(verdicts.items()):
        top, width = 8 + i * 30, (_WIDTH - 260) * n / max(verdicts.values())
        parts += (
            text(200, top + 15, verdict_words(name), "end"),
            bar(210, top, width, 20) if n else "",
            text(218 + width, top + 15, str(n)),
        )
    told = "; ".join(f"{verdict_words(name)}: {n}" for name, n in verdicts.items())
    return drawing("verdicts", "Claims on the question by verdict", told, parts, _WIDTH, 12 + 30 * len(verdicts))


def scores_by_round(review: PanelReview) -> str:
    """Reviewer means by stage (alone, deliberated), their median, the auditor's score; empty without any."""
    stages = _stages(review)
    if not stages:
        return ""
    step = (_PLOT_RIGHT - 80) / max(len(stages) - 1, 1)
    xs = [60 + i * step for i in range(len(stages))]
    parts: list[str] = []
    for tick in (1, 4, 7, 10):
        parts += (
            line((32, _y(tick)), (_PLOT_RIGHT, _y(tick)), faint=True),
            text(26, _y(tick) + 4, str(tick), "end"),
        )
    parts += [text(x, 268, name, "middle") for x, (name, _) in zip(xs, stages, strict=True)]
    medians = [_y(statistics.median(means.values())) for _, means in stages]
    parts.append(band(list(zip(xs, medians, strict=True))))
    labels = [(medians[-1], f"median {statistics.median(stages[-1][1].values()):.2f} (broad)")]
    for i, name in enumerate(sorted({n for _, means in stages for n in means})):
        points = [(x, means[name]) for x, (_, means) in zip(xs, stages, strict=True) if name in means]
        parts.append(curve([(x, _y(v)) for x, v in points], _DASHES[i % len(_DASHES)]))
        labels.append((_y(points[-1][1]), f"{name} {points[-1][1]:.2f}"))
    if review.auditor_score is not None:
        labels.append((_y(review.auditor_score), f"◆ auditor {review.auditor_score:.2f}"))
        parts.append(text(_PLOT_RIGHT - 6, _y(review.auditor_score) + 4, "◆", "middle"))
    parts += [text(_PLOT_RIGHT + 12, y + 4, label) for y, label in _apart(labels)]
    title = "Reviewers' mean scores by round, on the scale 1 to 10"
    return drawing("scores", title, _told(stages, review.auditor_score), parts, _WIDTH, 280)


Stage = tuple[str, dict[str, float]]


def _stages(review: PanelReview) -> list[Stage]:
    """Each round as given alone and, where deliberation moved a score, as it stood afterwards."""
    found: list[Stage] = []
    for round_ in review.history:
        before: dict[str, float] = {s.reviewer: s.mean for s in round_.before}
        after: dict[str, float] = {s.reviewer: s.mean for s in round_.after}
        found.append((f"round {round_.round}", before))
        if after != before:
            found.append((f"{round_.round} deliberated", after))
    return found


def _told(stages: Sequence[Stage], auditor: float | None) -> str:
    told = [
        f"{stage}: " + ", ".join(f"{name} {mean:.2f}" for name, mean in sorted(means.items()))
        for stage, means in stages
    ]
    return "; ".join([*told, f"auditor {auditor:.2f}"] if auditor is not None else told)


def _y(score: float) -> float:
    return 240 - (score - 1) / 9 * 225


def _apart(labels: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Labels pushed apart so that none covers another, and kept inside the drawing."""
    placed: list[tuple[float, str]] = []
    for y, label in sorted(labels):
        placed.append((max(y, placed[-1][0] + 16) if placed else y, label))
    over = max(0.0, placed[-1][0] - 260)
    return [(y - over, label) for y, label in placed]
