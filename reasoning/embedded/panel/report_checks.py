"""Owns the checks on the report: citation, clarity and calibration."""

from __future__ import annotations

from consilience.records import Verdict

from .checks import Reading, check, either, none_of, part
from .faults import LONG_ABSTRACT
from .measures import papers_behind, papers_of, single_source
from .whole import Draftwide

# ----------------------------------------------------------------- citation


@check()
def half_cited(m: Draftwide) -> Reading:
    if not m.finding_lines:
        return Reading(0.0, "no result sentence states a finding")
    return part(len(m.finding_lines) - len(m.uncited), m.finding_lines, "finding sentences name a ledger entry", 0.5)


@check()
def entries_exist(m: Draftwide) -> Reading:
    named = len(m.answer_ids) + sum(len(n.entries) + len(n.unknown) for n in m.lines)
    reading = none_of(m.unknown_ids, named, "named entries do not exist")
    return Reading(0.0 if m.unknown_ids else 1.0, reading.said)


@check("clarity", "relevance", "coverage")
def all_cited(m: Draftwide) -> Reading:
    return part(len(m.finding_lines) - len(m.uncited), m.finding_lines, "finding sentences name a ledger entry")


@check("sceptic", "methodology")
def quotations(m: Draftwide) -> Reading:
    return none_of(m.broken_quotations, m.cited, "cited claims hold a quotation that its abstract does not")


@check("coverage", "methodology")
def references(m: Draftwide) -> Reading:
    behind = papers_behind(m.cited)
    known = [p for p in behind if (paper := m.paper(p)) and paper.title and paper.year]
    return part(known, behind, "papers behind cited claims have title and year")


@check("relevance", "sceptic", "clarity")
def answer_shown(m: Draftwide) -> Reading:
    shown = [i for i in m.answer_ids if i in m.shown]
    return part(shown, m.answer_ids, "claims under the answer stand in the results")


@check()
def carried(m: Draftwide) -> Reading:
    return none_of(m.uncarried, m.lines, "sentences hold mostly words that their claims lack")


@check()
def own_words(m: Draftwide) -> Reading:
    quoted = papers_of(m.cited)
    authors = [p for p in quoted if (paper := m.paper(p)) and paper.text_origin == "authors"]
    return part(authors, quoted, "quoted papers are quoted in their authors' words")


# ----------------------------------------------------------------- clarity


@check()
def complete(m: Draftwide) -> Reading:
    there = [x for x in (m.draft.title, m.draft.abstract, m.draft.answer.text) if x.strip()]
    return Reading(float(len(there) == 3), f"{len(there)} of title, abstract and answer are there")


@check()
def whole(m: Draftwide) -> Reading:
    return none_of(m.cut_off, len(m.lines) + 1, "sentences are cut off")


@check("sceptic", "methodology")
def distinct(m: Draftwide) -> Reading:
    return none_of(m.repeats, len(m.lines) or 1, "sentences repeat another")


@check("relevance", "coverage")
def resolved(m: Draftwide) -> Reading:
    return none_of(m.loose, len(m.lines) or 1, "sentences open with a word that points outside them")


@check("methodology", "relevance")
def short(m: Draftwide) -> Reading:
    words = len(m.draft.abstract.split())
    reading = none_of(m.long, len(m.lines) or 1, f"sentences are long; the abstract has {words} words")
    return reading if words <= LONG_ABSTRACT else Reading(reading.share * LONG_ABSTRACT / words, reading.said)


@check("sceptic", "coverage")
def counts(m: Draftwide) -> Reading:
    wrong = ", ".join(m.wrong_counts)
    return either(not wrong, "the abstract's counts are the ledger's", f"the abstract counts {wrong}")


@check()
def limits(m: Draftwide) -> Reading:
    return either(bool(m.draft.limitations), f"{len(m.draft.limitations)} limitations are stated", "no limitation")


@check()
def synthesis(m: Draftwide) -> Reading:
    joined = [n for n in m.told_lines if len(papers_behind(n.entries)) > 1]
    return part(joined, m.told_lines, "sentences on findings speak for two papers or more", 1 / 3)


# ----------------------------------------------------------------- calibration


@check()
def verdict(m: Draftwide) -> Reading:
    wrong = m.verdict or m.abstains_needlessly
    said = m.draft.answer.verdict.value
    if wrong is None:
        return Reading(1.0, f"the answer '{said}' is what the ledger allows")
    return Reading(0.0, f"the answer is '{said}' and the ledger allows '{wrong.allowed}': {wrong.why}")


@check()
def certainty(m: Draftwide) -> Reading:
    answer, wrong = m.draft.answer, m.certainty
    if wrong is not None:
        return Reading(0.0, f"the certainty is {answer.certainty.value}, above {wrong.allowed}: {wrong.why}")
    reasons = bool(answer.certainty_reasons) or not m.answering
    said = f"the certainty is {answer.certainty.value} with {len(answer.certainty_reasons)} reasons"
    return Reading(1.0 if reasons else 0.5, said)


@check()
def title(m: Draftwide) -> Reading:
    return either(m.title is None, "the title claims no more than the answer", f"title: {m.title and m.title.why}")


@check("methodology", "coverage")
def hedges(m: Draftwide) -> Reading:
    hedged = sum(any(e.claim.hedged for e in n.entries) for n in m.lines)
    return none_of(m.lost_hedges, hedged, "sentences on hedged claims drop the hedge")


@check()
def single_told(m: Draftwide) -> Reading:
    single = sum(single_source(n.entries) for n in m.lines)
    return none_of(m.untold_single, single, "sentences on one paper do not say so")


@check("relevance", "clarity")
def no_weak(m: Draftwide) -> Reading:
    weak = [f for f in m.weak if Verdict.NOT_ENOUGH_EVIDENCE.value in f.why]
    return none_of(weak, m.lines, "result sentences rest on a claim without enough evidence")


@check()
def abstracts_told(m: Draftwide) -> Reading:
    told = m.tells & {"abstracts", "bias"}
    return part(told, 2, "of the two limits of abstracts are told")
