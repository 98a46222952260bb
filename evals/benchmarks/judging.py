"""Judges cases with the embedded stance judge, which reads a claim beside the sentences of one text."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from consilience.models.encoder import load_encoder
from consilience.models.entailment import load_stance_judge
from consilience.models.stance import Judge, StanceScores
from consilience.settings import Settings

from .cases import Case

_EVERY = 5.0
"""Seconds between two lines of progress."""


def embedded_judge(settings: Settings) -> Judge:
    """The shipped judge with the settings' number of threads.

    Raises:
        ModelFileError: its weights are missing or damaged.
    """
    return load_stance_judge(load_encoder(settings.models.threads))


def judged(judge: Judge, cases: Sequence[Case], progress: Callable[[str], None], name: str) -> list[list[StanceScores]]:
    """The scores of each case's claims; ``progress`` hears how many cases are done every few seconds."""
    made: list[list[StanceScores]] = []
    told = time.monotonic()
    for case in cases:
        made.append([judge.judge_abstract(claim, case.sentences).scores for claim in case.claims])
        if time.monotonic() - told >= _EVERY or len(made) == len(cases):
            told = time.monotonic()
            progress(f"{name}: {len(made)} of {len(cases)}")
    return made
