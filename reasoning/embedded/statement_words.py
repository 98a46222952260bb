"""The words and patterns by which a statement is turned into the question that it answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from .question_words import EFFECT_VERBS, OPEN_VERBS, VALENCE_VERBS

BE = r"(?:is|are|was|were)"
MODAL = r"(?:can|could|may|might|will|would|should|must|do|does|did)"
NOT = r"(?:not|never|no\s+longer)"
ADVERBS = r"(?:(?:also|still|even|not only|(?!(?:posi|nega)tively|inversely)\w+ly)\s+)*"
"""What may stand between a verb's parts; "inversely" belongs to what follows it."""

LEAD_IN = re.compile(
    r"^(?:it\s+(?:is|has\s+been)\s+(?:well\s+)?(?:known|established|shown|true|believed|said|proven)\s+that|"
    r"(?:recent\s+)?(?:studies|trials|research|data|evidence)\s+(?:have\s+|has\s+)?(?:show(?:s|n|ed)?|suggest(?:s|ed)?|"
    r"indicate[sd]?|found)\s+that|there\s+is\s+(?:\w+\s+)?(?P<e>evidence|proof)\s+that|"
    r"(?:the\s+authors|we|i)\s+(?:conclude|found|find|believe|think|claim)[sd]?\s+that)\s+",
    re.IGNORECASE,
)
NO_EVIDENCE = re.compile(r"^there\s+is\s+(?:no|little|insufficient)\b", re.IGNORECASE)

_GIVEN = (
    r"with|on|under|after|taking|receiving|given|using|who\s+(?:took|take|received|used|use|were\s+given)|treated\s+with|"
    r"assigned\s+to"
)
"""What stands between people and what they were given."""


def _protects(match: re.Match[str]) -> str:
    return f"does {'not ' if match['not'] else ''}protect against"


def _harms(match: re.Match[str]) -> str:
    return f"does {'not ' if match['not'] else ''}impair"


def _is_than(match: re.Match[str]) -> str:
    return f"is {'not ' if match['not'] else ''}{match['how']} than"


def _produces(match: re.Match[str]) -> str:
    """An adjective that says what a treatment brings about, as a verb with that outcome."""
    less = (match["how"] or "").casefold() == "less"
    return (
        f"does {'not ' if match['not'] else ''}{'decrease' if less else 'increase'} {PRODUCES[match['a'].casefold()]}"
    )


