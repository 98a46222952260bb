"""The plan: facets, queries in several wordings, and the criteria that screening will apply."""

from __future__ import annotations

from collections.abc import Iterator

from consilience.language import concepts
from consilience.reasoning.base import PlanRequest
from consilience.records import Facet, Plan, QuestionType

from .questions import Reading, read

_MEMBERS = 4
"""Members of the subject's class that get a query of their own in one round."""


def make_plan(request: PlanRequest) -> Plan:
    """The plan of one round. Facets are the question's and stay the same; queries are those not yet tried."""
    reading = read(request.question)
    tried = {query.casefold() for query in request.tried}
    fresh = [q for q in dict.fromkeys(_queries(reading, request)) if q.casefold() not in tried]
    if request.earlier is not None:
        # A person may have changed it: only its queries are followed by new ones.
        return request.earlier.model_copy(update={"queries": tuple(fresh[: request.max_queries])})
    return Plan(
        question=request.question,
        question_type=reading.question_type,
        facets=reading.facets,
        expected=reading.asked,
        expected_valence=reading.asked_valence,
        any_change=reading.any_change,
        key_phrases=reading.key_phrases,
        queries=tuple(fresh[: request.max_queries]),
        inclusion=tuple(_inclusion(reading)),
        exclusion=(
            "retracted",
            "no abstract to read",
            "another population than the one asked about",
            "too far from the question by the ranking",
        ),
    )


def _queries(reading: Reading, request: PlanRequest) -> Iterator[str]:
    """Wordings from the most to the least telling; later rounds begin with what is missing."""
    by_role = {f.role: f for f in reversed(reading.facets)}
    subject, outcome = by_role.get("subject"), by_role.get("outcome")
    topic = by_role.get("topic")
    where = " ".join(f.text for f in reading.facets if f.role in ("topic", "population"))
    for wish in request.missing:
        yield f"{subject.text if subject else ''} {wish}".strip()
    yield request.question
    if subject is None or outcome is None:
        for facet in reading.facets:
            yield from _names(facet, 3)
        yield " ".join(f.text for f in reading.facets)
        return
    yield f"{subject.text} {outcome.text} {where}".strip()
    for name in _members(subject)[_MEMBERS * request.round : _MEMBERS * (request.round + 1)]:
        yield f"{name} {outcome.text} {topic.text if topic else ''}".strip()
    for name in _names(outcome, 4)[1:]:
        yield f"{subject.text} {name}"
    for name in _names(subject, 3)[1:]:
        yield f"{name} {outcome.text} {where}".strip()


def _names(facet: Facet, limit: int) -> tuple[str, ...]:
    """The facet's first wordings that are phrases (a class's suffix is none)."""
    return tuple(t for t in (facet.text, *facet.terms) if not t.startswith("*"))[:limit]


def _members(facet: Facet) -> tuple[str, ...]:
    """The members of the class that the facet names."""
    return tuple(m for c in concepts.named_by(facet.text) for m in c.members)


def _inclusion(reading: Reading) -> Iterator[str]:
    for facet in reading.facets:
        others = len(facet.terms) - 1
        more = f" (or one of {others} other wordings)" if others > 0 else ""
        yield f"title or abstract names the {facet.role}: {facet.text}{more}"
    if reading.question_type is QuestionType.OPEN:
        yield "title or abstract is near the question in meaning"
