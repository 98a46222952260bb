"""Screening: one relevance score a paper, from stated parts, and a reason for every exclusion.

score = 0.40 · fused rank + 0.45 · meaning + 0.15 · facets, each part in [0, 1]: reciprocal-rank fusion for the
question, the encoder's cosine to it (0.1 to 0.7 stretched to 0 to 1), and the share of the question's facets that
title and abstract name (a title counts in full, an abstract nine tenths). The weights were chosen with an eye on the
five public review sets (evals/screening.py), so the figures on these are development figures.
"""

from __future__ import annotations

from consilience.reasoning.base import Candidate
from consilience.records import Facet, ScreeningDecision

from .scope import PaperView, Scope

WEIGHTS = {"fused": 0.40, "meaning": 0.45, "facets": 0.15}
_LOW, _HIGH = 0.1, 0.7
_IN_ABSTRACT = 0.9
_DECIDING = ("subject", "outcome", "topic")


def screen(
    scope: Scope, candidates: tuple[Candidate, ...], max_included: int, min_score: float
) -> tuple[ScreeningDecision, ...]:
    """One decision for each candidate, in the order of relevance.

    Included are the best ``max_included`` papers of at least ``min_score`` that are not retracted, have an abstract,
    and name the question's subject (for an open question at least one topic).
    """
    scored = sorted(((_score(c, scope), c) for c in candidates), key=lambda p: (-p[0], p[1].paper.id))
    decisions: list[ScreeningDecision] = []
    included = 0
    for score, candidate in scored:
        reason = _exclusion(candidate, scope, score, min_score)
        if not reason and included >= max_included:
            reason = beyond(max_included)
        included += not reason
        decisions.append(
            ScreeningDecision(
                paper_id=candidate.paper.id,
                included=not reason,
                reason=reason or _inclusion(candidate, scope),
                score=score,
            )
        )
    return tuple(decisions)


def beyond(most: int) -> str:
    """Why a paper is out that would be in, had not as many as may be ranked higher."""
    return f"beyond the best {most}: ranked lower than the papers included"


def _score(candidate: Candidate, scope: Scope) -> float:
    meaning = min(1.0, max(0.0, (candidate.cosine - _LOW) / (_HIGH - _LOW)))
    parts = {"fused": candidate.fused, "meaning": meaning, "facets": facet_share(candidate, scope)}
    return round(sum(WEIGHTS[name] * value for name, value in parts.items()), 4)


def facet_share(candidate: Candidate, scope: Scope) -> float:
    """The share of the question's facets that the paper names, in [0, 1]."""
    facets = scope.plan.facets
    if not facets:
        return 0.0
    view = scope.view(candidate.paper)
    return sum(_named(f, view) for f in facets) / len(facets)


def _named(facet: Facet, view: PaperView) -> float:
    terms = view.expand(facet.terms)
    if view.title_holds(terms):
        return 1.0
    return _IN_ABSTRACT if view.holds(terms) else 0.0


def _exclusion(candidate: Candidate, scope: Scope, score: float, min_score: float) -> str:
    paper = candidate.paper
    if paper.retracted:
        return "retracted: a retracted paper is no evidence"
    if not paper.abstract:
        return "no abstract: there is nothing to read claims from"
    view = scope.view(paper)
    if view.other_population:
        return f"another population: the question asks about {scope.population[0]}"
    missing = _missing(scope, view)
    if missing:
        return f"off the question: names nothing of {missing}"
    if score < min_score:
        return f"too far from the question: relevance {score:.2f} is under {min_score:.2f}"
    return ""


def _missing(scope: Scope, view: PaperView) -> str:
    """The facet without which a paper cannot bear on the question, if it lacks it."""
    facets = [f for f in scope.plan.facets if f.role in _DECIDING]
    if scope.is_open:
        lacking = [f.text for f in facets if not view.holds(view.expand(f.terms))]
        return ", ".join(lacking) if 3 * len(lacking) > len(facets) else ""
    for facet in facets:
        if facet.role in ("subject", "topic") and not view.holds(view.expand(facet.terms)):
            return f"the {facet.role} ({facet.text})"
    return ""


def _inclusion(candidate: Candidate, scope: Scope) -> str:
    view = scope.view(candidate.paper)
    named = [f.text for f in scope.plan.facets if view.holds(view.expand(f.terms))]
    return f"names {', '.join(named)}" if named else "near the question in meaning"
