"""Owns the checks on what was sought and told: contradiction and coverage."""

from __future__ import annotations

from consilience.records import Direction, Verdict

from . import wording
from .checks import Reading, check, either, level, none_of, number, part
from .whole import SATURATED, Draftwide

# ----------------------------------------------------------------- contradiction


@check()
def opposition(m: Draftwide) -> Reading:
    # Nothing of nothing is not full here: where no claim carries the answer, nothing could be contradicted.
    judged = [e for e in m.carrying if e.confidence > 0]
    said = f"{len(judged)} of {len(m.carrying)} carrying claims were cross-examined"
    return Reading(round(min(1.0, 2 * len(judged) / len(m.carrying)), 4) if m.carrying else 0.0, said)


@check()
def half_told(m: Draftwide) -> Reading:
    return part(_told(m), m.contested, "contested claims are told as contested", 0.5)


def _told(m: Draftwide) -> list[str]:
    untold = {e.claim.id for f in m.untold_contested for e in f.line.entries}
    return [e.claim.id for e in m.contested if e.claim.id in m.shown and e.claim.id not in untold]


@check("sceptic", "relevance", "clarity")
def answer_tells(m: Draftwide) -> Reading:
    told = m.disagreement or "nothing on the question is contested"
    return either(m.answer_tells, f"{told}; the answer agrees", f"{told}, and the answer does not say so")


@check("methodology", "coverage")
def all_told(m: Draftwide) -> Reading:
    contested = sum(any(e.verdict is Verdict.CONTESTED for e in n.entries) for n in m.lines)
    return none_of(m.untold_contested, contested, "sentences on contested claims tell them as settled")


@check("coverage", "relevance", "methodology")
def both_sides(m: Draftwide) -> Reading:
    held = [e for e in m.contested if e.supporting_papers and e.refuting_papers]
    return part(held, m.contested, "contested claims show papers on both sides")


@check("sceptic", "clarity")
def no_refuted(m: Draftwide) -> Reading:
    refuted = [f for f in m.weak if "REFUTED" in f.why]
    return none_of(refuted, m.lines, "result sentences rest on a refuted claim")


@check()
def null_told(m: Draftwide) -> Reading:
    null = [e for e in m.carrying if e.claim.relation.direction is Direction.NO_DIFFERENCE]
    shown = [e for e in null if e.claim.id in m.shown]
    return part(shown, null, "findings of no difference stand in the results", 0.5)


@check()
def explained(m: Draftwide) -> Reading:
    if not m.disagreement:
        return Reading(1.0, "0 disagreements to explain")
    texts = (*(n.text for n in m.lines if not n.entries), *m.draft.gaps_in_evidence, m.draft.answer.text)
    told = [t for t in texts if wording.explains(t)]
    return Reading(float(bool(told)), f"{len(told)} sentences say what may explain that {m.disagreement}")


# ----------------------------------------------------------------- coverage


@check()
def papers(m: Draftwide) -> Reading:
    said = f"{len(m.carrying_papers)} of {m.dossier.search.included} included papers carry the answer"
    return Reading(float(bool(m.carrying_papers)), said)


@check()
def facets(m: Draftwide) -> Reading:
    return part(len(m.asked) - len(m.uncovered), m.asked, "parts of the question are named by an included paper")


@check("sceptic", "methodology")
def saturation(m: Draftwide) -> Reading:
    value = m.dossier.search.saturation
    return level(value, SATURATED, f"the search's estimated saturation is {value:.2f}")


@check("clarity", "relevance")
def queries(m: Draftwide) -> Reading:
    return number(m.dossier.search.queries, 3, "different queries were asked")


@check("methodology", "sceptic")
def ten_papers(m: Draftwide) -> Reading:
    return number(m.carrying_papers, 10, "included papers hold a kept claim on the question")


@check("relevance", "clarity")
def used(m: Draftwide) -> Reading:
    total = len(m.carrying_papers)
    return part(total - len(m.unused), total, "papers with a kept claim on the question are used", 0.8)


@check("sceptic", "relevance")
def no_failure(m: Draftwide) -> Reading:
    return Reading(float(not m.failed_steps), f"{len(m.failed_steps)} steps of the search failed")


@check()
def databases(m: Draftwide) -> Reading:
    held = {s for p in m.carrying_papers if (paper := m.paper(p)) for s in paper.sources}
    return number(held, 2, "databases hold the papers that carry the answer")


@check("methodology", "clarity")
def years(m: Draftwide) -> Reading:
    known = sorted(p.year for i in m.carrying_papers if (p := m.paper(i)) and p.year)
    total = len(m.carrying_papers)
    span = known[-1] - known[0] if known else 0
    share = (len(known) / total if total else 0.0) * min(1.0, span / 5)
    return Reading(round(share, 4), f"{len(known)} of {total} papers have a year, over {span} years")
