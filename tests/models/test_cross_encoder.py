"""The cross-encoder judge on a tiny untrained network: what a pair gives, alone or among others, and damaged weights.

``training/cross_encoder/tiny.py`` made the network. What the shipped weights say is tested where they are there.
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
from consilience.models.cross_encoder import WEIGHTS, CrossEncoderJudge, Network, load_cross_encoder
from consilience.models.encoder import Encoder
from consilience.models.entailment import MOST_SENTENCES, StanceScores

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

needs_weights = pytest.mark.skipif(not (WEIGHTS / "model.onnx").exists(), reason="the trained weights do not ship yet")


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> CrossEncoderJudge:
    return CrossEncoderJudge(encoder, TINY)


def test_scores_are_rounded_and_sum_to_one(judge: CrossEncoderJudge) -> None:
    found = judge.judge([(CLAIM, part) for part in PARTS])
    assert len(set(found)) > 1
    for scores in found:
        values = (scores.supports, scores.refutes, scores.neutral)
        assert sum(values) == pytest.approx(1, abs=1e-9)
        assert all(value == round(value, 4) and 0 <= value <= 1 for value in values)


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


def test_the_nearest_sentences_are_read_in_text_order(judge: CrossEncoderJudge) -> None:
    found = judge.judge_abstract(CLAIM, PARTS)
    assert len(found.read) == len(found.evidence) == MOST_SENTENCES
    assert list(found.read) == sorted(found.read)
    assert 1 in found.read
    assert all(0 <= chance <= 1 and chance == round(chance, 4) for chance in found.evidence)


def test_a_short_text_is_read_whole_without_its_empty_sentences(judge: CrossEncoderJudge) -> None:
    assert judge.judge_abstract(CLAIM, ["", PARTS[0], "  ", PARTS[1]]).read == (1, 3)


@pytest.mark.parametrize(("claim", "text"), [("", PARTS[0]), (CLAIM, ""), (" ", " "), (CLAIM, "\n")])
def test_nothing_to_judge_is_not_enough(judge: CrossEncoderJudge, claim: str, text: str) -> None:
    assert judge.judge([(claim, text)]) == [StanceScores(0.0, 0.0, 1.0)]


def test_order_is_kept_around_pairs_without_text(judge: CrossEncoderJudge) -> None:
    pairs = [(CLAIM, PARTS[1]), ("", ""), (CLAIM, PARTS[4])]
    assert judge.judge(pairs) == [judge.judge([pair])[0] for pair in pairs]


@hypothesis_settings(max_examples=40)
@given(claim=st.text(max_size=300), text=st.text(max_size=900))
def test_any_text_is_judged(judge: CrossEncoderJudge, claim: str, text: str) -> None:
    scores = judge.judge([(claim, text)])[0]
    assert 0.99 < scores.supports + scores.refutes + scores.neutral < 1.01


def test_half_a_surrogate_pair_is_judged(judge: CrossEncoderJudge) -> None:
    assert judge.judge([("Yoga \ud800 reduces pain", "Yoga \udfff.")])


def test_digest_names_weights_and_encoder(judge: CrossEncoderJudge, encoder: Encoder) -> None:
    assert judge.digest == CrossEncoderJudge(encoder, TINY).digest
    assert len(judge.digest) == 64


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "weights.json"])
def test_a_missing_file_is_said(encoder: Encoder, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    (folder / name).unlink()
    with pytest.raises(ModelFileError, match=name):
        CrossEncoderJudge(encoder, folder).judge([(CLAIM, PARTS[0])])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_said(encoder: Encoder, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(ModelFileError, match="sha256"):
        CrossEncoderJudge(encoder, folder).judge([(CLAIM, PARTS[0])])


@pytest.mark.parametrize("content", ["", "{}", "[]", json.dumps({"temperature": "x", "sha256": {}})])
def test_damaged_settings_are_said(encoder: Encoder, tmp_path: Path, content: str) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "weights"))
    (folder / "weights.json").write_text(content)
    with pytest.raises(ModelFileError, match="damaged"):
        CrossEncoderJudge(encoder, folder).judge([(CLAIM, PARTS[0])])


@needs_weights
@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("Yoga reduces back pain compared with usual care.", "supports"),
        ("Yoga increases back pain compared with usual care.", "refutes"),
        ("Compilers written in Rust start faster.", "neutral"),
    ],
)
def test_the_shipped_weights_know_direction_and_topic(encoder: Encoder, claim: str, stance: str) -> None:
    evidence = "Yoga reduced back pain significantly more than usual care (mean difference -1.4; 95% CI -2.1 to -0.7)."
    scores = load_cross_encoder(encoder).judge([(claim, evidence)])[0]
    assert max(("supports", "refutes", "neutral"), key=lambda name: getattr(scores, name)) == stance
