"""Drafts and revisions: the same composition, with what the panel's objections ask of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from consilience.reasoning.base import Dossier
from consilience.records import Answer, AnswerVerdict, Certainty, Draft, Objection

from . import frame, sections
from .answering import answer
from .votes import Votes

_DOWN = {Certainty.MODERATE: Certainty.LOW, Certainty.LOW: Certainty.VERY_LOW}


@dataclass(frozen=True)
class Wishes:
    """What objections ask for that the ledger's fates do not show."""

    skip: frozenset[str] = frozenset()
    disclose: tuple[str, ...] = ()
    soften_title: bool = False
    soften_answer: bool = False
    cut_repeats: bool = False


def compose(dossier: Dossier, wishes: Wishes | None = None) -> Draft:
    """A draft of the dossier as it stands."""
    asked = wishes or Wishes()
    votes = Votes(dossier)
    given = answer(votes)
    if asked.soften_answer:
        given = _softer(given)
    return Draft(
        title=_plain_title(votes) if asked.soften_title else frame.title(votes),
        abstract=frame.abstract(votes),
        answer=given,
        introduction=frame.introduction(votes),
        method=frame.method(votes),
        results=sections.results(votes, asked.skip),
        limitations=tuple(dict.fromkeys((*frame.limitations(votes), *asked.disclose))),
        gaps_in_evidence=frame.gaps_in_evidence(votes),
    )


def revise(dossier: Dossier, draft: Draft, objections: Iterable[Objection]) -> Draft:
    """The draft made anew from the ledger (whose fates the agent has set), with what the objections ask.

    What earlier revisions disclosed or left out stays so.
    """
    base = compose(dossier)
    kept = _kept(draft, base, dossier)
    return compose(dossier, _with(kept, tuple(objections), draft))


def _kept(draft: Draft, base: Draft, dossier: Dossier) -> Wishes:
    """What an earlier revision changed, read off the draft itself."""
    told = {c for s in draft.results for t in s.sentences for c in t.claim_ids}
    would = {c for s in base.results for t in s.sentences for c in t.claim_ids}
    return Wishes(
        skip=frozenset(would - told) if draft.version > 1 else frozenset(),
        disclose=tuple(line for line in draft.limitations if line not in base.limitations),
        soften_title=draft.version > 1 and draft.title == _plain_title(Votes(dossier)),
    )


def _with(wishes: Wishes, objections: tuple[Objection, ...], draft: Draft) -> Wishes:
    lines = [t for s in draft.results for t in s.sentences]
    skip, disclose = set(wishes.skip), list(wishes.disclose)
    title, given = wishes.soften_title, wishes.soften_answer
    for objection in objections:
        if objection.target == "title":
            title = True
        elif objection.target == "answer" and objection.action == "soften":
            given = True
        elif objection.action == "drop" and objection.target.startswith("sentence:"):
            skip.update(_claims_of(objection.target, lines_claims=[t.claim_ids for t in lines]))
        elif objection.action == "disclose":
            disclose.append(_sentence(objection.detail or objection.problem))
    return replace(
        wishes, skip=frozenset(skip), disclose=tuple(disclose), soften_title=title, soften_answer=given
    )


def _claims_of(target: str, lines_claims: list[tuple[str, ...]]) -> tuple[str, ...]:
    number = int(target.partition(":")[2] or 0)
    return lines_claims[number - 1] if 0 < number <= len(lines_claims) else ()


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _plain_title(votes: Votes) -> str:
    """A title that only names the question."""
    return f"Provisional evidence on the question: {votes.dossier.plan.question.strip()}"


def _softer(given: Answer) -> Answer:
    """A level less certain; what rests on little becomes mixed or not enough, never the opposite."""
    if given.verdict in (AnswerVerdict.NOT_ENOUGH_EVIDENCE, AnswerVerdict.FINDINGS):
        return given
    lower = _DOWN.get(given.certainty, given.certainty)
    text = given.text.replace(f"Certainty is {given.certainty.value}", f"Certainty is {lower.value}")
    reasons = (*given.certainty_reasons, "one level lower on the panel's objection")
    return given.model_copy(update={"certainty": lower, "text": text, "certainty_reasons": reasons})
