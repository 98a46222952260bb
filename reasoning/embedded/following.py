"""Follow-ups: answered from a run's own ledger with citations, or recognised as a new question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consilience.language import concepts
from consilience.language.text import content_words, stems
from consilience.reasoning.base import Dossier, FollowUp
from consilience.records import Draft, LedgerEntry, Stance, Verdict

from .facets import subject_terms
from .writing.phrases import number_of, short_citation

_CLAIM = re.compile(r"(?:\b(?:claim|finding|number|no\.?)\s*#?|#)\s*(?P<n>\d+)\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:against|refut\w*|contradict\w*|counter\w*|disagree\w*|oppos\w*|contested?)\b", re.IGNORECASE
)
_POPULATION = re.compile(
    r"\b(?:which|how many|any|are there|do any|what)\b.*\b(?:in|among|about|on|with|for)\s+"
    r"(?P<p>[\w' /-]{3,60}?)\s*\??$",
    re.IGNORECASE,
)
_VERDICTS = {
    "supported": Verdict.SUPPORTED, "uncorroborated": Verdict.UNCORROBORATED, "contested": Verdict.CONTESTED,
    "refuted": Verdict.REFUTED,
}  # fmt: skip
_META = re.compile(
    r"\b(?:limitations?|weakness\w*|gaps?|missing|not known|certain\w*|confidence|how sure|score|reviewers?)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:these|those|this|that|them|they|it|its|"
    r"the (?:papers?|studies|claims?|findings?|trials?|report|evidence|answer))\b",
    re.IGNORECASE,
)
_SHOWN = 8
_NEW_WORDS = 2
"""Content words that the run never saw from which a question that points at nothing here is a new one."""


def follow_up(question: str, dossier: Dossier, draft: Draft) -> FollowUp:
    """Answer from the ledger what the ledger holds. The claim numbers are those of the report."""
    ledger = sorted(dossier.ledger, key=lambda e: e.claim.background)
    claim = _CLAIM.search(question)
    if claim:
        return _about_claim(int(claim["n"]), question, ledger, dossier)
    if _META.search(question) and (_POINTS_BACK.search(question) or len(content_words(question)) <= 3):
        return _about_report(draft)
    for word, verdict in _VERDICTS.items():
        if re.search(rf"\b{word}\b", question, re.IGNORECASE):
            chosen = [e for e in ledger if e.verdict is verdict and not e.claim.background]
            return _listing(chosen, f"{word} on the question")
    who = _POPULATION.search(question)
    if who and (_POINTS_BACK.search(question) or len(content_words(question)) <= 4):
        return _about_population(who["p"], ledger, dossier)
    if _AGAINST.search(question):
        chosen = [e for e in ledger if e.independent_refutation and not e.claim.background]
        return _listing(chosen, "with evidence against it")
    return _by_words(question, ledger, dossier)


def is_look_up(question: str) -> bool:
    """Whether the question names something of the report that is looked up, not reasoned about."""
    return bool(_CLAIM.search(question)) or (bool(_META.search(question)) and len(content_words(question)) <= 3)


def _about_claim(number: int, question: str, ledger: Sequence[LedgerEntry], dossier: Dossier) -> FollowUp:
    if not 1 <= number <= len(ledger):
        return FollowUp(f"The report has claims 1 to {len(ledger)}; there is no claim {number}.", (), False)
    entry = ledger[number - 1]
    wanted = Stance.REFUTES if _AGAINST.search(question) else None
    shown = [e for e in entry.evidence if e.stance is wanted or wanted is None]
    said = [
        f"- {e.stance.value} ({short_citation(dossier.papers[e.span.paper_id])}): \u201c{e.span.text}\u201d"
        for e in shown
    ]
    side = "Evidence against" if wanted else "Evidence on"
    head = f"{side} claim {number} ({entry.verdict.value}, confidence {entry.confidence:.2f}: {entry.reason}):"
    if not said:
        nowhere = "against it" if wanted else "on either side"
        said = [f"The ledger holds no evidence {nowhere}; it was sought among the papers retrieved."]
    return FollowUp("\n".join([head, *said]), (entry.claim.id,), False)


def _about_report(draft: Draft) -> FollowUp:
    lines = [
        f"Answer: {draft.answer.verdict.value}, certainty {draft.answer.certainty.value}. {draft.answer.text}",
        *(f"- {reason}" for reason in draft.answer.certainty_reasons),
        "Limitations:",
        *(f"- {line}" for line in draft.limitations),
        *(f"- open: {line}" for line in draft.gaps_in_evidence),
    ]
    return FollowUp("\n".join(lines), draft.answer.claim_ids, False)


def _about_population(name: str, ledger: Sequence[LedgerEntry], dossier: Dossier) -> FollowUp:
    terms = subject_terms(name)
    texts = {p.id: f"{p.title} {p.abstract}" for p in dossier.papers.values()}
    chosen = [e for e in ledger if any(concepts.holds(texts[paper_id], terms) for paper_id in e.claim.paper_ids)]
    on_question = [e for e in chosen if not e.claim.background] or chosen
    return _listing(on_question, f"from papers that name {name.strip()}")


def _listing(chosen: Sequence[LedgerEntry], what: str) -> FollowUp:
    """How many claims there are and which; who asks shows them with their citations."""
    if not chosen:
        return FollowUp(f"The ledger holds no claim {what}.", (), False)
    told = f"{number_of(len(chosen), 'claim')} {what}"
    if len(chosen) > _SHOWN:
        told += f"; {_SHOWN} are shown, the others stand in the report's table"
    return FollowUp(f"{told}.", tuple(e.claim.id for e in chosen[:_SHOWN]), False)


def _by_words(question: str, ledger: Sequence[LedgerEntry], dossier: Dossier) -> FollowUp:
    """Claims that share the follow-up's words; a question with words that this run never met needs a run."""
    wanted = set(stems(question))
    met = set(stems(dossier.plan.question)) | {s for e in ledger for s in stems(e.claim.text)}
    new = wanted - met
    if not wanted or len(new) >= _NEW_WORDS or (new and not _POINTS_BACK.search(question)):
        return FollowUp("", (), True, question.strip())
    scored = sorted(((len(wanted & set(stems(e.claim.text))), e) for e in ledger), key=lambda p: (-p[0], p[1].claim.id))
    best = [e for score, e in scored if score >= max(1, len(wanted) // 2)]
    if not best:
        return FollowUp("", (), True, question.strip())
    return _listing(best, "that share the question's words")
