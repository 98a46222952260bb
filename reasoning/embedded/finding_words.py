"""The words and patterns by which a clause's finding is told from what only looks like one."""

from __future__ import annotations

import re

EFFICACY = re.compile(
    r"superior|inferior|effective|efficac|beneficial|benefi|outperform|beats?\b|better|worse|useful|helpful|works?\b|"
    r"favou?r",
    re.IGNORECASE,
)
NO_EFFICACY = re.compile(r"tolerat|prefer|safe|cost|convenien|earlier|quick|adverse", re.IGNORECASE)
RELATIVE = re.compile(
    r"\b(?!(?:conclu|suggest|show|indicat|report|find|found|stat|note|argu|think|believ|demonstrat|confirm|reveal|estimat|"
    r"evidence|hypothes|agree|claim|consider|judg|maintain|propos|assum)\w*)\w+ (?:that|which|who) (?:\w+ ){0,2}$",
    re.IGNORECASE,
)
TIMING = re.compile(
    r"(?:(?:come|came) |)(?:later|earlier|sooner|quicker|faster|rising|longer|shorter)\b", re.IGNORECASE
)
GOOD_HEAD = re.compile(
    r"(?:responses?|improvements?|relief|remission|recovery|benefits?|effective|efficac|superior)", re.IGNORECASE
)
NOUN_CUE = re.compile(r"(?:impairments?|deterioration|efficacy|effectiveness|effectively|recovery)$", re.IGNORECASE)
PURPOSE = re.compile(
    r"\b(?:used|given|administered|taken|prescribed|indicated|therapy|treatment|drugs?) for (?:the )?$", re.IGNORECASE
)
SUBGROUPS = re.compile(
    r"\b(?:effects?|benefits?|reductions?|results?|responses?|efficacy|associations?)\b[^.;]{0,50}\bnot\b[^.;]{0,20}"
    r"\b(?:differ|vary|depend)(?!\w*(?: \w+)? from)|\b(?:consistent|similar) (?:across|in all) (?:\w+ )?subgroups",
    re.IGNORECASE,
)
ACROSS = re.compile(
    r"\s+(?:\w+ )?(?:by|across|according to|among (?:\w+ )?subgroups)\b(?!\s+(?:the )?\w+ (?:group|arm))", re.IGNORECASE
)
GROUPED_BY = re.compile(
    r"\b(?:variations?|differences?|interactions?|heterogeneity|adjust\w*|stratif\w*|regardless|irrespective|independent\w*)"
    r" (?:by|for|of|with|across|according to)\b[^;.]*$",
    re.IGNORECASE,
)
"""In front of what divided the people, or was allowed for, and is no outcome."""
NOUN_CHANGE = re.compile(r"(?:worsening|improvements?|reductions?|increases?|decreases?|deterioration)$", re.IGNORECASE)
OTHER_SENSE = re.compile(
    r"\b(?:ST|ST[- ]segment|respiratory|marrow|myocardial|spreading|inbreeding|wheal|immune|antibody|inflammatory|skin|"
    r"cortisol|dose|stress|histamine|insulin|motor|evoked|acute[- ]phase|contractile|correct|placebo)[ -]$",
    re.IGNORECASE,
)
IN_POPULATION = re.compile(
    r"\b(?:patients|children|women|men|adults|adolescents|subjects|people|individuals|persons|participants) "
    r"(?:with|having|who have|who had) (?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
ALIKE = re.compile(
    r"\b(?:comparabl[ey]|similar(?:ly)?|equivalent|equal(?:ly)?|identical|the same) (?:\w+ )?$", re.IGNORECASE
)
RELATED = re.compile(
    r"\b(?:associat\w+|correlat\w+|link\w*|relat(?:ed|ion\w*)) (?:[^,;.]* )?(?:and|with|to) (?:an? |the )?(?:\w+ )?$"
    r"|\bevidence that [^,;.]*$",
    re.IGNORECASE,
)
"""In front of "lower": an association is with having less of the subject, so no second arm is missing."""
ABOUT_KNOWLEDGE = re.compile(
    r"(?:the |an? |our |this )?(?:\w+ )?(?:case|possibility|questions?|interest|understanding|evidence|need|hypothesis|"
    r"notion|view|idea|concerns?|awareness|knowledge|confidence|debate|importance|usefulness) "
    r"(?:for|of|that|in|about|to)\b",
    re.IGNORECASE,
)
FEARED = re.compile(
    r"\b(?:concerns?|fears?|worr(?:y|ies)|suspicions?) (?:that|of|about|over|for)\b[^,;.]{0,60}$", re.IGNORECASE
)
"""In front of what somebody feared and nobody found."""
AT_BASELINE = re.compile(r"\b(?:at|before) (?:baseline|entry|enrol\w*|randomi[sz]ation)\b", re.IGNORECASE)
BASELINE = re.compile(rf"{AT_BASELINE.pattern}|\bbaseline\b", re.IGNORECASE)
AT_RISK = re.compile(r"\bat (?:\w+ )?(?:risk (?:of|for) )?$|\bwho (?:had|have) $|\bhistory of $", re.IGNORECASE)
EFFECT = re.compile(
    r"differ|affect|influenc|associat|chang|effect|correlat|relat|alter|impact|distinguish|modif|link|interact|discrepan|"
    r"trend|vari",
    re.IGNORECASE,
)
HEADS = re.compile(
    r"(?:\b(?:free|freedom|absence|relief|reductions?|lack|loss|rates?|risk|odds|incidence|time|days|numbers?|frequency|"
    r"severity|recurrence|remission|recovery|resolution|prevention|duration|proportion|percentage|responses?|improvements?|changes?|decreases?)"
    r"\s+(?:of|from|in|to|with)\s+(?:the\s+)?)+(?:[\w/-]+\s+){0,2}$",
    re.IGNORECASE,
)
ANYONE = re.compile(
    r"\b(?:patients|subjects|women|men|children|adults|participants|people|attacks?|episodes?|cases)\b", re.I
)
