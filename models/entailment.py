"""Owns the entailment witness: whether evidence supports, refutes or does not settle a claim.

Two judges of different make read the same nearest sentences: one on explicit features, which knows direction and "no
difference" by rule (``feature_judge``), and a trained cross-encoder, which has seen how science words things
(``cross_encoder``). Their probabilities are averaged, which is better than either alone (``docs/cross-encoder.md``),
and one temperature, fitted on pairs held out of the network's training, calibrates the mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from . import calibration
from .cross_encoder import CrossEncoder, PairScores
from .encoder import Encoder
from .feature_judge import FeatureJudge
from .stance import AbstractScores, Judge, StanceScores, as_parts

__all__ = ["JoinedJudge", "load_stance_judge"]


class JoinedJudge:
    """Both judges as one; see ``models/stance.py`` for what a judge gives. Safe to share between threads."""

    name = "stance-joined"

    def __init__(self, features: FeatureJudge, network: CrossEncoder) -> None:
        self._features = features
        self._network = network

    @property
    def digest(self) -> str:
        """sha256 over both judges' digests."""
        return hashlib.sha256(f"{self._features.digest} {self._network.digest}".encode()).hexdigest()

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence text) pairs in their order. Of a long evidence the closest sentences are read.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        return [found.scores for found in self._judge([(claim, as_parts(text)) for claim, text in pairs])]

    def judge_abstract(self, claim: str, parts: Sequence[str]) -> AbstractScores:
        """The scores of a claim against an abstract given as its sentences, and which of them are the evidence.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        return self._judge([(claim, parts)])[0]

    def _judge(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[AbstractScores]:
        # Blank parts are taken out here, so that both judges read the very same sentences.
        places = [[i for i, part in enumerate(parts) if part.strip()] for _, parts in pairs]
        said = [(claim, [parts[i] for i in kept]) for (claim, parts), kept in zip(pairs, places, strict=True)]
        first = self._features.judge_abstracts(said)
        asked = [(c, [parts[i] for i in f.read]) for (c, parts), f in zip(said, first, strict=True) if f.read]
        second = iter(self._network.run(asked))
        return [self._mean(f, next(second), kept) if f.read else f for f, kept in zip(first, places, strict=True)]

    def _mean(self, features: AbstractScores, network: PairScores, places: Sequence[int]) -> AbstractScores:
        ours = features.scores
        row = (np.array([[ours.supports, ours.refutes, ours.neutral]]) + network.scores) / 2
        supports, refutes, _ = calibration.tempered(row, self._network.joined_temperature)[0]
        scores = StanceScores.rounded(float(supports), float(refutes))
        # What did not fit into the network's sequence is marked as nothing.
        marks = (*network.evidence, *(0.0 for _ in features.read[len(network.evidence) :]))
        return AbstractScores(scores, tuple(places[i] for i in features.read), marks)


def load_stance_judge(encoder: Encoder) -> Judge:
    """The shipped judge, on as many threads as the encoder.

    Raises:
        ModelFileError: the feature judge's weights are missing or damaged; the network's are read with the first pair.
    """
    return JoinedJudge(FeatureJudge(encoder), CrossEncoder(threads=encoder.threads))
