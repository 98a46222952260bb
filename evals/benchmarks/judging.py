"""Judges cases with the embedded stance judge, which reads a claim beside the sentences of one text."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice

from consilience.models.encoder import load_encoder
from consilience.models.entailment import load_stance_judge
from consilience.models.stance import Judge, StanceScores
from consilience.settings import Settings

from .cases import Case

_EVERY = 5.0
"""Seconds between two lines of progress."""
_TOGETHER = 16
"""Claims given to the judge in one call, which its threads share."""


def embedded_judge(settings: Settings) -> Judge:
    """The shipped judge with the settings' number of threads.

    Raises:
        ModelFileError: its weights are missing or damaged.
    """
    return load_stance_judge(load_encoder(settings.models.threads))


def judged(judge: Judge, cases: Sequence[Case], progress: Callable[[str], None], name: str) -> list[list[StanceScores]]:
    """The scores of each case's claims; ``progress`` hears how many claims are done every few seconds."""
    pairs = [(claim, case.sentences) for case in cases for claim in case.claims]
    found: list[StanceScores] = []
    told = time.monotonic()
    for start in range(0, len(pairs), _TOGETHER):
        found += [one.scores for one in judge.judge_abstracts(pairs[start : start + _TOGETHER])]
        if time.monotonic() - told >= _EVERY or len(found) == len(pairs):
            told = time.monotonic()
            progress(f"{name}: {len(found)} of {len(pairs)}")
    scores = iter(found)
    return [list(islice(scores, len(case.claims))) for case in cases]
