"""The Verifier: cross-examines ledger entries. It never sees the writer's prose.

For each claim the evidence for it and the evidence against it are sought separately, the second with the claim's
direction reversed. Only papers of the working set count, and a paper that was screened out counts only after it has
been screened in again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Send

from consilience.agents.context import Context, Means
from consilience.agents.dossier import load_plan, load_screening
from consilience.agents.state import ClaimSet, ExamineTask, LedgerChunk, RunState, chunks, required
from consilience.agents.steps import step
from consilience.language.reversal import reverse
from consilience.literature.base import Found, SearchAnswer
from consilience.reasoning.base import Brief, Candidate, Case, Examination, Judgement, Outcome
from consilience.reasoning.verdicts import Tally, tally, verdict_of
from consilience.records import Claim, Evidence, Gap, LedgerEntry, Plan, ScreeningDecision, Span

AGENT = "Verifier"


def send_claims(state: RunState, runtime: Runtime[Context]) -> list[Send] | Literal["write"]:
    """One cross-examination task a chunk of claims; straight to the writer where there are none."""
    context, ref = runtime.context, required(state, "claims")
    found = context.run.artifacts.get(ref, ClaimSet).claims
    # Claims on the question stand together: what a reasoner reads of a paper then serves more of them.
    claims = [claim.id for claim in sorted(found, key=lambda claim: claim.background)]
    parts = chunks(claims, context.settings.verification.chunk_size, f"r{state.get('round', 0)}/e")
    tasks = [
        Send(
            "cross_examine",
            ExamineTask(
                key=key,
                items=ids,
                plan=required(state, "plan"),
                claims=ref,
                screening=required(state, "screening"),
            ),
        )
        for key, ids in parts
    ]
    return tasks or "write"


@dataclass
class Bench:
    """One task's view of the working set: who is in, who was let in again, who stays out."""

    context: Means
    plan: Plan
    decisions: dict[str, ScreeningDecision]
    met: dict[str, Found] = field(default_factory=dict[str, Found])
    rescreened: dict[str, ScreeningDecision] = field(default_factory=dict[str, ScreeningDecision])
    misquoted: int = 0
    asked: list[Outcome[Any]] = field(default_factory=list[Outcome[Any]])
    """What was asked to screen papers in again."""
    unsearched: list[Gap] = field(default_factory=list[Gap])
    """Why a search brought nothing, where the source failed."""

    def may_speak(self, found: Found) -> bool:
        """Whether a paper is of the working set and can be evidence at all; a retracted one never is."""
        self.met.setdefault(found.paper.id, found)
        return found.paper.id in self.decisions and not found.paper.retracted

    async def admit(self, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """The evidence of included papers, and of papers that are screened in again because they have some.

        A quotation that is not its abstract's, or of a paper that was not put before the reasoner, is dropped and
        counted.
        """
        quoted = [item for item in evidence if self._is_quotation(item.span)]
        self.misquoted += len(evidence) - len(quoted)
        await self.screen_again(quoted)
        return tuple([item for item in quoted if self._counts(item.span.paper_id)])

    async def screen_again(self, evidence: Sequence[Evidence]) -> None:
        """Screen the papers that were screened out and speak after all, side by side and each once."""
        spoke = {item.span.paper_id for item in evidence if self._is_quotation(item.span)}
        waiting = sorted(p for p in spoke if not self.decisions[p].included and p not in self.rescreened)
        outcomes = await asyncio.gather(*(self._screen(self.met[paper_id]) for paper_id in waiting))
        for paper_id, outcome in zip(waiting, outcomes, strict=True):
            self.asked.append(outcome)
            again = outcome.value[0] if outcome.value else self.decisions[paper_id]
            self.rescreened[paper_id] = again.model_copy(update={"rescreened": again.included})

    async def _screen(self, found: Found) -> Outcome[tuple[ScreeningDecision, ...]]:
        candidate = Candidate(found.paper, found.fused, found.cosine)
        return await self.context.reasoner.screen(self.plan, (candidate,), 1)

    def _is_quotation(self, span: Span) -> bool:
        decision, paper = self.decisions.get(span.paper_id), self.context.papers.get(span.paper_id)
        if decision is None or paper is None or paper.retracted:
            return False
        return span.matches(paper) and (decision.included or span.paper_id in self.met)

    def _counts(self, paper_id: str) -> bool:
        return self.decisions[paper_id].included or self.rescreened[paper_id].included

    async def examinations(self, claims: Sequence[Claim], query: Callable[[str], str]) -> tuple[Examination, ...]:
        """One side's cases: the best sentences, from each claim's own papers and those that its query finds.

        A background claim cannot answer, so nothing is sought for it: it stands on its own quotation, uncorroborated.
        """
        settings, sought = self.context.settings.verification, [c for c in claims if not c.background]
        queries = [query(claim.text) for claim in sought]
        search = self.context.source.search
        answers = await asyncio.gather(*(search(q, settings.papers_per_side) for q in queries))
        self.unsearched += [answer.gap for answer in answers if answer.gap is not None]
        # In the claims' order, whichever answer came first: a paper is known as it was met first.
        papers = [self._papers_for(claim, answer) for claim, answer in zip(sought, answers, strict=True)]
        best = self.context.passages.best
        found = await asyncio.gather(
            *(
                asyncio.to_thread(best, q, ids, settings.sentences_per_paper)
                for q, ids in zip(queries, papers, strict=True)
            )
        )
        spans = {claim.id: [span for span, _ in of] for claim, of in zip(sought, found, strict=True)}
        return tuple(self._examination(claim, spans.get(claim.id, [])) for claim in claims)

    def _papers_for(self, claim: Claim, answer: SearchAnswer) -> list[str]:
        own = claim.paper_ids
        others = [f.paper.id for f in answer.found if f.paper.id not in own and self.may_speak(f)]
        return [*own, *others]

    def _examination(self, claim: Claim, found: Sequence[Span]) -> Examination:
        spans = dict.fromkeys((*found, *claim.spans))
        passages = tuple(sorted(spans, key=lambda s: (s.paper_id, s.start, s.end))) if found else claim.spans
        papers = tuple(self.context.papers[p] for p in sorted({s.paper_id for s in passages}))
        return Examination(self.plan, claim, passages, papers)


@dataclass(frozen=True)
class Examined:
    """What came of one chunk of claims: an entry for each, in the claims' order.

    ``outcomes`` hold each side's answers and the verdicts, in the order in which they were asked, claim by claim.
    """

    entries: tuple[LedgerEntry, ...]
    outcomes: Mapping[str, Sequence[Outcome[Any]]]
    passages: int

    def gaps(self) -> Iterator[tuple[str, str, Gap]]:
        """What could not be had: side, claim id, gap."""
        for side, of in self.outcomes.items():
            for entry, outcome in zip(self.entries, of, strict=True):
                if outcome.gap is not None:
                    yield side, entry.claim.id, outcome.gap


async def examine(bench: Bench, claims: Sequence[Claim]) -> Examined:
    """Defence, prosecution and judgement of some claims, which share the bench's plan."""
    reasoner, papers = bench.context.reasoner, bench.context.papers
    pro = await bench.examinations(claims, str)
    con = await bench.examinations(claims, reverse)
    defence, prosecution = await asyncio.gather(reasoner.defend(pro), reasoner.prosecute(con))
    # All of them at once: one after the other, claim by claim, each would wait for the model's answer on the last.
    await bench.screen_again([e for o in (*defence, *prosecution) if o.value for e in o.value.evidence])
    cases = tuple(
        [
            Case(claim, await _brief(bench, claim, d), await _brief(bench, claim, p), papers, bench.plan.question)
            for claim, d, p in zip(claims, defence, prosecution, strict=True)
        ]
    )
    judged = await reasoner.judge(cases)
    return Examined(
        entries=tuple(_entry(case, outcome) for case, outcome in zip(cases, judged, strict=True)),
        outcomes={"defence": defence, "prosecution": prosecution, "verdict": judged},
        passages=sum(len(e.passages) for e in (*pro, *con)),
    )


async def cross_examine(state: ExamineTask, *, runtime: Runtime[Context]) -> dict[str, Any]:
    """Defence, prosecution and judgement of one chunk of claims."""
    context, key = runtime.context, state["key"]
    wanted = set(state["items"])
    claims = [c for c in context.run.artifacts.get(state["claims"], ClaimSet).claims if c.id in wanted]
    decisions = load_screening(state, context).decisions
    bench = Bench(context, load_plan(state, context), {d.paper_id: d for d in decisions})
    update: dict[str, Any] = {}
    with step(context, node="cross_examine", agent=AGENT, key=key) as told:
        told.saw = f"{len(claims)} ledger entries, and nothing that the writer wrote"
        examined = await examine(bench, claims)
        entries = examined.entries
        told.took(*(outcome for of in examined.outcomes.values() for outcome in of), *bench.asked)
        for side, claim_id, gap in examined.gaps():
            update.setdefault("gaps", {})[f"{key}/{claim_id}/{side}"] = context.run.artifacts.put(gap)
        told.decided = ", ".join(f"{n} {v}" for v, n in _counts(entries)) or "nothing to judge"
        told.why = f"{examined.passages} passages read, both sides sought apart"
        told.counts = {"claims": len(claims), "rescreened": len(_admitted(bench))}
        if bench.misquoted:
            told.counts["misquoted"] = bench.misquoted
        if told.calls and claims:
            told.counts["model calls a claim"] = round(len(told.calls) / len(claims), 2)
        told.details = [f"{e.verdict.value} ({e.confidence:.2f}) {e.claim.text} — {e.reason}" for e in entries]
    chunk = LedgerChunk(entries=entries, rescreened=_admitted(bench))
    return {**update, "examinations": {key: context.run.artifacts.put(chunk)}}


def _admitted(bench: Bench) -> tuple[ScreeningDecision, ...]:
    return tuple(d for _, d in sorted(bench.rescreened.items()) if d.included)


async def _brief(bench: Bench, claim: Claim, outcome: Outcome[Brief]) -> Brief:
    """The side's brief, with the evidence of admitted papers only."""
    given = outcome.value or Brief(claim.id, ())
    return replace(given, evidence=await bench.admit(given.evidence))


def _entry(case: Case, outcome: Outcome[Judgement]) -> LedgerEntry:
    """A ledger entry on evidence that both briefs hold, with a verdict that its tallies bear out.

    Where they bear out another verdict than the one given, theirs stands: if the given one is right with probability
    p, another is right with 1 - p at most.
    """
    judgement, claim = outcome.value, case.claim
    if judgement is None:
        reason = outcome.gap.reason if outcome.gap else "not judged"
        return LedgerEntry(claim=claim, reason=reason)
    shown = [item.span for item in (*case.defence.evidence, *case.prosecution.evidence)]
    evidence = tuple(item for item in judgement.evidence if item.span in shown)
    counted: Tally = tally(claim, evidence, case.papers)
    verdict, confidence, reason = judgement.verdict, judgement.confidence, judgement.reason
    borne_out = verdict_of(claim, counted, case.papers)
    if borne_out is not verdict:
        reason = f"judged {verdict.value}, but the papers counted make it {borne_out.value}; {reason}"
        verdict, confidence = borne_out, round(min(confidence, 1 - confidence), 4)
    return LedgerEntry(
        claim=claim,
        evidence=evidence,
        verdict=verdict,
        confidence=confidence,
        independent_support=len(counted.independent_support),
        independent_refutation=len(counted.independent_refutation),
        supporting_papers=counted.supporting,
        refuting_papers=counted.refuting,
        reason=reason,
    )


def _counts(entries: Sequence[LedgerEntry]) -> list[tuple[str, int]]:
    names = [e.verdict.value for e in entries]
    return [(name, names.count(name)) for name in sorted(set(names))]
