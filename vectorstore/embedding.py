"""Owns what Chroma is told about our vectors, so that it never reaches for a model of its own.

A collection without an embedding function gets Chroma's default one, which downloads weights. The index
always hands Chroma finished vectors; this class is registered so that a stored collection names what made
them.
"""

from __future__ import annotations

from typing import Any, cast

from chromadb.api.types import Documents, EmbeddingFunction, Embeddings, Space
from chromadb.utils import embedding_functions

from consilience.models.encoder import Encoder, load_encoder


class SentenceEmbedding(EmbeddingFunction[Documents]):
    """The project's encoder in the shape that Chroma registers and stores by name."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __call__(self, input: Documents) -> Embeddings:
        """One unit vector a document."""
        return cast(Embeddings, list(self._encoder.encode(input)))

    @staticmethod
    def name() -> str:
        """The name under which a collection remembers it."""
        return "consilience-sentence-encoder"

    def get_config(self) -> dict[str, Any]:
        """What is stored beside the name: the model and the digest of its weights."""
        return {"model": self._encoder.name, "digest": self._encoder.digest}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> SentenceEmbedding:
        """The process's encoder: the package ships one, whatever the configuration names."""
        return SentenceEmbedding(load_encoder())

    def default_space(self) -> Space:
        """Unit vectors are compared by cosine."""
        return "cosine"

    def supported_spaces(self) -> list[Space]:
        """Nothing but cosine."""
        return ["cosine"]


cast(Any, embedding_functions).register_embedding_function(SentenceEmbedding)  # a decorator that carries no types
