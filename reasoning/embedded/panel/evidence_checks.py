"""Owns the checks on what carries the answer: methodology, relevance and evidence."""

from __future__ import annotations

from consilience.reasoning.verdicts import RANDOMISED
from consilience.records import Certainty, LedgerEntry, QuestionType, StudyDesign

from . import wording
from .checks import Reading, check, either, level, none_of, number, part
from .measures import CONTROLLED, papers_of
from .whole import Draftwide

# ----------------------------------------------------------------- methodology


@check()
def studies(m: Draftwide) -> Reading:
    return either(bool(m.carrying), f"{len(m.carrying)} claims carry the answer", "no claim carries the answer")


@check("methodology", "coverage", "clarity")
def designs(m: Draftwide) -> Reading:
    told = [e for e in m.carrying if e.claim.design is not StudyDesign.UNSTATED]
    return part(told, m.carrying, "carrying claims tell their study's design", 0.5)


@check("methodology", "sceptic", "relevance")
def numbers(m: Draftwide) -> Reading:
    kinds = ("percent", "p_value", "interval", "ratio", "count")
    held = [e for e in m.carrying if any(q.kind in kinds for q in e.claim.quantities)]
    return part(held, m.carrying, "carrying claims hold a number", 0.5)


@check("methodology", "coverage", "sceptic")
def controlled(m: Draftwide) -> Reading:
    held = [e for e in m.carrying if e.claim.design in CONTROLLED]
    return part(held, m.carrying, "carrying claims come from studies with a comparison group", 0.5)


@check("sceptic", "clarity", "relevance")
def strength(m: Draftwide) -> Reading:
    faulty = {f.line.number for f in (*m.overstated, *m.emphatic)}
    return none_of(faulty, m.lines, "result sentences speak more strongly than their claims")


@check("methodology", "sceptic")
def randomised(m: Draftwide) -> Reading:
    held = [e for e in m.carrying if e.claim.design in RANDOMISED]
    return part(held, m.carrying, "carrying claims come from randomised trials or systematic reviews", 0.5)


@check("relevance", "clarity", "coverage")
def subjects(m: Draftwide) -> Reading:
    return none_of(m.untold_subjects, m.lines, "sentences do not say that they are about animals, cells or simulations")


@check()
def precision(m: Draftwide) -> Reading:
    held = [e for e in m.carrying if any(q.kind in ("p_value", "interval") for q in e.claim.quantities)]
    return part(held, m.carrying, "carrying claims hold a p value or an interval", 0.8)


@check()
def full_text(m: Draftwide) -> Reading:
    # A paper holds no more than its abstract, so this level is out of reach, as high certainty is.
    total = len(m.carrying_papers)
    return Reading(0.0, f"0 of {total} papers were read in full, so risk of bias was not assessed")


# ----------------------------------------------------------------- relevance


@check()
def on_question(m: Draftwide) -> Reading:
    said = f"{len(m.carrying)} of {len(m.entries)} ledger entries are on the question and carry the answer"
    return Reading(float(bool(m.carrying)), said)


@check("relevance", "sceptic", "methodology")
def answered(m: Draftwide) -> Reading:
    good = bool(m.answering) and m.wrong_kind is None
    return either(good, f"{len(m.answering)} claims stand under the answer", "the answer rests on no claim of its kind")


@check("coverage", "clarity")
def half_on_question(m: Draftwide) -> Reading:
    return part(_on(m), _named(m), "cited result sentences are on the question", 0.5)


@check("sceptic", "methodology", "clarity")
def answer_pure(m: Draftwide) -> Reading:
    return part(m.answering, m.answer_ids, "claims under the answer are on the question and stand")


@check("relevance", "coverage")
def most_on_question(m: Draftwide) -> Reading:
    return part(_on(m), _named(m), "cited result sentences are on the question", 0.8)


def _named(m: Draftwide) -> list[int]:
    return [n.number for n in m.told_lines]


def _on(m: Draftwide) -> list[int]:
    off = {n.number for n in m.off_question}
    return [n for n in _named(m) if n not in off]


