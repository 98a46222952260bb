"""Who is compared with whom in a clause: the subject's arm, the comparator's arm, and their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consilience.language import concepts, numbers
from consilience.records import Direction

from .scope import CLASSES, INACTIVE, TREATMENTS, PaperView

_MARK = re.compile(
    r"\b(?:than|versus|vs\.?|against|compared (?:with|to)|in comparison (?:with|to)|relative to|as opposed to|"
    r"(?:superior|inferior|preferable|similar|comparable|equal|equivalent|identical) to|"
    r"differ(?:ed|s|ent|ence)?(?: \w+){0,2} from|difference (?:from|versus)|over|beat|outperformed|exceeded|"
    r"surpassed|not worse than|comparable with|similar with|close to|resembled|above|below|as with|as in|"
    r"(?:similar|comparable|equivalent|equal|same|identical) (?:[\w-]+ ){1,3}(?:to|as|with)|"
    r"as (?:well tolerated|often|frequent|frequently|common|effective|effectively|many|high|low|good|likely) as)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"over|above|below|against|as in|as with|close to|exceeded|beat|vs\.?|versus", re.IGNORECASE)
"""Marks that compare only where an arm is named behind them: "over one year" compares nothing."""
_ASIDE = re.compile(
    r"\b(?:during|before|despite|without|regardless of|irrespective of|adjust\w* for) (?:the )?$", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"\b(?:between|with|in|for|on|after)\s+(?P<a>[^,;.()]{2,70}?)\s+(?:and|or)\s+(?P<b>[^,;.()]{2,60})",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:\W*)(?:(?:as )?compared (?:with|to)|in comparison (?:with|to)|relative to|versus|unlike)\s+(?P<c>[^,]{2,80}),"
    r"|^(?:\W*)(?:with|using) (?P<r>[^,]{2,60}?) as (?:the )?(?:reference|comparator|control)\b[^,]*,",
    re.IGNORECASE,
)
_END = re.compile(
    r"[,;:.()]|\s(?:in|for|at|on|after|during|by|when|while|whereas|but|and|who|which|that|did|was|were|had|with respect|"
    r"as|from|to|within|without|because|although)\b"
)
_LEAD = re.compile(
    r"^(?:\s*(?:with|the|a|an|those|that|patients|subjects|women|men|participants|recipients|users|people|of|on|in|"
    r"for|after|taking|receiving|given|treated|using|either|both|any|rates?|seen|recorded|observed|reported|group|by|on|under|to|what|did|was|were|occurred)\b|\s*\d+(?:\.\d+)?(?:%| percent| per cent)?\s*(?:of|on|with|in|for|to)?\b)+",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)")
_RATIO = re.compile(
    r"\b(?:hazard ratio|relative risk|odds ratio|risk ratio|rate ratio|relative hazard|HR|RR|OR|RH|aOR|aHR)\b[^\d.;]{0,20}"
    r"(?P<r>\d+[.\u00b7]\d+)[^\d]{1,30}?(?:95 ?%[^\d]{0,30})?(?P<a>\d+[.\u00b7]\d+)\s*(?:-|\u2013|to|,)\s*"
    r"(?P<b>\d+[.\u00b7]\d+)",
)
_COUNT = re.compile(
    r"(?<![\d.])(\d{1,4})(?=\s+(?:patients|subjects|women|men|children|participants|using|on|with|taking)\b)"
)
_NOTICEABLE = 1.2
"""Without a p value, two arms' percentages count as different when one is this many times the other."""


@dataclass(frozen=True)
class Arms:
    """The comparison of a clause. Empty strings where it names none."""

    subject: str = ""
    comparator: str = ""
    inactive: bool = False
    swapped: bool = False
    left: str = ""
    explicit: bool = False


def read(clause: str, view: PaperView, cue: int = 0, *, alike: bool = False) -> Arms:
    """The arms of a clause, as far as its own words show them.

    ``cue`` is where its direction is stated; ``alike`` says that it calls things alike, so that "A and B were similar"
    compares A with B.
    """
    leading = _LEADING.match(clause)
    if leading:
        return _arms(clause[leading.end() :], leading["c"] or leading["r"], view)
    mark = _mark(clause, cue, view)
    if mark:
        left, right = clause[: mark.start()], clause[mark.end() :]
        return _arms(left, _cut(right), view, whole_right=right)
    between = _BETWEEN.search(clause)
    if between and (_is_arm(between["a"], view) and _is_arm(between["b"], view)):
        return _arms(between["a"], _cut(between["b"]), view)
    paired = _paired(clause[:cue], view) if alike else None
    if paired is not None:
        return paired
    inside = _specific_first(
        tuple(
            m for m in concepts.find(clause, view.subject) if not (m.start > cue and _ASIDE.search(clause[: m.start]))
        )
    )
    return Arms(subject=inside[0].text if inside else "", left=clause)


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
    marks = [m for m in _MARK.finditer(clause) if not re.match(r"\s*(?:or equal to )?[\d.]+\s", clause[m.end() :])]
    marks = [m for m in marks if not _LOOSE.fullmatch(m[0]) or _is_arm(clause[m.end() : m.end() + _REACH], view)]
    behind = [m for m in marks if m.end() > cue]
    return (behind or marks or [None])[0]


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
    more = re.match(r"\s+(?:and|or)\s+(?:with |to |than |the )?[\w-]+", text[end.start() :])
    return phrase + more[0] if more and concepts.holds(more[0], INACTIVE) else phrase


