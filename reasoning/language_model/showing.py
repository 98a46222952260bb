"""How the world's texts are shown to a model: between marks that they cannot close, under handles of ours.

A handle (``P1``, ``C1``, ``S1``) is all that an answer may name a thing by, so that no identifier is typed by a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from consilience.language import designs
from consilience.prompts import data
from consilience.reasoning.base import Dossier, Search
from consilience.records import Claim, Draft, GivenClaim, LedgerEntry, Objection, Paper, Plan, Review, Span

T = TypeVar("T")
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Handles(Generic[T]):
    """Things under short names: ``C1`` for the first."""

    letter: str
    items: tuple[T, ...]

    def named(self) -> Iterable[tuple[str, T]]:
        """Each thing with its handle, in order."""
        return ((f"{self.letter}{n}", item) for n, item in enumerate(self.items, start=1))

    def find(self, handle: str) -> T | None:
        """What a handle names; None where it names nothing that was shown."""
        text = handle.strip().strip("[]()").upper()
        number = number_in(text.removeprefix(self.letter)) if text.startswith(self.letter) else 0
        return self.items[number - 1] if 1 <= number <= len(self.items) else None


def number_in(text: str) -> int:
    """The number that a model wrote; 0 where it is none, or none of a thing that could be shown."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def plan(made: Plan) -> str:
    """A plan's facets with their wordings, and what a yes would mean."""
    lines = [f"- type: {made.question_type.value}"]
    lines += [f"- {f.role}: {f.text} (wordings: {', '.join(f.terms[:12]) or 'none'})" for f in made.facets]
    if made.question_type.value == "yes_no":
        asked = "a relation in either direction" if made.any_change else made.expected.value if made.expected else "?"
        lines.append(f"- a yes says of the outcome: {asked}; a yes would be: {made.expected_valence.value}")
    lines += [f"- include: {line}" for line in made.inclusion]
    lines += [f"- exclude: {line}" for line in made.exclusion]
    return "\n".join(lines)


def paper(shown: Paper, abstract: str) -> str:
    """A paper's title, year, type and abstract."""
    about = {"year": str(shown.year or "unknown"), "type": shown.type or "unstated"}
    return data("paper", f"Title: {' '.join(shown.title.split())}\nAbstract: {abstract}", **about)


def claim(item: Claim) -> str:
    """A claim and what it relates, in two lines."""
    r = item.relation
    parts = (
        ("subject", r.subject), ("comparator", r.comparator), ("outcome", r.outcome), ("population", r.population),
        ("direction", r.direction.value),
    )  # fmt: skip
    told = "; ".join(f"{name}: {value}" for name, value in parts if value)
    if isinstance(item, GivenClaim) and item.denied:
        told = f"it denies this: {told}"
    return f"{' '.join(item.text.split())}\n  ({told})"


def claims(shown: Handles[Claim]) -> str:
    """Claims under their handles."""
    return data("claims", "\n".join(f"{name}. {claim(item)}" for name, item in shown.named()))


def passages(shown: Handles[Span]) -> str:
    """Passages of one paper under their handles."""
    return data("passages", "\n".join(f"{name}. {' '.join(span.text.split())}" for name, span in shown.named()))


def brief(shown: Sequence[tuple[str, Span, bool]], papers: Mapping[str, Paper], names: Mapping[str, str]) -> str:
    """One side's quotations: handle, paper's handle, design, whether from the claim's own paper, text."""
    lines = [
        f"{handle} [{names[span.paper_id]}; {design_of(papers[span.paper_id])}"
        f"{'; the claim’s own paper' if own else ''}]: “{' '.join(span.text.split())}”"
        for handle, span, own in shown
    ]
    return data("quotations", "\n".join(lines) or "none")


def design_of(shown: Paper) -> str:
    """A study's design as its abstract tells it."""
    return designs.read(shown.abstract, shown.title, shown.type).value


