"""Owns running exported weights over labelled pairs, exactly as the product runs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilience.models.cross_encoder import Network

from .pairs import Labelled

Floats = NDArray[np.float64]


def from_export(folder: Path, threads: int = 1) -> Callable[[Sequence[Labelled]], tuple[Floats, list[Floats]]]:
    """The judge of a folder with ``model.onnx``, ``tokenizer.json`` and ``weights.json``."""
    network = Network(folder, threads)

    def judge(pairs: Sequence[Labelled]) -> tuple[Floats, list[Floats]]:
        found = network.run([(p.claim, p.sentences) for p in pairs])
        return np.array([f.label for f in found], dtype=np.float64), [f.evidence.astype(np.float64) for f in found]

    return judge
