"""Around the results: title, abstract, introduction, method, limitations, and the gaps in the evidence."""

from __future__ import annotations

from collections import Counter

from consilience.records import AnswerVerdict, Fate, Section, Sentence, Verdict, verdict_words

from .answering import reports, tallies
from .phrases import (
    asked_finding,
    capital,
    listed,
    number_of,
    outcome_of,
    question_of,
    subject_of,
    topic_of,
)
from .votes import Votes

EXTRACTED = (
    "Claims are sentences of the abstracts that state a finding; words in square brackets were added from the same "
    "abstract."
)
"""How claims were made: what another reasoner has to say in other words."""
EXTRACTIVE = (
    "The report is extractive: sentences were taken from abstracts and arranged by rules, and a rule can misread one."
)


def title(votes: Votes, verdict: AnswerVerdict) -> str:
    """A title that counts and asserts nothing of its own."""
    plan = votes.dossier.plan
    if verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
        return f"Not enough evidence found: {question_of(plan)}"
    if verdict is AnswerVerdict.FINDINGS:
        return f"Findings from {number_of(votes.total, 'abstract')}, without a verdict, on: {question_of(plan)}"
    topic = capital(topic_of(plan))
    if verdict is AnswerVerdict.MIXED:
        return f"{topic}: mixed evidence from {number_of(votes.total, 'abstract')}"
    agreed = votes.count("for")
    opposed = votes.total - agreed - votes.count("both")
    counted, found = (
        (agreed, asked_finding(plan)) if verdict is AnswerVerdict.YES else (opposed, "no difference or the opposite")
    )
    return f"{topic}: {counted} of {number_of(votes.total, 'abstract')} {reports(counted)} {found}, provisionally"


def abstract(votes: Votes, verdict: AnswerVerdict) -> str:
    """The report's abstract, with the run's true counts."""
    dossier = votes.dossier
    search, ledger = dossier.search, dossier.ledger
    on_question = [e for e in ledger if not e.claim.background]
    live = [e for e in on_question if e.fate is not Fate.DROPPED]
    counts = Counter(e.verdict for e in live)
    verdicts = listed(f"{counts[v]} {verdict_words(v)}" for v in Verdict if counts[v])
    sentences = [
        f"Question: {question_of(dossier.plan)}",
        f"{capital(number_of(search.screened, 'record'))} of library {search.library} "
        f"{'was' if search.screened == 1 else 'were'} screened and {search.included} included; "
        f"{number_of(len(ledger), 'claim was', 'claims were')} taken from their abstracts, "
        f"and the {len(on_question)} that bear on the question were cross-examined.",
    ]
    if live:
        sentences.append(f"Verdicts on these: {verdicts}.")
    if verdict in (AnswerVerdict.NOT_ENOUGH_EVIDENCE, AnswerVerdict.FINDINGS):
        sentences.append(_plain_answer(votes, verdict))
    else:
        sentences.append(f"Answer: {verdict.value}; {tallies(votes)}")
    sentences.append("Only abstracts were read and risk of bias was not assessed, so any certainty is provisional.")
    return " ".join(sentences)


def _plain_answer(votes: Votes, verdict: AnswerVerdict) -> str:
    if verdict is AnswerVerdict.FINDINGS:
        return f"Answer: findings from {number_of(votes.total, 'paper')}, listed without a verdict."
    return "Answer: not enough evidence."


def introduction(votes: Votes) -> Section:
    """The question and how it was read."""
    plan = votes.dossier.plan
    facets = "; ".join(f"{f.role}: {f.text}" for f in plan.facets)
    kind = "a yes-or-no question" if plan.question_type.value == "yes_no" else "an open question"
    texts = [f"This report asks: {question_of(plan)}", f"It was read as {kind} ({facets})."]
    if plan.question_type.value == "yes_no":
        texts.append(
            f"A paper speaks for a yes if it reports {asked_finding(plan)}; a finding of no significant difference is "
            "kept as a finding of its own."
        )
    return Section(heading="Introduction", sentences=tuple(Sentence(text=t) for t in texts))


def method(votes: Votes) -> Section:
    """How the run worked, with its figures."""
    search = votes.dossier.search
    excluded = listed(f"{n} ({reason})" for reason, n in sorted(search.excluded.items()))
    texts = [
        f"{capital(number_of(len(search.queries), 'query', 'queries'))} in {number_of(search.rounds, 'round')} "
        f"searched library {search.library} by meaning and by words; the two rankings were fused.",
        f"{capital(number_of(search.screened, 'record'))} {'was' if search.screened == 1 else 'were'} screened and "
        f"{search.included} included{f'; excluded: {excluded}' if excluded else ''}.",
        f"An estimated {search.saturation:.0%} of the relevant work that the source holds was found.",
        EXTRACTED,
        "For each claim, evidence for it and against it was sought separately among the papers retrieved, and papers "
        "were counted as independent only if they share neither text nor most authors.",
        "A panel of five reviewers scored the draft in rounds, and an auditor outside that loop scored it once.",
    ]
    return Section(heading="Method", sentences=tuple(Sentence(text=t) for t in texts))


def limitations(votes: Votes) -> tuple[str, ...]:
    """What every reader must know about this report's reach."""
    dossier = votes.dossier
    found = [
        "Only titles and abstracts were read, not full texts, and risk of bias was not assessed; the certainty is "
        "provisional.",
        EXTRACTIVE,
        f"Only library {dossier.search.library} was searched; work that it does not hold is not considered.",
    ]
    summaries = sum(p.text_origin == "summary" for p in dossier.papers.values())
    if summaries:
        found.append(
            f"The texts of {number_of(summaries, 'paper')} are this project's own summaries of the abstracts, and "
            "quotations of them are not the authors' words."
        )
    alone = sum(e.verdict is Verdict.UNCORROBORATED for e in votes.answering)
    if alone:
        found.append(
            f"{capital(number_of(alone, 'finding rests', 'findings rest'))} on one paper each, uncorroborated."
        )
    found.extend(f"{capital(g.reason)}." for g in dossier.gaps if g.kind == "bound_reached")
    return tuple(dict.fromkeys(found))


def gaps_in_evidence(votes: Votes) -> tuple[str, ...]:
    """What the literature found leaves open."""
    plan = votes.dossier.plan
    found: list[str] = []
    if not votes.total:
        found.append(f"No included paper states a finding on {outcome_of(plan) or subject_of(plan)}.")
    contested = [e for e in votes.answering if e.verdict is Verdict.CONTESTED]
    if contested:
        names = listed(sorted({e.claim.relation.subject.casefold() for e in contested if e.claim.relation.subject}))
        found.append(
            f"Papers disagree on the same comparison{f' for {names}' if names else ''}; what explains it is open."
        )
    sizes = [e for e in votes.answering if any(q.kind == "interval" for q in e.claim.quantities)]
    if votes.total and not sizes:
        found.append(
            "No finding on the question is given with a confidence interval, so the size of an effect is open."
        )
    if votes.total and all(e.verdict is Verdict.UNCORROBORATED for e in votes.answering):
        found.append("No finding on the question is borne out by a second, independent paper.")
    return tuple(found)
