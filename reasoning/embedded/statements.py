"""Reads a claim that a person gives: the question that it answers, and from that its relation.

The claim is turned into the yes-or-no question that it answers, which is then read by the rules that read every
question (``questions``): subject, comparator, outcome, population, direction. So its words are looked for in papers as
those of a question are, and its relation is compared with what papers state by the rules that compare their claims. A
claim that denies something has the relation of what it denies (``records.GivenClaim``). What cannot be turned is
an open question without topics: the rules then say nothing, and the stance judge decides alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from consilience.language import concepts, hedging, numbers
from consilience.reasoning.base import PlanRequest
from consilience.records import Direction, GivenClaim, Plan, QuestionType, Relation

from . import statement_words as words
from .planning import make_plan

_TRIES = 12
"""Words that are tried as a statement's verb: it stands near its beginning."""


@dataclass(frozen=True)
class Statement:
    """A person's claim, the plan by which papers are read for it, and whether the rules could read its relation."""

    claim: GivenClaim
    plan: Plan
    is_read: bool


class Turned(NamedTuple):
    """The question that a statement answers; ``denied`` where the answer is no."""

    question: str
    denied: bool


def read(text: str) -> Statement:
    """Read a claim. Never raises; one that cannot be turned into a question is an open one."""
    for question, denied in turned(text):
        plan = make_plan(PlanRequest(question))
        relation = _relation(plan)
        if relation is not None:
            return Statement(_claim(text, relation, denied=denied), plan, True)
    # Without facets: what could not be taken apart says nothing about which words a paper has to hold.
    plan = make_plan(PlanRequest(text)).model_copy(update={"question_type": QuestionType.OPEN, "facets": ()})
    return Statement(_claim(text, Relation(), denied=False), plan, False)


def _claim(text: str, relation: Relation, *, denied: bool) -> GivenClaim:
    return GivenClaim(
        id=f"g{hashlib.sha256(text.encode()).hexdigest()[:10]}",
        text=text,
        relation=relation,
        quantities=numbers.read(text),
        hedged=hedging.is_hedged(text),
        background=False,
        answers="against" if denied else "for",
        denied=denied,
    )


def _relation(plan: Plan) -> Relation | None:
    """What the plan's question asks about; None where subject, outcome or direction could not be told."""
    texts = {facet.role: facet.text for facet in reversed(plan.facets)}
    relation = Relation(
        subject=texts.get("subject", ""),
        comparator=texts.get("comparator", ""),
        outcome=texts.get("outcome", ""),
        population=texts.get("population", ""),
        direction=plan.expected or Direction.UNSTATED,
        valence=plan.expected_valence,
    )
    told = relation.is_directed or plan.any_change
    whole = plan.question_type is QuestionType.YES_NO and relation.subject and relation.outcome
    return relation if whole and told else None


def says_two_things(text: str) -> bool:
    """Whether a claim says something of its subject and then something else of it, so that no one relation is its."""
    return bool(words.TWO_CLAIMS.search(text))


def turned(text: str) -> Iterator[Turned]:
    """The questions that a statement may answer, the likeliest first."""
    statement = " ".join(text.split()).rstrip(" .!;")
    if says_two_things(statement):
        return
    lead = words.LEAD_IN.match(statement)
    denied = bool(lead and lead["e"] and words.NO_EVIDENCE.match(statement))
    statement = statement[lead.end() :] if lead else statement
    for pattern, to in words.REWORDED:
        statement = pattern.sub(to, statement)
    for question, denies in _questions(statement):
        yield Turned(f"{_one_line(question)}?", denied != denies)


def _one_line(question: str) -> str:
    return " ".join(question.split())


def _questions(text: str) -> Iterator[tuple[str, bool]]:
    for pattern in words.SAMENESS:
        if same := pattern.match(text):
            quality = same.groupdict().get("q")
            alike = f"as {quality} as" if quality else "equivalent to"
            yield f"Is {same['s']} {alike} {same['c']} for {same['o']}", False
    if link := words.NO_LINK.match(text):
        yield f"Is there an association between {link['rest']}", True
    if there := words.THERE.match(text):
        yield f"Is there an {there['rest']}", bool(there["no"])
    if effect := words.EFFECT_ON.match(text):
        no = (effect["no"] or "").casefold() in ("no", "little")
        yield f"{_does(effect['s'])} {effect['s']} have an effect on {effect['o']}", no != bool(effect["not"])
    if first := words.WITH_SUBJECT.match(text):
        how = first["how"].casefold()
        verb = words.VERB_OF.get(how) or ("reduce" if words.LESS.match(how) else "increase")
        against = f" compared with {first['c']}" if first["c"] else ""
        subject = first["s"] or first["g"]
        yield f"{_does(subject)} {subject} {verb} {first['o']}{against}", bool(first["not"])
        return
    if grows := words.GROWS_WITH.match(text):
        subject = grows["s"].strip()
        yield f"{_does(subject)} {subject} {'increase' if grows['more'] else 'decrease'} {grows['o']}", False
        return
    if more := words.MORE_OR_LESS.match(text):
        how = more["how"].casefold()
        subject = _given(more["s"])
        yield f"{_does(subject)} {subject} cause {words.HOW.get(how, how)} {more['o']}", bool(more["not"])
    yield from _by_verb(text)


