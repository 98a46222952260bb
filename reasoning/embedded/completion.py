"""Makes a claim readable alone: words from its own abstract, in square brackets, or the claim is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from consilience.language import concepts
from consilience.records import Relation

from .arms import Arms
from .findings import Finding
from .reference_words import (
    AMONG,
    AUTHORS,
    CUT,
    DANGLING,
    FRAGMENT,
    LATE_PRONOUN,
    ONE_TREATMENTS,
    OTHER_GROUP,
    PRONOUN,
    UNRESOLVED,
)
from .scope import INACTIVE, TREATMENTS, PaperView
from .writing.phrases import closed


@dataclass(frozen=True)
class Completed:
    """A claim's text with its relation; ``changed`` where words were added."""

    text: str
    relation: Relation
    arms: Arms
    changed: bool


def complete(clause: str, finding: Finding, view: PaperView, borrowed: str = "") -> Completed | str:
    """The clause as a statement that stands alone, or the reason for dropping it.

    ``borrowed`` is the subject that the clause shares with the one before it.
    """
    broken = _not_whole(clause, borrowed)
    if broken:
        return broken
    text, arms, changed = clause, finding.arms, False
    if AUTHORS.match(clause):
        text, changed = AUTHORS.sub("They [the authors] ", clause), True
    if borrowed:
        text, changed = f"[{borrowed}] {clause}", True
    loose = (None if AUTHORS.match(clause) else PRONOUN.match(text)) or _before_cue(UNRESOLVED.search(text), finding)
    if loose and loose.re is PRONOUN and arms.subject:
        return "subject unresolved"  # the clause names the treatment itself: "they" are something else
    if not arms.subject:
        resolved = _with_subject(text, finding, view, loose)
        if not isinstance(resolved, str):
            text, arms, changed = resolved[0], replace(arms, subject=arms.subject or resolved[1]), True
        elif finding.on_outcome or loose or _armless(text, view):
            return resolved
    if finding.comparative and not arms.comparator and finding.on_outcome:
        compared = _with_comparator(clause, text, view)
        if compared is None:
            return "comparator missing"
        text, changed = compared[0], changed or compared[0] != text
        arms = replace(arms, comparator=compared[1], inactive=True)
    relation = finding.relation.model_copy(
        update={"subject": view.spelled(arms.subject) or finding.relation.subject, "comparator": arms.comparator}
    )
    return Completed(_sentence(text), relation, arms, changed)


def _not_whole(clause: str, borrowed: str) -> str:
    """Why a clause is no statement by itself; empty where it is one."""
    if CUT.search(clause):
        return "cut off"
    if FRAGMENT.match(clause) and clause[:1].islower() and not borrowed:
        return "no whole statement"
    return "refers to another sentence" if DANGLING.search(clause) or LATE_PRONOUN.match(clause) else ""


def _with_comparator(clause: str, text: str, view: PaperView) -> tuple[str, str] | None:
    """The text with its comparator and the comparator's name: the clause's own inactive arm, else the abstract's."""
    if AMONG.search(clause):
        return None
    inside = concepts.find(clause, INACTIVE)
    if inside:
        return text, inside[0].text
    named = _comparator(view)
    return (f"{_bare(text)} [compared with {named}]", named) if named else None


def _covers_all(lead: str, view: PaperView) -> bool:
    """Whether "both", "neither", "all", "each" takes in the question's subject: it speaks of every treatment named."""
    count = len(view.agents) + len(view.others)
    if re.match(r"(?:both|neither|either)\b", lead, re.IGNORECASE):
        return count == 2
    return bool(re.match(r"(?:each|every|all|none)\b", lead, re.IGNORECASE)) and 2 <= count <= 5


def _of_two_treatments(match: re.Match[str] | None) -> bool:
    """Whether "both drugs" points at two treatments; two doses or two groups may be of one."""
    if match is None or not re.match(r"(?:both|neither|either)\b", _lead(match), re.IGNORECASE):
        return False
    return not ONE_TREATMENTS.match(match.groupdict().get("noun") or "")


def _before_cue(match: re.Match[str] | None, finding: Finding) -> re.Match[str] | None:
    """An unresolved noun phrase counts as the subject only where it stands before what is said of it."""
    if match is None:
        return None
    behind = finding.cue is not None and match.start() > finding.cue.end
    led = re.search(r"\b(?:by|with|after|on|for|of|under) $", match.string[: match.start()], re.IGNORECASE)
    return match if not behind or led else None


def _armless(text: str, view: PaperView) -> bool:
    """Whether a clause of a paper that compares treatments names none of them."""
    return bool(view.agents or view.others) and not concepts.holds(text, (*view.subject, *TREATMENTS))


def _with_subject(text: str, finding: Finding, view: PaperView, loose: re.Match[str] | None) -> tuple[str, str] | str:
    """The text with its subject named, if the abstract allows one reading only."""
    if finding.arms.added:
        return "does not name the subject"
    if not view.agents:
        return "subject unresolved" if loose else "does not name the subject"
    if loose and finding.cue and finding.cue.end < loose.start() and concepts.holds(text[: loose.start()], TREATMENTS):
        return "subject unresolved"  # another treatment acts: "alcohol worsened X under all conditions"
    plural = _covers_all(_lead(loose), view)
    if not plural and (len(view.agents) > 1 or view.others or _of_two_treatments(loose)):
        return "subject unresolved"
    if concepts.holds(finding.arms.comparator, view.agents):
        return "subject unresolved"  # "it was better than A": whatever "it" is, it is not A
    agents = list(view.agents)
    name = " and ".join(agents) if len(agents) <= 2 else ", ".join(agents)
    name = f"{name} among them" if plural else name
    if loose and (finding.arms.left == "" or loose.start() <= len(finding.arms.left)):
        return f"{text[: loose.end()]} [{name}]{text[loose.end() :]}", agents[0]
    if not (finding.arms.explicit and finding.arms.inactive):
        return "does not name the subject"
    if OTHER_GROUP.search(text):
        return "subject unresolved"
    return f"{_bare(text)} [{name}]", agents[0]


def _bare(text: str) -> str:
    return text.rstrip(" .;,")


def _lead(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    groups = match.groupdict()
    return groups.get("det") or groups.get("p") or ""


def _comparator(view: PaperView) -> str | None:
    """The abstract's only comparator: its one inactive arm, where no other active treatment is named."""
    if view.others or len(view.agents) > 1:
        return None
    if "placebo" in view.inactive:
        return "placebo"
    return view.inactive[0] if len(view.inactive) == 1 else None


def _sentence(text: str) -> str:
    """One tidy sentence: first letter capital, one full stop; nothing is cut."""
    text = " ".join(text.split()).strip(" ,;")
    text = re.sub(r"^(?:and|but|whereas|however)[, ]+", "", text, flags=re.IGNORECASE)
    if text and text[0].islower() and not re.match(r"\w*[A-Z0-9]", text.split()[0]):
        text = text[0].upper() + text[1:]
    return closed(text)
