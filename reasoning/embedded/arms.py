"""Who is compared with whom in a clause: the subject's arm, the comparator's arm, and their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from consilience.language import concepts

from .scope import CLASSES, CONTROLS, INACTIVE, TREATMENTS, PaperView

_MARK = re.compile(
    r"\b(?:than|versus|vs\.?|against|compared (?:with|to)|in comparison (?:with|to)|relative to|as opposed to|"
    r"(?:superior|(?:non-?)?inferior|preferable|similar|comparable|equal|equivalent|identical) to|"
    r"differ(?:ed|s|ent|ence)?(?: \w+){0,2} from|difference (?:from|versus)|over|beat|outperformed|exceeded|"
    r"surpassed|not worse than|comparable with|similar with|close to|resembled|above|below|as with|as in|"
    r"(?:similar|comparable|equivalent|equal|same|identical) (?:[\w-]+ ){1,3}(?:to|as|with)|"
    r"as (?:well tolerated|often|frequent|frequently|common|effective|effectively|many|high|low|good|likely) as)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"over|above|below|against|as in|as with|close to|exceeded|beat|vs\.?|versus", re.IGNORECASE)
"""Marks that compare only where an arm is named behind them: "over one year" compares nothing."""
_PAIRS = re.compile(r"(?:in comparison|compared|versus|vs\.?|relative)(?: (?:with|to))?", re.IGNORECASE)
"""Marks behind which a number is the other arm's: "compared with 5 (20%) on placebo"; elsewhere it is a limit."""
_NUMBER = re.compile(r"\s*(?:or equal to )?[\d.]+\s", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:during|before|despite|without|regardless of|irrespective of|adjust\w* for) (?:the )?$", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"\b(?P<w>between|with|in|for|on|after)\s+(?P<a>(?:[^,;.()]|(?<=\d)\.(?=\d)){2,70}?)\s+(?:and|or)\s+"
    r"(?P<b>(?:[^,;.()]|(?<=\d)\.(?=\d)){2,60})",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d\s*(?:%|per ?cent)|\b(?:and|or)\s+(?:\w+\s+)?\d", re.IGNORECASE)