def _by_verb(text: str) -> Iterator[tuple[str, bool]]:
    """Questions from the statement's verb: each word that may be it, in order."""
    subject_denied = words.NO_SUBJECT.match(text)
    body = text[subject_denied.end() :] if subject_denied else text
    found = sorted((m for p in (words.FINITE, words.VERB) for m in p.finditer(body)), key=lambda m: m.start())
    for match in found[:_TRIES]:
        subject, rest = body[: match.start()].strip(" ,"), body[match.end() :]
        if not subject or body[: match.start()].endswith(("-", "/")):
            continue  # "Cas9-induced breaks" has no verb yet
        subject = _given(subject)
        made = _auxiliary(subject, match, rest) if match.re is words.FINITE else _lexical(subject, match[0], rest)
        if made is not None:
            yield made[0], made[1] != bool(subject_denied)


def _auxiliary(subject: str, match: re.Match[str], rest: str) -> tuple[str, bool] | None:
    """ "X is associated with Y", "X may not reduce Y", "Y was reduced by X"."""
    negated = re.match(rf"\s+{words.ADVERBS}{words.NOT}\s+", rest, re.IGNORECASE)
    rest = re.sub(rf"^\s+{words.ADVERBS}", " ", rest[negated.end() - 1 :] if negated else rest, flags=re.IGNORECASE)
    if match["be"]:
        passive = words.PASSIVE.match(rest)
        if passive and passive["v"].casefold() in words.VERBS and " by " in rest:
            made = _object(_given(passive["s"]), passive["v"], f"{subject}{passive['where'] or ''}")
            return (made[0], made[1] != bool(negated)) if made else None
        if words.RELATIVE.search(rest):
            return None  # what "X is a drug that reduces Y" says of Y is not said by its main verb
        return f"{_is(subject)} {subject}{rest}", bool(negated)
    if match["modal"] and re.match(r"\s+be\s+", rest, re.IGNORECASE):
        return f"{_is(subject)} {subject}{rest.removeprefix(' be')}", bool(negated)
    verb = words.VERB.match(rest.strip())
    if verb is None:
        return None
    made = _object(subject, verb[0], rest.strip()[verb.end() :])
    return (made[0], made[1] != bool(negated)) if made else None


def _lexical(subject: str, verb: str, rest: str) -> tuple[str, bool] | None:
    """ "X reduces Y", where the word is a verb there."""
    low = " ".join(verb.casefold().split())
    is_past = low.partition(" ")[0].endswith("ed")
    if words.NOT_A_VERB_BEHIND.search(subject):
        return None
    if " " not in low and low != "works" and low != "work" and words.NOT_A_VERB_BEFORE.match(rest):
        return None
    if is_past and re.search(rf"\b{words.BE}\s*(?:\w+ly\s*)?$", subject, re.IGNORECASE):
        return None
    return _object(re.sub(rf"\s+{words.ADVERBS}$", "", f"{subject} ", flags=re.IGNORECASE), verb, rest)


def _object(subject: str, verb: str, rest: str) -> tuple[str, bool] | None:
    """The question of a subject, a verb and what it does something to; None where it is said to do so less."""
    base = words.VERBS[" ".join(verb.casefold().split())]
    target = words.BY_SO_MUCH.sub("", rest).strip()
    if words.LESS_THAN.search(f" {target}"):
        return None
    target = words.MORE_THAN.sub(" compared with ", f" {target}").strip()
    nothing = words.NO_OBJECT.match(target)
    target = target[nothing.end() :] if nothing else target
    how, _, what = target.partition(" ")
    if how.casefold() in words.HOW and what:  # "causes more Y"
        target = f"{words.HOW[how.casefold()]} {what}"
    symptoms = words.SYMPTOMS.match(target)
    if symptoms and _is_condition(symptoms["c"]):
        target = f"the symptoms of {symptoms['c']}{symptoms['rest']}"
    elif base in words.GETS_BETTER and _is_condition(words.TAIL.sub("", target)):
        # "Relieves migraine" says that it works, whatever was measured.
        return f"{_is(subject.strip())} {subject} effective for {target}", bool(nothing)
    return f"{_does(subject)} {subject} {base} {target}", bool(nothing)


def _is_condition(phrase: str) -> bool:
    return any(concept.kind == "condition" for concept in concepts.named_by(phrase))


def _given(subject: str) -> str:
    """What people were given, where they are the subject."""
    found = words.GIVEN_TO.match(subject)
    return (found["x"] or found["users"]) if found else subject


def _is(subject: str) -> str:
    return "Are" if words.PLURAL.search(subject) else "Is"


def _does(subject: str) -> str:
    return "Do" if words.PLURAL.search(subject.strip()) else "Does"
