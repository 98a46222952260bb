"""Confidence: the probability that a verdict is right, from the calibrated probabilities of its stances.

Chances of five events, taken as independent of each other: the claim's own paper carries it (O), at least one
independent paper supports it (S), at least one refutes it (R), and, of the papers that were left without a stance, at
least one supports it after all (T) or refutes it after all (U). ``pooling`` makes one chance of several papers.

SUPPORTED is S without R and U; UNCORROBORATED is O and none of the others; CONTESTED is R with O or S; REFUTED is R
without S and T; NOT_ENOUGH_EVIDENCE is none of them, nor anything that was missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from consilience.records import Evidence, Paper, Stance, Verdict

from .independence import one_a_group
from .pooling import Constants, chance_of_any, constants, strength, weight_of
from .verdicts import Tally, best_scores, likeliest

HIGHEST = 0.99


class Sides(NamedTuple):
    """The strengths of one claim's papers, one a paper: ``own`` is a probability, the others are strengths."""

    own: float
    supports: tuple[float, ...]
    refutes: tuple[float, ...]
    may_support: tuple[float, ...] = ()
    may_refute: tuple[float, ...] = ()


def confidence_in(
    verdict: Verdict,
    evidence: Iterable[Evidence],
    counted: Tally,
    papers: Mapping[str, Paper],
    undecided: Iterable[Evidence] = (),
) -> float:
    """The probability in [0, 0.99] that ``verdict`` is right, to four decimals.

    Args:
        verdict: any; the one that the tallies bear out is what a reader is shown.
        evidence: what was counted, each span with the probability of its stance.
        counted: its tally. A claim without papers of its own has no own support.
        papers: those that the evidence is from.
        undecided: passages that lean to a side and were given none, with the probability of that side.
    """
    return chance(verdict, sides(evidence, counted, papers, undecided), constants())


def sides(
    evidence: Iterable[Evidence], counted: Tally, papers: Mapping[str, Paper], undecided: Iterable[Evidence] = ()
) -> Sides:
    """Each independent paper's strength on each side, by its best passage."""
    spans, leaning = list(evidence), list(undecided)
    for_it, against = best_scores(spans, Stance.SUPPORTS), best_scores(spans, Stance.REFUTES)
    own = {e.span.paper_id for e in spans if e.own_source} - set(counted.independent_support)
    spoke = {e.span.paper_id for e in spans} | own

    def weighed(chances: Mapping[str, float], ids: Iterable[str]) -> tuple[float, ...]:
        return tuple(strength(chances[i], weight_of(papers[i])) for i in ids)

    def left(stance: Stance) -> tuple[float, ...]:
        chances = best_scores((e for e in leaning if not e.own_source), stance)
        open_ = (i for i in likeliest(chances) if i not in spoke and not papers[i].retracted)
        return weighed(chances, one_a_group(open_, papers))

    return Sides(
        own=max((for_it.get(paper, 0.0) for paper in own), default=0.0),
        supports=weighed(for_it, counted.independent_support),
        refutes=weighed(against, counted.independent_refutation),
        may_support=left(Stance.SUPPORTS),
        may_refute=left(Stance.REFUTES),
    )


def chance(verdict: Verdict, found: Sides, fitted: Constants) -> float:
    """The probability of a verdict's event, in [0, 0.99], to four decimals."""
    k = fitted
    o = found.own
    # The more surely its own paper carries it, the less a claim can have been misread: its words are that paper's.
    s = chance_of_any(found.supports, k.alike, k.supports, k.misread_supports * (1 - o))
    r = chance_of_any(found.refutes, k.alike, k.refutes, k.misread_refutes * (1 - o))
    t = chance_of_any(found.may_support, k.alike, k.undecided, 0.0)
    u = chance_of_any(found.may_refute, k.alike, k.undecided, 0.0)
    chances = {
        Verdict.SUPPORTED: s * (1 - r) * (1 - u),
        Verdict.UNCORROBORATED: o * (1 - s) * (1 - r) * (1 - t) * (1 - u),
        Verdict.CONTESTED: (1 - (1 - o) * (1 - s)) * r,
        Verdict.REFUTED: (1 - s) * (1 - t) * r,
        Verdict.NOT_ENOUGH_EVIDENCE: (1 - o) * (1 - s) * (1 - r) * (1 - t) * (1 - u) * (1 - k.missed),
    }
    return round(min(HIGHEST, max(0.0, chances[verdict])), 4)
