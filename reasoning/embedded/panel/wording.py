"""Owns what a reviewer reads off a sentence's wording: questions, hedges, emphasis, disclosures, loose ends.

Every function is pure and works on any field's text; the words are those of reporting, never of a subject.
"""

from __future__ import annotations

import re

from consilience.language import directions, hedging, numbers, text
from consilience.records import Direction


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.VERBOSE)


_TENTATIVE = _pattern(
    r"""\b(?: not\s+enough | insufficient | too\s+little | unclear | uncertain\w* | unsettled | unresolved
    | mixed
    | inconclusive | whether | limited | preliminary | provisional\w* | low[-\s]certainty | low\s+certainty
    | very\s+low | open\s+question | no\s+(?:answer|evidence|paper|study|finding) )\b"""
)
_CONFLICT = _pattern(
    r"""\b(?: contest\w* | conflict\w* | disagree\w* | mixed | inconsisten\w* | contradict\w* | disput\w*
    | both\s+sides | both\s+ways | evidence\s+against | (?:is|are|was|were)\s+refuted | opposing | diverg\w*
    | speaks?\s+against | not\s+agree )\b"""
)
_NO_CONFLICT = _pattern(
    r"""\b(?:no|not|none|without|neither|nor)\b[^.;:]{0,40}?
    \b(?:contest\w*|conflict\w*|disagree\w*|inconsisten\w*|contradict\w*|disput\w*|opposing)"""
)
_EMPHATIC = _pattern(
    r"""\b(?: prov(?:e|es|ed|en|ing) | proof | definitive(?:ly)? | conclusive(?:ly)?
    | undoubted(?:ly)? | unquestionabl[ey] | undeniabl[ey] | certainly | always | beyond\s+doubt
    | guarantee[sd]? | irrefutabl[ey]
    | established\s+beyond | high[-\s]certainty | high\s+certainty | cures? )\b"""
)
_CAUSAL = _pattern(
    r"""\b(?: caus(?:e|es|ed|ing) | leads?\s+to | led\s+to | leading\s+to | results?\s+in | resulted\s+in
    | because\s+of | due\s+to | responsible\s+for | brings?\s+about | brought\s+about | prevent(?:s|ed|ing)?
    | induc(?:e|es|ed|ing) )\b"""
)
_ASSOCIATION = _pattern(r"\b(?: associat\w* | correlat\w* | linked | relat(?:ed|ion\w*) | predict\w* )\b")
_SINGLE = _pattern(
    r"""\b(?: (?:only\s+)?(?:one|a\s+single|single|a\s+lone)\s+(?:\w+[-\s]){0,3}?
      (?:stud(?:y|ies)|trials?|papers?|reports?|reviews?|sources?|abstracts?|experiments?|cohorts?|surveys?
         |meta-analys[ei]s|publications?)
    | uncorroborated | not\s+(?:been\s+)?corroborated | no\s+other\s+(?:included\s+)?(?:paper|study|source)
    | its\s+own\s+source | stands?\s+alone )\b"""
)
_SUBJECTS = {
    "animals": _pattern(
        r"""\b(?: animals? | rats? | mouse | mice | murine | rodents? | rabbits? | dogs? | canine | cats?
        | pigs?
        | porcine | sheep | monkeys? | primates? | zebrafish | drosophila | hamsters? | guinea )\b"""
    ),
    "in vitro": _pattern(r"\b(?: in\s+vitro | cells? | cultur\w* | ex\s+vivo | isolated\s+\w+ | cell\s+lines? )\b"),
    "in silico": _pattern(r"\b(?: in\s+silico | simulat\w* | model(?:s|led|ling|ing)? | computational\w* )\b"),
}
_OPENING = _pattern(
    r"""^(?: (?:this|these|those|it|they|he|she|its|their|his|her|such|both|neither)\b
    | the\s+(?:latter|former|other)\b
    | the\s+(?:treatment|intervention|drug|group|method|approach|effect|difference|result|finding)s?\b )"""
)
_EXPLAINS = _pattern(
    r"""\b(?: differ | disagree | disagreement | contradict | contest | conflict | diverge | vary )\w*\b [^.]*
    \b(?: because | depend\w* | owing\s+to | may\s+be\s+explained | explained\s+by | dos(?:e|es|age) | duration
    | design | population | setting | baseline | age )\b"""
)
_LEAD = _pattern(r"^(?: in\s+[^:]{3,400}: | in\s+[^,:()]{3,60}, | [^:.]{3,80}: )\s+")
_POINTED = _pattern(r"\s*\[ | \s+(?:of|on|in|between|for)\s")
_ABOUT_RUN = _pattern(
    r"""\b(?: claims?\s+table | included\s+papers? | records?\s+(?:was|were) | screened | ledger | this\s+report
    | (?:search|queries)\s+(?:brought|found|was|were) )\b"""
)
_ENDS = re.compile(r"[.!?][\"'”’)\]]*(?:\s*[\[(][^\[\]()]{1,60}[\])])*[.]?$")
_TORN = re.compile(r"(?:…|\.\.\.|\b(?:and|or|of|the|with|than|to|by|in|for|a|an|between)\.?)[\"'”’)\]]*$")


