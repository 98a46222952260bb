"""Owns running a trained network over pairs: label logits and evidence logits, in fp32, without dropout."""

# pyright: basic, reportMissingImports=false
# torch belongs to no environment of the project, so its types are unknown.

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from .batches import PairTokenizer, batch
from .network import CrossEncoder, Shape
from .pairs import Labelled

_BATCH = 16


def logits(
    network: CrossEncoder, tokenizer: PairTokenizer, pairs: Sequence[Labelled]
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Label logits, shape (pairs, 3), and for each pair one evidence logit a sentence that fitted."""
    network.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(tokenizer.lay_out(pairs[i].claim, pairs[i].sentences)[0]))
    labels = np.zeros((len(pairs), 3))
    evidence: list[NDArray[np.float64]] = [np.zeros(0)] * len(pairs)
    with torch.no_grad():
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            given = batch(tokenizer, [pairs[i] for i in chosen])
            found, marks = network(given.ids)
            for row, index in enumerate(chosen):
                labels[index] = found[row].double().numpy()
                ends = tokenizer.lay_out(pairs[index].claim, pairs[index].sentences)[1]
                evidence[index] = marks[row, ends].double().numpy()
    return labels, evidence


def from_stage(
    folder: Path, weights: Path
) -> Callable[[Sequence[Labelled]], tuple[NDArray[np.float64], list[NDArray[np.float64]]]]:
    """The judge of a stage's folder; ``weights`` holds a folder for each backbone."""
    network, tokenizer = load(folder, weights)
    return lambda pairs: logits(network, tokenizer, pairs)


def load(folder: Path, weights: Path) -> tuple[CrossEncoder, PairTokenizer]:
    """The trained network of a stage's folder, and its tokenizer."""
    stage: dict[str, Any] = json.loads((folder / "stage.json").read_text(encoding="utf-8"))
    source = weights / stage["weights"]
    tokenizer = PairTokenizer(source / "tokenizer.json")
    network = CrossEncoder(source, Shape(**stage["shape"]), tokenizer.separator, tokenizer.padding)
    network.load_state_dict(torch.load(folder / "final.pt", weights_only=True))
    return network.eval(), tokenizer
