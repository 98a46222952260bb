"""Owns strength of statement: causal, associational or descriptive, never stronger than design and words allow."""

from __future__ import annotations

import re

from consilience.records import Strength, StudyDesign

from . import directions

_EXPERIMENTS = frozenset({StudyDesign.RANDOMISED, StudyDesign.META_ANALYSIS, StudyDesign.ANIMAL, StudyDesign.IN_VITRO})
_ASSOCIATION = re.compile(
    r"\b(?:associat\w+|correlat\w+|relat(?:ed|ion|ionship)s?\b|linked|predict\w*|risk "
    r"factors?|odds ratio|hazard ratio|"
    r"relative risk|more likely|less likely|users?\b|exposure to|tracked|accompanied)",
    re.IGNORECASE,
)
_CAUSAL_VERB = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|increas(?:e|es|ed)|decreas(?:e|es|ed)|reduc(?:e|es|ed)|"
    r"improv(?:e|es|ed)|impair(?:s|ed)?|"
    r"prevent(?:s|ed)?|inhibit(?:s|ed)?|induc(?:e|es|ed)|produc(?:e|es|ed)|reliev(?:e|es|ed)|"
    r"lower(?:s|ed)|rais(?:e|es|ed)|"
    r"enhanc(?:e|es|ed)|suppress(?:es|ed)?|slow(?:s|ed)|affect(?:s|ed)?|effects?|effective|"
    r"efficacy|superior|benefi\w+|"
    r"protect(?:s|ed|ive)|led to|lead(?:s)? to|result(?:s|ed) in|outperform\w*|alter(?:s|ed)?|"
    r"prolong(?:s|ed)?|favou?r\w*)\b",
    re.IGNORECASE,
)
_OBSERVATIONAL = frozenset({StudyDesign.COHORT, StudyDesign.CASE_CONTROL, StudyDesign.CROSS_SECTIONAL})


def read(text: str, design: StudyDesign) -> Strength:
    """How strong the statement is, given the design of the study that makes it.

    Causal only where an experiment (or a synthesis of experiments) compared something; "associated with" stays
    associational in any design; an observational comparison is at most associational; a statement without direction,
    evaluation or relation is descriptive.
    """
    found = directions.cues(text)
    associated = _ASSOCIATION.search(text) is not None
    if not found and not associated:
        return Strength.DESCRIPTIVE
    if design in _EXPERIMENTS:
        subgroup = associated and not _CAUSAL_VERB.search(text) and not _compares(text)
        return Strength.ASSOCIATIONAL if subgroup else Strength.CAUSAL
    if design in _OBSERVATIONAL or associated:
        return Strength.ASSOCIATIONAL
    if design in (StudyDesign.SYSTEMATIC_REVIEW, StudyDesign.IN_SILICO) and found:
        return Strength.ASSOCIATIONAL
    return Strength.DESCRIPTIVE


def _compares(text: str) -> bool:
    return re.search(r"\b(?:than|compared|versus|vs|placebo|between groups)\b", text, re.IGNORECASE) is not None
