"""Owns the way from pairs to batches of token ids: alike in length, in an order that the seed and the pass decide."""

# pyright: basic, reportMissingImports=false
# torch belongs to no environment of the project, so its types are unknown.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer

from consilience.models.pair_layout import lay_out

from .pairs import LABELS, UNKNOWN, Labelled

_MARKERS = (("<s>", "</s>", "<pad>"), ("[CLS]", "[SEP]", "[PAD]"))
_POOL = 50
"""Batches are cut from pools of so many, sorted by length inside: little padding, and still a random order."""

_TEACHER = 0.7
"""The teacher's part of what a pupil shall say; the rest is the label (Hinton et al. 2015, arXiv:1503.02531)."""


@dataclass(frozen=True)
class Batch:
    """``ids`` (batch, tokens); ``wanted`` (batch, 3): how likely each label is; ``marks`` (batch, tokens): 1, 0, or
    ``UNKNOWN`` off the ends."""

    ids: torch.Tensor
    wanted: torch.Tensor
    marks: torch.Tensor


class PairTokenizer:
    """A backbone's tokenizer with the markers of a pair's layout."""

    def __init__(self, file: Path) -> None:
        self._tokenizer: Any = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        found = ([self._tokenizer.token_to_id(t) for t in names] for names in _MARKERS)
        self.first, self.separator, self.padding = next(ids for ids in found if None not in ids)
        self._ids = cache(self._encode)

    def lay_out(self, claim: str, sentences: Sequence[str]) -> tuple[list[int], list[int]]:
        """The sequence's token ids and the positions of its sentences' ends."""
        made = lay_out(self._ids(claim), [self._ids(s) for s in sentences], self.first, self.separator)
        return made.ids, made.ends

    def _encode(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids


def passes(count: int, lengths: Sequence[int], size: int, seed: int, turn: int) -> list[list[int]]:
    """The batches of pass ``turn`` as lists of indices; the same for the same seed, so that a stage can go on."""
    random = Random(f"{seed}:{turn}")
    order = random.sample(range(count), count)
    batches: list[list[int]] = []
    for start in range(0, count, size * _POOL):
        pool = sorted(order[start : start + size * _POOL], key=lambda i: lengths[i])
        batches += [pool[i : i + size] for i in range(0, len(pool), size)]
    return random.sample(batches, len(batches))


def batch(tokenizer: PairTokenizer, pairs: Sequence[Labelled]) -> Batch:
    """Pairs as one padded batch."""
    made = [tokenizer.lay_out(p.claim, p.sentences) for p in pairs]
    longest = max(len(ids) for ids, _ in made)
    marks = torch.full((len(pairs), longest), UNKNOWN)
    for row, ((_, ends), pair) in enumerate(zip(made, pairs, strict=True)):
        for end, mark in zip(ends, pair.evidence, strict=False):  # sentences that did not fit have no end
            marks[row, end] = mark
    ids = torch.tensor([ids + [tokenizer.padding] * (longest - len(ids)) for ids, _ in made])
    return Batch(ids, torch.tensor([_wanted(p) for p in pairs]), marks)


def _wanted(pair: Labelled) -> list[float]:
    """The label as probabilities: certain, or mixed with a teacher's, who knows more of how alike two labels are."""
    certain = [float(pair.label == label) for label in LABELS]
    if pair.taught is None:
        return certain
    return [(1 - _TEACHER) * ours + _TEACHER * theirs for ours, theirs in zip(certain, pair.taught, strict=True)]