"""Between two treatments: each has its own, so they are compared."""
_CONTRAST = re.compile(r";|,\s*(?:whereas|while|whilst|but|although|though)\b", re.IGNORECASE)
"""Behind which something else is said, of something else."""
_GIVEN_WITH = re.compile(r"(?P<arm>[^,;()]{2,40}?)\s+(?:with|on|under|by|after)\s+(?P<x>[^,;()]{2,60})", re.IGNORECASE)
"""Behind a comparison mark: "against controls with A", where A is not what the controls were given."""
_ADDING = re.compile(r"\b(?:adding|addition of|add-on) (?P<x>[^,;.]{2,60}?) to (?:[\w-]+ ){0,3}$", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:\W*)(?:(?:as )?compared (?:with|to)|in comparison (?:with|to)|relative to|versus|unlike)\s+(?P<c>[^,]{2,80}),"
    r"|^(?:\W*)(?:with|using) (?P<r>[^,]{2,60}?) as (?:the )?(?:reference|comparator|control)\b[^,]*,",
    re.IGNORECASE,
)
_END = re.compile(
    r"[,;:.()]|\s(?:in|for|at|on|after|during|by|when|while|whereas|but|and|who|which|that|did|was|were|had|"
    r"with respect|as|from|to|within|without|because|although)\b"
)
_LEAD = re.compile(
    r"^(?:\s*(?:with|the|a|an|those|that|patients|subjects|women|men|participants|recipients|users|people|of|on|in|"
    r"for|after|taking|receiving|given|treated|using|either|both|any|rates?|seen|recorded|observed|reported|group|by|"
    r"under|to|what|did|was|were|occurred)\b|"
    r"\s*\d+(?:\.\d+)?(?:%| percent| per cent)?\s*(?:of|on|with|in|for|to)?\b)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Arms:
    """The comparison of a clause. Empty strings where it names none."""

    subject: str = ""
    comparator: str = ""
    inactive: bool = False
    swapped: bool = False
    left: str = ""
    explicit: bool = False
    added: str = ""
    """What acts instead, where the question's subject is only what it was added to."""


def read(clause: str, view: PaperView, cue: int = 0, *, alike: bool = False, joint: bool = False) -> Arms:
    """The arms of a clause, as far as its own words show them.

    What something else was added to does not act: "adding A to B protects memory" says nothing of B.
    ``cue`` is where its direction is stated; ``alike`` says that it calls things alike, so that "A and B were similar"
    compares A with B; ``joint`` that nothing in it tells two arms apart, so that "with A and B" is what was given.
    """
    arms = _named(clause, view, cue, alike=alike, joint=joint)
    added = _added_to(arms.subject, clause, view)
    return replace(arms, subject="", added=added) if added else arms


def _added_to(subject: str, clause: str, view: PaperView) -> str:
    """What the clause says was added to the subject where it names it first; empty where nothing was."""
    if not subject:
        return ""
    adding = _ADDING.search(clause[: clause.find(subject)])
    return adding["x"] if adding and not concepts.holds(adding["x"], view.subject) else ""


def _named(clause: str, view: PaperView, cue: int, *, alike: bool, joint: bool) -> Arms:
    leading = _LEADING.match(clause)
    if leading:
        return _arms(clause[leading.end() :], leading["c"] or leading["r"], view)
    mark = _mark(clause, cue, view)
    if mark:
        left, right = clause[: mark.start()], clause[mark.end() :]
        return _arms(left, _cut(right), view, whole_right=right)
    between = _BETWEEN.search(clause)
    if between and joint and between["w"].casefold() != "between" and not _FIGURE.search(between[0]):
        between = None
    if between and (_is_arm(between["a"], view) and _is_arm(between["b"], view)):
        return _arms(between["a"], _cut(between["b"]), view)
    paired = _paired(clause[:cue], view) if alike else None
    if paired is not None:
        return paired
    inside = _specific_first(tuple(m for m in concepts.find(clause, view.subject) if _may_act(m, clause, cue, view)))
    return Arms(subject=inside[0].text if inside else "", left=clause)


def _may_act(mention: concepts.Mention, clause: str, cue: int, view: PaperView) -> bool:
    """Whether what is named may have done what the cue says: it sets no scene, and nothing else did it.

    In "A prevented stroke, whereas the effect of B is unproven" B prevented nothing.
    """
    if mention.start <= cue:
        return True
    if _ASIDE.search(clause[: mention.start]):
        return False
    if not _CONTRAST.search(clause, cue, mention.start):
        return True
    return not concepts.holds(_CONTRAST.split(clause[:cue])[-1], (*TREATMENTS, *view.agents))


def _paired(before: str, view: PaperView) -> Arms | None:
    """The two arms of "A and B": the subject, and the one other treatment or inactive arm named beside it."""
    ours = _specific_first(concepts.find(before, view.subject))
    own = {m.term for m in ours}
    others = [m for m in concepts.find(before, (*TREATMENTS, *INACTIVE)) if m.term not in own]
    if not ours or len(others) != 1:
        return None
    low, high = sorted(((ours[0].start, ours[0].end), (others[0].start, others[0].end)))
    if not re.fullmatch(r"[^,;]{0,25}\b(?:and|or)\b[^,;]{0,15}", before[low[1] : high[0]]):
        return None
    return Arms(ours[0].text, others[0].text, _inactive(others[0].text), left=before, explicit=True)


def _mark(clause: str, cue: int, view: PaperView) -> re.Match[str] | None:
    """The comparison mark that belongs to the cue: the first one behind it that no bare number follows, else any."""
    marks = [m for m in _MARK.finditer(clause) if not _NUMBER.match(clause, m.end()) or _pairs(clause, m)]
    marks = [
        m
        for m in marks
        if not (_LOOSE.fullmatch(m[0]) or _NUMBER.match(clause, m.end()))
        or _is_arm(clause[m.end() : m.end() + _REACH], view)
    ]
    behind = [m for m in marks if m.end() > cue]
    return (behind or marks or [None])[0]


def _pairs(clause: str, mark: re.Match[str]) -> bool:
    """Whether a number behind a mark is the other arm's: not in brackets, where two values are set side by side."""
    before = clause[: mark.start()]
    return bool(_PAIRS.fullmatch(mark[0])) and before.count("(") <= before.count(")")


def _specific_first(mentions: tuple[concepts.Mention, ...]) -> tuple[concepts.Mention, ...]:
    """Mentions in order, those of whole classes last: "the new agonist, almotriptan" is almotriptan."""
    return tuple(sorted(mentions, key=lambda m: m.term in CLASSES))


def _is_arm(text: str, view: PaperView) -> bool:
    return concepts.holds(text, (*view.subject, *TREATMENTS, *INACTIVE))


def _cut(text: str) -> str:
    """The arm's noun phrase at the beginning of ``text``."""
    text = text[_m.end() :] if (_m := _LEAD.match(text)) else text
    text = text.lstrip(" .,:")
    text = re.sub(r"\s+of\s+\d.*$", "", text, flags=re.DOTALL)
    end = _END.search(text, 1)
    if end is None:
        return text.strip(" .")
    phrase = text[: end.start()].strip()
    more = re.match(r"(?:\s*\([^()]*\))?\s+(?:and|or)\s+(?:with |to |than |the )?[\w-]+", text[end.start() :])
    return phrase + more[0] if more and concepts.holds(more[0], INACTIVE) else phrase


def _arms(left: str, right: str, view: PaperView, whole_right: str = "") -> Arms:
    """Arms from the text on each side of the comparison; flipped where the subject stands on the right alone."""
    ours_left = concepts.find(left, view.subject)
    acting = None if ours_left else _acting_behind(whole_right)
    if acting is not None:
        return _against_controls(left, acting, view)
    if whole_right and not _is_arm(right, view):
        right = _named_arm(whole_right, view, right)
    ours_right = concepts.find(right, view.subject)
    phrase = " ".join(right.split())
    ours_left = _specific_first(ours_left)
    if ours_left:
        return Arms(ours_left[0].text, phrase, _inactive(phrase), left=left, explicit=True)
    if ours_right:
        rivals = concepts.find(left, (*INACTIVE, *TREATMENTS))
        if rivals:
            rival = rivals[0].text
            return Arms(ours_right[0].text, rival, _inactive(rival), swapped=True, left=left, explicit=True)
        return Arms("", phrase, False, left=left, explicit=True)
    late = concepts.find(whole_right, view.subject) if whole_right else ()
    if late and _inactive(phrase):
        return Arms(late[0].text, phrase, True, left=left, explicit=True)
    return Arms("", phrase, _inactive(phrase), left=left, explicit=bool(phrase))


def _acting_behind(right: str) -> re.Match[str] | None:
    """Behind the mark, people who were given nothing, and behind them the treatment that is set against them."""
    given = _GIVEN_WITH.match(right.lstrip())
    if given is None or concepts.holds(given["arm"], TREATMENTS) or not concepts.holds(given["arm"], CONTROLS):
        return None
    return given if concepts.holds(given["x"], TREATMENTS) else None


def _against_controls(left: str, acting: re.Match[str], view: PaperView) -> Arms:
    """The arms of "fell against controls with A": A's, or another treatment's that did it instead."""
    ours = concepts.find(acting["x"], view.subject)
    other = "" if ours else concepts.find(acting["x"], TREATMENTS)[0].text
    control = concepts.find(acting["arm"], CONTROLS)[0].text
    return Arms(ours[0].text if ours else "", control, True, left=left, explicit=True, added=other)


_REACH = 60
"""Characters behind a comparison mark within which an arm may be named: "similar to driving on placebo"."""


def _named_arm(right: str, view: PaperView, phrase: str) -> str:
    """The first arm named soon behind the mark; a phrase that is only figures is none."""
    near = right[:_REACH]
    stop = re.search(r"[;]|\.\s", near)
    near = near[: stop.start()] if stop else near
    named = concepts.find(near, (*view.subject, *TREATMENTS, *INACTIVE))
    if named:
        return named[0].text
    return phrase if re.search(r"[A-Za-z]{3}", re.sub(r"\bafter\b.*", "", phrase)) else ""


def _inactive(phrase: str) -> bool:
    """Whether the arm is, or includes, no active treatment: placebo, no treatment, baseline."""
    return concepts.holds(phrase, INACTIVE)
