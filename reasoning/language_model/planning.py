"""The plan by a language model: facets with the wordings that abstracts use, and queries.

The facets are the question's and stay what they were in the first round; later rounds add queries only. A facet's
wordings are the model's together with the lexicon's, since the rules that decide what is on the question read them.
"""

from __future__ import annotations

from typing import Final

from consilience.language.text import content_words
from consilience.reasoning.base import Outcome, PlanRequest, Reasoner
from consilience.reasoning.embedded.facets import subject_terms
from consilience.records import Direction, Facet, Plan, QuestionType, Valence

from .answers import FacetAnswer, PlanAnswer
from .asking import Asker
from .standing_in import or_rules

ALWAYS_OUT = ("retracted", "no abstract to read")
_MOST_WORDINGS = 40
_LONGEST = 200
_EXPECTED: Final = {"increase": Direction.INCREASE, "decrease": Direction.DECREASE}


async def make_plan(asker: Asker, rules: Reasoner, request: PlanRequest) -> Outcome[Plan]:
    """The plan of one round."""
    asked = await asker.ask(
        "plan",
        "searcher",
        PlanAnswer,
        {
            "question": request.question,
            "round": str(request.round + 1),
            "tried": "\n".join(f"- {q}" for q in request.tried) or "none",
            "missing": "\n".join(f"- {m}" for m in request.missing) or "nothing in particular",
            "max_queries": str(request.max_queries),
        },
        _fault,
    )
    return await or_rules(asked, lambda answer: _plan(answer, request), lambda: rules.plan(request))


def _fault(answer: PlanAnswer) -> str:
    roles = {facet.role for facet in answer.facets if facet.text.strip()}
    if answer.question_type == "yes_no" and not {"subject", "outcome"} <= roles:
        return "A yes_no question needs a facet with the role subject and one with the role outcome."
    if not roles:
        return "There is no facet."
    return "" if any(q.strip() for q in answer.queries) else "There is no query."


def _plan(answer: PlanAnswer, request: PlanRequest) -> Plan:
    queries = _queries(answer, request)
    if request.earlier is not None:
        return request.earlier.model_copy(update={"queries": queries})
    yes_no = answer.question_type == "yes_no"
    return Plan(
        question=request.question,
        question_type=QuestionType(answer.question_type),
        facets=tuple(_facet(f) for f in answer.facets if f.text.strip()),
        expected=_EXPECTED.get(answer.expected) if yes_no else None,
        expected_valence=Valence(answer.yes_would_be) if yes_no else Valence.UNSTATED,
        any_change=yes_no and answer.expected == "either",
        key_phrases=tuple(dict.fromkeys(_line(f.text) for f in answer.facets if f.text.strip())),
        queries=queries,
        inclusion=tuple(_line(line) for line in answer.inclusion if line.strip()),
        exclusion=tuple(dict.fromkeys((*ALWAYS_OUT, *(_line(line) for line in answer.exclusion if line.strip())))),
    )


def _facet(answer: FacetAnswer) -> Facet:
    # A wording of function words or single letters alone would be found in every abstract.
    wordings = [_line(w).casefold() for w in (answer.text, *answer.wordings) if content_words(w)]
    known = subject_terms(answer.text)
    return Facet(
        role=answer.role, text=_line(answer.text), terms=tuple(dict.fromkeys((*wordings, *known)))[:_MOST_WORDINGS]
    )


def _queries(answer: PlanAnswer, request: PlanRequest) -> tuple[str, ...]:
    """The question first, then the model's wordings; none that was sent before."""
    tried = {query.casefold() for query in request.tried}
    wanted = dict.fromkeys(_line(q) for q in (request.question, *answer.queries) if q.strip())
    return tuple(q for q in wanted if q.casefold() not in tried)[: request.max_queries]


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
