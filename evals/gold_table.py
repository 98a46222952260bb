"""The gold task's figures and tables: of the embedded reasoner, and of a language model beside it with its bill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .gold_asking import Asked
from .gold_model import ModelRuns
from .metrics import METRICS, summary
from .registry import EvalResult, Figure, shown, table, versions
from .spending import Bill

_SHORT = {
    "claim_recall": "recall",
    "claim_precision": "precision",
    "verdict_accuracy": "verdicts",
    "citation_precision": "cite prec.",
    "citation_recall": "cite recall",
    "contested": "contested",
    "supported_on_question": "supported on question",
}

"""The metrics with a column of their own, and its heading."""
_UNSEEN = (
    ("abstention", "abstention"),
    ("whole_claims", "claims not cut off"),
    ("true_quotations", "quotations equal to their span"),
)


def result(asked: Sequence[Asked]) -> EvalResult:
    """Figures (macro means, then every question's) and a table with one row a question."""
    means = summary([one.scores for one in asked])
    rows = [_row(one) for one in asked]
    rows.append(("**mean**", f"{shown(means['answer'])} right", *(shown(means[name]) for name in _SHORT), "", ""))
    head = ("question", "answer", *_SHORT.values(), "score", "seconds")
    return EvalResult("gold", _figures(asked), f"{table(head, rows)}\n\n{_checks(means)}", versions())


def _figures(asked: Sequence[Asked], prefix: str = "") -> dict[str, Figure]:
    """The figures of one reasoner's reports, their names behind a prefix."""
    means = summary([one.scores for one in asked])
    found: dict[str, Figure] = {"questions": len(asked)}
    found.update({name: value for name, value in means.items() if value is not None})
    for one in asked:
        for name in METRICS:
            value = getattr(one.scores, name).value
            if value is not None:
                found[f"{one.gold.id}.{name}"] = value
        found[f"{one.gold.id}.verdict"] = one.seen.answer.value
        found.update({f"{one.gold.id}.{name}": text for name, text in one.misses.items()})
        if one.seen.score is not None:
            found[f"{one.gold.id}.score"] = one.seen.score
    return {f"{prefix}{name}": value for name, value in found.items()}


def _checks(means: Mapping[str, float | None]) -> str:
    """The means that have no column."""
    told = ", ".join(f"{label} {shown(means[name])}" for name, label in _UNSEEN)
    return f"Means over questions: {told}."


def _answer(one: Asked) -> str:
    """The answer, and the wanted ones where it is none of them."""
    right = "" if one.scores.answer.hits else f" (wanted {' or '.join(a.value for a in one.gold.answers)})"
    return one.seen.answer.value + right


def _share(one: Asked, name: str) -> str:
    """A metric's hits of all, or a dash where the question does not measure it."""
    share = getattr(one.scores, name)
    return f"{share.hits}/{share.of}" if share.of else "-"


def _row(one: Asked) -> tuple[str, ...]:
    shares = (_share(one, name) for name in _SHORT)
    return (one.gold.id, _answer(one), *shares, shown(one.seen.score, 1), f"{one.seconds:.0f}")


def compared(embedded: Sequence[Asked], runs: ModelRuns) -> EvalResult:
    """Figures of both (the model's behind ``model.``) and a table with two columns a metric.

    Means are over the questions that both were asked.
    """
    by_id = {one.gold.id: (one, bill) for one, bill in runs.asked}
    both = [(one, *by_id[one.gold.id]) for one in embedded if one.gold.id in by_id]
    ours = summary([one.scores for one, _, _ in both])
    theirs = summary([other.scores for _, other, _ in both])
    total = _total([bill for _, bill in runs.asked])
    rows = [_pair(one, other, bill) for one, other, bill in both]
    means = (cell for name in _SHORT for cell in (shown(ours[name]), shown(theirs[name])))
    right = (f"{shown(ours['answer'])} right", f"{shown(theirs['answer'])} right")
    rows.append(("**mean**", *right, *means, "", "", _money(total.cost), str(total.tokens)))
    columns = (label for short in _SHORT.values() for label in (short, f"{short}, model"))
    head = ("question", "answer", "answer, model", *columns, "score", "score, model", "US dollars", "tokens")
    parts = [table(head, rows), f"The model is {runs.model}. Embedded: {_checks(ours)} Model: {_checks(theirs)}"]
    if runs.cut:
        parts.append(f"A bound cut {runs.cut} short: where the model was not asked, the embedded rules stood in.")
    if runs.unasked:
        parts.append(f"Not asked of the model, as a bound was reached: {', '.join(runs.unasked)}.")
    figures: dict[str, Figure] = {
        **_figures(embedded),
        **_figures([one for one, _ in runs.asked], "model."),
        "model": runs.model,
        "model.unasked": len(runs.unasked),
        "model.tokens": total.tokens,
        "model.cost": _money(total.cost) if total.cost is None else total.cost,
    }
    return EvalResult("gold", figures, "\n\n".join(parts), versions(), bill=_total([bill for _, bill in runs.asked]))


def _pair(one: Asked, other: Asked, bill: Bill) -> tuple[str, ...]:
    shares = (cell for name in _SHORT for cell in (_share(one, name), _share(other, name)))
    scores = (shown(one.seen.score, 1), shown(other.seen.score, 1))
    return (one.gold.id, _answer(one), _answer(other), *shares, *scores, _money(bill.cost), str(bill.tokens))


def _total(bills: Sequence[Bill]) -> Bill:
    known = [bill.cost for bill in bills]
    cost = None if None in known else round(sum(cost or 0.0 for cost in known), 6)
    return Bill(sum(bill.tokens for bill in bills), cost, sum(bill.seconds for bill in bills))


def _money(cost: float | None) -> str:
    return "unknown" if cost is None else f"{cost:.4f}"
