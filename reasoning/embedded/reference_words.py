"""The words that point outside a clause: pronouns, "the treatment", dangling references."""

from __future__ import annotations

import re

NOUN = (
    r"treatments?|therap(?:y|ies)|drugs?|medications?|agents?|doses?|tablets?|formulations?|preparations?|regimens?|"
    r"groups?|interventions?|compounds?|products?|arms?|combinations?|methods?|approach(?:es)?|techniques?|"
    r"procedures?|devices?|program(?:me)?s?|systems?|tools?|models?|algorithms?|injections?|capsules?|patch(?:es)?|"
    r"schedules?|strateg(?:y|ies)|conditions?|wafers?|spray|antihistamines?|hormones?|stimulants?|analgesics?|"
    r"antidepressants?|antibiotics?|vaccines?|opioids?|statins?|steroids?|inhibitors?|blockers?|agonists?|antagonists?"
)
ONE_TREATMENTS = re.compile(
    r"(?:doses?|tablets?|formulations?|preparations?|regimens?|groups?|arms?|injections?|capsules?|patch|schedules?|"
    r"conditions?|wafers?|spray)",
    re.IGNORECASE,
)
"""Of these one treatment may have two."""
UNRESOLVED = re.compile(
    rf"\b(?P<det>the|this|that|these|those|each|every|both|either|all|its|any|neither|none of the|higher|lower|robust|"
    rf"adequate|such|combined|combination|active|(?:one|two|three|four|five|\d+) of the)\s+"
    rf"(?P<mod>(?:(?:active|study|test|new|newer|same|two|three|four|other|latter|former|additional|combined|treated|"
    rf"\d+(?:\.\d+)?[- ]?m?g|\w+ed|highest|lowest|higher|lower)\s+){{0,3}})(?P<noun>{NOUN})\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"^\W*(?:(?:and|but|however|moreover|furthermore|in addition|also|overall),?\s+)?(?P<p>"
    r"(?:it|they|he|she|the former|the latter)\b(?!\s+(?:is|was|seems|appears|has been|may be|can be)\s+(?:\w+ly\s+)?"
    r"(?:possible|likely|unlikely|concluded|found|shown|suggested|noted|observed|important|clear|that|to))|"
    r"(?:this|these|both|neither|those|such)\b(?=\s+(?:was|were|is|are|did|does|do|had|has|have|may|might|can|could|also|"
    r"significantly|\w+ed)\b)|(?:its|their)\b)",
    re.IGNORECASE,
)
LATE_PRONOUN = re.compile(r"^\W*(?:in|for|of|among|with)\s+(?:\w+\s+){1,2}(?:they|it|these|those)\b", re.IGNORECASE)
FRAGMENT = re.compile(r"^\W*(?:less|more|not|as|than|with|without|nor)\b", re.IGNORECASE)
OTHER_GROUP = re.compile(r"\b(?:in|of|for|with) (?:the |a )?(?:[\w-]+ ){1,3}(?:groups?|arms?)\b", re.IGNORECASE)
DANGLING = re.compile(r"\brespectively\b|\bthe same pattern\b|\bas above\b|\bsee below\b", re.IGNORECASE)
AMONG = re.compile(r"\bof the (?:two|three|four)\b|\bbetween the (?:two|three)\b", re.IGNORECASE)
CUT = re.compile(r"(?:\b(?:and|or|the|of|with|in|to|a|an|than|by|for)|[,(:\-])\s*$", re.IGNORECASE)
AUTHORS = re.compile(
    r"^\W*they\s+(?=(?:also |further )?(?:conclude|suggest|add|note|report|find|found|argue|recommend|state|stress|"
    r"caution|call|regard|see|judge|propose|warn)\w*\b)",
    re.IGNORECASE,
)
