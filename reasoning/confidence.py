"""Confidence: the probability that a verdict is right, from the calibrated probabilities of its stances.

With q the probability of one paper's stance (its best span), the witnesses taken as independent:
at least one supporter is right with S = 1 - prod(1 - q) over supporting papers, at least one refuter with R likewise.
SUPPORTED is right when a supporter besides the claim's own source is right and no refuter is; the other verdicts
follow. The stances' probabilities are fitted (models/calibration.py); the independence of papers is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable

from consilience.records import Evidence, Stance, Verdict


def confidence_in(verdict: Verdict, evidence: Iterable[Evidence]) -> float:
    """The probability in [0, 1] that ``verdict`` is right, to four decimals."""
    spans = list(evidence)
    own = _any_right(e for e in spans if e.own_source and e.stance is Stance.SUPPORTS)
    support = _any_right(e for e in spans if not e.own_source and e.stance is Stance.SUPPORTS)
    refute = _any_right(e for e in spans if not e.own_source and e.stance is Stance.REFUTES)
    either = 1 - (1 - own) * (1 - support)
    chances = {
        Verdict.SUPPORTED: (support or own) * (1 - refute),
        Verdict.UNCORROBORATED: own,
        Verdict.CONTESTED: either * refute,
        Verdict.REFUTED: refute * (1 - support),
        Verdict.NOT_ENOUGH_EVIDENCE: (1 - either) * (1 - refute),
    }
    return round(min(1.0, max(0.0, chances[verdict])), 4)


def _any_right(evidence: Iterable[Evidence]) -> float:
    """The chance that at least one paper's best span is right."""
    best: dict[str, float] = {}
    for item in evidence:
        best[item.span.paper_id] = max(best.get(item.span.paper_id, 0.0), item.score)
    wrong = 1.0
    for _, score in sorted(best.items()):
        wrong *= 1 - score
    return 1 - wrong
