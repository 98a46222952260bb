"""Owns what of the public sets is held out of every training: decided by the text's name alone, the same everywhere."""

from __future__ import annotations

import hashlib

_TRIALS, _QUESTIONS = 5, 8


def number(words: str, below: int) -> int:
    """A number in ``[0, below)`` that depends on the words alone: the same on every machine and in every order."""
    return int(hashlib.sha256(words.encode()).hexdigest(), 16) % below


def trial_held_out(trial: str) -> bool:
    """Whether a trial of Evidence Inference (its PMCID) belongs to the fifth that the cross-encoder never trains on."""
    return number(trial, _TRIALS) == 0


def question_held_out(group: str) -> bool:
    """Whether a PubMedQA question (its group, ``pubmedqa:PMID``) belongs to the eighth that it never trains on."""
    return number(group, _QUESTIONS) == 0
