"""Owns numbers: percentages, p values, intervals, ratios, counts, doses and measures, with their exact characters."""

from __future__ import annotations

import re
from typing import Literal

from consilience.records import Quantity

QuantityKind = Literal["percent", "p_value", "interval", "ratio", "count", "measure", "dose"]

_N = r"[-−–]?(?:\d{1,3}(?:[, \u00a0\u2009]\d{3})+(?!\d)|\d+)?(?:[.·]\d+)?(?<=\d)"
_REL = r"(?:<|>|=|≤|≥|&lt;|&gt;|less than|greater than|was|of|equals?)"
_DASH = r"\s*(?:to|-|–|−|—|,|;|and)\s*"
_TIME = r"hours?|h|hrs?|days?|d|weeks?|wk|months?|years?|yrs?|y|minutes?|mins?|seconds?|s|ms"
_UNIT = (
    rf"mmol/l|mg/dl|ng/ml|pg/ml|g/dl|mm\s?hg|mm|cm|km|m|kg/m2|kg|kcal|points?|beats/min|bpm|ml|l|{_TIME}|"
    r"hz|db|gb|mb|fold|sds?|°c"
)
_DOSE = (
    r"(?:mg|µg|μg|mcg|micrograms?|milligrams?|g|iu|units?|ml|mmol|mol|ng)"
    r"(?:\s?/\s?(?:kg|d|day|h|hour|m2|ml|l|week|wk|min|dose)|\.kg-1|\.d-1)*"
)

_PATTERNS: tuple[tuple[QuantityKind, re.Pattern[str]], ...] = (
    ("p_value", re.compile(
        rf"(?<![\w])p(?:[- ]?values?)?(?: for (?:trend|interaction))?\s*(?:was |were "
        rf")?{_REL}\s*(?P<a>{_N})",
        re.IGNORECASE),
    ),
    ("interval", re.compile(
        rf"(?<![\w.])(?:\d\d(?:\.\d+)?\s?%\s?)(?:ci|confidence interval|cri|credible "
        rf"interval)s?(?:\s?[\[(](?:ci|cri)s?[\])])?[:,=\]]?\s?[\[(]?\s?(?P<a>{_N})\s?%?{_DASH}(?P<b>{_N})",
        re.IGNORECASE),
    ),
    ("ratio", re.compile(
        rf"(?<![\w])(?:(?:adjusted |pooled |crude )?(?:odds|hazards?|risk|rate|incidence rate|"
        rf"relative) (?:ratios?|risks?|hazards?)(?:\s?\[?\(?(?:rr|or|hr|rh|irr)s?\)?\]?)?|(?-i:a?(?:RR|"
        rf"OR|HR|RH|IRR))(?=[\s,:=]{{1,3}}\d))\s?(?:,|=|:|of|was|(?:for|with|of) "
        rf"[\w\s/+-]{{1,60}}?(?:,|=|was|were))?\s?(?P<a>{_N})",
        re.IGNORECASE),
    ),
    ("percent", re.compile(rf"(?<![\w.])(?P<a>{_N})\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)),
    ("count", re.compile(
        rf"(?<![\w])n\s?=\s?(?P<a>{_N})|(?<![\w.])(?P<b>{_N})\s+(?:of|/|out "
        rf"of)\s+(?:the\s+)?(?P<c>{_N})(?![\w.%])",
        re.IGNORECASE),
    ),
    ("dose", re.compile(
        rf"(?<![\w.])(?P<a>{_N})(?:\s?[-–]\s?(?P<b>{_N})|\s?(?:to|"
        rf"or)\s(?P<c>{_N}))?[\s-]?{_DOSE}(?![\w])",
        re.IGNORECASE),
    ),
    ("interval", re.compile(rf"(?<![\w.])(?P<a>{_N})\s?(?:to|-|–)\s?(?P<b>{_N})(?=\s?\))", re.IGNORECASE)),
    ("measure", re.compile(
        rf"(?<![\w.])(?P<a>{_N})(?:\s?(?:±|\+/-|\+-)\s?(?P<b>{_N}))?[\s-]?(?:{_UNIT})(?![\w])",
        re.IGNORECASE),
    ),
    ("count", re.compile(
        rf"(?<![\w.])(?P<a>{_N})\s+(?:\w+\s+){{0,3}}(?:patients|subjects|participants|women|men|"
        rf"children|adults|adolescents|volunteers|studies|trials|papers|articles|experiments|"
        rf"students|projects|people|infants|mice|rats|cases|controls|events|drivers|developers)\b",
        re.IGNORECASE),
    ),
)  # fmt: skip


def read(text: str) -> tuple[Quantity, ...]:
    """The text's quantities in order, not overlapping; ``text`` of each is the exact substring."""
    taken: list[tuple[int, int, Quantity]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            values = tuple(v for g in match.groupdict().values() if g and (v := _value(g)) is not None)
            if values and not any(start < b and a < end for a, b, _ in taken):
                taken.append((start, end, Quantity(kind=kind, text=match.group(), values=values)))
    return tuple(q for _, _, q in sorted(taken, key=lambda t: t[0]))


def insignificant(text: str) -> bool:
    """Whether the text's first p value is above .05, or without one, whether a ratio's interval holds 1."""
    quantities = read(text)
    for quantity in quantities:
        if quantity.kind == "p_value":
            value, above = (
                quantity.values[0],
                re.search(r">|≥|&gt;|greater than", quantity.text, re.IGNORECASE),
            )
            return value > 0.05 or (bool(above) and value >= 0.05)
    if any(q.kind == "ratio" for q in quantities):
        bounds = next((q.values for q in quantities if q.kind == "interval" and len(q.values) == 2), None)
        return bounds is not None and bounds[0] < 1 < bounds[1]
    return False


def _value(characters: str) -> float | None:
    plain = re.sub(r"[, \u00a0\u2009]", "", characters).replace("·", ".").translate({0x2212: "-", 0x2013: "-"})
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None
