"""Owns what an objection is made from: a demand, and the id that stays the same in every round."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consilience.records import GRAVEST_FIRST, Action, Lens, Objection, Severity

from .faults import Fault


class Demand(NamedTuple):
    """What is wrong, where, how grave it is and what would settle it.

    ``kind`` and ``anchor`` make the id: the anchor is what stays when a sentence moves or is reworded (its
    claims). ``check`` is the check of prompts/scales.md that shows the same fault in a score.
    """

    kind: str
    check: str
    target: str
    anchor: str
    severity: Severity
    action: Action
    problem: str
    detail: str = ""


def about(
    faults: Iterable[Fault], kind: str, check: str, severity: Severity, action: Action, more: str = ""
) -> Iterator[Demand]:
    """One demand a faulty sentence: what is wrong with it, and ``more`` that holds for all of the kind."""
    for line, why, detail in faults:
        yield Demand(kind, check, line.target, line.anchor, severity, action, f"'{line.text}' {why}{more}", detail)


def objections(lens: Lens, demands: Iterable[Demand]) -> tuple[Objection, ...]:
    """Objections with stable ids, gravest first; two demands of one kind about the same thing are told
    apart."""
    made: dict[str, Objection] = {}
    for demand in demands:
        base = identify(lens, demand)
        name, number = base, 1
        while name in made:
            number += 1
            name = f"{base}-{number}"
        made[name] = Objection(
            id=name,
            reviewer=lens,
            target=demand.target,
            severity=demand.severity,
            problem=demand.problem,
            action=demand.action,
            detail=demand.detail,
        )
    return tuple(sorted(made.values(), key=lambda o: (GRAVEST_FIRST[o.severity], o.id)))


def identify(lens: Lens, demand: Demand) -> str:
    """``<lens>-<hash>`` of the demand's kind and anchor."""
    return f"{lens}-{hashlib.sha256(f'{demand.kind}|{demand.anchor}'.encode()).hexdigest()[:8]}"