def _arms(left: str, right: str, view: PaperView, whole_right: str = "") -> Arms:
    """Arms from the text on each side of the comparison; flipped where the subject stands on the right alone."""
    ours_left = concepts.find(left, view.subject)
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


def direction_by_numbers(clause: str, view: PaperView) -> tuple[Direction, Arms]:
    """What the percentages of two arms say where no word does; UNSTATED where they cannot be told apart.

    A p value of .05 or more makes it no difference; without one the arms must differ noticeably.
    """
    figures = _around_mark(clause, view) or _by_arm(clause, view)
    ours, theirs = figures["subject"], figures["inactive"] or figures["active"]
    said = read(clause, view)
    name = _first(clause, INACTIVE if figures["inactive"] else TREATMENTS, view) or said.comparator
    arms = Arms(_first(clause, view.subject, view), name, bool(figures["inactive"]), left=clause, explicit=True)
    if not ours or not theirs or not arms.subject or not name:
        return Direction.UNSTATED, arms
    p_values = [q.values[0] for q in numbers.read(clause) if q.kind == "p_value" and q.values]
    if p_values and min(p_values) > 0.05:
        return Direction.NO_DIFFERENCE, arms
    if min(ours) > max(theirs) * (1 if p_values else _NOTICEABLE):
        return Direction.INCREASE, arms
    if max(ours) * (1 if p_values else _NOTICEABLE) < min(theirs):
        return Direction.DECREASE, arms
    if not p_values and min(ours) == max(theirs):
        return Direction.NO_DIFFERENCE, arms
    return Direction.UNSTATED, arms


def direction_by_ratio(clause: str, view: PaperView) -> tuple[Direction, Arms]:
    """What a ratio with its interval says where no word does: away from 1 a difference, across 1 none."""
    arms = read(clause, view)
    found = _RATIO.search(clause)
    if found is None or not arms.subject:
        return Direction.UNSTATED, arms
    ratio, low, high = (float(found[name].replace("\u00b7", ".")) for name in ("r", "a", "b"))
    other = _first(clause, INACTIVE, view)
    if other and not arms.comparator:
        arms = Arms(arms.subject, other, True, left=clause, explicit=True)
    if not low <= ratio <= high:
        return Direction.UNSTATED, arms
    if low <= 1 <= high:
        return Direction.NO_DIFFERENCE, arms
    return (Direction.INCREASE if low > 1 else Direction.DECREASE), arms


def _around_mark(clause: str, view: PaperView) -> dict[str, list[float]] | None:
    """Percentages left and right of "compared with", where each side names its own arm only."""
    mark = re.search(r"\b(?:compared (?:with|to)|versus|vs\.?|against)\b", clause, re.IGNORECASE)
    if mark is None:
        return None
    left, right = clause[: mark.start()], clause[mark.end() :]
    arms = read(clause, view)
    if not concepts.holds(left, view.subject) or concepts.holds(left, INACTIVE) or not arms.comparator:
        return None
    ours = [float(m[1]) for m in _PERCENT.finditer(left)]
    theirs = [float(m[1]) for m in _PERCENT.finditer(right.split(";")[0])]
    if not ours and not theirs and re.search(r"\bp\s?[<=]", right, re.IGNORECASE):
        ours, theirs = ([float(m[1]) for m in _COUNT.finditer(side)][:1] for side in (left, right))
    if not ours or not theirs:
        return None
    return {"subject": ours, "inactive" if arms.inactive else "active": theirs} | (
        {"active": []} if arms.inactive else {"inactive": []}
    )


def _by_arm(clause: str, view: PaperView) -> dict[str, list[float]]:
    """Percentages by the arm named nearest to each: right behind it ("60% of A") or right before it ("A (60%)")."""
    marks: list[tuple[int, int, str]] = []
    kinds = (("subject", view.subject), ("inactive", INACTIVE))
    for kind, terms in kinds:
        marks.extend((m.start, m.end, kind) for m in concepts.find(clause, terms))
    marks.extend(
        (m.start, m.end, "active")
        for m in concepts.find(clause, TREATMENTS)
        if not any(m.start < end and start < m.end for start, end, _ in marks)
    )
    found: dict[str, list[float]] = {"subject": [], "inactive": [], "active": []}
    for figure in _PERCENT.finditer(clause):
        kind = _nearest(clause, figure, marks)
        if kind:
            found[kind].append(float(figure[1]))
    return found


def _nearest(clause: str, figure: re.Match[str], marks: list[tuple[int, int, str]]) -> str:
    behind = [(s - figure.end(), k) for s, _, k in marks if s >= figure.end()]
    before = [(figure.start() - e, k) for _, e, k in marks if e <= figure.start()]
    options: list[tuple[int, str]] = []
    if behind and re.match(r"\s*(?:of|with|on|in|for|after|taking|receiving)\b", clause[figure.end() :]):
        options.append((min(behind)[0], min(behind)[1]))
    if before and re.search(r"(?:\(|\bgave|\bhad|\bat|:|,|\d ?m?g)\s*$", clause[: figure.start()]):
        options.append((min(before)[0], min(before)[1]))
    if not options:
        options = [min(side) for side in (behind, before) if side]
    distance, kind = min(options, default=(1000, ""))
    return kind if distance < 60 else ""


def _first(clause: str, terms: tuple[str, ...], view: PaperView) -> str:
    own = set(view.subject)
    found = concepts.find(clause, terms)
    if terms is not view.subject:
        found = tuple(m for m in found if m.term not in own)
    return found[0].text if found else ""
