"""Owns the network: a pretrained transformer with a head for the label and one for the evidence.

The label is read from the first token and the mean over all tokens together (the backbones were pretrained to carry
a text's meaning in the mean), the evidence from the separator that ends each sentence.
"""

# pyright: basic, reportMissingImports=false
# torch and transformers belong to no environment of the project (a gigabyte, needed once), so their types are unknown.

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

CLASSES = 3


@dataclass(frozen=True)
class Shape:
    """What decides the network beside its weights.

    ``layers`` is how many of the transformer's lower layers are kept (0: all). Dropping the top ones costs least
    (Sajjad et al. 2023, doi:10.1016/j.csl.2022.101429). ``frozen`` of them, and the word vectors, are not trained.
    """

    layers: int = 0
    frozen: int = 0
    dropout: float = 0.1

    def plain(self) -> dict[str, Any]:
        """The fields as a dictionary, for a checkpoint."""
        return asdict(self)


class CrossEncoder(torch.nn.Module):
    """Token ids of claim and sentences to three label logits and one evidence logit a token."""

    def __init__(self, backbone: Path, shape: Shape, separator: int, padding: int) -> None:
        super().__init__()
        self.separator, self.padding = separator, padding
        # Eager attention is plain matrix products: they quantise, and under bfloat16 they are the fastest here.
        self.transformer: Any = transformers.AutoModel.from_pretrained(
            backbone, attn_implementation="eager", add_pooling_layer=False, dtype=torch.float32
        )
        layers = self.transformer.encoder.layer
        if shape.layers:
            self.transformer.encoder.layer = layers = layers[: shape.layers]
            self.transformer.config.num_hidden_layers = shape.layers
        for part in (self.transformer.embeddings, *layers[: shape.frozen]):
            part.requires_grad_(False)
        width = self.transformer.config.hidden_size
        self.typed = getattr(self.transformer.config, "type_vocab_size", 0) == 2
        self.dense = torch.nn.Linear(2 * width, width)
        self.dropout = torch.nn.Dropout(shape.dropout)
        self.label = torch.nn.Linear(width, CLASSES)
        self.evidence = torch.nn.Linear(width, 1)

    def forward(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """``ids`` of shape (batch, tokens) to logits of shapes (batch, 3) and (batch, tokens)."""
        there = (ids != self.padding).to(torch.int64)
        given: dict[str, torch.Tensor] = {"input_ids": ids, "attention_mask": there}
        if self.typed:
            ends = (ids == self.separator).to(torch.int64)
            given["token_type_ids"] = ((ends.cumsum(dim=1) - ends) > 0).to(torch.int64) * there
        hidden = self.transformer(**given).last_hidden_state
        weights = there.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
        joined = torch.tanh(self.dense(torch.cat([hidden[:, 0], mean], dim=1)))
        return self.label(self.dropout(joined)), self.evidence(self.dropout(hidden)).squeeze(-1)
