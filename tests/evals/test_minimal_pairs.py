"""The minimal pairs: what the shipped file promises, and how predictions become figures."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from consilience.errors import InputError
from consilience.evals import registry
from consilience.evals.minimal_pairs import items, task
from consilience.evals.minimal_pairs.items import Label, MinimalPair, Phenomenon
from consilience.models.encoder import Encoder
from consilience.models.entailment import load_stance_judge
from consilience.models.stance import StanceScores
from consilience.settings import load_settings

PAIRS = items.shipped()
EACH = 26
CLOSE = 60
"""The least likeness of a claim and its change, in percent (rapidfuzz, in order of words or of letters)."""
OWN = 25
"""Letters from which on two equal pieces of text are no accident."""
S, R, N = Label.SUPPORTS, Label.REFUTES, Label.NEUTRAL
LINE = {
    "id": "units-01",
    "phenomenon": "units",
    "evidence": "Each of the walks took 90 minutes.",
    "base": "The walks took 90 minutes.",
    "base_label": "supports",
    "changed": "The walks took 1.5 hours.",
    "changed_label": "supports",
    "preserving": True,
}


def made(**fields: Any) -> MinimalPair:  # noqa: ANN401 - whatever the schema is to be tried with
    return items.parse(json.dumps({**LINE, **fields}))[0]


def test_ids_are_unique_and_no_text_comes_twice() -> None:
    assert len({p.id for p in PAIRS}) == len(PAIRS)
    for texts in ([p.evidence for p in PAIRS], [c for p in PAIRS for c in (p.base, p.changed)]):
        assert not [text for text, times in Counter(t.casefold() for t in texts).items() if times > 1]


def test_half_of_the_items_of_each_phenomenon_keep_the_label() -> None:
    counts = Counter((p.phenomenon, p.preserving) for p in PAIRS)
    assert len(PAIRS) >= 300
    assert counts == {(name, keeps): EACH // 2 for name in Phenomenon for keeps in (True, False)}


def test_every_label_stands_on_both_sides() -> None:
    assert {p.base_label for p in PAIRS} == {p.changed_label for p in PAIRS} == set(Label)


def test_the_changes_are_small() -> None:
    assert not [pair.id for pair in PAIRS if _likeness(pair.base.casefold(), pair.changed.casefold()) < CLOSE]


def _likeness(base: str, changed: str) -> float:
    return max(fuzz.ratio(base, changed), fuzz.token_sort_ratio(base, changed))


def test_no_sentence_stands_in_the_public_sets(data: Path) -> None:
    ours = {piece for p in PAIRS for text in (p.evidence, p.base, p.changed) for piece in _pieces(text.encode())}
    for file in sorted(data.rglob("*.jsonl.gz")):
        assert not ours & _pieces(gzip.decompress(file.read_bytes())), file.name


def _pieces(text: bytes) -> set[bytes]:
    """What stands between full stops and quotation marks, if it is long enough to be a text's own."""
    return {piece for part in re.split(rb'[."]', text) if len(piece := part.strip()) >= OWN}


@pytest.mark.parametrize(
    "wrong",
    [
        {"preserving": False},
        {"changed": LINE["base"]},
        {"changed_label": "maybe"},
        {"phenomenon": "spelling"},
        {"id": "numbers-01"},
        {"base": "Short."},
        {"more": 1},
    ],
)
def test_a_line_that_is_no_pair_is_refused_by_its_number(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="line 2"):
        items.parse("\n" + json.dumps({**LINE, **wrong}))


def test_a_limit_takes_the_phenomena_in_turn() -> None:
    taken = items.first_of_each(PAIRS, len(Phenomenon) + 1)
    assert [p.phenomenon for p in taken] == [*Phenomenon, Phenomenon.NEGATION]
    assert items.first_of_each(PAIRS, None) == PAIRS


def test_figures_count_claims_and_pairs() -> None:
    pairs = (
        made(),
        made(id="units-02", changed="The walks took 15 hours.", changed_label="refutes", preserving=False),
        made(id="units-03", base_label="refutes", changed_label="refutes"),
    )
    found = task.result(pairs, ((S, S), (S, S), (N, R))).figures
    assert found["judge.units.pairs"] == 3
    assert found["judge.units.pair_accuracy"] == round(1 / 3, 4)
    assert found["judge.units.base_accuracy"] == found["judge.units.changed_accuracy"] == round(2 / 3, 4)
    assert found["judge.preserving.pair_accuracy"] == 0.5
    assert found["judge.changing.pair_accuracy"] == 0
    assert found["judge.confusion.refutes.supports"] == found["judge.confusion.refutes.neutral"] == 1
    # Three labels of each: of equal ones the first.
    assert found["majority.all.accuracy"] == 0.5


def test_the_baseline_that_never_sees_a_change_gets_no_changing_pair() -> None:
    assert task.result(PAIRS, task.majority(PAIRS)).figures["majority.changing.pair_accuracy"] == 0


def test_word_overlap_sees_shared_stems() -> None:
    pairs = (
        made(changed="Sailing boats were cheap.", changed_label="neutral", preserving=False),
        made(id="units-02", evidence="Walks of 90 minutes were what it took.", changed_label="supports"),
    )
    assert task.overlap(pairs)[0] == (S, N)


@pytest.mark.parametrize(
    ("scores", "label"), [((0.5, 0.3, 0.2), S), ((0.1, 0.6, 0.3), R), ((0.2, 0.2, 0.6), N), ((0.4, 0.4, 0.2), S)]
)
def test_the_likeliest_label(scores: tuple[float, float, float], label: Label) -> None:
    assert task.likeliest(StanceScores(*scores)) is label


def test_the_shipped_judge_is_asked_about_every_claim(encoder: Encoder) -> None:
    told: list[str] = []
    pairs = PAIRS[:2]
    said = task.judged(load_stance_judge(encoder), pairs, told.append)
    assert [len(both) for both in said] == [2, 2]
    assert told == ["2 of 2 minimal pairs judged"]


def test_it_needs_no_data() -> None:
    found = registry.run("minimal-pairs", data=None, settings=load_settings(), limit=3)
    assert found.figures["pairs"] == 3
    assert "negation" in found.table
