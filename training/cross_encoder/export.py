"""Writes the shipped cross-encoder: a trained stage in, one quantised ONNX graph with its card out::

    python -m consilience.training.cross_encoder.export STAGE TARGET --weights DIR --data DIR --cache DIR

The graph takes the token ids of *one* pair and gives its label logits and a logit for each token. Weights are
quantised to eight bits, those of matrix products in blocks of 128 with a scale each (``MatMulNBits``, which also scales
activations by block), the word vectors by row. Dynamic quantisation of whole tensors, which is twice as fast, is not
used: mpnet's feed-forward layers have a few very large activations, and beside them the rest is rounded away (on 384
held-out pairs the label changed in 12 %, against 1 % here). The temperatures are fitted on held-out pairs with the
quantised graph itself, and what quantisation changes is measured on the same pairs.
"""

# pyright: basic, reportMissingImports=false
# torch and onnx belong to no environment of the project (a gigabyte, needed once), so their types are unknown.

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from consilience.models import calibration
from consilience.models.pair_layout import MOST_TOKENS

from . import benchmarks, measures
from .batches import PairTokenizer
from .evaluate import feature_judge
from .exported import from_export
from .judging import load, logits
from .network import CrossEncoder

OPSET = 18
MAX_BYTES = 95_000_000
"""What a code host takes in one file."""
BLOCK = 128
INT8_PRODUCTS = 4
"""ONNX Runtime's ``accuracy_level`` at which products are taken in eight bits."""
_THREADS = 2
_DRIFT = 4
"""Drift is measured on one held-out pair in so many: torch in fp32 is slow."""


def main() -> None:
    """Export, quantise, fit the temperature, measure the drift, and put the folder in place when all is made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", type=Path, help="folder of a trained stage")
    parser.add_argument("target", type=Path, help="folder to write")
    parser.add_argument("--weights", type=Path, required=True, help="the folder that holds the backbones' folders")
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    parser.add_argument("--cache", type=Path, required=True, help="where chosen sentences are kept")
    given = parser.parse_args()
    network, tokenizer = load(given.stage, given.weights)
    source = given.weights / json.loads((given.stage / "stage.json").read_text(encoding="utf-8"))["weights"]
    given.target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.target.parent) as folder:
        made = Path(folder)
        write(network, tokenizer, source, made)
        drift = fit(network, tokenizer, made, given.data, given.cache)
        given.target.mkdir(exist_ok=True)
        for file in sorted(p for p in made.iterdir() if p.suffix != ".full"):
            file.replace(given.target / file.name)
    print(json.dumps(drift, indent=1))


def write(network: CrossEncoder, tokenizer: PairTokenizer, source: Path, made: Path) -> None:
    """The quantised graph, the tokenizer and a first ``weights.json`` with a temperature of 1."""
    full = made / "model.full"
    graph(network, full)
    quantise(full, made / "model.onnx")
    anonymise(made / "model.onnx")
    size = (made / "model.onnx").stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"the graph has {size} bytes, more than {MAX_BYTES}")
    plain_tokenizer(source / "tokenizer.json", made / "tokenizer.json")
    for name in ("LICENSE", "NOTICE"):
        if (source / name).exists():
            shutil.copyfile(source / name, made / name)
    sums = {n: hashlib.sha256((made / n).read_bytes()).hexdigest() for n in ("model.onnx", "tokenizer.json")}
    told = {"temperature": 1.0, "first": tokenizer.first, "separator": tokenizer.separator, "sha256": sums}
    (made / "weights.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def fit(network: CrossEncoder, tokenizer: PairTokenizer, made: Path, data: Path, cache: Path) -> dict[str, Any]:
    """Fit the temperature, write it down, and say how far the quantised graph is from the network."""
    pairs = benchmarks.nearest(benchmarks.calibration_pairs(data), cache)
    found, found_marks = from_export(made, _THREADS)(pairs)
    temperature = measures.fit_temperature(found, pairs)
    features, _ = feature_judge()(pairs)
    some = slice(None, None, _DRIFT)
    shipped, marks = found[some], found_marks[some]
    reference, reference_marks = logits(network, tokenizer, pairs[some])
    told = json.loads((made / "weights.json").read_text(encoding="utf-8")) | {
        "temperature": temperature,
        "joined_temperature": measures.fit_temperature(measures.joined(found, features, temperature), pairs),
    }
    (made / "weights.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    a, b = (calibration.softmax(rows, temperature) for rows in (shipped, reference))
    return {
        "pairs": len(reference),
        "temperature": temperature,
        "same_label": round(float((shipped.argmax(axis=1) == reference.argmax(axis=1)).mean()), 4),
        "mean_difference_of_probability": round(float(np.abs(a - b).mean()), 4),
        "largest_difference_of_probability": round(float(np.abs(a - b).max()), 4),
        "mean_difference_of_evidence_logit": round(
            float(np.mean([np.abs(x - y).mean() for x, y in zip(marks, reference_marks, strict=True)])), 4
        ),
        "bytes": (made / "model.onnx").stat().st_size,
    }


def graph(network: CrossEncoder, target: Path) -> None:
    """The fp32 graph with a free length of the sequence."""
    example = torch.randint(10, network.transformer.config.vocab_size, (1, 24), dtype=torch.int64)
    program = torch.onnx.export(
        network.eval(),
        (example,),
        input_names=["input_ids"],
        output_names=["label", "evidence"],
        dynamic_shapes={"ids": {1: torch.export.Dim("tokens", min=4, max=MOST_TOKENS)}},
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    program.save(str(target))


def quantise(full: Path, target: Path) -> None:
    """The graph with its weights in eight bits."""
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words.onnx"
        quantize_dynamic(
            str(full), str(words), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["Gather"]
        )
        made: Any = MatMulNBitsQuantizer(
            onnx.load(str(words)), bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_PRODUCTS
        )
    logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.WARNING)
    made.process()
    made.model.save_model_to_file(str(target))


def plain_tokenizer(source: Path, target: Path) -> None:
    """The tokenizer without truncation and padding: the layout cuts."""
    told = json.loads(source.read_text(encoding="utf-8"))
    told["truncation"] = told["padding"] = None
    target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def anonymise(path: Path) -> None:
    """Take out what the exporter notes beside nodes: stack traces with the maker's paths and lines."""
    model = onnx.load(str(path))
    inside = model.graph
    for part in (model, inside, *inside.node, *inside.value_info, *inside.input, *inside.output, *inside.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(model, str(path))


if __name__ == "__main__":
    main()
