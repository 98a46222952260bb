"""The feature judge: what it must get right, and that a pair's scores depend on that pair alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consilience.errors import ModelFileError
from consilience.models import stance_features
from consilience.models.encoder import Encoder
from consilience.models.feature_judge import WEIGHTS, FeatureJudge
from consilience.models.stance import StanceScores

EVIDENCE = "Yoga reduced back pain significantly more than usual care (mean difference -1.4; 95% CI -2.1 to -0.7)."
NONE = "Back pain did not differ significantly between yoga and usual care (P = .45)."
FOREIGN = "The new compiler shortened the build time of large programs by 40%."
CLAIM = "Yoga reduces back pain compared with usual care."


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> FeatureJudge:
    return FeatureJudge(encoder)


def most(scores: StanceScores) -> str:
    return max(("supports", "refutes", "neutral"), key=lambda name: getattr(scores, name))


@pytest.mark.parametrize(
    ("claim", "evidence", "stance"),
    [
        (CLAIM, EVIDENCE, "supports"),
        ("Yoga increases back pain compared with usual care.", EVIDENCE, "refutes"),
        ("Yoga has no effect on back pain compared with usual care.", EVIDENCE, "refutes"),
        (CLAIM, NONE, "refutes"),
        ("Back pain does not differ between yoga and usual care.", NONE, "supports"),
        (CLAIM, FOREIGN, "neutral"),
    ],
)
def test_direction_and_topic_decide(judge: FeatureJudge, claim: str, evidence: str, stance: str) -> None:
    assert most(judge.judge([(claim, evidence)])[0]) == stance


def test_pairs_are_judged_alone(judge: FeatureJudge, encoder: Encoder) -> None:
    pairs = [(CLAIM, EVIDENCE), (CLAIM, NONE), (CLAIM, FOREIGN), ("Memory improved.", EVIDENCE)] * 3
    together = judge.judge(pairs)
    assert together == [FeatureJudge(encoder).judge([pair])[0] for pair in pairs]


def test_scores_are_rounded_and_sum_to_one(judge: FeatureJudge) -> None:
    for scores in judge.judge([(CLAIM, EVIDENCE), (CLAIM, NONE), ("A", "B")]):
        values = (scores.supports, scores.refutes, scores.neutral)
        assert sum(values) == pytest.approx(1, abs=1e-9)
        assert all(value == round(value, 4) and 0 <= value <= 1 for value in values)


@pytest.mark.parametrize(("claim", "evidence"), [("", EVIDENCE), (CLAIM, ""), ("  ", "\n")])
def test_nothing_to_compare_is_neutral(judge: FeatureJudge, claim: str, evidence: str) -> None:
    assert judge.judge([(claim, evidence)]) == [StanceScores(0.0, 0.0, 1.0)]


def test_an_abstract_is_read_at_its_closest_sentences(judge: FeatureJudge) -> None:
    parts = [FOREIGN] * 6 + [EVIDENCE] + [FOREIGN] * 3
    found = judge.judge_abstract(CLAIM, parts)
    assert len(found.read) == 5
    assert 6 in found.read
    assert list(found.read) == sorted(found.read)
    assert judge.judge_abstract(CLAIM, []).scores == StanceScores(0.0, 0.0, 1.0)


@hypothesis_settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=120))
def test_any_texts_are_judged(encoder: Encoder, claim: str, evidence: str) -> None:
    scores = FeatureJudge(encoder).judge([(claim, evidence)])[0]
    assert 0 <= scores.neutral <= 1


def test_the_features_are_finite_and_named_alike(encoder: Encoder) -> None:
    vectors = encoder.encode([CLAIM, "Yoga increases back pain.", EVIDENCE, NONE])
    found = stance_features.of(CLAIM, [EVIDENCE, NONE], vectors[0], vectors[1], vectors[2:])
    assert set(found) == stance_features.names()
    assert all(np.isfinite(value) for value in found.values())


def test_the_digest_names_the_weights(encoder: Encoder, tmp_path: Path) -> None:
    other = tmp_path / "weights.json"
    content = json.loads(WEIGHTS.read_text())
    content["temperature"] *= 2
    other.write_text(json.dumps(content))
    assert FeatureJudge(encoder).digest == FeatureJudge(encoder).digest != FeatureJudge(encoder, other).digest


@pytest.mark.parametrize("content", ["", "{}", '{"features": ["cosine"]}', "[1]"])
def test_damaged_weights_are_told(encoder: Encoder, tmp_path: Path, content: str) -> None:
    damaged = tmp_path / "weights.json"
    damaged.write_text(content)
    with pytest.raises(ModelFileError):
        FeatureJudge(encoder, damaged)
    with pytest.raises(ModelFileError):
        FeatureJudge(encoder, tmp_path / "missing.json")
