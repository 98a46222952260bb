"""The answer: the papers' vote, its provisional certainty, and a text that is no stronger than both."""

from __future__ import annotations

from consilience.reasoning.base import Dossier
from consilience.reasoning.verdicts import RANDOMISED
from consilience.records import Answer, AnswerVerdict, Certainty, LedgerEntry, Verdict

from .phrases import asked_finding, number_of, opposite_finding, outcome_of, population_of, subject_of, topic_of
from .votes import Votes

_LEVELS = (Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE)
_FEW, _MINORITY = 4, 0.25


_LOWER = {Certainty.MODERATE: Certainty.LOW, Certainty.LOW: Certainty.VERY_LOW}


def answer(votes: Votes, verdict: AnswerVerdict | None = None, *, lower: bool = False) -> Answer:
    """The answer with its certainty and the claims that it rests on.

    ``verdict`` is a weaker one that the panel asked for; ``lower`` takes the certainty down a level on its objection.
    """
    certainty, reasons = rate(votes)
    if lower and certainty in _LOWER:
        certainty, reasons = _LOWER[certainty], (*reasons, "one level lower on the panel's objection")
    given = verdict or votes.verdict
    return Answer(
        verdict=given,
        certainty=certainty,
        certainty_reasons=reasons,
        text=_text(votes, certainty, given),
        claim_ids=tuple(e.claim.id for e in votes.answering),
    )


def rate(votes: Votes) -> tuple[Certainty, tuple[str, ...]]:
    """GRADE's level (doi:10.1136/bmj.39489.470347.AD) as far as abstracts allow: never above moderate.

    Starts at moderate for randomised evidence and at low for other designs, and goes down a level for each reason.
    """
    if not votes.total:
        return Certainty.NONE, ("no included paper bears on the question",)
    entries = votes.answering
    controlled = [e for e in entries if e.claim.design in RANDOMISED]
    mostly = len(controlled) * 2 >= len(entries)
    level = 2 if mostly else 1
    reasons = [
        "starts at moderate, the highest that abstracts allow: risk of bias was not assessed"
        if mostly
        else "starts at low: fewer than half of the findings come from randomised trials or systematic reviews"
    ]
    for down in _downs(votes, entries):
        level -= 1
        reasons.append(down)
    return _LEVELS[max(0, level)], tuple(reasons)


def _downs(votes: Votes, entries: tuple[LedgerEntry, ...]) -> list[str]:
    downs: list[str] = []
    minority = min(votes.share_for, 1 - votes.share_for)
    if votes.verdict is not AnswerVerdict.FINDINGS and minority >= _MINORITY:
        downs.append(f"inconsistency: {minority:.0%} of the papers stand against the others")
    if votes.total < _FEW:
        downs.append(f"imprecision: {number_of(votes.total, 'paper')} only")
    elif not any(q.kind in ("p_value", "interval") for e in entries for q in e.claim.quantities):
        downs.append("imprecision: no p value and no interval is given")
    if all(e.claim.subjects in ("animals", "in vitro", "in silico") for e in entries):
        downs.append("indirectness: no evidence in humans")
    return downs


def _text(votes: Votes, certainty: Certainty, verdict: AnswerVerdict) -> str:
    dossier = votes.dossier
    if verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
        return _abstention(dossier)
    if verdict is AnswerVerdict.FINDINGS:
        sources = number_of(votes.total, "included paper reports", "included papers report")
        found = number_of(len(votes.answering), "finding")
        what = f"{sources} {found} on {subject_of(dossier.plan)}; they are listed below."
        return f"{what} Certainty is {certainty.value}, and provisional."
    head = {
        AnswerVerdict.YES: "Yes, provisionally",
        AnswerVerdict.NO: "No, provisionally",
        AnswerVerdict.MIXED: "The evidence is mixed",
    }[verdict]
    return f"{head}, on {topic_of(dossier.plan)}: {tallies(votes)}{_contest(votes)} Certainty is {certainty.value}."


def tallies(votes: Votes) -> str:
    """What the papers on each side report, as one sentence."""
    plan = votes.dossier.plan
    total = votes.total
    where = f"of {number_of(total, 'paper')} with a finding on the question"
    parts = [f"{votes.count('for')} {reports(votes.count('for'))} {asked_finding(plan)}"]
    if votes.count("no difference"):
        parts.append(f"{votes.count('no difference')} no significant difference")
    if votes.count("opposite"):
        parts.append(f"{votes.count('opposite')} {opposite_finding(plan)}")
    if votes.count("both"):
        parts.append(f"{votes.count('both')} findings on both sides")
    if total == 1:
        return f"in one paper, the only one with a finding on the question, which reports {_only(votes)}."
    return f"{where}, {', '.join(parts)}."


def reports(count: int) -> str:
    """The verb behind a number of papers."""
    return "reports" if count == 1 else "report"


def _only(votes: Votes) -> str:
    plan = votes.dossier.plan
    side = next(iter(votes.sides.values()))
    return {
        "for": asked_finding(plan),
        "no difference": "no significant difference",
        "opposite": opposite_finding(plan),
        "both": "findings on both sides",
    }[side]


def _contest(votes: Votes) -> str:
    contested = sum(e.verdict is Verdict.CONTESTED for e in votes.answering)
    if not contested:
        return ""
    said = number_of(contested, "finding is", "findings are")
    return f" {said} contested: other papers disagree on the same comparison."


def _abstention(dossier: Dossier) -> str:
    plan, search = dossier.plan, dossier.search
    what = f"whether {subject_of(plan)} {_bears(plan.question_type.value)} {outcome_of(plan)}{population_of(plan)}"
    if plan.facet("subject") is None or plan.facet("outcome") is None:
        what = subject_of(plan)
    were = "was" if search.screened == 1 else "were"
    return (
        f"Not enough evidence: no paper found states a finding on {what}. "
        f"{number_of(search.screened, 'record')} of library {search.library} "
        f"{were} screened with {number_of(len(search.queries), 'query', 'queries')}."
    )


def _bears(question_type: str) -> str:
    return "bears on" if question_type == "yes_no" else "relates to"