def entries(shown: Handles[LedgerEntry]) -> str:
    """Ledger entries under their handles: what the writer and the reviewers know of the literature."""
    return data("ledger", "\n".join(f"{name}. {_entry(entry)}" for name, entry in shown.named()))


def _entry(entry: LedgerEntry) -> str:
    item = entry.claim
    notes = (
        entry.verdict.value, f"confidence {entry.confidence:.2f}", f"fate {entry.fate.value}", item.design.value,
        f"strength {item.strength.value}", f"about {item.subjects}", f"answers {item.answers}",
        f"{len(item.paper_ids)} own papers", f"{entry.independent_support} independent for",
        f"{entry.independent_refutation} against",
    )  # fmt: skip
    hedged = ["hedged"] if item.hedged else []
    quoted = " / ".join(f"“{' '.join(span.text.split())}”" for span in item.spans[:3])
    return f"{claim(item)}\n  [{'; '.join([*notes, *hedged])}]\n  quotation: {quoted}"


def search(made: Search) -> str:
    """The search's figures."""
    return (
        f"library {made.library}: {made.identified} records found, {made.screened} screened, {made.included} "
        f"included, in {made.rounds} rounds with the queries: {'; '.join(made.queries)}; estimated saturation "
        f"{made.saturation:.2f}"
    )


def draft(shown: Draft, names: Mapping[str, str]) -> str:
    """A draft with its result sentences numbered as objections name them; claims under their handles."""
    lines = [
        f"TITLE: {shown.title}",
        f"ABSTRACT: {shown.abstract}",
        f"ANSWER ({shown.answer.verdict.value}; certainty {shown.answer.certainty.value}: "
        f"{'; '.join(shown.answer.certainty_reasons)}): {shown.answer.text} {_named(shown.answer.claim_ids, names)}",
        f"INTRODUCTION: {' '.join(s.text for s in shown.introduction.sentences)}",
    ]
    number = 0
    for section in shown.results:
        lines.append(f"SECTION: {section.heading}")
        for sentence in section.sentences:
            number += 1
            lines.append(f"  sentence:{number} {sentence.text} {_named(sentence.claim_ids, names)}")
    lines += [f"LIMITATION: {line}" for line in shown.limitations]
    lines += [f"GAP: {line}" for line in shown.gaps_in_evidence]
    return data("draft", "\n".join(lines))


def _named(ids: Sequence[str], names: Mapping[str, str]) -> str:
    known = [names[i] for i in ids if i in names]
    return f"[{', '.join(known)}]" if known else "[no claim]"


def objections(items: Sequence[Objection], names: Mapping[str, str]) -> str:
    """Open objections, numbered."""
    lines = [
        f"{n}. {o.severity}: {o.action} {_target(o.target, names)}: {o.problem} ({o.detail})"
        for n, o in enumerate(items, start=1)
    ]
    return data("objections", "\n".join(lines) or "none")


def _target(target: str, names: Mapping[str, str]) -> str:
    claim_id = target.removeprefix("claim:")
    return names.get(claim_id, target) if target.startswith("claim:") else target


def review(given: Review, names: Mapping[str, str], letter: str = "O") -> str:
    """One review: scores with reasons, and objections under handles."""
    lines = [f"{s.criterion} {s.value:.1f}: {s.reason}" for s in given.scores]
    lines += [
        f"{letter}{n}. {o.severity}: {o.action} {_target(o.target, names)}: {o.problem}"
        for n, o in enumerate(given.objections, start=1)
    ]
    return data("review", "\n".join(lines), reviewer=given.reviewer)


def handles_of(dossier: Dossier, most: int | None = None) -> Handles[LedgerEntry]:
    """The entries that may be written about, under their handles: on the question first, in the ledger's order.

    Background claims are left out: they can never answer, and their texts were checked by nobody else.
    """
    chosen = tuple(e for e in dossier.ledger if not e.claim.background)
    return Handles("C", chosen if most is None else chosen[:most])
