"""The panel, the manifest and the counts as rows of plain text, for both renderers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from consilience.records import Gap, Objection, verdict_words

from .cost import AgentCost, total_cost
from .panel import PanelReview, ReviewerScores, Round
from .report import Manifest, Report

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Header cells and rows of cells."""

_CLOSED = {"open": "still open", "resolved": "resolved: the report changed", "answered": "answered"}


def number(value: float | None) -> str:
    """A score as it is shown: at most two decimals, "not scored" for none."""
    return "not scored" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def moved(before: float | None, after: float | None) -> str:
    """ "6.5 → 7", or the one value when nothing moved."""
    if before is None or after is None or before == after:
        return number(before if after is None else after)
    return f"{number(before)} → {number(after)}"


def rounds_table(review: PanelReview) -> Table:
    """Reviewer means by round ("alone → after deliberation"), then median, agreement and decision."""
    names = sorted({s.reviewer for r in review.history for s in r.before})
    rows = [(name, *(_round_mean(r, name) for r in review.history)) for name in names]
    decisions = [r.decision for r in review.history]
    rows += [
        ("median", *(number(d.median) if d else "not scored" for d in decisions)),
        (
            "agreement (Krippendorff's alpha)",
            *(agreement(d.agreement) if d else "undefined" for d in decisions),
        ),
        ("open blocking objections", *(str(d.open_blocking) if d else "" for d in decisions)),
        ("decision", *(f"{d.next}: {d.reason}" if d else "none" for d in decisions)),
    ]
    return ("reviewer", *(f"round {r.round}" for r in review.history)), tuple(rows)


def agreement(value: float | None) -> str:
    """Krippendorff's alpha, or "undefined" (for instance when no score differs from another)."""
    return "undefined" if value is None else f"{value:.2f}"


def _round_mean(round_: Round, reviewer: str) -> str:
    before = next((s.mean for s in round_.before if s.reviewer == reviewer), None)
    after = next((s.mean for s in round_.after if s.reviewer == reviewer), None)
    return moved(before, after)


def criteria_table(review: PanelReview) -> Table:
    """First and final score ("6 → 7") of each criterion by each reviewer, and the auditor's."""
    columns: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
    firsts = {s.reviewer: s for s in review.first_scores}
    for final in review.final_scores:
        columns[final.reviewer] = _values(firsts.get(final.reviewer, final)), _values(final)
    if review.auditor:
        columns["auditor"] = _values(review.auditor), _values(review.auditor)
    criteria = list(dict.fromkeys(c for first, final in columns.values() for c in (*final, *first)))
    rows = [(c, *(moved(first.get(c), final.get(c)) for first, final in columns.values())) for c in criteria]
    means = (moved(_mean(first), _mean(final)) for first, final in columns.values())
    return ("criterion", *columns), (*rows, ("mean", *means))


def _values(scores: ReviewerScores) -> dict[str, float]:
    return {s.criterion: s.value for s in scores.scores}


def _mean(values: Mapping[str, float]) -> float | None:
    return round(sum(values.values()) / len(values), 2) if values else None


def first_reasons(review: PanelReview) -> dict[str, tuple[str, ...]]:
    """By reviewer, lines for the first round's scores that differ from the final ones."""
    firsts = {s.reviewer: s for s in review.first_scores}
    return {s.reviewer: _first_reasons(firsts.get(s.reviewer), s) for s in review.final_scores}


def _first_reasons(first: ReviewerScores | None, final: ReviewerScores) -> tuple[str, ...]:
    if first is None:
        return ()
    now = _values(final)
    return tuple(
        f"{s.criterion} {number(s.value)} at first: {s.reason}" for s in first.scores if now.get(s.criterion) != s.value
    )


def objections_table(report: Report) -> Table:
    """Every objection of the panel, then the auditor's (nobody answers those: the auditor comes last)."""
    names = {c.id: f"claim {c.number}" for c in report.claims}
    panel = (_objection(o, names, _CLOSED[o.state]) for o in report.review.objections)
    audit = (_objection(o, names, "raised by the audit, after the loop") for o in report.review.auditor_objections)
    return ("reviewer", "severity", "about", "demand", "state", "how it was settled"), (*panel, *audit)


