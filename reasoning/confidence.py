"""Confidence: the probability that a verdict is right, from the calibrated probabilities of its stances.

Three events, taken as independent: the claim's own paper carries it (O), at least one independent paper supports it
(S), at least one independent paper refutes it (R). Each is 1 - prod(1 - q) over the papers of that side, q being the
probability of the paper's best span; papers that are not independent (verdicts.py) add nothing.

SUPPORTED is S and not R; UNCORROBORATED is O, neither S nor R; CONTESTED is R with O or S; REFUTED is R without S;
NOT_ENOUGH_EVIDENCE is none of them. The probabilities of stances are fitted; that papers err independently is assumed,
and for that reason no confidence is above 0.99.
"""

from __future__ import annotations

from collections.abc import Iterable

from consilience.records import Evidence, Stance, Verdict

from .verdicts import Tally

HIGHEST = 0.99


def confidence_in(verdict: Verdict, evidence: Iterable[Evidence], counted: Tally) -> float:
    """The probability in [0, 0.99] that ``verdict`` is right, to four decimals."""
    spans = list(evidence)
    for_it = _by_paper(e for e in spans if e.stance is Stance.SUPPORTS)
    against = _by_paper(e for e in spans if e.stance is Stance.REFUTES)
    own = {e.span.paper_id for e in spans if e.own_source} - set(counted.independent_support)
    o = max((for_it.get(paper, 0.0) for paper in own), default=0.0)
    s = _any_right(for_it[paper] for paper in counted.independent_support)
    r = _any_right(against[paper] for paper in counted.independent_refutation)
    chances = {
        Verdict.SUPPORTED: s * (1 - r),
        Verdict.UNCORROBORATED: o * (1 - s) * (1 - r),
        Verdict.CONTESTED: (1 - (1 - o) * (1 - s)) * r,
        Verdict.REFUTED: (1 - s) * r,
        Verdict.NOT_ENOUGH_EVIDENCE: (1 - o) * (1 - s) * (1 - r),
    }
    return round(min(HIGHEST, max(0.0, chances[verdict])), 4)


def _by_paper(evidence: Iterable[Evidence]) -> dict[str, float]:
    """Each paper's best span."""
    best: dict[str, float] = {}
    for item in evidence:
        best[item.span.paper_id] = max(best.get(item.span.paper_id, 0.0), item.score)
    return best


def _any_right(scores: Iterable[float]) -> float:
    """The chance that at least one paper is right."""
    wrong = 1.0
    for score in scores:
        wrong *= 1 - score
    return 1 - wrong
