"""The life of an objection over the rounds: raised and open, resolved by a change, or answered by the
ledger.

An objection keeps its id for as long as the same thing is wrong with the same claims, so a later round
shows whether it was raised again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consilience.reasoning.base import Dossier
from consilience.records import GRAVEST_FIRST, Draft, Fate, Objection, Sentence

_ADDED = re.compile(r"\s*\[[^\]]*\]")  # words in square brackets are the extractor's, from the same abstract


@dataclass(frozen=True)
class Situation:
    """What the panel knows when it settles: the draft and dossier under review and what searching could
    still do."""

    dossier: Dossier
    draft: Draft
    can_search: bool
    search_said: str


def settle(previous: Sequence[Objection], raised: Sequence[Objection], now: Situation) -> tuple[Objection, ...]:
    """Every objection so far with its state, gravest first.

    Raised before and not now: resolved, and the settlement says how the report reads now. Raised now: open,
    unless nobody can act on it, when it is answered with what the ledger shows. One that was closed and is
    raised again with nothing to answer it is open again.
    """
    before = {o.id: o for o in previous}
    current = {o.id: _raised(o, before.get(o.id), now) for o in raised}
    gone = {i: _resolved(o, now) for i, o in before.items() if i not in current}
    settled = {**gone, **current}.values()
    return tuple(sorted(settled, key=lambda o: (GRAVEST_FIRST[o.severity], o.reviewer, o.id)))


def open_blocking(objections: Sequence[Objection]) -> int:
    """How many blocking objections are open."""
    return sum(o.severity == "blocking" and o.state == "open" for o in objections)


def _raised(objection: Objection, before: Objection | None, now: Situation) -> Objection:
    answer = ""
    if objection.action == "search" and not now.can_search:
        answer = now.search_said
    elif before is not None and _is_quotation(objection, now):
        answer = "the sentence is the quotation's own wording, which is not altered"
    if not answer:
        return objection.model_copy(update={"state": "open", "settlement": ""})
    return objection.model_copy(update={"state": "answered", "settlement": answer})


def _is_quotation(objection: Objection, now: Situation) -> bool:
    """Whether a minor wish to rewrite is about words that are the paper's, so that no writer may change
    them."""
    if objection.severity != "minor" or objection.action != "rewrite":
        return False
    sentence = _sentence(objection.target, now.draft)
    if sentence is None:
        return False
    claims = {e.claim.id: e.claim for e in now.dossier.ledger}
    said = _plain(_ADDED.sub(" ", sentence.text))
    spans = (span for i in sentence.claim_ids if i in claims for span in claims[i].spans)
    return any(_plain(span.text) in said for span in spans)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _resolved(objection: Objection, now: Situation) -> Objection:
    if objection.state != "open":
        return objection
    return objection.model_copy(update={"state": "resolved", "settlement": _what_changed(objection, now)})


def _what_changed(objection: Objection, now: Situation) -> str:
    """How what the objection was about reads in the draft under review."""
    draft, version = now.draft, f"draft {now.draft.version}"
    if objection.target == "title":
        return f"the title of {version} reads '{draft.title}'"
    if objection.target == "answer":
        answer = draft.answer
        said = f"{answer.verdict.value}, certainty {answer.certainty.value}: {answer.text}"
        return f"the answer of {version}: {said}"
    if objection.target == "coverage" and objection.action == "search":
        search = now.dossier.search
        return f"after {search.rounds} search rounds {search.included} papers are included"
    if objection.target.startswith("claim:"):
        return _claim_now(objection.target.removeprefix("claim:"), now)
    if objection.action == "disclose":
        return f"{version} states {len(draft.limitations)} limitations: {' '.join(draft.limitations)}"
    if objection.target.startswith("sentence:"):
        return _sentences_now(objection, now)
    return f"no longer so in {version}"


def _claim_now(claim_id: str, now: Situation) -> str:
    entry = next((e for e in now.dossier.ledger if e.claim.id == claim_id), None)
    if entry is None or entry.fate is Fate.DROPPED:
        return f"claim {claim_id} was dropped"
    if not any(claim_id in s.claim_ids for s in _sentences(now.draft)):
        return f"no sentence of draft {now.draft.version} rests on claim {claim_id}"
    return f"claim {claim_id} stands as {entry.verdict.value}, {entry.fate.value}"


def _sentences_now(objection: Objection, now: Situation) -> str:
    """The sentence that rests on the objection's claims now, or that there is none."""
    named = {w for w in objection.detail.split() if any(e.claim.id == w for e in now.dossier.ledger)}
    quoted = {e.claim.id for e in now.dossier.ledger if e.claim.text in (objection.detail, objection.problem)}
    quoted |= {e.claim.id for e in now.dossier.ledger if e.claim.text.rstrip(".") in objection.problem}
    wanted = named | quoted
    found = next((s for s in _sentences(now.draft) if wanted & set(s.claim_ids)), None)
    if found is not None:
        return f"draft {now.draft.version} reads '{found.text}'"
    return f"the sentence does not stand in draft {now.draft.version}"


def _sentences(draft: Draft) -> tuple[Sentence, ...]:
    return tuple(s for section in draft.results for s in section.sentences)


def _sentence(target: str, draft: Draft) -> Sentence | None:
    """The result sentence that ``sentence:<n>`` names, counted from 1 over all result sections."""
    head, _, number = target.partition(":")
    sentences = _sentences(draft)
    if head != "sentence" or not number.isdecimal() or not 0 < int(number) <= len(sentences):
        return None
    return sentences[int(number) - 1]
