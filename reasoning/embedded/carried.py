"""Owns what a sentence leaves out: its arms and its outcome, taken from what stands before it in its own abstract.

"There was no difference in mortality." is said of the arms that the trial had; "The decrease with A was not
significant." of the outcome that the sentence before tells. Only one reading may be possible, else nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from consilience.language import clauses, concepts
from consilience.records import Direction, Span

from . import findings
from .arms import Arms
from .extracting import statement_findings
from .findings import Finding
from .outcome_mentions import OUTCOMES
from .scope import CONTROLS, INACTIVE, TREATMENTS, PaperView, Scope

_CHANGE = re.compile(
    r"\W*(?:(?:the|this|that|these|those|an?)\s+)?(?:decreases?|reductions?|increases?|rises?|effects?|differences?|"
    r"changes?|improvements?|performance|results?|scores?|rates?)\W*",
    re.IGNORECASE,
)
"""An outcome's phrase that names none: which one it is was said before."""
_ALIKE = re.compile(r"differ|similar|comparable|equal|identical|(?:the|about the) same", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:between|among|older|younger|those|some|who|whose|subgroups?|responders?|by (?:age|sex|gender)|both|each|all|"
    r"baseline|than|versus|compared|men and women|women and men)\b",
    re.IGNORECASE,
)
"""In a sentence that compares something else than the trial's arms."""
_TOGETHER = re.compile(
    r"\b(?:the\s+)?(?:combined|combination)\s+(?:therapy|treatment|regimen)s?\b|\bthe\s+combination\b", re.IGNORECASE
)
_ORDINAL = re.compile(r"^\W*the\s+(?P<which>former|latter)\b", re.IGNORECASE)


def whole_findings(span: Span, view: PaperView, scope: Scope) -> tuple[Finding, ...]:
    """The findings of a passage, each with what it leaves out where its abstract allows one reading only."""
    own = statement_findings(span, view, scope)
    pointed = _pointed(span, view, scope)
    return pointed or tuple(_completed(place, own, span, view, scope) for place in range(len(own)))


def _completed(place: int, own: tuple[Finding, ...], span: Span, view: PaperView, scope: Scope) -> Finding:
    finding = own[place]
    if not finding.on_outcome and finding.arms.subject and _names_no_outcome(finding):
        told = own[:place] or _before(span, view, scope)
        return _with_outcome(finding, tuple(f for f in told if f.on_outcome))
    if finding.on_outcome and not (finding.arms.subject or finding.arms.comparator or finding.arms.added):
        return _with_arms(finding, span, view)
    return finding


def _names_no_outcome(finding: Finding) -> bool:
    """Whether the finding's outcome is only a word of change, or the treatment itself."""
    phrase = finding.relation.outcome
    if concepts.holds(phrase, OUTCOMES):
        return False
    return not phrase or bool(_CHANGE.fullmatch(phrase)) or phrase.casefold() == finding.arms.subject.casefold()


def _with_outcome(finding: Finding, told: tuple[Finding, ...]) -> Finding:
    """The finding on the one outcome told before: an absent difference, or the worst or best of all arms."""
    outcomes = {f.relation.outcome for f in told}
    cue = finding.cue.text if finding.cue else ""
    extreme = re.fullmatch(r"\w+est|worst", cue, re.IGNORECASE)
    if len(outcomes) != 1 or not (extreme or finding.relation.direction is Direction.NO_DIFFERENCE):
        return finding
    relation = finding.relation.model_copy(update={"outcome": outcomes.pop()})
    return replace(finding, relation=relation, on_outcome=True)


def _before(span: Span, view: PaperView, scope: Scope) -> tuple[Finding, ...]:
    """The findings of the sentence before."""
    previous = _previous(span, view)
    return statement_findings(previous, view, scope) if previous else ()


def _previous(span: Span, view: PaperView) -> Span | None:
    """The sentence before the one that a passage stands in."""
    for first, (start, end) in zip(view.spans, view.spans[1:], strict=False):
        if start <= span.start < end:
            return view.span(first)
    return None


def _with_arms(finding: Finding, span: Span, view: PaperView) -> Finding:
    """The finding of a sentence without any treatment, as one of the paper's only treatment against its control."""
    together = _together(span.text, view)
    if together:
        return _of(finding, together, "")
    if view.others or len(view.agents) != 1 or concepts.holds(span.text, (*TREATMENTS, *INACTIVE)):
        return finding
    if _SOME.search(span.text) or finding.cue is None:
        return finding
    controlled = concepts.holds(view.text, CONTROLS)
    alike = finding.relation.direction is Direction.NO_DIFFERENCE
    if alike and not _ALIKE.match(finding.cue.text):
        return finding
    if controlled and not (alike or finding.comparative):
        return finding  # a fall in a controlled trial may be one of all arms
    return _of(finding, view.agents[0], view.inactive[0] if controlled and view.inactive else "")


def _together(text: str, view: PaperView) -> str:
    """The paper's one combination where the sentence speaks of "combined therapy"; empty where there is none."""
    joined = [a for a in view.agents if len(view.agents) == 1 or re.search(r"\bplus\b|/|\band\b", a)]
    return joined[0] if len(joined) == 1 and not view.others and _TOGETHER.search(text) else ""


def _of(finding: Finding, subject: str, comparator: str) -> Finding:
    relation = finding.relation.model_copy(update={"subject": subject, "comparator": comparator})
    arms = Arms(subject, comparator, bool(comparator), left=finding.arms.left, explicit=True)
    return replace(finding, relation=relation, arms=arms)


def _pointed(span: Span, view: PaperView, scope: Scope) -> tuple[Finding, ...]:
    """The findings of "The latter was more effective": of the one of two treatments that the sentence before names."""
    points = _ORDINAL.match(span.text)
    previous = _previous(span, view) if points else None
    if points is None or previous is None:
        return ()
    named = list(dict.fromkeys(m.text.casefold() for m in _treatments(previous.text, view)))
    if len(named) != 2:
        return ()
    first = points["which"].casefold() == "former"
    subject, other = named if first else named[::-1]
    return tuple(_read(f"{subject}{span.text[points.end() :]}", other, view, scope))


def _read(text: str, other: str, view: PaperView, scope: Scope) -> Iterator[Finding]:
    """What the sentence says with the treatment's name in it; what is compared is compared with the other one."""
    for start, end in clauses.split(text):
        found = findings.read(text[start:end], view, scope)
        if found is None:
            continue
        if found.arms.subject and found.comparative and not found.arms.comparator:
            found = _of(found, found.arms.subject, other)
        elif not found.arms.subject and found.comparative and concepts.holds(other, view.subject):
            turned = found.relation.direction.opposite, found.relation.valence.opposite
            relation = found.relation.model_copy(update={"direction": turned[0], "valence": turned[1]})
            found = _of(replace(found, relation=relation), other, text[: text.find(" ")])
        yield found


def _treatments(text: str, view: PaperView) -> tuple[concepts.Mention, ...]:
    return concepts.find(text, tuple(dict.fromkeys((*view.subject, *TREATMENTS, *INACTIVE))))