PRODUCES = {"sedating": "sedation", "sedative": "sedation", "addictive": "addiction", "toxic": "toxicity"}
"""Adjectives that say of a treatment what it brings about."""
REWORDED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), to)
    for pattern, to in (
        (r"\b(?:cannot|can't)\b", "can not"),
        (r"\b(?:do|does|did)\s+(?P<not>no\s+)?harm\s+to\b", _harms),
        (r"\bworks?\s+(?P<not>no\s+)?(?P<how>better|worse)\s+than\b", _is_than),
        (rf"\b(?P<be>{BE})\s+no\s+(?=(?:better|worse|superior|safer|more|less)\b)", r"\g<be> not "),
        (rf"\b{BE}\s+(?P<not>not\s+)?(?:(?P<how>more|less)\s+)?(?P<a>sedating|sedative|addictive|toxic)\b(?!\s+\w+s\b)",
         _produces),
        (rf"\bthan\s+(?:(?:those|people|patients|women|men|children|adults|subjects)\s+)?(?:{_GIVEN})\s+", "than "),
        (r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should|wo)n['’]t\b", r"\1 not"),
        (rf"\b(?:{BE}|has\s+been|have\s+been)\s+(?P<not>not\s+)?(?:shown|found|known|thought|proven|believed|likely)"
         r"\s+to\s+(?!be\b)", r"may \g<not>"),
        (r"\b(?:seems?|appears?|seemed|appeared|tends?|tended)\s+to\s+(?!be\b)", "may "),
        (r"\b(?:seems?|appears?|seemed|appeared)\s+(?:to\s+be\s+)?(?=\w)", "is "),
        (r"\b(?:helps?|helped)\s+to\s+(?=\w)", "may "),
        (r"\b(?:has|have|had)\s+(?P<not>no\s+)?(?:an?\s+)?protective\s+effects?\s+(?:against|on)\b", _protects),
        (r"\b(?:fails?|failed)\s+to\b", "does not"),
        (rf"\b{BE}\s+ineffective\b", "is not effective"),
        (rf"\b{BE}\s+not\s+(?:as|so)\s+(effective|efficacious|safe)\s+as\b", r"is less \1 than"),
        (rf"\b{BE}\s+(?P<not>not\s+)?(?:an?\s+)(?:\w+\s+)?risk\s+factors?\s+for\b",
         r"does \g<not>increase the risk of"),
        (rf"\b{BE}\s+(?P<not>not\s+)?protective\s+(?:against|of)\b", r"does \g<not>protect against"),
        (rf"\b{BE}\s+(?P<not>not\s+)?(?:associated|linked|correlated)\s+(?:with|to)\s+(?:an?\s+)?(?:worse|poorer|"
         r"impaired|worsened)\b", r"does \g<not>worsen"),
        (rf"\b{BE}\s+(?P<not>not\s+)?(?:associated|linked|correlated)\s+(?:with|to)\s+(?:an?\s+)?(?:better|improved)\b",
         r"does \g<not>improve"),
        (r"\b(?:has|have|had)\s+(?:an?\s+)?(?:\w+ly\s+)?(?:beneficial|positive|favou?rable)\s+(?:effect|influence|impact)s?\s+on\b",
         "does improve"),
        (r"\b(?:has|have|had)\s+(?:an?\s+)?(?:\w+ly\s+)?(?:harmful|negative|detrimental|adverse|unfavou?rable)\s+"
         r"(?:effect|influence|impact)s?\s+on\b", "does worsen"),
        (rf"\b{BE}\s+safer\s+than\b", "does cause fewer adverse events than"),
        (rf"\b{BE}\s+(?:not\s+(?:\w+ly\s+)?(?:safe|well[-\s]tolerated)|unsafe|poorly\s+tolerated)\b(?!\s+(?:than|as)\b)",
         "does increase adverse events"),
        (rf"\b{BE}\s+(?:\w+ly\s+|very\s+)?(?:safe|well[-\s]tolerated|harmless)\b(?!\s+(?:than|as)\b)",
         "does not increase adverse events"),
        (r"\b(?:outperform|surpass|beat)(?:s|ed)?\b", "is superior to"),
        (r"\b(?:is|are|was|were)\s+(?:equally|similarly)\s+(effective|efficacious|safe|good|useful|accurate|efficient)"
         r"(?:\s+(?:as|to|with))?\b", r"is as \1 as"),
    )
)  # fmt: skip
"""Wordings that say the same as one that questions are made of."""

TWO_CLAIMS = re.compile(
    r"\b(?:safe|well[-\s]tolerated)\s+and\s+\w+|\b\w+\s+and\s+(?:\w+ly\s+)?(?:safe|well[-\s]tolerated)\b|"
    r"\S+\s+(?:and|but)\s+(?:that\s+)?(?:it|they|these|this)\s+(?:\w+ly\s+|also\s+)?\w+",
    re.IGNORECASE,
)
"""That something works and that it is safe, or "and that it" does something else: two claims, with two outcomes."""

_ABOUT = r"(?:in|for|on|at|regarding|with\s+(?:regard|respect)\s+to|in\s+terms\s+of)"
_DIFFER = r"(?:do|does|did)\s+not\s+(?:\w+ly\s+)?differ(?:\s+\w+ly)?"
SAMENESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?P<s>.+?)\s+{_DIFFER}\s+from\s+(?P<c>.+?)\s+{_ABOUT}\s+(?P<o>.+)$",
        rf"^(?P<s>.+?)\s+and\s+(?P<c>.+?)\s+{_DIFFER}\s+{_ABOUT}\s+(?P<o>.+)$",
        rf"^there\s+{BE}\s+no\s+(?:\w+\s+)?differences?\s+between\s+(?P<s>.+?)\s+and\s+(?P<c>.+?)\s+{_ABOUT}\s+(?P<o>.+)$",
        rf"^there\s+{BE}\s+no\s+(?:\w+\s+)?differences?\s+{_ABOUT}\s+(?P<o>.+?)\s+between\s+(?P<s>.+?)\s+and\s+(?P<c>.+)$",
        rf"^(?P<s>.+?)\s+and\s+(?P<c>.+?)\s+{BE}\s+(?:\w+ly\s+)?(?:as|equally|similarly|equivalent|comparable|similar)\s*"
        rf"(?P<q>effective|safe|good|useful)?(?:\s+as)?\s+{_ABOUT}\s+(?P<o>.+)$",
    )
)  # fmt: skip
"""Two treatments that are said to be alike: SUBJECT, COMPARATOR, OUTCOME."""

