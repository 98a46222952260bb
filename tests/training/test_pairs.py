"""The pairs of the stages: splits that no text crosses, balanced labels, evidence kept, the same for the same seed."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS
from consilience.training.cross_encoder import benchmarks, choosing, contrasts, mixing, nli, science, silver, trials
from consilience.training.cross_encoder.pairs import Labelled, read_lines, write_line

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="module")
def data() -> Path:
    if not (DATA / "scifact").is_dir():
        pytest.skip("the public sets are not here (../shared/data)")
    return DATA


def pair(claim: str, *parts: str, label: int = SUPPORTS, evidence: tuple[int, ...] = (), group: str = "g") -> Labelled:
    return Labelled(claim, parts, label, evidence or (0,) * len(parts), group, "made")


def test_a_pair_needs_a_mark_for_each_sentence() -> None:
    with pytest.raises(ValueError, match="mark"):
        Labelled("c", ("a", "b"), SUPPORTS, (1,), "g", "s")


def test_pairs_come_back_from_a_file_whose_last_line_was_cut_off(tmp_path: Path) -> None:
    pairs = [
        Labelled("Yoga helps.", ("It did.", "Nothing – else."), SUPPORTS, (1, 0), "a", "made", (0.5, 0.25, 0.25)),
        Labelled("Yoga harms.", ("It did not.",), REFUTES, (-1,), "b", "made"),
    ]
    lines = "".join(map(write_line, pairs))
    (tmp_path / "pairs.jsonl").write_text(lines + lines[:30], encoding="utf-8")
    assert read_lines(tmp_path / "pairs.jsonl") == pairs


def test_cutting_keeps_evidence_before_likeness_and_the_order() -> None:
    whole = pair("yoga reduces pain", "Nothing.", "Yoga and pain.", "It fell.", "Yoga reduces.", evidence=(0, 0, 1, 0))
    for seed in range(20):
        kept = choosing.cut(whole, Random(seed))
        assert "It fell." in kept.sentences
        assert list(kept.sentences) == [s for s in whole.sentences if s in kept.sentences]


def test_turning_swaps_labels_and_keeps_what_is_not_settled() -> None:
    made = [pair("Yoga reduces pain.", "s", label=label) for label in (SUPPORTS, REFUTES, NEUTRAL)]
    assert [p.label for p in mixing.turned(made, Random(0))] == [REFUTES, SUPPORTS, NEUTRAL]
    twice = mixing.turned_twice(made, Random(0))
    assert [p.label for p in twice] == [SUPPORTS, REFUTES, NEUTRAL]
    assert twice[0].claim == "Yoga does not increase pain."


def test_without_its_evidence_an_abstract_settles_nothing() -> None:
    made = mixing.without_evidence([pair("c", "a", "b", "d", evidence=(0, 1, 0)), pair("c", "a", evidence=(1,))])
    assert [(p.sentences, p.label) for p in made] == [(("a", "d"), NEUTRAL)]


@pytest.mark.parametrize(
    ("evidence", "turned"),
    [
        ("Pain was lower with yoga (P = 0.01).", "Pain was higher with yoga (P = 0.01)."),
        ("Pain was lower with yoga (2.5 versus 4.1, P<0.05).", "Pain was higher with yoga (4.1 versus 2.5, P<0.05)."),
        ("Pain was lower with yoga (by 2.5).", None),
        ("Pain did not change.", None),
    ],
)
def test_evidence_that_is_turned_turns_the_label_and_its_figures(evidence: str, turned: str | None) -> None:
    around = ("We ran a trial.", "Sleep was longer.", evidence)
    made = mixing.evidence_turned([pair("Yoga reduces pain.", *around, evidence=(0, 0, 1))])
    assert [(p.sentences, p.label) for p in made] == ([(("We ran a trial.", turned), REFUTES)] if turned else [])


def test_claims_without_a_direction_keep_their_evidence() -> None:
    part = "Pain was lower with yoga."
    kept = [pair("Yoga does not reduce pain.", part, evidence=(1,)), pair("c", part, label=NEUTRAL, evidence=(1,))]
    assert mixing.evidence_turned(kept) == []


@pytest.mark.parametrize("finding", ["up", "down", "none"])
def test_a_drawn_result_says_what_it_was_drawn_for(finding: str) -> None:
    for seed in range(60):
        told = contrasts.result(finding, "yoga", "rest", "pain", Random(seed))
        assert "yoga" in told.lower()
        assert "rest" in told.lower()
        chance = re.search(r"P [=<] 0\.(\d\d)", told)
        assert chance is not None
        assert (int(chance.group(1)) < 5) == (finding != "none")
        figures = {arm: told.lower().find(arm) for arm in ("yoga", "rest")}
        values = [float(v) for v in re.findall(r"(\d+(?:\.\d+)?)%?(?= (?:in|with|after|versus|for)|, and)", told)]
        if finding != "none" and len(values) == 2 and told.count("yoga") == 1 and " for " not in told:
            first = "yoga" if figures["yoga"] < figures["rest"] else "rest"
            assert (values[0] > values[1]) == ((finding == "up") == (first == "yoga"))


def test_negatives_come_from_another_text() -> None:
    corpus = {f"d{i}": (f"title {i}", (f"zinc copper word{i}",)) for i in range(30)} | {"g": ("own", ("zinc word3",))}
    made = mixing.elsewhere([pair("zinc word3 word4", "zinc word3", group="g")], corpus, Random(0), skip=0)
    assert made
    assert all(p.group != "g" and p.label == NEUTRAL for p in made)


def test_classes_are_even() -> None:
    many = [pair(str(i), "s", label=(0, 0, 0, 1, 2, 2)[i % 6]) for i in range(60)]
    assert [sum(p.label == label for p in mixing.even(many, 999, Random(0))) for label in range(3)] == [10, 10, 10]


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Does aspirin help?", "Aspirin help."),
        ("Is fever associated with flu?", "Fever associated with flu."),
        ("Aspirin: does it help?", None),
        ("Which drug helps?", None),
    ],
)
def test_closed_questions_become_statements(question: str, claim: str | None) -> None:
    assert science.statement(question) == claim


def test_silver_claims_stand_alone() -> None:
    corpus = {
        "a": ("Aspirin reduces the risk of bleeding in rats", ("Aim.", "We ran it.", "Bleeding fell.")),
        "b": (
            "A study of rats",
            (
                "Aim.",
                "Done.",
                "Rats bled less.",
                "These results suggest that aspirin reduces bleeding in healthy rats.",
            ),
        ),
        "c": (
            "A study",
            ("Aim.", "Done.", "Less.", "These results suggest that we should treat all of our rats soon."),
        ),
    }
    assert [p.claim for p in silver.titles(corpus)] == ["Aspirin reduces the risk of bleeding in rats."]
    (found,) = silver.conclusions(corpus)
    assert found.claim == "Aspirin reduces bleeding in healthy rats."
    assert found.claim[1:] not in " ".join(found.sentences)


def test_no_trial_and_no_premise_crosses_its_split(data: Path) -> None:
    kept, held = (trials.read(data, held=part, seed=0) for part in (False, True))
    assert held
    assert not {p.group for p in kept} & {p.group for p in held}
    assert kept == trials.read(data, held=False, seed=0)
    premises = [p for p in nli.read(data) if nli.held_out(p)]
    assert 1000 < len(premises) < 3500


def test_passages_and_contrasts_are_of_trials_that_are_not_held_out(data: Path) -> None:
    held = {p.group for p in trials.read(data, held=True, seed=0)}
    passages, drawn = trials.passages(data, 0), contrasts.read(data, 0)
    assert len(passages) > 3000
    assert len(drawn) > 3000
    assert not held & {p.group for p in (*passages, *drawn)}
    assert passages == trials.passages(data, 0)
    assert drawn == contrasts.read(data, 0)
    assert all(1 in p.evidence for p in passages if p.label != NEUTRAL)
    assert all((1 in p.evidence) == (p.label != NEUTRAL) for p in drawn)


def test_development_abstracts_of_scifact_make_no_silver_and_no_negatives(data: Path) -> None:
    shut = {p.group for p in science.scifact(data, "dev")}
    assert not shut & set(science.scifact_corpus(data))


def test_controls_keep_labels_and_take_the_evidence_away(data: Path) -> None:
    whole, unseen = benchmarks.scifact_dev(data)
    assert len(whole) == len(unseen)
    assert 0 < sum(unseen) < len(whole)
    shuffled = benchmarks.shuffled(whole)
    assert [p.label for p in shuffled] == [p.label for p in whole]
    assert all(a.sentences != b.sentences for a, b in zip(whole, shuffled, strict=True))
    assert len({p.sentences for p in benchmarks.claim_alone(whole)}) == 1


def test_citing_sentences_carry_no_marks(data: Path) -> None:
    assert not any("<|" in p.claim or "cit|" in p.claim for p in science.citations(data, "train"))
