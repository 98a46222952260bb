"""Owns the stance judge on explicit features: whether evidence supports, refutes or does not settle a claim.

Two logistic regressions over explicit features (``stance_features.py``): whether the evidence is about the claim, and
if so, whether it speaks for it. The signs of their coefficients are constrained, so that more agreement never lowers
support. The weights are plain JSON, made by ``training/stance.py``; the figures are in ``weights/stance/CARD.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.errors import ModelFileError
from consilience.language import reversal

from . import calibration, stance_features
from .encoder import Encoder
from .stance import AbstractScores, StanceScores, as_parts, nearness

WEIGHTS = Path(__file__).parent / "weights" / "stance" / "weights.json"
MOST_SENTENCES = 5
"""How many sentences are read: the nearest to the claim. The weights are fitted for as many."""


@dataclass(frozen=True)
class Logistic:
    """A logistic regression on standardised features."""

    features: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercept: float

    def probability(self, found: dict[str, float]) -> float:
        """The probability for one pair's features."""
        row = (np.array([found[name] for name in self.features]) - self.mean) / self.scale
        return float(1 / (1 + np.exp(-(row @ self.coefficients + self.intercept))))


@dataclass(frozen=True)
class _Model:
    related: Logistic
    favours: Logistic
    temperature: float


class FeatureJudge:
    """Judges (claim, evidence) pairs, each alone: a pair's scores never depend on the other pairs of a call."""

    name = "stance-features"

    def __init__(self, encoder: Encoder, weights: Path = WEIGHTS) -> None:
        self._encoder = encoder
        self._content = _read(weights)
        self._model = _parse(self._content, weights)

    @property
    def digest(self) -> str:
        """sha256 over the weights, the encoder's weights and the rules that make the features."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        total = hashlib.sha256(self._content + self._encoder.digest.encode())
        for name, content in _rules():
            total.update(name.encode() + b"\0" + content)
        return total.hexdigest()

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence text) pairs in their order. Of a long evidence the closest sentences are read."""
        return [found.scores for found in self.judge_abstracts([(claim, as_parts(text)) for claim, text in pairs])]

    def judge_abstract(self, claim: str, parts: Sequence[str]) -> AbstractScores:
        """The scores of a claim against an abstract given as its sentences, and which of them were read."""
        return self.judge_abstracts([(claim, parts)])[0]

    def judge_abstracts(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[AbstractScores]:
        """``judge_abstract`` of several claims with their sentences, in order."""
        known = [(c, list(p)) for c, p in pairs if c.strip() and any(s.strip() for s in p)]
        texts = list(dict.fromkeys(t for c, parts in known for t in (c, reversal.reverse(c), *parts)))
        vectors = dict(zip(texts, self._encoder.encode(texts), strict=True))
        return [self._one(claim, parts, vectors) for claim, parts in pairs]

    def _one(self, claim: str, parts: Sequence[str], vectors: dict[str, NDArray[np.float32]]) -> AbstractScores:
        if not claim.strip() or not any(s.strip() for s in parts):
            return AbstractScores(StanceScores(0.0, 0.0, 1.0), ())
        found, read = features(claim, parts, vectors, MOST_SENTENCES)
        return AbstractScores(self._scores(found), read)

    def _scores(self, found: dict[str, float]) -> StanceScores:
        related, favours = self._model.related.probability(found), self._model.favours.probability(found)
        row = np.array([[related * favours, related * (1 - favours), 1 - related]])
        supports, refutes, _ = calibration.tempered(row, self._model.temperature)[0]
        return StanceScores.rounded(float(supports), float(refutes))


def features(
    claim: str, parts: Sequence[str], vectors: dict[str, NDArray[np.float32]], most: int
) -> tuple[dict[str, float], tuple[int, ...]]:
    """A claim's features against its ``most`` closest sentences, and which those are.

    ``vectors`` holds those of the claim, of the claim reversed and of all sentences.
    """
    read = tuple(sorted(nearness(vectors[claim], np.stack([vectors[s] for s in parts]))[:most]))
    chosen = [parts[i] for i in read]
    turned = vectors[reversal.reverse(claim)]
    return stance_features.of(claim, chosen, vectors[claim], turned, np.stack([vectors[s] for s in chosen])), read


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"the stance judge's weights cannot be read: {error.strerror}", _ADVICE) from error


def _parse(content: bytes, path: Path) -> _Model:
    try:
        data: dict[str, Any] = json.loads(content)
        model = _Model(_logistic(data["related"]), _logistic(data["favours"]), float(data["temperature"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"the stance judge's weights in {path.name} are damaged", _ADVICE) from error
    return model


def _logistic(data: dict[str, Any]) -> Logistic:
    part = Logistic(
        features=tuple(data["features"]),
        mean=np.array(data["mean"], dtype=np.float64),
        scale=np.array(data["scale"], dtype=np.float64),
        coefficients=np.array(data["coefficients"], dtype=np.float64),
        intercept=float(data["intercept"]),
    )
    count = (len(part.features),)
    if not part.mean.shape == part.scale.shape == part.coefficients.shape == count:
        raise ValueError("features and weights differ in number")
    if not set(part.features) <= stance_features.names():
        raise ValueError("unknown features")
    return part


_ADVICE = "reinstall the package, or make the weights anew with training/stance.py"


def _rules() -> list[tuple[str, bytes]]:
    """The sources that decide the features: the language room with its lexicons, and the features themselves."""
    room = resources.files("consilience.language")
    files = [(p.name, p.read_bytes()) for p in room.iterdir() if p.name.endswith(".py")]
    files += [(p.name, p.read_bytes()) for p in (room / "lexicons").iterdir() if p.name.endswith(".toml")]
    files.append(("stance_features.py", Path(stance_features.__file__).read_bytes()))
    return sorted(files)
