"""The cross-encoder on a tiny untrained network: what a pair gives, alone or among others, and damaged weights.

``training/cross_encoder/tiny.py`` made the network. What the shipped weights say is tested in ``test_entailment.py``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consilience.errors import ModelFileError
from consilience.models.cross_encoder import CrossEncoder, Network

TINY = Path(__file__).parents[1] / "support" / "tiny_cross_encoder"
CLAIM = "Yoga reduces back pain compared with placebo."
PARTS = [
    "We ran a trial of yoga in patients with back pain.",
    "Yoga reduces back pain more than placebo (P = .01).",
    "Sleep was no better.",
    "Memory was not measured.",
    "Placebo increases sleep in less than 20%.",
    "The trial was funded by nobody.",
    "Pain in the back increases in patients.",
]


@pytest.fixture(scope="module")
def network() -> CrossEncoder:
    return CrossEncoder(TINY)


def test_a_pair_gives_three_chances_and_a_mark_a_sentence(network: CrossEncoder) -> None:
    found = network.run([(CLAIM, [part]) for part in PARTS] + [(CLAIM, PARTS[:5])])
    assert len({tuple(pair.scores) for pair in found}) > 1
    for pair in found:
        assert pair.scores.shape == (3,)
        assert pair.scores.sum() == pytest.approx(1, abs=1e-9)
        assert all(0 <= mark <= 1 and mark == round(mark, 4) for mark in pair.evidence)
    assert [len(pair.evidence) for pair in found] == [1] * 7 + [5]


def test_sentences_that_do_not_fit_get_no_mark(network: CrossEncoder) -> None:
    assert len(network.run([(CLAIM, ["Yoga reduces back pain. " * 100, PARTS[0]])])[0].evidence) == 1


@pytest.mark.parametrize("size", [1, 7, 64])
def test_logits_do_not_depend_on_batch_mates(size: int) -> None:
    pairs = [(CLAIM + f" {i}", PARTS[i % 7 :]) for i in range(64)]
    alone = Network(TINY, 1)
    single = [alone.run([pair])[0] for pair in pairs]
    network = Network(TINY, 2)
    batched = [found for start in range(0, 64, size) for found in network.run(pairs[start : start + size])]
    for one, other in zip(single, batched, strict=True):
        np.testing.assert_allclose(one.label, other.label, atol=1e-5, rtol=0)
        np.testing.assert_allclose(one.evidence, other.evidence, atol=1e-5, rtol=0)


def test_nothing_asked_is_nothing_loaded(tmp_path: Path) -> None:
    assert CrossEncoder(tmp_path).run([]) == []


@hypothesis_settings(max_examples=40)
@given(claim=st.text(max_size=300), text=st.text(max_size=900))
def test_any_text_is_judged(network: CrossEncoder, claim: str, text: str) -> None:
    assert network.run([(claim, [text])])[0].scores.sum() == pytest.approx(1)


def test_half_a_surrogate_pair_is_judged(network: CrossEncoder) -> None:
    assert network.run([("Yoga \ud800 reduces pain", ["Yoga \udfff."])])


def test_the_digest_names_the_weights(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    told = json.loads((folder / "weights.json").read_text())
    (folder / "weights.json").write_text(json.dumps(told | {"temperature": 3.0}))
    assert CrossEncoder(TINY).digest == CrossEncoder(TINY).digest != CrossEncoder(folder).digest
    assert len(CrossEncoder(TINY).digest) == 64


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "weights.json"])
def test_a_missing_file_is_said(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    (folder / name).unlink()
    with pytest.raises(ModelFileError, match=name):
        CrossEncoder(folder).run([(CLAIM, PARTS)])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_said(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(ModelFileError, match="sha256"):
        CrossEncoder(folder).run([(CLAIM, PARTS)])


@pytest.mark.parametrize("content", ["", "{}", "[]", json.dumps({"temperature": "x", "sha256": {}})])
def test_damaged_settings_are_said(tmp_path: Path, content: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    (folder / "weights.json").write_text(content)
    with pytest.raises(ModelFileError, match="damaged"):
        CrossEncoder(folder).run([(CLAIM, PARTS)])
