"""Builds small dossiers and drafts about a drug that does not exist, for the tests of writer, panel and
auditor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consilience.reasoning.base import Dossier, Search
from consilience.records import (
    Answer,
    AnswerVerdict,
    Certainty,
    Claim,
    Direction,
    Draft,
    Evidence,
    Facet,
    Gap,
    LedgerEntry,
    Paper,
    Plan,
    Quantity,
    QuestionType,
    Relation,
    Section,
    Sentence,
    Span,
    Stance,
    Strength,
    StudyDesign,
    Verdict,
)

QUESTION = "Does zolafen reduce night cramps in adults?"
LIMIT = "Only abstracts were read, not full texts, and risk of bias was not assessed."
FACETS = (
    Facet(role="population", text="adults", terms=("adults", "adult")),
    Facet(role="subject", text="zolafen", terms=("zolafen",)),
    Facet(role="outcome", text="night cramps", terms=("night cramps", "cramps")),
)


def plan(**changes: object) -> Plan:
    """A yes-or-no plan about night cramps."""
    made = Plan(
        question=QUESTION,
        question_type=QuestionType.YES_NO,
        facets=FACETS,
        expected=Direction.DECREASE,
        queries=("zolafen night cramps", "zolafen adults trial", "night cramps treatment"),
    )
    return made.model_copy(update=changes)


def finding(number: int) -> str:
    """The sentence that paper ``number`` states."""
    return f"Zolafen reduced night cramps by {20 + number}% against placebo in adults (p = 0.01)."


def paper(number: int, text: str = "", **changes: object) -> Paper:
    """A paper whose abstract states ``text`` between two other sentences."""
    said = text or finding(number)
    made = Paper(
        id=f"paper{number}",
        title=f"Zolafen trial {number}",
        abstract=f"We studied {10 * number} adults at centre {number}. {said} Side effects were few.",
        authors=(f"Ada Author{number}",),
        year=2000 + number,
        sources=("library:tests",),
    )
    return made.model_copy(update=changes)


def span(of: Paper, text: str) -> Span:
    """The quotation of ``text`` in a paper."""
    start = of.abstract.index(text)
    return Span(paper_id=of.id, start=start, end=start + len(text), text=text)


def entry(
    number: int,
    source: Paper,
    text: str = "",
    *,
    support: Sequence[Paper] = (),
    against: Sequence[Paper] = (),
    verdict: Verdict | None = None,
    confidence: float = 0.85,
    claim: dict[str, Any] | None = None,
    **changes: object,
) -> LedgerEntry:
    """A ledger entry on the question; the other papers' second sentence is their evidence."""
    said = text or finding(number)
    made = Claim(
        id=f"c{number}",
        text=said,
        spans=(span(source, said),),
        relation=Relation(
            subject="zolafen", comparator="placebo", outcome="night cramps", direction=Direction.DECREASE
        ),
        quantities=(Quantity(kind="p_value", text="p = 0.01", values=(0.01,)),),
        strength=Strength.CAUSAL,
        subjects="humans",
        design=StudyDesign.RANDOMISED,
        background=False,
        answers="for",
    ).model_copy(update=claim or {})
    own = Evidence(span=made.spans[0], stance=Stance.SUPPORTS, score=0.9, own_source=True)
    sides = ((support, Stance.SUPPORTS), (against, Stance.REFUTES))
    others = tuple(_evidence(p, stance) for side, stance in sides for p in side)
    reached = verdict or _verdict(support, against)
    return LedgerEntry(
        claim=made,
        evidence=(own, *others),
        verdict=reached,
        confidence=confidence,
        independent_support=len(support),
        independent_refutation=len(against),
        supporting_papers=tuple(sorted({source.id, *(p.id for p in support)})),
        refuting_papers=tuple(sorted(p.id for p in against)),
        reason="both sides were sought",
    ).model_copy(update=changes)


def _evidence(of: Paper, stance: Stance) -> Evidence:
    sentence = of.abstract.split(". ")[1] + "."
    if sentence not in of.abstract:
        sentence = of.abstract
    return Evidence(span=span(of, sentence), stance=stance, score=0.8, own_source=False)


def _verdict(support: Sequence[Paper], against: Sequence[Paper]) -> Verdict:
    if against:
        return Verdict.CONTESTED
    return Verdict.SUPPORTED if support else Verdict.UNCORROBORATED


def dossier(
    ledger: Sequence[LedgerEntry],
    papers: Sequence[Paper],
    *,
    asked: Plan | None = None,
    saturation: float = 1.0,
    gaps: Sequence[Gap] = (),
) -> Dossier:
    """A dossier over these papers, every one of them included."""
    made = asked or plan()
    return Dossier(
        plan=made,
        ledger=tuple(ledger),
        papers={p.id: p for p in papers},
        search=Search(
            library="tests",
            identified=60,
            screened=50,
            included=len(papers),
            queries=made.queries,
            rounds=1,
            saturation=saturation,
            excluded={"off the question": 50 - len(papers)},
        ),
        gaps=tuple(gaps),
    )