LINK = r"(?:association|relationship|link|correlation|relation|connection)"
NO_LINK = re.compile(
    rf"^no\s+(?:\w+\s+)?{LINK}\s+(?:(?:{BE}|exists)\s+)?(?:\w+\s+)?between\s+(?P<rest>.+)$", re.IGNORECASE
)
THERE = re.compile(
    rf"^there\s+{BE}\s+(?P<no>no|not\s+an?|little)?\s*(?:evidence\s+(?:of|for)\s+)?(?:an?\s+|any\s+)?"
    rf"(?P<rest>(?:\w+\s+)?(?:{LINK}\s+between|(?:influence|effect|impact|role)\s+of)\s+.+)$",
    re.IGNORECASE,
)
EFFECT_ON = re.compile(
    rf"^(?P<s>.+?)\s+(?:has|have|had|(?:{MODAL})\s+(?P<not>{NOT}\s+)?have)\s+(?P<no>no|little|any|an?)?\s*(?:\w+\s+)?"
    r"(?:effect|influence|impact)s?\s+on\s+(?P<o>.+)$",
    re.IGNORECASE,
)
MORE_OR_LESS = re.compile(
    rf"^(?P<s>.+?)\s+(?:(?:{MODAL})\s+(?P<not>{NOT}\s+)?)?{ADVERBS}(?P<v>ha(?:s|ve|d)|experienc\w+|show(?:s|ed)?|"
    r"report(?:s|ed)?|get|gets|got|suffer(?:s|ed)?|produc(?:e[sd]?)|caus(?:e[sd]?)|giv(?:es?)|gave|yield(?:s|ed)?|"
    r"provid(?:e[sd]?)|induc(?:e[sd]?)|results?\s+in|resulted\s+in|leads?\s+to|led\s+to)\s+(?:an?\s+|the\s+)?(?:\w+ly\s+)?"
    r"(?P<how>more|higher|greater|increased|less|lower|fewer|reduced|decreased|better|improved|worse|poorer)\s+(?P<o>.+)$",
    re.IGNORECASE,
)
_PEOPLE_GIVEN = (
    rf"(?:(?:in|among)\s+(?:those|people|patients|women|men|children|adults|subjects)\s+)?(?:{_GIVEN})\s+(?P<s>.+?)"
)
WITH_SUBJECT = re.compile(
    rf"^(?P<o>.+?)\s+{BE}\s+(?P<not>{NOT}\s+)?{ADVERBS}(?P<how>better|worse|higher|greater|lower|fewer|rarer|shorter|"
    r"longer|(?:more|less)\s+(?:common|frequent|likely|severe|often))\s+"
    rf"(?:{_PEOPLE_GIVEN}|in\s+the\s+(?P<g>.+?)\s+group)(?:\s+than\s+(?P<c>.+))?$",
    re.IGNORECASE,
)
"""The outcome stands first: "nausea is more common with X than with placebo"."""
VERB_OF = {"better": "improve", "worse": "worsen"}
LESS = re.compile(r"less|lower|fewer|rarer|shorter", re.IGNORECASE)
HOW = {
    "more": "greater", "less": "lower", "poorer": "worse",
}  # fmt: skip
"""Comparatives in the wording that questions know."""

SYNONYMS = {
    "ease": "relieve", "lessen": "reduce", "curb": "reduce", "cut": "reduce", "elevate": "raise", "provoke": "cause",
    "aggravate": "worsen", "exacerbate": "worsen", "block": "inhibit", "abolish": "eliminate", "aid": "help",
    "speed up": "accelerate", "bring about": "cause", "give rise to": "cause", "cure": "treat", "abort": "relieve",
}  # fmt: skip


def _forms(verb: str) -> tuple[str, ...]:
    """The verb's present and past forms, its own first."""
    first, _, rest = verb.partition(" ")
    irregular = {"lead": "led", "be": "was", "cut": "cut", "give": "gave", "bring": "brought", "make": "made"}
    if re.search(r"[^aeiou]y$", first):
        third, past = f"{first[:-1]}ies", f"{first[:-1]}ied"
    else:
        third = f"{first}es" if re.search(r"(?:s|sh|ch|x)$", first) else f"{first}s"
        past = f"{first}d" if first.endswith("e") else f"{first}led" if first == "control" else f"{first}ed"
    return tuple(f"{form} {rest}".strip() for form in (first, third, irregular.get(first, past)))


