"""The sentence encoder: unit vectors that depend on nothing but their text."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilience.errors import ModelFileError
from consilience.models.encoder import (
    MODEL_SHA256,
    TOKENIZER_SHA256,
    WEIGHTS,
    Encoder,
    load_encoder,
)

WORDS = [
    "glacier",
    "melt",
    "tutor",
    "salary",
    "enzyme",
    "vowel",
    "reactor",
    "harvest",
    "tariff",
    "neuron",
    "lattice",
    "voter",
]


def texts(count: int) -> list[str]:
    """Distinct texts of 1 to 40 words."""
    return [
        " ".join(WORDS[(i * j + j) % len(WORDS)] for j in range(1, 2 + (i * 7) % 40)) + f" {i}" for i in range(count)
    ]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_vectors_do_not_depend_on_batch_mates(encoder: Encoder) -> None:
    some = texts(64)
    together = encoder.encode(some)
    for size in (1, 7):
        parts = [encoder.encode(some[start : start + size]) for start in range(0, 64, size)]
        np.testing.assert_allclose(np.concatenate(parts), together, atol=1e-5)


def test_vectors_do_not_depend_on_order_threads_or_repetition(encoder: Encoder) -> None:
    some = texts(12)
    forwards = encoder.encode(some)
    np.testing.assert_array_equal(encoder.encode(some[::-1])[::-1], forwards)
    np.testing.assert_array_equal(Encoder(threads=1).encode(some), forwards)
    np.testing.assert_array_equal(encoder.encode([some[3], some[0], some[3]]), forwards[[3, 0, 3]])


def test_shape_type_and_length(encoder: Encoder) -> None:
    vectors = encoder.encode(texts(5))
    assert vectors.shape == (5, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("empty", ["", "  \n\t", "\x00\x01", "\u200b"])
def test_a_text_without_a_token_is_the_zero_vector(encoder: Encoder, empty: str) -> None:
    vectors = encoder.encode([empty, "a river in flood"])
    assert not vectors[0].any()
    assert vectors[1].any()


def test_like_is_nearer_than_unlike(encoder: Encoder) -> None:
    claim, paraphrase, other = encoder.encode(
        [
            "Rainfall raised wheat yields.",
            "Wheat harvests grew when there was more rain.",
            "The court dismissed the appeal on procedural grounds.",
        ]
    )
    assert claim @ paraphrase > 0.7 > 0.2 > claim @ other


def test_the_first_256_tokens_are_read(encoder: Encoder) -> None:
    base = " ".join(["ocean"] * 254)  # with its two markers: 256 tokens
    short, long, shorter = encoder.encode([base, base + " tax law" * 500, "ocean ocean tax law"])
    np.testing.assert_array_equal(short, long)
    assert short @ shorter < 0.999


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_gives_a_unit_or_a_zero_vector(text: str) -> None:
    length = float(np.linalg.norm(load_encoder().encode([text])[0]))
    assert length == 0 or abs(length - 1) < 1e-5


def test_half_a_surrogate_pair_is_no_error(encoder: Encoder) -> None:
    assert encoder.encode(["a broken \ud83d sign"]).any()


def test_threads_share_one_encoder() -> None:
    fresh = Encoder()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(fresh.encode, [texts(6)] * 4))
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer, answers[0])


def test_load_encoder_is_made_once() -> None:
    assert load_encoder() is load_encoder(2)
    assert load_encoder(1) is not load_encoder(2)


def test_making_one_reads_nothing(tmp_path: Path) -> None:
    assert Encoder(weights=tmp_path / "nowhere").encode(["", " "]).shape == (2, Encoder.dimension)


@pytest.mark.parametrize("damaged", ["model.onnx", "tokenizer.json"])
def test_damaged_and_missing_weights_are_told_with_advice(tmp_path: Path, damaged: str) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copyfile(WEIGHTS / name, tmp_path / name)
    content = (tmp_path / damaged).read_bytes()
    (tmp_path / damaged).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelFileError, match=f"{damaged} is damaged") as caught:
        Encoder(weights=tmp_path).encode(["text"])
    assert "reinstall" in caught.value.advice
    (tmp_path / damaged).unlink()
    with pytest.raises(ModelFileError, match=f"{damaged} cannot be read"):
        Encoder(weights=tmp_path).encode(["text"])


def test_the_card_names_the_shipped_files() -> None:
    card = (WEIGHTS / "CARD.md").read_text(encoding="utf-8")
    assert MODEL_SHA256 in card
    assert TOKENIZER_SHA256 in card
    assert (WEIGHTS / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")
    assert "sentence-transformers/all-MiniLM-L6-v2" in (WEIGHTS / "NOTICE").read_text(encoding="utf-8")
    assert (WEIGHTS / "model.onnx").stat().st_size < 95_000_000


def test_the_graph_holds_no_trace_of_where_it_was_made() -> None:
    content = (WEIGHTS / "model.onnx").read_bytes()
    assert b"site-packages" not in content
    assert b'File "' not in content
