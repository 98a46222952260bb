"""Owns text to vector: the sentence encoder all-MiniLM-L6-v2 on ONNX Runtime (``weights/encoder/CARD.md``).

Every sequence runs alone, without padding, on one thread; several sequences run side by side. Dynamic int8
quantisation scales activations over all that is in a batch, so this is what makes a text's vector the same
whatever was encoded beside it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilience.errors import ModelFileError

WEIGHTS = Path(__file__).parent / "weights" / "encoder"
# Both files decide every vector, so both are checked. training/export_encoder.py writes these in CARD.md.
MODEL_SHA256 = "864f3223ed8addb9e869d67517d0164f43cad7150d323edacf3c9ebf50316672"
TOKENIZER_SHA256 = "8b79639ec74b46604e730f505186eaafb1006d2fd00f2c4930d168bb7f894680"
_KEPT = 20_000  # vectors; 30 MB with their texts' keys aside
_MARKERS = 2  # [CLS] and [SEP]: a sequence that holds no more than these holds no text


class Encoder:
    """Texts to unit vectors. Making one is cheap: files are read and checked when the first text comes.

    Safe to share between threads. ``digest`` is the sha256 of the weights; it names the vectors' origin in an
    index and in a run's manifest.
    """

    dimension: int = 384
    name: str = "all-MiniLM-L6-v2"
    digest: str = MODEL_SHA256

    def __init__(self, threads: int = 2, weights: Path = WEIGHTS) -> None:
        self.threads = max(1, threads)
        self._weights = weights
        self._lock = threading.Lock()
        self._kernel: _Kernel | None = None
        self._kept: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in order: shape ``(len(texts), 384)``, Euclidean length 1.

        A text without a token (empty, white space, control characters) gives a row of zeros. Of a long text
        the first 256 tokens are read.

        Raises:
            ModelFileError: the shipped weights are missing or damaged.
        """
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            if text.strip():
                places.setdefault(text, []).append(place)
        known = self._known(places)
        missing = [text for text in places if text not in known]
        if missing:
            known |= self._keep(dict(zip(missing, self._started().run(missing), strict=True)))
        for text, same in places.items():
            rows[same] = known[text]
        return rows

    def _known(self, texts: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        with self._lock:
            return {text: self._kept[text] for text in texts if text in self._kept}

    def _keep(self, fresh: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        """Keep new vectors for whoever asks next (a run looks at one sentence several times); the oldest go."""
        with self._lock:
            self._kept |= fresh
            for text in list(self._kept)[: max(0, len(self._kept) - _KEPT)]:
                del self._kept[text]
        return fresh

    def _started(self) -> _Kernel:
        with self._lock:
            if self._kernel is None:
                self._kernel = _Kernel(self._weights, self.threads)
            return self._kernel


class _Kernel:
    """The loaded tokenizer and graph, and the threads that run them."""

    def __init__(self, weights: Path, threads: int) -> None:
        from tokenizers import Tokenizer

        runtime: Any = import_module("onnxruntime")  # its classes carry no types
        graph = _checked(weights / "model.onnx", MODEL_SHA256)
        tokenizer = _checked(weights / "tokenizer.json", TOKENIZER_SHA256)
        options: Any = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._tokenizer: Any = Tokenizer.from_str(tokenizer.decode())
        self._session: Any = runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder")

    def run(self, texts: list[str]) -> list[NDArray[np.float32]]:
        """One vector a text; zeros where the tokenizer finds nothing."""
        return list(self._pool.map(self._one, texts))

    def _one(self, text: str) -> NDArray[np.float32]:
        # Half a surrogate pair, which JSON may carry, is no text that a tokenizer takes.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(clean).ids
        if len(ids) <= _MARKERS:
            return np.zeros(Encoder.dimension, dtype=np.float32)
        return self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})[0][0]


def _checked(path: Path, sha256: str) -> bytes:
    """The file's bytes, if they are those that were shipped."""
    advice = "reinstall the package: its folder models/weights/encoder must hold the files as they were shipped"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"the encoder's file {path.name} cannot be read: {error.strerror}", advice) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelFileError(f"the encoder's file {path.name} is damaged: its sha256 differs", advice)
    return content


def load_encoder(threads: int = 2) -> Encoder:
    """The process's encoder with that many threads; made once."""
    return _encoder(max(1, threads))


@cache
def _encoder(threads: int) -> Encoder:
    return Encoder(threads)
