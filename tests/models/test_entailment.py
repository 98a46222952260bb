"""The entailment witness: two judges joined. On a tiny untrained network what joining keeps; then what ships."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consilience.models.cross_encoder import CrossEncoder
from consilience.models.encoder import Encoder
from consilience.models.entailment import JoinedJudge, load_stance_judge
from consilience.models.feature_judge import FeatureJudge
from consilience.models.pair_layout import MOST_CHARACTERS, MOST_SENTENCES, fitting
from consilience.models.stance import Judge, StanceScores

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
    "Yoga is of use.",
    "No one left.",
]


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> JoinedJudge:
    return JoinedJudge(encoder, CrossEncoder(TINY))


def test_scores_are_rounded_and_sum_to_one(judge: JoinedJudge) -> None:
    for scores in judge.judge([(CLAIM, part) for part in PARTS]):
        values = (scores.supports, scores.refutes, scores.neutral)
        assert sum(values) == pytest.approx(1, abs=1e-9)
        assert all(value == round(value, 4) and 0 <= value <= 1 for value in values)


def test_the_mean_lies_between_the_two(judge: JoinedJudge, encoder: Encoder) -> None:
    ours = FeatureJudge(encoder).judge([(CLAIM, PARTS[1])])[0].supports
    theirs = float(CrossEncoder(TINY).run([(CLAIM, PARTS[1:2])])[0].scores[0])
    assert min(ours, theirs) < judge.judge([(CLAIM, PARTS[1])])[0].supports < max(ours, theirs)


def test_the_nearest_sentences_are_read_and_marked_in_text_order(judge: JoinedJudge) -> None:
    found = judge.judge_abstract(CLAIM, PARTS)
    assert len(found.read) == len(found.evidence) == MOST_SENTENCES
    assert list(found.read) == sorted(found.read)
    assert 1 in found.read


@given(parts=st.lists(st.text(max_size=900), min_size=1, max_size=12), seed=st.randoms())
def test_as_many_sentences_are_read_as_fit_and_at_least_one(parts: list[str], seed: Random) -> None:
    order = list(range(len(parts)))
    seed.shuffle(order)
    read = fitting("c" * 100, parts, order)
    assert order[0] in read
    assert list(read) == sorted(set(read))
    assert len(read) == 1 or sum(len(parts[i]) for i in read) <= MOST_CHARACTERS - 100
    left_out = [i for i in order if i not in read]
    assert len(read) == MOST_SENTENCES or all(
        sum(len(parts[k]) for k in read) + len(parts[i]) > MOST_CHARACTERS - 100 for i in left_out
    )


def test_what_does_not_fit_is_marked_as_nothing(judge: JoinedJudge) -> None:
    found = judge.judge_abstract(CLAIM, ["1.5% " * 200, PARTS[0]])
    assert len(found.evidence) == 2
    assert found.evidence[1] == 0.0


def test_empty_sentences_are_not_read(judge: JoinedJudge) -> None:
    found = judge.judge_abstract(CLAIM, ["", PARTS[0], "  ", PARTS[1]])
    assert found.read == (1, 3)
    assert found == judge.judge_abstract(CLAIM, ["", PARTS[0], "", PARTS[1]])


@pytest.mark.parametrize(("claim", "text"), [("", PARTS[0]), (CLAIM, ""), (" ", " "), (CLAIM, "\n")])
def test_nothing_to_judge_is_not_enough(judge: JoinedJudge, claim: str, text: str) -> None:
    assert judge.judge([(claim, text)]) == [StanceScores(0.0, 0.0, 1.0)]
    assert judge.judge_abstract(claim, [text]).read == ()


def test_pairs_are_judged_alone(judge: JoinedJudge) -> None:
    pairs = [(CLAIM, PARTS[1]), ("", ""), (CLAIM, PARTS[4]), (CLAIM, " ".join(PARTS))]
    assert judge.judge(pairs) == [judge.judge([pair])[0] for pair in pairs]


@hypothesis_settings(max_examples=25)
@given(claim=st.text(max_size=200), text=st.text(max_size=500))
def test_any_text_is_judged(judge: JoinedJudge, claim: str, text: str) -> None:
    scores = judge.judge([(claim, text)])[0]
    assert scores.supports + scores.refutes + scores.neutral == pytest.approx(1, abs=1e-6)


def test_the_digest_names_both_judges(judge: JoinedJudge, encoder: Encoder) -> None:
    features = FeatureJudge(encoder)
    assert judge.digest == JoinedJudge(encoder, CrossEncoder(TINY)).digest
    assert judge.digest not in (features.digest, CrossEncoder(TINY).digest)
    assert len(judge.digest) == 64


EVIDENCE = "Yoga reduced back pain significantly more than usual care (mean difference -1.4; 95% CI -2.1 to -0.7)."
NONE = "Back pain did not differ significantly between yoga and usual care (P = .45)."
FOREIGN = "The new compiler shortened the build time of large programs by 40%."


@pytest.fixture(scope="module")
def shipped(encoder: Encoder) -> Judge:
    return load_stance_judge(encoder)


def most(scores: StanceScores) -> str:
    return max(("supports", "refutes", "neutral"), key=lambda name: getattr(scores, name))


@pytest.mark.parametrize(
    ("claim", "evidence", "stance"),
    [
        ("Yoga reduces back pain compared with usual care.", EVIDENCE, "supports"),
        ("Yoga increases back pain compared with usual care.", EVIDENCE, "refutes"),
        ("Yoga has no effect on back pain compared with usual care.", EVIDENCE, "refutes"),
        ("Yoga reduces back pain compared with usual care.", NONE, "refutes"),
        ("Back pain does not differ between yoga and usual care.", NONE, "supports"),
        ("Yoga reduces back pain compared with usual care.", FOREIGN, "neutral"),
        ("Aspirin lowers the risk of stroke.", "The risk of stroke rose in patients given aspirin.", "refutes"),
        ("Smoking causes lung cancer.", "Lung cancer was fifteen times as frequent among smokers.", "supports"),
    ],
)
def test_what_ships_knows_direction_and_topic(shipped: Judge, claim: str, evidence: str, stance: str) -> None:
    assert most(shipped.judge([(claim, evidence)])[0]) == stance


def test_what_ships_judges_each_pair_alone(shipped: Judge) -> None:
    texts = (EVIDENCE, NONE, FOREIGN, f"{FOREIGN} {EVIDENCE} {NONE}")
    pairs = [(claim, text) for claim in (CLAIM, "Memory improved.") for text in texts] * 8
    together = shipped.judge(pairs)
    assert together[:8] == [shipped.judge([pair])[0] for pair in pairs[:8]]
    assert [scores for start in range(0, 64, 7) for scores in shipped.judge(pairs[start : start + 7])] == together


def test_what_ships_marks_the_evidence(shipped: Judge) -> None:
    found = shipped.judge_abstract("Yoga reduces back pain.", [PARTS[0], EVIDENCE, PARTS[5]])
    assert max(range(3), key=lambda i: found.evidence[i]) == 1
