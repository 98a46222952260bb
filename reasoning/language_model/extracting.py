"""Claims by a language model, one call a paper, and what they must keep to stand.

A claim stands if its quotation is in the abstract, its numbers are in the quotation, its words are the paper's, and it
is one whole sentence. Design and strength are read from the abstract and never taken from the model; whether a claim is
on the question is decided by the question's facets as well as by the model. Whatever fails is dropped and counted.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Literal

from consilience.language import concepts, directions, hedging, instructions, numbers, strength
from consilience.reasoning.base import Outcome, Reasoner
from consilience.reasoning.embedded.panel import wording
from consilience.reasoning.embedded.panel.wording import is_cut_off, loose_opening
from consilience.reasoning.embedded.scope import PaperView, Scope
from consilience.records import Claim, Direction, Extraction, Paper, Plan, Relation, Span, Strength, Valence

from . import showing
from .answers import ClaimAnswer, ExtractAnswer
from .asking import Asker
from .figures import foreign_numbers
from .quotations import locate
from .reading import is_withheld, other_direction, readable, reports, share_of_words
from .standing_in import or_rules

_GROUNDED = 0.8
"""Share of a claim's content words that quotation, title and abstract must hold (chosen)."""
_CARRIED = 1 / 3
"""Share of a claim's content words that the quotation alone must hold (chosen); context may add the rest."""
_LONGEST = 500
_WEAKER = tuple(Strength)[::-1]


async def extract(asker: Asker, rules: Reasoner, scope: Scope, paper: Paper, most: int) -> Outcome[Extraction]:
    """The paper's claims in the order of its abstract, and what was dropped, by reason."""
    plan: Plan = scope.plan
    asked = await asker.ask(
        "extract",
        "extractor",
        ExtractAnswer,
        {
            "question": plan.question,
            "plan": showing.plan(plan),
            "paper": showing.paper(paper, readable(paper)),
            "max_claims": str(most),
        },
    )

    async def by_rules() -> Outcome[Extraction]:
        return (await rules.extract(plan, (paper,)))[0]

    return await or_rules(asked, lambda answer: checked(answer, scope.view(paper)), by_rules)


def checked(answer: ExtractAnswer, view: PaperView) -> Extraction:
    """The claims that stand, each once, in the order of the abstract."""
    dropped: Counter[str] = Counter()
    found: dict[tuple[int, int, str], Claim] = {}
    for given in answer.claims:
        made = _claim(given, view)
        if isinstance(made, str):
            dropped[made] += 1
        else:
            found.setdefault((made.spans[0].start, made.spans[0].end, made.text.casefold()), made)
    claims = tuple(found[key] for key in sorted(found))
    return Extraction(paper_id=view.paper.id, claims=claims, dropped=dict(sorted(dropped.items())))


def _claim(given: ClaimAnswer, view: PaperView) -> Claim | str:
    span = locate(given.quote, view.paper)
    if span is None:
        return "quotation does not match the abstract"
    text = re.sub(r"\.{2,}$", ".", " ".join(given.text.split()))
    fault = _fault(text, span, view)
    if fault:
        return fault
    relation = Relation(
        subject=_part(given.subject, view),
        comparator=_part(given.comparator, view),
        outcome=_part(given.outcome, view),
        population=_part(given.population, view),
        direction=Direction(given.direction),
        valence=Valence(given.valence),
    )
    bears = given.on_question and on_question(text, span, view)
    digest = hashlib.sha256(f"{view.paper.id}:{span.start}:{span.end}:{text}".encode()).hexdigest()
    return Claim(
        id=f"c{digest[:10]}",
        text=text,
        spans=(span,),
        relation=relation,
        quantities=numbers.read(span.text),
        strength=_strength(given, span, view),
        subjects=view.subjects if view.subjects != "unstated" else given.subjects,
        hedged=given.hedged or hedging.is_hedged(span.text),
        design=view.design,
        background=not bears,
        answers=_side(given, relation, view.scope) if bears else "none",
        completed=share_of_words(text, [span.text]) < 1.0,
    )


