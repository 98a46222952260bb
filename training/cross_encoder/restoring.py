"""Reads a shipped graph back into the network, so that training can go on from what ships::

    python -m consilience.training.cross_encoder.restoring EXPORT TARGET --backbone mpnet9 --weights DIR

The stages' own checkpoints are too large to be kept; the exported file holds the same weights in eight bits. What no
stage trains (the word vectors, the frozen layers) comes from the backbone, the rest from the file. TARGET gets
``final.pt``, which ``--start`` of a stage takes.
"""

# pyright: basic, reportMissingImports=false
# torch and onnx belong to no environment of the project (a gigabyte, needed once), so their types are unknown.

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from .batches import PairTokenizer
from .fitting import write
from .network import CrossEncoder

_MIDDLE = 128
"""The byte that stands for zero in symmetric blocks of eight bits."""


def main() -> None:
    """Build the network from its backbone, put the file's weights in, and write them down."""
    from .__main__ import BACKBONES

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, help="folder of exported weights")
    parser.add_argument("target", type=Path, help="folder to write final.pt into")
    parser.add_argument("--backbone", choices=sorted(BACKBONES), required=True)
    parser.add_argument("--weights", type=Path, required=True, help="folder of the backbone: model, config, tokenizer")
    given = parser.parse_args()
    tokenizer = PairTokenizer(given.weights / "tokenizer.json")
    network = CrossEncoder(given.weights, BACKBONES[given.backbone][0], tokenizer.separator, tokenizer.padding)
    missing = restore(network, onnx.load(str(given.export / "model.onnx")))
    given.target.mkdir(parents=True, exist_ok=True)
    write(given.target / "final.pt", network.state_dict())
    print(f"from the backbone, because no stage trains them: {len(missing)} weights")


def restore(network: CrossEncoder, model: Any) -> list[str]:  # noqa: ANN401 - onnx has no types here
    """Put the graph's weights into the network; gives the names of those that stay as they are.

    Raises:
        ValueError: a weight that a stage trains is not in the graph.
    """
    stored = {part.name: numpy_helper.to_array(part) for part in model.graph.initializer}
    found = {name: rows for name, rows in stored.items() if rows.dtype == np.float32}
    found |= _products(model, stored) | _looked_up(stored)
    own = network.state_dict()
    trained = {name for name, part in network.named_parameters() if part.requires_grad}
    missing = sorted(trained - found.keys())
    if missing:
        raise ValueError(f"the graph lacks {', '.join(missing)}")
    with torch.no_grad():
        for name in trained:
            own[name].copy_(torch.from_numpy(found[name].reshape(tuple(own[name].shape)).copy()))
    return sorted(own.keys() - trained)


def _products(model: Any, stored: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - onnx has no types here
    """The weights of matrix products, named after the bias that is added to each product."""
    added = {name: node for node in model.graph.node if node.op_type == "Add" for name in node.input}
    found: dict[str, Any] = {}
    for node in model.graph.node:
        if node.op_type == "MatMulNBits":
            bias = next(name for name in added[node.output[0]].input if name.endswith(".bias"))
            blocks = stored[node.input[1]].astype(np.float32) - _MIDDLE
            rows = blocks * stored[node.input[2]].reshape(*blocks.shape[:2], 1)
            found[f"{bias.removesuffix('bias')}weight"] = rows.reshape(len(rows), -1)
    return found


def _looked_up(stored: dict[str, Any]) -> dict[str, Any]:
    """The tables that are looked up by row."""
    end = "_quantized"
    return {
        name.removesuffix(end): (rows.astype(np.float32) - stored[f"{name.removesuffix(end)}_zero_point"])
        * stored[f"{name.removesuffix(end)}_scale"]
        for name, rows in stored.items()
        if name.endswith(end)
    }


if __name__ == "__main__":
    main()
