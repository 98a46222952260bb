"""What the figures of two arms say where no word does."""

from __future__ import annotations

import re

from consilience.language import concepts, numbers
from consilience.records import Direction

from .arms import Arms, read
from .scope import INACTIVE, TREATMENTS, PaperView

PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)")
RATIO = re.compile(
    r"\b(?:(?i:hazard ratio|relative risk|odds ratio|risk ratio|rate ratio|relative hazard)|HR|RR|OR|RH|aOR|aHR)\b"
    r"[^\d.;]{0,110}(?P<r>\d+[.\u00b7]\d+)[^\d]{1,30}?(?:95 ?%[^\d]{0,30})?(?P<a>\d+[.\u00b7]\d+)\s*"
    r"(?:-|\u2013|to|,)\s*"
    r"(?P<b>\d+[.\u00b7]\d+)",
)
COUNT = re.compile(
    r"(?<![\d.])(\d{1,4})(?=\s+(?:patients|subjects|women|men|children|participants|using|on|with|taking)\b)"
)
NOTICEABLE = 1.2
"""Without a p value, two arms' percentages count as different when one is this many times the other."""


def direction_by_numbers(clause: str, view: PaperView) -> tuple[Direction, Arms]:
    """What the percentages of two arms say where no word does; UNSTATED where they cannot be told apart.

    A p value of .05 or more makes it no difference; without one the arms must differ noticeably.
    """
    figures = _around_mark(clause, view) or _by_arm(clause, view)
    ours, theirs = figures["subject"], figures["inactive"] or figures["active"]
    said = read(clause, view)
    name = _first(clause, INACTIVE if figures["inactive"] else TREATMENTS, view) or said.comparator
    arms = Arms(_first(clause, view.subject, view), name, bool(figures["inactive"]), left=clause, explicit=True)
    if not ours or not theirs or not arms.subject or not name:
        return Direction.UNSTATED, arms
    p_values = [q.values[0] for q in numbers.read(clause) if q.kind == "p_value" and q.values]
    if p_values and min(p_values) > 0.05:
        return Direction.NO_DIFFERENCE, arms
    if min(ours) > max(theirs) * (1 if p_values else NOTICEABLE):
        return Direction.INCREASE, arms
    if max(ours) * (1 if p_values else NOTICEABLE) < min(theirs):
        return Direction.DECREASE, arms
    if not p_values and min(ours) == max(theirs):
        return Direction.NO_DIFFERENCE, arms
    return Direction.UNSTATED, arms


def direction_by_ratio(clause: str, view: PaperView) -> tuple[Direction, Arms]:
    """What a ratio with its interval says where no word does: away from 1 a difference, across 1 none."""
    arms = read(clause, view)
    found = RATIO.search(clause)
    if found is None or not arms.subject:
        return Direction.UNSTATED, arms
    ratio, low, high = (float(found[name].replace("\u00b7", ".")) for name in ("r", "a", "b"))
    other = _first(clause, INACTIVE, view)
    if other and not arms.comparator:
        arms = Arms(arms.subject, other, True, left=clause, explicit=True)
    if not low <= ratio <= high:
        return Direction.UNSTATED, arms
    if low <= 1 <= high:
        return Direction.NO_DIFFERENCE, arms
    return (Direction.INCREASE if low > 1 else Direction.DECREASE), arms


def _around_mark(clause: str, view: PaperView) -> dict[str, list[float]] | None:
    """Figures left and right of "compared with", where each side names its own arm only."""
    mark = re.search(r"\b(?:compared (?:with|to)|versus|vs\.?|against)\b", clause, re.IGNORECASE)
    if mark is None:
        return None
    left, right = clause[: mark.start()], clause[mark.end() :]
    subject_first = concepts.holds(left, view.subject)
    own, other = (left, right) if subject_first else (right, left)
    arms = read(clause, view)
    if not concepts.holds(own, view.subject) or not arms.comparator:
        return None
    if subject_first and concepts.holds(left, INACTIVE):
        return None
    if not subject_first and not (arms.swapped and len(concepts.find(left, (*TREATMENTS, *INACTIVE))) == 1):
        return None
    ours, theirs = _figures(own, other, p_given=bool(re.search(r"\bp\s?[<=>]", right, re.IGNORECASE)))
    if not ours or not theirs:
        return None
    return {"subject": ours, "inactive" if arms.inactive else "active": theirs} | (
        {"active": []} if arms.inactive else {"inactive": []}
    )


def _figures(own: str, other: str, *, p_given: bool) -> tuple[list[float], list[float]]:
    """Both arms' percentages up to the next statement; else, beside a p value, how many people it befell."""
    percents = [[float(m[1]) for m in PERCENT.finditer(side.split(";")[0])] for side in (own, other)]
    if p_given and not any(percents):
        percents = [[float(m[1]) for m in COUNT.finditer(side)][:1] for side in (own, other)]
    return percents[0], percents[1]


def _by_arm(clause: str, view: PaperView) -> dict[str, list[float]]:
    """Percentages by the arm named nearest to each: right behind it ("60% of A") or right before it ("A (60%)")."""
    marks: list[tuple[int, int, str]] = []
    kinds = (("subject", view.subject), ("inactive", INACTIVE))
    for kind, terms in kinds:
        marks.extend((m.start, m.end, kind) for m in concepts.find(clause, terms))
    marks.extend(
        (m.start, m.end, "active")
        for m in concepts.find(clause, TREATMENTS)
        if not any(m.start < end and start < m.end for start, end, _ in marks)
    )
    found: dict[str, list[float]] = {"subject": [], "inactive": [], "active": []}
    for figure in PERCENT.finditer(clause):
        kind = _nearest(clause, figure, marks)
        if kind:
            found[kind].append(float(figure[1]))
    return found


def _nearest(clause: str, figure: re.Match[str], marks: list[tuple[int, int, str]]) -> str:
    behind = [(s - figure.end(), k) for s, _, k in marks if s >= figure.end()]
    before = [(figure.start() - e, k) for _, e, k in marks if e <= figure.start()]
    options: list[tuple[int, str]] = []
    if behind and re.match(r"\s*(?:of|with|on|in|for|after|taking|receiving)\b", clause[figure.end() :]):
        options.append((min(behind)[0], min(behind)[1]))
    close = r"(?:\(|\bgave|\bhad|\bat|:|\d ?m?g)\s*$" if options else r"(?:\(|\bgave|\bhad|\bat|:|,|\d ?m?g)\s*$"
    if before and re.search(close, clause[: figure.start()]):  # in "9% of A, 4% of B" the comma ends A's part
        options.append((min(before)[0], min(before)[1]))
    if not options:
        options = [min(side) for side in (behind, before) if side]
    distance, kind = min(options, default=(1000, ""))
    return kind if distance < 60 else ""


def _first(clause: str, terms: tuple[str, ...], view: PaperView) -> str:
    own = set(view.subject)
    found = concepts.find(clause, terms)
    if terms is not view.subject:
        found = tuple(m for m in found if m.term not in own)
    return found[0].text if found else ""
