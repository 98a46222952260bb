"""Owns the objections about the evidence: methodology, relevance and coverage."""

from __future__ import annotations

from collections.abc import Iterator

from consilience.records import Certainty, StudyDesign

from . import wording
from .demands import Demand, about
from .whole import FEW_PAPERS, SATURATED, Draftwide

ABSTRACTS_ONLY = "Only abstracts were read, not full texts, and risk of bias was not assessed."
_WEAK = (
    StudyDesign.CROSS_SECTIONAL,
    StudyDesign.UNCONTROLLED,
    StudyDesign.REVIEW,
    StudyDesign.IN_VITRO,
    StudyDesign.ANIMAL,
    StudyDesign.IN_SILICO,
)


def methodology(m: Draftwide) -> Iterator[Demand]:
    """Wording against design, unnamed animals and cells, certainty, and the limits of abstracts."""
    yield from about(m.overstated, "overstated", "strength", "major", "soften")
    yield from about(m.untold_subjects, "subjects", "subjects", "major", "disclose")
    wrong = m.certainty
    if wrong is not None:
        problem = f"certainty {m.draft.answer.certainty.value}: {wrong.why}"
        yield Demand("certainty", "certainty", "answer", "", "blocking", "soften", problem, wrong.allowed)
    for target, line in (("answer", m.draft.answer.text), ("abstract", m.draft.abstract)):
        if "high" in wording.emphatic(line).casefold():
            problem = f"the {target} speaks of high certainty, which abstracts cannot give"
            yield Demand("high", "certainty", target, target, "blocking", "soften", problem, Certainty.MODERATE.value)
    if m.draft.answer.certainty is not Certainty.NONE and not m.draft.answer.certainty_reasons and m.answering:
        problem = "the certainty has no reasons"
        yield Demand("reasons", "certainty", "answer", "", "minor", "disclose", problem, m.certainty_ceiling.why)
    if len(m.tells & {"abstracts", "bias"}) < 2:
        problem = "the report does not say that only abstracts were read and that risk of bias was not assessed"
        yield Demand("abstracts", "abstracts_told", "abstract", "", "major", "disclose", problem, ABSTRACTS_ONLY)
    if m.answering and all(e.claim.design in _WEAK for e in m.answering):
        designs = " and ".join(sorted({e.claim.design.value for e in m.answering}))
        reasons = " ".join((*m.draft.answer.certainty_reasons, *m.draft.limitations)).casefold()
        if not any(e.claim.design.value in reasons for e in m.answering):
            problem = f"only {designs} evidence carries the answer, and the report does not say so"
            detail = f"The answer rests on {designs} evidence alone."
            yield Demand("designs", "controlled", "answer", "", "minor", "disclose", problem, detail)


def relevance(m: Draftwide) -> Iterator[Demand]:
    """Whether the question is answered, by claims on the question, in its own words."""
    if m.wrong_kind is not None:
        yield Demand("kind", "answered", "answer", "", "blocking", "rewrite", m.wrong_kind.why, m.wrong_kind.allowed)
    needless = m.abstains_needlessly
    if needless is not None:
        problem = f"the answer is 'not enough evidence', and {needless.why}"
        yield Demand("abstains", "verdict", "answer", "", "major", "rewrite", problem, needless.allowed)
    for claim_id in m.answer_ids:
        entry = m.entries.get(claim_id)
        if entry is not None and entry.claim.background:
            problem = f"the answer rests on claim {claim_id}, which is background: '{entry.claim.text}'"
            yield Demand("background", "answer_pure", "answer", claim_id, "blocking", "drop", problem, claim_id)
    for line in m.off_question:
        problem = f"'{line.text}' is not on the question"
        ids = " ".join(e.claim.id for e in line.entries)
        yield Demand("off", "most_on_question", line.target, line.anchor, "major", "drop", problem, ids)
    if m.draft.answer.text.strip() and not m.abstains:
        parts = [f for f in m.dossier.plan.facets if f.role in ("subject", "outcome") and f.terms]
        for facet in parts:
            if not wording.contains_any(m.draft.answer.text, (*facet.terms, facet.text)):
                problem = f"the answer does not name the question's {facet.role}"
                yield Demand("names", "answer_names", "answer", facet.role, "minor", "rewrite", problem, facet.text)


def coverage(m: Draftwide) -> Iterator[Demand]:
    """Parts of the question without papers, how full the search is, what failed and what was left out."""
    saturated = m.dossier.search.saturation >= SATURATED
    for facet in m.uncovered:
        problem = f"no included paper names the question's {facet.role}, '{facet.text}'"
        anchor = f"{facet.role} {facet.text}"
        if not saturated:
            why = f"{problem}, and the search's estimated saturation is {m.dossier.search.saturation:.2f}"
            yield Demand("facet", "facets", "coverage", anchor, "major", "search", why, facet.text)
        elif not m.names_open_point(facet):
            detail = f"No included paper is about {facet.text}."
            yield Demand("open", "facets", "coverage", anchor, "major", "disclose", problem, detail)
    if not saturated and "incomplete" not in m.tells:
        value = m.dossier.search.saturation
        detail = f"The search found an estimated {value:.0%} of the relevant papers (saturation {value:.2f})."
        problem = f"the search's estimated saturation is {value:.2f}, and the report does not say so"
        yield Demand("saturation", "saturation", "coverage", "", "minor", "disclose", problem, detail)
    n = len(m.carrying_papers)
    if 0 < n < FEW_PAPERS and "few" not in m.tells:
        detail = f"The answer rests on only {n} paper{'s' if n > 1 else ''}."
        problem = f"{n} paper{'s carry' if n > 1 else ' carries'} the answer, and the report does not say so"
        yield Demand("few", "ten_papers", "answer", "", "minor", "disclose", problem, detail)
    failed = sorted({g.reason for g in m.failed_steps})
    if failed and "failed" not in m.tells:
        problem = f"a step failed and the report does not say so: {failed[0]}"
        detail = "Part of the search could not be done: " + "; ".join(failed)
        yield Demand("failed", "no_failure", "coverage", "", "major", "disclose", problem, detail)
    if m.unused and not m.abstains:
        ids = [e.claim.id for e in m.standing if set(e.claim.paper_ids) & set(m.unused)]
        problem = f"{len(m.unused)} included papers with a kept claim on the question are not used"
        yield Demand("unused", "used", "coverage", "", "minor", "cite", problem, " ".join(ids))
