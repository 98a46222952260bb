"""Owns the trained cross-encoder: a claim and the nearest sentences of one abstract read together by a transformer.

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

from . import calibration
from .pair_layout import lay_out

WEIGHTS = Path(__file__).parent / "weights" / "witness_cross_encoder"
_ADVICE = "reinstall the package, or make the weights anew with training/cross_encoder"


@dataclass(frozen=True)
class PairScores:
    """A claim's scores against the sentences that were read beside it.

    ``scores``, shape (3,), holds the calibrated probabilities of supports, refutes and neutral; ``evidence`` for each
    sentence that fitted the probability, to four decimals, that it is evidence for or against the claim.
    """

    scores: NDArray[np.float64]
    evidence: tuple[float, ...]


@dataclass(frozen=True)
class Logits:
    """The network's outputs for one pair: ``label`` of shape (3,), ``evidence`` of shape (sentences that fitted,)."""

    label: NDArray[np.float32]
    evidence: NDArray[np.float32]


class CrossEncoder:
    """Reads claims with a few sentences each. Making one is cheap: its files are read when the first pair comes.

    Safe to share between threads.
    """

    def __init__(self, folder: Path = WEIGHTS, threads: int = 2) -> None:
        self._folder = folder
        self._threads = max(1, threads)
        self._lock = threading.Lock()
        self._network: Network | None = None

    @property
    def digest(self) -> str:
        """sha256 of ``weights.json``, which holds the sha256 of the graph and of the tokenizer."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(_read(self._folder / "weights.json")).hexdigest()

    @property
    def joined_temperature(self) -> float:
        """The temperature of the mean of this judge's probabilities and the feature judge's."""
        return self._started().joined_temperature

    def run(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[PairScores]:
        """The scores of claims with their sentences, none of them blank, in order.

        Raises:
            ModelFileError: the weights are missing or damaged.
        """
        if not pairs:
            return []
        network = self._started()
        return [_scores(found, network.temperature) for found in network.run(pairs)]

    def _started(self) -> Network:
        with self._lock:
            if self._network is None:
                self._network = Network(self._folder, self._threads)
            return self._network


def _scores(found: Logits, temperature: float) -> PairScores:
    row = calibration.softmax(found.label[None, :].astype(np.float64), temperature)[0]
    marks = 1 / (1 + np.exp(-found.evidence.astype(np.float64)))
    return PairScores(row, tuple(round(float(mark), 4) for mark in marks))


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
            self.joined_temperature = float(told.get("joined_temperature", 1.0))
            self._first, self._separator = int(told["first"]), int(told["separator"])
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFileError("the cross-encoder's weights.json is damaged", _ADVICE) from error
        files = {name: _checked(folder / name, sums.get(name, "")) for name in ("model.onnx", "tokenizer.json")}
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
