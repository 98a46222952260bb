"""Owns the entailment witness: whether evidence supports, refutes or does not settle a claim.

Two judges of different make read the nearest sentences: a trained cross-encoder, which has seen how science words
things (``cross_encoder``), and one on explicit features, which knows direction and "no difference" by rule
(``feature_judge``). Their probabilities are averaged, of which the network's count ``NETWORK``, and one temperature,
fitted on pairs held out of the network's training, calibrates the mean (``docs/cross-encoder.md``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from . import calibration, pair_layout
from .cross_encoder import CrossEncoder, PairScores
from .encoder import Encoder
from .feature_judge import FeatureJudge
from .stance import AbstractScores, Judge, StanceScores, as_parts, nearness

__all__ = ["NETWORK", "JoinedJudge", "load_stance_judge", "nearest"]

NETWORK = 0.9
"""The network's part of the mean."""


def nearest(encoder: Encoder, claim: str, parts: Sequence[str]) -> tuple[int, ...]:
    """Which sentences are read beside a claim, in text order; none where the claim or all of the text is blank."""
    there = [i for i, part in enumerate(parts) if part.strip()]
    if not there or not claim.strip():
        return ()
    vectors = encoder.encode([claim, *(parts[i] for i in there)])
    order = [there[i] for i in nearness(vectors[0], vectors[1:])]
    return pair_layout.fitting(claim, parts, order)


class JoinedJudge:
    """Both judges as one; see ``models/stance.py`` for what a judge gives. Safe to share between threads."""

    name = "stance-joined"

    def __init__(self, encoder: Encoder, network: CrossEncoder) -> None:
        self._encoder = encoder
        self._features = FeatureJudge(encoder)
        self._network = network

    @property
    def digest(self) -> str:
        """sha256 over both judges' digests, the network's part, and how much of a text is read."""
        parts = (self._features.digest, self._network.digest, NETWORK, *pair_layout.BOUNDS)
        return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence text) pairs in their order. Of a long evidence the closest sentences are read.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        return [found.scores for found in self.judge_abstracts([(claim, as_parts(text)) for claim, text in pairs])]

    def judge_abstract(self, claim: str, parts: Sequence[str]) -> AbstractScores:
        """The scores of a claim against an abstract given as its sentences, and which of them are the evidence.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        return self.judge_abstracts([(claim, parts)])[0]

    def judge_abstracts(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[AbstractScores]:
        """``judge_abstract`` of several claims with their sentences, in order.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        places = [nearest(self._encoder, claim, parts) for claim, parts in pairs]
        asked = [(c, [parts[i] for i in read]) for (c, parts), read in zip(pairs, places, strict=True) if read]
        first = iter(self._features.judge_abstracts(asked))
        second = iter(self._network.run(asked))
        return [self._mean(next(first), next(second), read) if read else _NOTHING for read in places]

    def _mean(self, features: AbstractScores, network: PairScores, read: tuple[int, ...]) -> AbstractScores:
        ours = features.scores
        row = NETWORK * network.scores + (1 - NETWORK) * np.array([ours.supports, ours.refutes, ours.neutral])
        supports, refutes, _ = calibration.tempered(row[None, :], self._network.joined_temperature)[0]
        scores = StanceScores.rounded(float(supports), float(refutes))
        # What did not fit into the network's sequence is marked as nothing.
        return AbstractScores(scores, read, (*network.evidence, *(0.0 for _ in read[len(network.evidence) :])))


_NOTHING = AbstractScores(StanceScores(0.0, 0.0, 1.0), ())


def load_stance_judge(encoder: Encoder) -> Judge:
    """The shipped judge, on as many threads as the encoder.

    Raises:
        ModelFileError: the feature judge's weights are missing or damaged; the network's are read with the first pair.
    """
    return JoinedJudge(encoder, CrossEncoder(threads=encoder.threads))