def _objection(objection: Objection, names: Mapping[str, str], state: str) -> tuple[str, ...]:
    kind, _, rest = objection.target.partition(":")
    target = names.get(rest, objection.target) if kind == "claim" else objection.target.replace(":", " ")
    detail = f" ({objection.detail})" if objection.detail else ""
    stop = "" if objection.problem.endswith((".", "?", "!")) else "."
    demand = f"{objection.problem}{stop} Wanted: {objection.action}{detail}."
    return objection.reviewer, objection.severity, target, demand, state, objection.settlement


def score_line(review: PanelReview) -> str:
    """The score with its interval, and whether the panel converged."""
    if review.score is None:
        return "The report was not scored: no reviewer could be heard."
    interval = (
        f" (95 % interval {number(review.interval[0])} to {number(review.interval[1])})" if review.interval else ""
    )
    rounds = "1 round" if review.rounds == 1 else f"{review.rounds} rounds"
    end = f"converged after {rounds}" if review.converged else f"did not converge in {rounds}"
    return f"{number(review.score)} of 10{interval}; the panel {end}"


def counts_table(report: Report) -> Table:
    """The true counts, from the records themselves."""
    flow, counts = report.prisma, report.counts
    rows = (
        ("records identified", flow.identified),
        ("papers screened", flow.screened),
        ("papers included", flow.included),
        ("claims on the question", counts.on_question),
        ("background claims", counts.background),
        ("claims dropped", counts.dropped),
        *((f"claims {verdict_words(name)}", n) for name, n in counts.verdicts.items() if n),
    )
    return ("count", "number"), tuple((name, f"{n:,}") for name, n in rows)


def queries_table(report: Report) -> Table:
    """Every query exactly as it was sent; a source that failed is never shown as no hits."""
    rows = (
        (
            str(q.round + 1),
            q.source,
            q.query,
            q.time,
            f"{q.hits:,}" if q.gap is None else f"none had: {gap_line(q.gap)}",
        )
        for q in report.queries
    )
    return ("round", "source", "query", "time", "hits"), tuple(rows)


def gap_line(gap: Gap) -> str:
    """A gap in a reader's words."""
    line = f"{gap.node}: {gap.kind.replace('_', ' ')}: {gap.reason}"
    return f"{line} (this makes the report partial)" if gap.partial else line


def manifest_table(manifest: Manifest) -> Table:
    """Name and value of everything that made the report."""
    rows = (
        ("reasoner", manifest.reasoner),
        ("extractive", "yes" if manifest.extractive else "no"),
        *((f"version of {name}", version) for name, version in manifest.versions.items()),
        *((f"model {m.name}", f"sha256 {m.sha256}" if m.sha256 else "remote") for m in manifest.models),
        *((f"setting {name}", value) for name, value in _flat("", manifest.settings)),
        *((f"prompt {task}", f"sha256 {digest}") for task, digest in manifest.prompts.items()),
        ("started", manifest.started),
        ("finished", manifest.finished),
        *((f"seconds in {node}", f"{seconds:.2f}") for node, seconds in manifest.seconds.items()),
    )
    return ("what", "value"), rows


def costs_table(manifest: Manifest) -> Table | None:
    """Calls, tokens and money by agent, with their sums; None where no language model was asked."""
    costs = manifest.costs
    if not costs:
        return None
    total = AgentCost(
        role="all",
        model="",
        calls=sum(c.calls for c in costs),
        tokens_in=sum(c.tokens_in for c in costs),
        tokens_out=sum(c.tokens_out for c in costs),
        cost=total_cost(costs),
        estimated=any(c.estimated for c in costs),
    )
    head = ("agent", "model", "calls", "tokens in", "tokens out", "US dollars")
    return head, tuple(_cost_row(c) for c in (*costs, total))


def _cost_row(cost: AgentCost) -> tuple[str, ...]:
    tokens = (_tokens(cost.tokens_in, cost.estimated), _tokens(cost.tokens_out, cost.estimated))
    return cost.role, cost.model, str(cost.calls), *tokens, money(cost.cost)


def money(cost: float | None) -> str:
    """An amount of US dollars; a price that is not known is never shown as nothing."""
    return "unknown price" if cost is None else f"{cost:.4f}"


def _tokens(count: int, estimated: bool) -> str:
    return f"about {count}" if estimated else str(count)


def _flat(prefix: str, values: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        elif value is not None:
            yield f"{prefix}{name}", str(value)