def is_question(line: str) -> bool:
    """Whether a title only asks."""
    return line.rstrip().endswith("?")


def is_tentative(line: str) -> bool:
    """Whether the line holds back: hedged, or it says that the matter is open."""
    return bool(_TENTATIVE.search(line) or names_conflict(line)) or hedging.is_hedged(line)


def names_conflict(line: str) -> bool:
    """Whether the line tells of disagreement (and not of its absence)."""
    return bool(_CONFLICT.search(_NO_CONFLICT.sub(" ", line)))


def explains(line: str) -> bool:
    """Whether the line says what may lie behind a disagreement."""
    return bool(_EXPLAINS.search(line))


def emphatic(line: str) -> str:
    """The first word that claims more certainty than evidence gives, or ''."""
    match = _EMPHATIC.search(line)
    return match.group() if match else ""


def causal(line: str) -> str:
    """The first word of causing, or ''."""
    match = _CAUSAL.search(line)
    return match.group() if match else ""


def associational(line: str) -> bool:
    """Whether the line speaks of an association."""
    return bool(_ASSOCIATION.search(line))


def asserts(line: str) -> bool:
    """Whether a title or answer takes a side: a finding with a direction, neither asked nor held back."""
    if is_question(line) or is_tentative(line):
        return False
    if re.match(r"(?:yes|no)\b", line.strip(), re.IGNORECASE) or emphatic(line):
        return True
    return directions.overall(line) is not Direction.UNSTATED


def length(line: str) -> int:
    """The number of words outside brackets, where citations and figures stand."""
    return len(re.sub(r"[\[(][^\[\]()]*[\])]", " ", line).split())


def states_finding(line: str) -> bool:
    """Whether a sentence reports a result (a direction, or a result's number), and so needs a quotation."""
    if _ABOUT_RUN.search(line):
        return False
    if directions.overall(line) is not Direction.UNSTATED:
        return True
    return any(q.kind in ("percent", "p_value", "interval", "ratio") for q in numbers.read(line))


def says_single(line: str) -> bool:
    """Whether the line says that one source alone carries it."""
    return bool(_SINGLE.search(line))


def says_subjects(line: str, subjects: str) -> bool:
    """Whether the line says that it is about animals, cells or simulations."""
    pattern = _SUBJECTS.get(subjects)
    return pattern is None or bool(pattern.search(line))


def is_cut_off(line: str) -> bool:
    """Whether a sentence ends in the middle: no closing mark, an ellipsis, a dangling word, an open
    bracket."""
    stripped = line.strip()
    if not _ENDS.search(stripped) or _TORN.search(re.sub(r"[.!?]+(?=[\"'”’)\]]*$)", "", stripped)):
        return True
    return stripped.endswith(("...", "…")) or stripped.count("(") != stripped.count(")")


def loose_opening(line: str) -> str:
    """The opening that points outside the sentence ("This group"), or ''."""
    for said in (_LEAD.sub("", line.strip(), count=1), line.strip()):
        match = _OPENING.match(said)
        # "They [the authors]" and "the effect of zolafen" say what they point to.
        if match and not _POINTED.match(said, match.end()):
            return match.group()
    return ""


def contains_any(line: str, terms: tuple[str, ...]) -> bool:
    """Whether a line names any of the wordings, word by word and whatever their endings."""
    held = text.stems(line)
    return any(_run(held, text.stems(term)) for term in terms)


def overlap(part: str, whole: str) -> float:
    """The share of ``part``'s content stems that ``whole`` holds; 1 where ``part`` has none."""
    wanted = set(text.stems(part))
    return len(wanted & set(text.stems(whole))) / len(wanted) if wanted else 1.0


def _run(held: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return bool(size) and any(held[i : i + size] == wanted for i in range(len(held) - size + 1))
