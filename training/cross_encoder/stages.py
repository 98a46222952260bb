"""Owns which pairs a stage trains on, and which are held out to measure it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from . import nli
from .pairs import Labelled

NAMES = ("nli", "science")
_STRANGERS = 0.25


def read(stage: str, data: Path, cache: Path, seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """The stage's training pairs and its held-out pairs; ``cache`` keeps vectors that are dear to make."""
    return _nli(data, seed)


def _nli(data: Path, seed: int) -> tuple[list[Labelled], list[Labelled]]:
    pairs = nli.read(data)
    train = [p for p in pairs if not nli.held_out(p)]
    return nli.with_strangers(train, _STRANGERS, Random(seed)), [p for p in pairs if nli.held_out(p)]
