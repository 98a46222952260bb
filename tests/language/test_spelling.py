"""One stem for the British and the American spelling, and for the words of one family."""

from __future__ import annotations

import pytest

from consilience.language.text import one_spelling, stem, stems


@pytest.mark.parametrize(
    "family",
    [
        "exercise exercises exercised exercising",
        "supervise supervised supervising supervision",
        "revise revises revised revising revision",
        "advise advises advised advising",
        "devise devises devised devising",
        "televise televised",
        "promise promises promised promising",
        "compromise compromises compromised compromising",
        "premise premises",
        "precise precision",
        "excise excised excising excision",
        "circumcised circumcision",
        "rise rises rising",
        "arise arises arising",
        "raise raises raised raising",
        "praise praises praised praising",
        "appraise appraised appraising",
        "noise noises denoise",
        "surprise surprises surprised surprising",
        "enterprise enterprises",
        "comprise comprises comprised comprising",
        "advertise advertises advertised advertising",
        "franchise franchises",
        "cruise cruises cruising",
        "disguise disguises disguised",
        "program programs programme programmes programmed programming",
        "reprogram reprogrammed reprogramming",
        "center centre centers centres centered centred",
    ],
)
def test_the_words_of_a_family_have_one_stem(family: str) -> None:
    found = {stem(word).removeprefix("de") for word in family.split()}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("randomise randomises randomised randomising", "randomize randomizes randomized randomizing"),
        ("randomisation hospitalisations", "randomization hospitalizations"),
        ("criticised publicised", "criticized publicized"),
        ("relativise sanitiser stabilisers", "relativize sanitizer stabilizers"),
        ("minimise standardised polarising prioritises", "minimize standardized polarizing prioritizes"),
        ("tumour oestrogen anaemia leukaemia paediatric", "tumor estrogen anemia leukemia pediatric"),
        ("practised practising", "practiced practicing"),
    ],
)
def test_both_spellings_have_one_stem(british: str, american: str) -> None:
    assert stems(british) == stems(american)


@pytest.mark.parametrize(
    "word", ["otherwise", "stepwise", "malaise", "expertise", "paradise", "crises", "wiser", "miser"]
)
def test_what_both_spellings_write_with_s_is_left_alone(word: str) -> None:
    assert one_spelling(word) == word
