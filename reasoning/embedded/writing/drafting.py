"""Drafts and revisions: the same composition, with what the panel's objections ask of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from consilience.reasoning.base import Dossier
from consilience.records import AnswerVerdict, Draft, Objection

from . import frame, sections
from .answering import answer
from .phrases import capital, closed, question_of
from .votes import Votes

_WEAK = (AnswerVerdict.MIXED, AnswerVerdict.NOT_ENOUGH_EVIDENCE)


@dataclass(frozen=True)
class Wishes:
    """What objections ask for that the ledger's fates do not show."""

    skip: frozenset[str] = frozenset()
    disclose: tuple[str, ...] = ()
    plain_title: bool = False
    verdict: AnswerVerdict | None = None
    lower: bool = False


def compose(dossier: Dossier, wishes: Wishes | None = None) -> Draft:
    """A draft of the dossier as it stands."""
    asked = wishes or Wishes()
    votes = Votes(dossier)
    given = answer(votes, asked.verdict, lower=asked.lower)
    return Draft(
        title=_plain_title(dossier) if asked.plain_title else frame.title(votes, given.verdict),
        abstract=frame.abstract(votes, given.verdict),
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
        plain_title=draft.version > 1 and draft.title == _plain_title(dossier),
        verdict=draft.answer.verdict if draft.answer.verdict in _WEAK else None,
        lower=any("panel's objection" in reason for reason in draft.answer.certainty_reasons),
    )


def _with(wishes: Wishes, objections: tuple[Objection, ...], draft: Draft) -> Wishes:
    told = [t.claim_ids for s in draft.results for t in s.sentences]
    skip, disclose = set(wishes.skip), list(wishes.disclose)
    title, verdict, lower = wishes.plain_title, wishes.verdict, wishes.lower
    for objection in objections:
        if objection.target == "title":
            title = True
        elif objection.target == "answer" and objection.action == "soften":
            weaker = next((v for v in _WEAK if v.value == objection.detail.strip()), None)
            verdict, lower = weaker or verdict, lower or weaker is None
        elif objection.action == "drop" and objection.target.startswith("sentence:"):
            skip.update(_claims_of(objection.target, told))
        elif objection.action == "disclose":
            disclose.append(_sentence(objection.detail or objection.problem))
    return replace(
        wishes, skip=frozenset(skip), disclose=tuple(disclose), plain_title=title, verdict=verdict, lower=lower
    )


def _claims_of(target: str, told: list[tuple[str, ...]]) -> tuple[str, ...]:
    number = int(target.partition(":")[2] or 0)
    return told[number - 1] if 0 < number <= len(told) else ()


def _sentence(text: str) -> str:
    return closed(capital(" ".join(text.split())))


def _plain_title(dossier: Dossier) -> str:
    """A title that only names the question."""
    return f"Provisional evidence on the question: {question_of(dossier.plan)}"