def draft(ledger: Sequence[LedgerEntry], **changes: object) -> Draft:
    """A sound draft whose results tell every entry in its own words."""
    ids = tuple(e.claim.id for e in ledger)
    made = Draft(
        title="Zolafen and night cramps in adults: does it help?",
        abstract=f"The search identified 60 records. The ledger holds {len(ledger)} claims.",
        answer=Answer(
            verdict=AnswerVerdict.YES,
            certainty=Certainty.LOW,
            certainty_reasons=("abstracts alone were read",),
            text="Yes: zolafen reduced night cramps in adults.",
            claim_ids=ids,
        ),
        introduction=Section(heading="Introduction", sentences=(Sentence(text="The question is whether it helps."),)),
        method=Section(heading="Method", sentences=(Sentence(text="Abstracts were searched."),)),
        results=(
            Section(
                heading="Findings",
                sentences=tuple(Sentence(text=e.claim.text, claim_ids=(e.claim.id,)) for e in ledger),
            ),
        ),
        limitations=(LIMIT,),
        version=1,
    )
    return made.model_copy(update=changes)


def results(*sentences: Sentence, heading: str = "Findings") -> tuple[Section, ...]:
    """One results section."""
    return (Section(heading=heading, sentences=sentences),)


def good(count: int = 10) -> tuple[Dossier, Draft]:
    """Randomised trials that bear each other out, and a draft that says no more than they do."""
    papers = [paper(n) for n in range(1, count + 1)]
    ledger = [entry(n, p, support=[q for q in papers if q is not p][:3]) for n, p in enumerate(papers, start=1)]
    return dossier(ledger, papers), draft(ledger)


def nothing() -> tuple[Dossier, Draft]:
    """Papers off the question, and a draft that says that the evidence is not enough."""
    text = "Zolafen tablets dissolved within 4 minutes in water."
    papers = [paper(n, text) for n in (1, 2)]
    off: dict[str, Any] = {"background": True, "answers": "none", "relation": Relation(subject="zolafen")}
    ledger = [entry(n, p, text, claim=off) for n, p in enumerate(papers, start=1)]
    answer = Answer(
        verdict=AnswerVerdict.NOT_ENOUGH_EVIDENCE,
        certainty=Certainty.NONE,
        text="Not enough evidence: no included paper states a finding on zolafen and night cramps.",
    )
    made = draft(
        ledger,
        title="Not enough evidence on zolafen and night cramps",
        answer=answer,
        results=(),
        gaps_in_evidence=("No included paper is about night cramps.",),
    )
    return dossier(ledger, papers), made


def contested() -> tuple[Dossier, Draft]:
    """Five papers for and two against, and a draft that tells it."""
    other = {n: f"Zolafen did not reduce night cramps in {10 * n} adults against placebo (p = 0.60)." for n in (6, 7)}
    papers = [paper(n) for n in range(1, 6)]
    against = [paper(n, other[n]) for n in (6, 7)]
    ledger = [
        entry(n, p, support=[q for q in papers if q is not p][:2], against=against)
        for n, p in enumerate(papers, start=1)
    ]
    relation = Relation(subject="zolafen", outcome="night cramps", direction=Direction.NO_DIFFERENCE)
    said: dict[str, Any] = {"answers": "against", "relation": relation}
    ledger += [
        entry(n, p, other[n], support=[q for q in against if q is not p], against=papers[:2], claim=said)
        for n, p in enumerate(against, start=6)
    ]
    answer = Answer(
        verdict=AnswerVerdict.MIXED,
        certainty=Certainty.LOW,
        certainty_reasons=("papers disagree",),
        text="The evidence on zolafen and night cramps is mixed: papers contradict each other.",
        claim_ids=tuple(e.claim.id for e in ledger),
    )
    told = results(
        *(Sentence(text=e.claim.text, claim_ids=(e.claim.id,)) for e in ledger), heading="Contested findings"
    )
    made = draft(ledger, title="Mixed evidence on zolafen and night cramps", answer=answer, results=told)
    return dossier(ledger, [*papers, *against]), made


def overclaiming() -> tuple[Dossier, Draft]:
    """The contested ledger under a draft that tells it as settled."""
    held, made = contested()
    answer = made.answer.model_copy(
        update={
            "verdict": AnswerVerdict.YES,
            "certainty": Certainty.MODERATE,
            "text": "Yes: zolafen reduced night cramps in adults.",
        }
    )
    told = results(*made.results[0].sentences)
    return held, made.model_copy(
        update={"title": "Zolafen definitively reduces night cramps", "answer": answer, "results": told}
    )


def broken_citation() -> tuple[Dossier, Draft]:
    """A claim whose quotation is not its abstract's, and a sentence on an entry that does not exist."""
    held, made = good(3)
    first = held.ledger[0]
    quoted = first.claim.spans[0]
    wrong = quoted.model_copy(update={"text": quoted.text.replace("night", "light")})
    torn = first.model_copy(update={"claim": first.claim.model_copy(update={"spans": (wrong,)})})
    sentences = (
        *made.results[0].sentences,
        Sentence(text="Zolafen reduced night cramps.", claim_ids=("c99",)),
    )
    broken = Dossier(held.plan, (torn, *held.ledger[1:]), held.papers, held.search, held.gaps)
    return broken, made.model_copy(update={"results": results(*sentences)})
