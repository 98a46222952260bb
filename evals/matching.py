"""When a ledger's claim is the claim that the gold report expects: pure functions, no model.

A ledger claim matches a gold claim when all of this holds:

1. it is stated by the gold claim's paper;
2. it names the subject, and the outcome: all content stems of at least one of the gold's wordings occur in
   the claim's relation or text;
3. where the gold names a comparator and the claim's relation has one, the claim names a gold comparator;
4. it reports the same finding: the same direction with a valence that is not the opposite one, or the
   opposite direction with the gold's own valence, benefit or harm (more relief and less headache are one
   finding). "No difference" matches nothing but "no difference". A gold direction ``unstated`` (descriptive
   findings of open questions) leaves the direction out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from consilience.language.text import stems
from consilience.records import Direction, Valence

from .gold_schema import Forbidden, GoldClaim, GoldQuestion, Wordings
from .observation import ObservedClaim

Resolve = Callable[[str], str | None]
"""From a gold reference to a paper's id in the library."""

_OPPOSITE = {
    Direction.INCREASE: Direction.DECREASE,
    Direction.DECREASE: Direction.INCREASE,
    Valence.BENEFIT: Valence.HARM,
    Valence.HARM: Valence.BENEFIT,
}


def names(text: str, wordings: Iterable[str]) -> bool:
    """Whether the text holds all content stems of at least one wording."""
    held = set(stems(text))
    return any(wanted and wanted <= held for wanted in (set(stems(w)) for w in wordings))


def speaks_of(claim: ObservedClaim, subject: Wordings, outcome: Wordings) -> bool:
    """Whether the claim's relation or text names the subject and the outcome."""
    relation = claim.relation
    said = " . ".join((claim.text, relation.subject, relation.outcome, relation.comparator))
    return names(said, subject) and names(said, outcome)


def same_finding(gold: GoldClaim, claim: ObservedClaim) -> bool:
    """Rule 4 of the module."""
    if gold.direction is Direction.UNSTATED:
        return True
    if claim.direction is gold.direction:
        return gold.valence not in _OPPOSITE or claim.valence is not _OPPOSITE[gold.valence]
    turned = _OPPOSITE.get(gold.direction)
    return turned is not None and claim.direction is turned and claim.valence is gold.valence in _OPPOSITE


def _same_comparison(gold: GoldClaim, claim: ObservedClaim) -> bool:
    stated = claim.relation.comparator
    return not (gold.comparator and stated) or names(f"{claim.text} . {stated}", gold.comparator)


def matches(gold: GoldClaim, claim: ObservedClaim, resolve: Resolve) -> bool:
    """Whether the ledger claim is the gold claim."""
    return (
        resolve(gold.paper) in claim.papers
        and speaks_of(claim, gold.subject, gold.outcome)
        and _same_comparison(gold, claim)
        and same_finding(gold, claim)
    )


def forbidden(rule: Forbidden, claim: ObservedClaim, resolve: Resolve) -> bool:
    """Whether the claim is one that must not answer: stated by that paper alone, about that outcome."""
    if claim.papers != (resolve(rule.paper),):
        return False
    return not rule.outcome or names(f"{claim.text} . {claim.relation.outcome}", rule.outcome)


def on_question(gold: GoldQuestion, claim: ObservedClaim, resolve: Resolve) -> bool:
    """Whether an answering claim belongs to the answer: expected, or on the facets and not forbidden."""
    if any(matches(wanted, claim, resolve) for wanted in gold.must):
        return True
    if any(forbidden(rule, claim, resolve) for rule in gold.must_not):
        return False
    return speaks_of(claim, gold.subject, gold.outcome)