VERBS: dict[str, str] = {
    form: base
    for verb, base in (
        *((v, v) for v in (*EFFECT_VERBS, *VALENCE_VERBS, *OPEN_VERBS) if not v.startswith(("have", "be ", "make"))),
        *SYNONYMS.items(),
        ("work", "work"),
    )
    for form in _forms(verb)
}
"""Every form of the verbs that questions know, with the form that they know."""
BASES = frozenset(_forms(verb)[0] for verb in (*EFFECT_VERBS, *VALENCE_VERBS, *OPEN_VERBS, *SYNONYMS, "work"))
VERB = re.compile(
    r"\b(?:" + "|".join(re.escape(v).replace(r"\ ", r"\s+") for v in sorted(VERBS, key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
FINITE = re.compile(rf"\b(?P<be>{BE})\b|\b(?P<modal>{MODAL})\b|\b(?P<have>has|have|had)\b", re.IGNORECASE)
NOT_A_VERB_BEHIND = re.compile(
    r"(?:^|\b(?:the|an?|of|in|on|for|with|no|any|this|that|these|their|its|by|to|and|or|from|higher|lower|greater|less|"
    r"more|as))\s*$",
    re.IGNORECASE,
)
"""What stands before a word that is a noun or a participle there ("the increase", "an improved")."""
NOT_A_VERB_BEFORE = re.compile(
    r"\s*(?:$|[,;:]|(?:of|in|is|are|was|were|by|from|has|have|had|does|do|did|can|may|might|will|on|to|after)\b)",
    re.IGNORECASE,
)
"""What stands behind a word that is a noun there ("the increase of", "pain control is")."""
NO_OBJECT = re.compile(r"^(?:no|neither|hardly\s+any|little)\s+(?=\S)", re.IGNORECASE)
NO_SUBJECT = re.compile(r"^(?:no|neither)\s+(?=\S)", re.IGNORECASE)
BY_SO_MUCH = re.compile(
    r"\s+by\s+(?:about\s+|approximately\s+|more\s+than\s+|up\s+to\s+|at\s+least\s+|nearly\s+)?(?:[\d.,]+|half|a\s+third)"
    r"(?:\s*(?:to|-|–)\s*[\d.,]+)?\s*(?:%|percent|per\s+cent|points?|\w{1,8})?",
    re.IGNORECASE,
)
MORE_THAN = re.compile(r"\s+(?:more|better|further)(?:\s+\w+ly)?\s+than\s+", re.IGNORECASE)
LESS_THAN = re.compile(r"\s+less(?:\s+\w+ly)?\s+than\s+", re.IGNORECASE)

GIVEN_TO = re.compile(
    rf"^(?:(?:\w+\s+)?(?:people|patients|women|men|children|adults|subjects|those|individuals))\s+(?:{_GIVEN})\s+(?P<x>.+)$"
    r"|^(?P<users>.+?)\s+(?:users|recipients|takers)$",
    re.IGNORECASE,
)
"""People who were given something, where that is the subject: "women who took estrogen"."""
SYMPTOMS = re.compile(
    r"^(?P<c>(?!(?:of|in|with|the)\b)[\w/-]+(?:\s+(?!(?:of|in|with|the)\b)[\w/-]+)?)\s+symptoms\b(?P<rest>.*)$",
    re.IGNORECASE,
)
GETS_BETTER = frozenset(
    {"relieve", "alleviate", "improve", "help", "ameliorate", "attenuate", "mitigate", "control", "eliminate", "treat"}
)
"""Verbs that say of a condition that it gets better."""
TAIL = re.compile(r"\s+(?:in|among|compared|than|versus|vs|for|after|during|within|at)\b.*$", re.IGNORECASE)
PLURAL = re.compile(r"(?:(?<![sui])s|\b(?:women|men|children|people|mice|\w+ and \w+))$", re.IGNORECASE)
GROWS_WITH = re.compile(
    r"^(?P<o>.+?)\s+(?:(?:\w+ly)\s+)?(?:(?P<more>increase[sd]?|rises?|rose|grows?|grew)|(?P<less>decrease[sd]?|falls?|fell|"
    r"declines?|declined|drops?|dropped))\s+with\s+(?P<s>[^,;]+)",
    re.IGNORECASE,
)
"""The outcome stands first: "the risk increases with age"."""
PASSIVE = re.compile(
    r"^\s+(?P<v>\w+ed)\s+(?:by|with|through|using)\s+(?P<s>.+?)(?P<where>\s+(?:in|among|during|after)\s+.+)?$",
    re.IGNORECASE,
)
RELATIVE = re.compile(r"\b(?:that|which|who|whose)\b", re.IGNORECASE)
