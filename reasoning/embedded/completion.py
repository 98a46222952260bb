"""Makes a claim readable alone: words from its own abstract, in square brackets, or the claim is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from consilience.language import concepts
from consilience.records import Relation

from .arms import Arms
from .findings import Finding
from .scope import INACTIVE, TREATMENTS, PaperView

_NOUN = (
    r"treatments?|therap(?:y|ies)|drugs?|medications?|agents?|doses?|tablets?|formulations?|preparations?|regimens?|"
    r"groups?|interventions?|compounds?|products?|arms?|combinations?|methods?|approach(?:es)?|techniques?|"
    r"procedures?|devices?|program(?:me)?s?|systems?|tools?|models?|algorithms?|injections?|capsules?|patch(?:es)?|"
    r"schedules?|strateg(?:y|ies)|conditions?|wafers?|spray|antihistamines?|hormones?|stimulants?|analgesics?|"
    r"antidepressants?|antibiotics?|vaccines?|opioids?|statins?|steroids?|inhibitors?|blockers?|agonists?|antagonists?"
)
_UNRESOLVED = re.compile(
    rf"\b(?P<det>the|this|that|these|those|each|every|both|either|all|its|any|neither|none of the|higher|lower|robust|adequate|such|combined|combination|active|"
    rf"(?:one|two|three|four|five|\d+) of the)\s+"
    rf"(?P<mod>(?:(?:active|study|test|new|newer|same|two|three|four|other|latter|former|additional|combined|treated|"
    rf"\d+(?:\.\d+)?[- ]?m?g|\w+ed|highest|lowest|higher|lower)\s+){{0,3}})(?P<noun>{_NOUN})\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^\W*(?:(?:and|but|however|moreover|furthermore|in addition|also|overall),?\s+)?(?P<p>"
    r"(?:it|they|he|she|the former|the latter)\b(?!\s+(?:is|was|seems|appears|has been|may be|can be)\s+(?:\w+ly\s+)?"
    r"(?:possible|likely|unlikely|concluded|found|shown|suggested|noted|observed|important|clear|that|to))|"
    r"(?:this|these|both|neither|those|such)\b(?=\s+(?:was|were|is|are|did|does|do|had|has|have|may|might|can|could|also|"
    r"significantly|\w+ed)\b)|(?:its|their)\b)",
    re.IGNORECASE,
)
_LATE_PRONOUN = re.compile(r"^\W*(?:in|for|of|among|with)\s+(?:\w+\s+){1,2}(?:they|it|these|those)\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"^\W*(?:less|more|not|as|than|with|without|nor)\b", re.IGNORECASE)
_OTHER_GROUP = re.compile(r"\b(?:in|of|for|with) (?:the |a )?(?:[\w-]+ ){1,3}(?:groups?|arms?)\b", re.IGNORECASE)
_DANGLING = re.compile(r"\brespectively\b|\bthe same pattern\b|\bas above\b|\bsee below\b", re.IGNORECASE)
_AMONG = re.compile(r"\bof the (?:two|three|four)\b|\bbetween the (?:two|three)\b", re.IGNORECASE)
_CUT = re.compile(r"(?:\b(?:and|or|the|of|with|in|to|a|an|than|by|for)|[,(:\-])\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Completed:
    """A claim's text with its relation; ``changed`` where words were added."""

    text: str
    relation: Relation
    arms: Arms
    changed: bool


_AUTHORS = re.compile(
    r"^\W*they\s+(?=(?:also |further )?(?:conclude|suggest|add|note|report|find|found|argue|recommend|state|stress|caution|call|"
    r"regard|see|judge|propose|warn)\w*\b)",
    re.IGNORECASE,
)


def complete(clause: str, finding: Finding, view: PaperView, borrowed: str = "") -> Completed | str:
    """The clause as a statement that stands alone, or the reason for dropping it.

    ``borrowed`` is the subject that the clause shares with the one before it.
    """
    if _CUT.search(clause):
        return "cut off"
    if _FRAGMENT.match(clause) and clause[:1].islower() and not borrowed:
        return "no whole statement"
    if _DANGLING.search(clause):
        return "refers to another sentence"
    text, arms, changed = clause, finding.arms, False
    if _AUTHORS.match(clause):
        text, changed = _AUTHORS.sub("They [the authors] ", clause), True
    if borrowed:
        text, changed = f"[{borrowed}] {clause}", True
    missing = not arms.subject
    if _LATE_PRONOUN.match(clause):
        return "refers to another sentence"
    loose = (None if _AUTHORS.match(clause) else _PRONOUN.match(text)) or _before_cue(_UNRESOLVED.search(text), finding)
    if missing or (loose and loose.re is _PRONOUN):
        resolved = _with_subject(text, finding, view, loose)
        if isinstance(resolved, str):
            if finding.on_outcome or loose or _armless(text, view):
                return resolved
        else:
            text, arms, changed = resolved[0], replace(arms, subject=arms.subject or resolved[1]), True
    if finding.comparative and not arms.comparator and finding.on_outcome:
        inside = concepts.find(clause, INACTIVE)
        named = inside[0].text if inside else _comparator(view)
        if named is None or _AMONG.search(clause):
            return "comparator missing"
        if not inside:
            text, changed = f"{_bare(text)} [compared with {named}]", True
        arms = replace(arms, comparator=named, inactive=True)
    relation = finding.relation.model_copy(
        update={"subject": arms.subject or finding.relation.subject, "comparator": arms.comparator}
    )
    return Completed(_sentence(text), relation, arms, changed)


def _covers_all(lead: str, view: PaperView) -> bool:
    """Whether "both", "neither", "all", "each" takes in the question's subject: it speaks of every treatment named."""
    count = len(view.agents) + len(view.others)
    if re.match(r"(?:both|neither|either)\b", lead, re.IGNORECASE):
        return count == 2
    return bool(re.match(r"(?:each|every|all|none)\b", lead, re.IGNORECASE)) and 2 <= count <= 5


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
    if not view.agents:
        return "subject unresolved" if loose else "does not name the subject"
    plural = _covers_all(_lead(loose), view)
    if not plural and (len(view.agents) > 1 or view.others):
        return "subject unresolved"
    name = " and ".join(view.agents) if len(view.agents) <= 2 else ", ".join(view.agents)
    name = f"{name} among them" if plural else name
    if loose and (finding.arms.left == "" or loose.start() <= len(finding.arms.left)):
        return f"{text[: loose.end()]} [{name}]{text[loose.end() :]}", view.agents[0]
    if not (finding.arms.explicit and finding.arms.inactive):
        return "does not name the subject"
    if _OTHER_GROUP.search(text):
        return "subject unresolved"
    return f"{_bare(text)} [{name}]", view.agents[0]


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
    return text if text.endswith((".", "!", "?")) else text + "."
