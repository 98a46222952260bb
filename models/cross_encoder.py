"""Owns the trained stance judge: a claim and the nearest sentences of one abstract read together by a transformer.

A cross-encoder on ONNX Runtime with two heads (as in MultiVerS, arXiv:2112.01640): three label logits, and for each
sentence whether it is the evidence. Every pair runs alone, on one thread, so that its scores never depend on the
other pairs of a call. ``training/cross_encoder`` makes the weights; their card is ``docs/cross-encoder.md``.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.errors import ModelFileError
from consilience.language import sentences

from . import calibration
from .encoder import Encoder
from .entailment import MOST_SENTENCES, StanceScores, closest
from .pair_layout import lay_out

WEIGHTS = Path(__file__).parent / "weights" / "witness_cross_encoder"
_ADVICE = "reinstall the package, or make the weights anew with training/cross_encoder"


@dataclass(frozen=True)
class PairScores:
    """A claim's scores against one text.

    ``read`` holds the indices of the sentences that were read, in text order; ``evidence`` the probability of each of
    them, to four decimals, that it is evidence for or against the claim.
    """

    scores: StanceScores
    read: tuple[int, ...]
    evidence: tuple[float, ...]


@dataclass(frozen=True)
class Logits:
    """The network's outputs for one pair: ``label`` of shape (3,), ``evidence`` of shape (sentences that fitted,)."""

    label: NDArray[np.float32]
    evidence: NDArray[np.float32]


class CrossEncoderJudge:
    """Judges (claim, evidence) pairs. Making one is cheap: the weights are read and checked when the first pair comes.

    Safe to share between threads.
    """

    name = "cross-encoder"

    def __init__(self, encoder: Encoder, folder: Path = WEIGHTS, threads: int = 2) -> None:
        self._encoder = encoder
        self._folder = folder
        self._threads = max(1, threads)
        self._lock = threading.Lock()
        self._network: Network | None = None

    @cached_property
    def digest(self) -> str:
        """sha256 over the weights and over the encoder's, which choose the sentences."""
        return hashlib.sha256((self._started().digest + self._encoder.digest).encode()).hexdigest()

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence text) pairs in their order. Of a long evidence the closest sentences are read.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        split = [(claim, [text[a:b] for a, b in sentences.split(text)] or [text]) for claim, text in pairs]
        return [found.scores for found in self._judge(split)]

    def judge_abstract(self, claim: str, parts: Sequence[str]) -> PairScores:
        """The scores of a claim against an abstract given as its sentences, and which of them are the evidence.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        return self._judge([(claim, parts)])[0]

    def _judge(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[PairScores]:
        network = self._started()
        read = [self._nearest(claim, parts) for claim, parts in pairs]
        wanted = [(c, [p[i] for i in chosen]) for (c, p), chosen in zip(pairs, read, strict=True) if chosen]
        found = iter(network.run(wanted))
        return [self._scores(next(found), chosen) if chosen else _NOTHING for chosen in read]

    def _nearest(self, claim: str, parts: Sequence[str]) -> tuple[int, ...]:
        """Indices of the sentences to read, in text order; none where there is nothing to judge."""
        said = [i for i, part in enumerate(parts) if part.strip()]
        if not claim.strip() or not said:
            return ()
        if len(said) <= MOST_SENTENCES:
            return tuple(said)
        vectors = self._encoder.encode([claim, *(parts[i] for i in said)])
        return tuple(said[i] for i in closest(vectors[0], vectors[1:], MOST_SENTENCES))

    def _scores(self, found: Logits, read: tuple[int, ...]) -> PairScores:
        row = calibration.softmax(found.label[None, :].astype(np.float64), self._started().temperature)[0]
        first, second = round(float(row[0]), 4), round(float(row[1]), 4)
        marks = 1 / (1 + np.exp(-found.evidence.astype(np.float64)))
        scores = StanceScores(first, second, round(max(0.0, 1.0 - first - second), 4))
        return PairScores(scores, read[: len(marks)], tuple(round(float(mark), 4) for mark in marks))

    def _started(self) -> Network:
        with self._lock:
            if self._network is None:
                self._network = Network(self._folder, self._threads)
            return self._network


class Network:
    """The exported graph with its tokenizer: pairs to logits, each pair alone.

    Raises:
        ModelFileError: a file is missing, or is not the one that ``weights.json`` names.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        from tokenizers import Tokenizer

        content = _read(folder / "weights.json")
        try:
            told: dict[str, Any] = json.loads(content)
            sums: dict[str, str] = told["sha256"]
            self.temperature = float(told["temperature"])
            self._first, self._separator = int(told["first"]), int(told["separator"])
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFileError("the cross-encoder's weights.json is damaged", _ADVICE) from error
        files = {name: _checked(folder / name, sums.get(name, "")) for name in ("model.onnx", "tokenizer.json")}
        self.digest = hashlib.sha256(content).hexdigest()
        runtime: Any = import_module("onnxruntime")  # its classes carry no types
        options: Any = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._tokenizer: Any = Tokenizer.from_str(files["tokenizer.json"].decode())
        self._session: Any = runtime.InferenceSession(files["model.onnx"], options, providers=["CPUExecutionProvider"])
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="cross-encoder")

    def run(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Logits]:
        """The logits of claims with their sentences, in order."""
        return list(self._pool.map(self._one, pairs))

    def _one(self, pair: tuple[str, Sequence[str]]) -> Logits:
        claim, parts = pair
        made = lay_out(self._ids(claim), [self._ids(part) for part in parts], self._first, self._separator)
        label, evidence = self._session.run(None, {"input_ids": np.array([made.ids], dtype=np.int64)})
        return Logits(label[0], evidence[0][made.ends])

    def _ids(self, text: str) -> list[int]:
        # Half a surrogate pair, which JSON may carry, is no text that a tokenizer takes.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return self._tokenizer.encode(clean, add_special_tokens=False).ids


def load_cross_encoder(encoder: Encoder, threads: int = 2) -> CrossEncoderJudge:
    """The shipped judge with that many threads."""
    return CrossEncoderJudge(encoder, threads=threads)


_NOTHING = PairScores(StanceScores(0.0, 0.0, 1.0), (), ())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"the cross-encoder's {path.name} cannot be read: {error.strerror}", _ADVICE) from error


def _checked(path: Path, sha256: str) -> bytes:
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelFileError(f"the cross-encoder's {path.name} is damaged: its sha256 differs", _ADVICE)
    return content
