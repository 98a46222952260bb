"""Owns the reading of trial registration numbers: what tells that two papers report the same trial.

The registries are those of the WHO's network that print numbers of a form of their own (https://www.who.int/tools/
clinical-trials-registry-platform/network), EudraCT and its successor CTIS, and PROSPERO for reviews.
"""

from __future__ import annotations

import re

_GAP = r"[\s:#./\-‐-―]{0,3}"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("NCT", rf"\bNCT{_GAP}(\d{{8}})\b"),
        ("ISRCTN", rf"\bISRCTN{_GAP}(\d{{8}})\b"),
        ("CHICTR", rf"\bChiCTR{_GAP}((?:[A-Z]{{2,5}}[\s\-]?)?\d{{8,10}})\b"),
        ("UMIN", rf"\bUMIN(?:{_GAP}CTR)?{_GAP}(?:ID{_GAP})?C?(\d{{9}})\b"),
        ("ACTRN", rf"\bACTRN{_GAP}(\d{{14}})\b"),
        ("DRKS", rf"\bDRKS{_GAP}(\d{{8}})\b"),
        ("CTRI", rf"\bCTRI{_GAP}(\d{{4}}/\d{{2,3}}/\d{{5,6}})\b"),
        ("IRCT", rf"\bIRCT{_GAP}(\d{{8,20}}N\d{{1,3}})\b"),
        ("JRCT", rf"\bjRCT{_GAP}(s?\d{{9,10}})\b"),
        ("JAPIC", rf"\bJapicCTI{_GAP}(\d{{6}})\b"),
        ("KCT", rf"\bKCT{_GAP}(\d{{7}})\b"),
        ("NTR", rf"\b(?:NTR|(?:Netherlands|Dutch) Trial Regist(?:er|ry)){_GAP}(?:NTR|NL)?(\d{{3,5}})\b"),
        ("PACTR", rf"\bPACTR{_GAP}(\d{{15,16}})\b"),
        ("RBR", r"\bRBR-?(\w{6,8})\b"),
        ("SLCTR", rf"\bSLCTR{_GAP}(\d{{4}}/\d{{3}})\b"),
        ("TCTR", rf"\bTCTR{_GAP}(\d{{11}})\b"),
        ("PROSPERO", rf"\bCRD{_GAP}(\d{{11}})\b"),
        ("EU", rf"\b(?:EudraCT|EU{_GAP}CT|EUCTR|CTIS)\b[\w\s,:#.]{{0,20}}?(20\d{{2}}-\d{{6}}-\d{{2}}(?:-\d{{2}})?)"),
    )
)  # fmt: skip


def numbers(text: str) -> frozenset[str]:
    """The registration numbers in a text, each with its registry in one spelling: ``NCT 0123-…`` is ``NCT:0123…``."""
    return frozenset(
        f"{name}:{re.sub(r'[^0-9A-Za-z]', '', match.group(1)).upper()}"
        for name, form in _FORMS
        for match in form.finditer(text)
    )