def _fault(text: str, span: Span, view: PaperView) -> str:
    """Why a claim's text cannot stand, or ''."""
    if not text or len(text) > _LONGEST or is_cut_off(text if text.endswith((".", "!", "?")) else f"{text}."):
        return "no whole sentence"
    if not reports(text) or not reports(span.text) or is_withheld(span, view.paper):
        return "speaks to the reader, reports nothing"
    if loose_opening(text):
        return "not readable without its context"
    if foreign_numbers(text, [span.text]):
        return "a number that its quotation does not hold"
    if share_of_words(text, [span.text, view.paper.title, view.paper.abstract]) < _GROUNDED:
        return "words that its paper does not hold"
    if share_of_words(text, [span.text]) < _CARRIED:
        return "its quotation does not carry it"
    if wording.emphatic(text) and not wording.emphatic(span.text):
        return "says more than its quotation"
    if wording.causal(text) and not wording.causal(span.text):
        return "says more than its quotation"
    if other_direction(text, [span.text]):
        return "says another direction than its quotation"
    return "quotation leaves out what denies it" if _is_torn_off(span, view) else ""


def _is_torn_off(span: Span, view: PaperView) -> bool:
    """Whether a word of direction says another thing in its sentence than in the quotation: "did not [reduce pain]"."""
    abstract = view.paper.abstract
    alone = {span.start + cue.start: cue.direction for cue in directions.cues(span.text)}
    for start, end in view.spans:
        if start < span.end and span.start < end:
            told = {start + cue.start: cue.direction for cue in directions.cues(abstract[start:end])}
            if any(told.get(place, direction) is not direction for place, direction in alone.items()):
                return True
    return False


def on_question(text: str, span: Span, view: PaperView) -> bool:
    """Whether the facets are there: the subject in claim, quotation or title, the outcome in claim or quotation."""
    scope = view.scope
    said = f"{text} {span.text}"
    if scope.is_open:
        named = [concepts.holds(said, terms) for terms in view.topics]
        return bool(named) and any(named) and (view.names_topics or all(named))
    if not scope.subject or not scope.outcome:
        return False
    subject = concepts.holds(f"{said} {view.paper.title}", view.subject)
    outcome = concepts.holds(said, view.outcome)
    return subject and outcome and not view.other_population


def _part(text: str, view: PaperView) -> str:
    """A part of the relation, if it consists of the paper's words; else nothing."""
    plain = " ".join(text.split())[:160]
    held = share_of_words(plain, [view.paper.title, view.paper.abstract, view.scope.plan.question])
    return plain if held >= _GROUNDED and not instructions.speaks_to_reader(plain) else ""


def _strength(given: ClaimAnswer, span: Span, view: PaperView) -> Strength:
    """The weaker of the model's reading and the rules'."""
    read = strength.read(span.text, view.design)
    return min(Strength(given.strength), read, key=_WEAKER.index)


def _side(given: ClaimAnswer, relation: Relation, scope: Scope) -> Literal["for", "against", "none"]:
    """The model's side, unless its own reading of the direction speaks for the other one."""
    plan = scope.plan
    if scope.is_open or given.answers == "none":
        return "none"
    implied = ""
    if plan.expected is Direction.NO_DIFFERENCE:
        implied = "against" if relation.valence is Valence.HARM else ""
    elif relation.direction is Direction.NO_DIFFERENCE:
        implied = "against"
    elif Valence.UNSTATED not in (plan.expected_valence, relation.valence) and relation.valence is not Valence.NEUTRAL:
        implied = "for" if relation.valence is plan.expected_valence else "against"
    elif plan.expected is not None and relation.direction is not Direction.UNSTATED:
        implied = "for" if relation.direction is plan.expected else "against"
    return given.answers if implied in ("", given.answers) or plan.any_change else "none"
