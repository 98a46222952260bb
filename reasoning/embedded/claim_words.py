"""The words and patterns by which statements are told from procedure, advice and comment."""

from __future__ import annotations

import re

FINITE = re.compile(
    r"\b(?:was|were|is|are|did|does|do|had|has|have|rose|fell|gave|led|showed|produced|caused|remained|occurred|became|"
    r"(?:improv|reduc|increas|decreas|impair|enhanc|prevent|reliev|lower|rais|worsen|slow|delay|differ|declin)\w*)\b",
    re.IGNORECASE,
)
VERB_FIRST = re.compile(
    r"^(?:(?:also|then|significantly|not|even|still|only|further)\s+)*(?:was|were|is|are|did|does|do|had|has|have|"
    r"rose|fell|gave|led|showed|produced|caused|remained|occurred|became|failed|(?:improv|reduc|increas|decreas|impair|enhanc|prevent|reliev|"
    r"lower|rais|worsen|slow|delay|differ|declin)(?:ed|es|s)?)\b",
    re.IGNORECASE,
)
PROCEDURE = re.compile(
    r"\b(?:randomi[sz]ed|assigned|allocated|received|enrolled|recruited|eligible|treated with|were asked|completed|"
    r"aged|was defined|defined as|set in advance|responded to the)\b",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"\d\s?%|\bper ?cent\b|\b(?:only|just|no more than|fewer than|less than half|more than half|most|none) (?:of )?"
    r"(?:the )?(?:\d+|\w+ (?:studies|papers|trials|reviews))",
    re.IGNORECASE,
)
FIGURES = re.compile(r"\d\s?%|\bp\s?[<=>]|\bCI\b|\bratio\b", re.IGNORECASE)
INTERPRETS = re.compile(
    r"\b(?:authors|investigators|reviewers|researchers|we) (?:\w+ )?(?:argue|caution|discuss|speculate|urge|recommend|"
    r"propose|ask|warn|regard|consider|hope|believe|call for)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"\bwhether\b|\bhow (?:well|far|much)\b", re.IGNORECASE)
UNMOVED = re.compile(r"un(?:affected|altered|related)\b|did not depend|independent", re.IGNORECASE)
"""Words of sameness that deny an effect, where others liken two arms."""
FEW = re.compile(r"^\W*(?:only )?(?:a )?few\b", re.IGNORECASE)
"""A relation of a few of many is none that could be told as the rule."""
ADVICE = re.compile(
    r"\bshould\b|\b(?:is|are|be) (?:recommended|needed|required|warranted|indicated)\b|\bwarrants?\b|"
    r"^\W*considerations?\b|\bremains? to be\b|\bfurther (?:research|studies|trials|work)\b|"
    r"\bneeds? to be\b|\bmust be\b",
    re.IGNORECASE,
)
DONE = re.compile(
    r"\b(?:patients|subjects|women|men|children|adults|participants|volunteers|they)\b(?! who)(?: \([^)]*\))? "
    r"(?:\w+ ){0,2}(?:took|received|were given|were asked|recorded|self-administered|were instructed|"
    r"were randomi[sz]ed|were assigned|underwent)\b",
    re.IGNORECASE,
)