@check("clarity", "relevance", "methodology")
def answer_names(m: Draftwide) -> Reading:
    parts = [f for f in m.dossier.plan.facets if f.role in ("subject", "outcome", "topic") and f.terms]
    named = [f for f in parts if wording.contains_any(m.draft.answer.text, (*f.terms, f.text))]
    return part(named, parts, "of the question's subject and outcome are named in the answer")


@check("sceptic", "coverage")
def direct(m: Draftwide) -> Reading:
    asked = [k for k in ("animals", "in vitro", "in silico") if wording.says_subjects(m.dossier.plan.question, k)]
    held = [e for e in m.carrying if e.claim.subjects in ("humans", "unstated", *asked)]
    return part(held, m.carrying, "carrying claims are about the kind of subjects asked about", 0.8)


@check()
def parts(m: Draftwide) -> Reading:
    texts = [" ".join((e.claim.text, *(s.text for s in e.claim.spans), *_titles(m, e))) for e in m.carrying]
    named = [f for f in m.asked if any(wording.contains_any(t, (*f.terms, f.text)) for t in texts)]
    return part(named, m.asked, "parts of the question are named by a carrying claim or its paper's title")


@check()
def compared(m: Draftwide) -> Reading:
    if m.dossier.plan.question_type is QuestionType.OPEN:
        return Reading(1.0, "the question is open")
    held = [e for e in m.carrying if e.claim.relation.comparator]
    return part(held, m.carrying, "carrying claims name what the subject was compared with", 0.8)


def _titles(m: Draftwide, entry: LedgerEntry) -> list[str]:
    return [paper.title for p in entry.claim.paper_ids if (paper := m.paper(p))]


# ----------------------------------------------------------------- evidence


@check()
def any_support(m: Draftwide) -> Reading:
    said = f"{len(m.carrying)} claims carry the answer"
    return Reading(float(bool(m.carrying)), said)


@check()
def two_papers(m: Draftwide) -> Reading:
    return number(m.answer_papers, 2, "papers stand behind the answer")


@check("methodology", "sceptic", "relevance")
def corroborated(m: Draftwide) -> Reading:
    borne = [e for e in m.carrying if e.independent_support > 0]
    return part(borne, m.carrying, "carrying claims are borne out by another paper", 0.5)


@check("coverage", "clarity")
def four_papers(m: Draftwide) -> Reading:
    return number(m.answer_papers, 4, "papers stand behind the answer")


@check("sceptic", "relevance")
def confidence(m: Draftwide) -> Reading:
    said = f"the mean confidence of the {len(m.answering)} claims under the answer is {m.mean_confidence:.2f}"
    return level(m.mean_confidence, 0.8, said)


@check("coverage", "relevance")
def balance(m: Draftwide) -> Reading:
    given = sum(len(e.supporting_papers) for e in m.carrying)
    taken = sum(len(e.refuting_papers) for e in m.carrying)
    share = 1.0 if not taken else min(1.0, given / (2 * taken))
    return Reading(round(share, 4), f"{given} times a paper supports a carrying claim, {taken} times one refutes it")


@check("methodology", "clarity")
def strong_papers(m: Draftwide) -> Reading:
    strong = papers_of(e for e in m.answering if e.claim.design in RANDOMISED)
    return number(strong, 2, "papers under the answer are randomised trials or systematic reviews")


@check()
def firm(m: Draftwide) -> Reading:
    shares = {Certainty.MODERATE: 1.0, Certainty.LOW: 0.5}
    said = m.draft.answer.certainty
    return Reading(shares.get(said, 0.0), f"the certainty is {said.value}, {len(m.answering)} claims under it")


@check()
def sizes(m: Draftwide) -> Reading:
    held = [e for e in m.carrying if any(q.kind in ("ratio", "interval") for q in e.claim.quantities)]
    return part(held, m.carrying, "carrying claims give the size of an effect", 0.5)


@check()
def eight_papers(m: Draftwide) -> Reading:
    reading = number(m.answer_papers, 8, f"papers stand behind the answer, {len(m.retracted)} cited claims retracted")
    return Reading(0.0, reading.said) if m.retracted else reading
