"""Writes the network that the tests load, untrained and of a few kilobytes, by the same export as the shipped one::

python -m consilience.training.cross_encoder.tiny tests/support/tiny_cross_encoder
"""

# pyright: basic, reportMissingImports=false
# torch and transformers belong to no environment of the project, so their types are unknown.

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from . import export
from .batches import PairTokenizer
from .network import CrossEncoder, Shape

WORDS = "yoga reduces pain back placebo trial compared with than more less no not increases sleep memory patients in of"


def main(target: Path) -> None:
    """Make the backbone, put fresh heads on it, export."""
    torch.manual_seed(0)
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.,-%()"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS.split(), *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = transformers.BertConfig(vocab_size=len(pieces), max_position_embeddings=400, **shape)
    config.initializer_range = 0.5  # the usual 0.02 gives every pair the same scores
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "tiny", Path(folder) / "made"
        made.mkdir()
        transformers.BertModel(config).save_pretrained(source)
        tokenizer.save(str(source / "tokenizer.json"))
        pair = PairTokenizer(source / "tokenizer.json")
        export.write(CrossEncoder(source, Shape(), pair.separator, pair.padding), pair, source, made)
        target.mkdir(parents=True, exist_ok=True)
        for name in ("model.onnx", "tokenizer.json", "weights.json"):
            (target / name).write_bytes((made / name).read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
