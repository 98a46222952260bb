"""What single sentences of several fields are read as: arms, outcome, direction, valence, and whether they answer."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from consilience.records import Direction, Valence
from consilience.tests.support.readings import claim, extraction, on_question

UP, DOWN, NONE, OPEN = Direction.INCREASE, Direction.DECREASE, Direction.NO_DIFFERENCE, Direction.UNSTATED
BENEFIT, HARM, NEUTRAL, UNSTATED = Valence.BENEFIT, Valence.HARM, Valence.NEUTRAL, Valence.UNSTATED

HEART = "Do statins reduce mortality in patients with heart failure?"
PRESSURE = "Do beta-blockers lower blood pressure?"
MOOD = "Does cognitive behavioral therapy reduce depression?"
CODE = "Does test-driven development reduce defects?"
SCHOOL = "Does spaced practice improve exam performance?"
MEDIA = "Is social media use associated with depression in adolescents?"
STROKE = "Is apixaban as effective as warfarin for preventing stroke?"
SLEEP = "Is cognitive behavioral therapy more effective than antidepressants for insomnia?"
DROWSY = "Do antihistamines cause drowsiness?"

BEFORE = {HEART: "Patients had heart failure.", MEDIA: "Adolescents were surveyed."}


class Read(NamedTuple):
    """A sentence's relation in one line."""

    subject: str
    comparator: str
    direction: Direction
    valence: Valence
    answers: str


def reading(question: str, sentence: str) -> Read:
    """The one claim on the question that the sentence makes."""
    made = claim(question, f"{BEFORE.get(question, '')} RESULTS: {sentence}".strip())
    relation = made.relation
    return Read(relation.subject.casefold(), relation.comparator, relation.direction, relation.valence, made.answers)


CBT = "cognitive behavioral therapy"


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        # said outright
        (HEART, "Rosuvastatin reduced mortality compared with placebo.", ("rosuvastatin", "placebo", DOWN, BENEFIT)),
        (SCHOOL, "Spaced practice improved exam performance.", ("spaced practice", "", UP, BENEFIT)),
        (CODE, "Teams using test-driven development had 40% fewer defects than control teams.",
         ("test-driven development", "control teams", DOWN, BENEFIT)),
        (MOOD, f"Compared with usual care, {CBT} reduced depression.", (CBT, "usual care", DOWN, BENEFIT)),
        (MOOD, f"{CBT.capitalize()} reduced anxiety and depression.", (CBT, "", DOWN, BENEFIT)),
        (MOOD, f"{CBT.capitalize()} was effective in reducing depression.", (CBT, "", DOWN, BENEFIT)),
        (MOOD, f"Absence of depression was more frequent with {CBT} than with usual care.",
         (CBT, "usual care", UP, BENEFIT)),
        (MOOD, f"Remission of depression was more frequent with {CBT} than with usual care.",
         (CBT, "usual care", UP, BENEFIT)),
        (HEART, "Statin use was associated with lower mortality.", ("statin", "", DOWN, BENEFIT)),
        (PRESSURE, "Bisoprolol lowered blood pressure.", ("bisoprolol", "", DOWN, UNSTATED)),
        (DROWSY, "Loratadine caused drowsiness.", ("loratadine", "", UP, HARM)),
        # one of a list of outcomes
        (MOOD, f"{CBT.capitalize()} led to a decrease in the scores of insomnia, muscle pain, anxiety/fear, depressed "
         "mood and fatigue.", (CBT, "", DOWN, BENEFIT)),
        (MOOD, f"{CBT.capitalize()} reduced insomnia, anxiety, and depression.", (CBT, "", DOWN, BENEFIT)),
        # said by the arms' figures
        (MOOD, f"Remission of depression was observed in 17 (68%) women treated with {CBT} compared with 5 (20%) in "
         "the waiting list group (P = .001).", (CBT, "waiting list", UP, BENEFIT)),
        (HEART, "Death occurred in 12% of patients on simvastatin and 18% on placebo (p = 0.02).",
         ("simvastatin", "placebo", DOWN, BENEFIT)),
        (MOOD, f"Remission of depression occurred in 60% with {CBT} and in 30% with usual care (p < 0.01).",
         (CBT, "usual care", UP, BENEFIT)),
        (HEART, "The hazard ratio for death with rosuvastatin versus placebo was 0.84 (95% CI 0.75 to 0.94).",
         ("rosuvastatin", "placebo", DOWN, BENEFIT)),
        (MOOD, f"The odds ratio for depression with {CBT} compared with usual care was 0.55 (95% CI 0.40 to 0.75).",
         (CBT, "usual care", DOWN, BENEFIT)),
        # the arms stand the other way round
        (HEART, "Mortality was higher with placebo than with atorvastatin.",
         ("atorvastatin", "placebo", DOWN, BENEFIT)),
        # more than another of its class
        (HEART, "Rosuvastatin reduced mortality more than pravastatin did.",
         ("rosuvastatin", "pravastatin", DOWN, BENEFIT)),
        (DROWSY, "Cetirizine caused more drowsiness than loratadine.", ("cetirizine", "loratadine", UP, HARM)),
        # another active treatment, where it is asked about
        (SLEEP, f"Insomnia improved more with {CBT} than with antidepressants.",
         (CBT, "antidepressants", DOWN, BENEFIT)),
        (SLEEP, f"{CBT.capitalize()} was superior to amitriptyline for insomnia.",
         (CBT, "amitriptyline", DOWN, BENEFIT)),
        # equivalence
        (STROKE, "Stroke did not differ between apixaban and warfarin.", ("apixaban", "warfarin", NONE, NEUTRAL)),
        (STROKE, "Apixaban was as effective as warfarin in preventing stroke.",
         ("apixaban", "warfarin", NONE, NEUTRAL)),
        (STROKE, "Apixaban was noninferior to warfarin in preventing stroke.",
         ("apixaban", "warfarin", NONE, NEUTRAL)),
        (STROKE, "The risk of stroke was lower with apixaban than with warfarin.",
         ("apixaban", "warfarin", DOWN, BENEFIT)),
        # any relation
        (MEDIA, "Social media use was associated with more depressive symptoms.",
         ("social media use", "", UP, HARM)),
        (MEDIA, "Social media use was associated with lower depression scores.",
         ("social media use", "", DOWN, BENEFIT)),
        (MEDIA, "Higher social media use predicted depression one year later.",
         ("social media use", "", OPEN, UNSTATED)),
    ],
)  # fmt: skip
def test_what_speaks_for(question: str, sentence: str, expected: tuple[str, str, Direction, Valence]) -> None:
    assert reading(question, sentence) == Read(*expected, "for")


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        (HEART, "Mortality was lower with placebo than with atorvastatin.", ("atorvastatin", "placebo", UP, HARM)),
        (HEART, "Mortality did not differ between atorvastatin and placebo.",
         ("atorvastatin", "placebo", NONE, NEUTRAL)),
        (HEART, "Death occurred in 15% of patients on simvastatin and 14% on placebo (p = 0.62).",
         ("simvastatin", "placebo", NONE, NEUTRAL)),
        (HEART, "The hazard ratio for death with rosuvastatin versus placebo was 0.97 (95% CI 0.85 to 1.10).",
         ("rosuvastatin", "placebo", NONE, NEUTRAL)),
        (HEART, "Statin use was not associated with lower mortality.", ("statin", "", NONE, NEUTRAL)),
        (HEART, "No association was found between statin use and lower mortality.", ("statin", "", NONE, NEUTRAL)),
        (HEART, "There was no evidence that statins lower mortality.", ("statins", "", NONE, NEUTRAL)),
        (MOOD, f"Depression worsened with {CBT}.", (CBT, "", UP, HARM)),
        (MOOD, f"{CBT.capitalize()} was no better than a waiting list for depression.",
         (CBT, "waiting list", NONE, NEUTRAL)),
        (MOOD, f"{CBT.capitalize()} and usual care were equally effective for depression.",
         (CBT, "usual care", NONE, NEUTRAL)),
        (MOOD, f"A reduction in depression was not observed with {CBT}.", (CBT, "", NONE, NEUTRAL)),
        (MOOD, f"The improvement in depression did not differ between {CBT} and usual care.",
         (CBT, "usual care", NONE, NEUTRAL)),
        (MOOD, f"{CBT.capitalize()} failed to reduce depression.", (CBT, "", NONE, NEUTRAL)),
        (MOOD, f"{CBT.capitalize()} reduced depression by 4% (p = 0.30).", (CBT, "", NONE, NEUTRAL)),
        (SCHOOL, "Spaced practice impaired exam performance.", ("spaced practice", "", DOWN, HARM)),
        (CODE, "Test-driven development did not affect the number of defects.",
         ("test-driven development", "", NONE, NEUTRAL)),
        (CODE, "The number of defects was unaffected by test-driven development.",
         ("test-driven development", "", NONE, NEUTRAL)),
        (STROKE, "Stroke was more frequent with apixaban than with warfarin.", ("apixaban", "warfarin", UP, HARM)),
        (STROKE, "Apixaban was inferior to warfarin in preventing stroke.", ("apixaban", "warfarin", UP, HARM)),
        (SLEEP, f"Insomnia did not differ between {CBT} and antidepressants.",
         (CBT, "antidepressants", NONE, NEUTRAL)),
        (SLEEP, f"Antidepressants reduced insomnia more than {CBT} did.", (CBT, "Antidepressants", UP, HARM)),
        (MEDIA, "Social media use was not associated with depression.", ("social media use", "", NONE, NEUTRAL)),
        (MEDIA, "Depression was unrelated to social media use.", ("social media use", "", NONE, NEUTRAL)),
    ],
)  # fmt: skip
def test_what_speaks_against(question: str, sentence: str, expected: tuple[str, str, Direction, Valence]) -> None:
    assert reading(question, sentence) == Read(*expected, "against")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        # against another treatment, where nothing active is asked about
        (HEART, "Simvastatin was superior to ezetimibe in reducing mortality."),
        (HEART, "Mortality was similar between simvastatin and aspirin."),
        (MOOD, f"{CBT.capitalize()} was as effective as fluoxetine for depression."),
        # sameness without named arms may be among doses
        (HEART, "Mortality with statins was similar."),
    ],
)
def test_what_is_on_the_question_and_answers_nothing(question: str, sentence: str) -> None:
    assert reading(question, sentence).answers == "none"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (HEART, "Rosuvastatin lowered cholesterol."),
        (HEART, "Digoxin reduced mortality."),
        (MOOD, f"Patients with depression improved their sleep with {CBT}."),
        (CODE, "Test-driven development slowed developers down by 15%."),
        (SLEEP, f"{CBT.capitalize()} reduced insomnia compared with a waiting list."),
        (SLEEP, f"{CBT.capitalize()} reduced insomnia."),
        (MOOD, f"{CBT.capitalize()} reduced insomnia, anxiety rose, and depression was measured."),
        (MOOD, f"{CBT.capitalize()} reduced insomnia in children, adults with depression, and others."),
        (MEDIA, "Adolescents with more homework had worse grades than others (p = 0.01)."),
    ],
)
def test_what_is_about_something_else_is_background(question: str, sentence: str) -> None:
    assert on_question(question, f"{BEFORE.get(question, '')} RESULTS: {sentence}") == []


@pytest.mark.parametrize(
    ("question", "sentence", "reason"),
    [
        (HEART, "The effect of statins on mortality did not differ by age.", "states no direction"),
        (MOOD, f"The effect of {CBT} on depression was consistent across all subgroups.", "states no direction"),
        (MOOD, f"At baseline depression was similar in the {CBT} and control groups.", "states no direction"),
        (MEDIA, "Social media use and depression were significantly associated at baseline.", "states no direction"),
        (MEDIA, "Depression predicted later social media use.", "states no direction"),
        (HEART, "Statins should be given to reduce mortality.", "advice or method, no finding"),
        (HEART, "Further trials are needed to show whether statins reduce mortality.", "advice or method, no finding"),
        (MOOD, f"Whether {CBT} reduces depression in prisons is unknown.", "advice or method, no finding"),
        (HEART, "Mortality was lower.", "does not name the subject"),
        (PRESSURE, "Blood pressure was lower with bisoprolol.", "comparator missing"),
        (PRESSURE, "Bisoprolol lowered blood pressure as above.", "refers to another sentence"),
        (PRESSURE, "It fell.", "no statement"),
        (
            MOOD,
            f"Advice against {CBT} out of concern about worsening depression is unsupported.",
            "states no direction",
        ),
        (MOOD, f"Fears that {CBT} increases depression are unfounded.", "states no direction"),
    ],
)
def test_what_is_dropped_and_why(question: str, sentence: str, reason: str) -> None:
    found = extraction(question, f"{BEFORE.get(question, '')} RESULTS: {sentence}")
    assert found.claims == ()
    assert found.dropped.get(reason) == 1


def test_another_population_than_the_one_asked_about_is_background() -> None:
    asked = "Does caffeine improve attention in adults?"
    assert on_question(asked, "Children took part. RESULTS: Caffeine improved attention.") == []
    [kept] = on_question(asked, "Adults took part. RESULTS: Caffeine improved attention.")
    assert kept.answers == "for"


def test_a_paper_on_another_condition_than_the_one_asked_about_is_background() -> None:
    asked = "Is colchicine effective in patients with gout?"
    assert on_question(asked, "Patients had pericarditis. RESULTS: Colchicine was effective.") == []
    [kept] = on_question(asked, "Patients had gout. RESULTS: Colchicine was more effective than placebo.")
    assert (kept.answers, kept.relation.comparator) == ("for", "placebo")


def test_a_few_relations_among_many_are_no_relation() -> None:
    asked = "Does the home environment affect fruit consumption?"
    few = "Only a few features of the home environment were significantly associated with fruit consumption."
    all_of = "The home environment was significantly associated with fruit consumption."
    assert [c.answers for c in on_question(asked, f"RESULTS: {few}")] == ["none"]
    assert [c.answers for c in on_question(asked, f"RESULTS: {all_of}")] == ["for"]


def test_each_half_of_a_sentence_is_a_claim_and_borrows_its_subject() -> None:
    found = extraction(
        HEART, "Heart failure was severe. RESULTS: Rosuvastatin lowered cholesterol but did not reduce mortality."
    )
    lowered, reduced = found.claims
    assert (lowered.background, lowered.text) == (True, "Rosuvastatin lowered cholesterol.")
    assert (reduced.background, reduced.text) == (False, "[Rosuvastatin] did not reduce mortality.")
    assert (reduced.answers, reduced.completed, reduced.spans[0].text) == ("against", True, "did not reduce mortality.")


def test_a_pronoun_beside_the_named_treatment_is_something_else() -> None:
    text = f"RESULTS: In the control group depression scores rose, whereas they fell with {CBT}."
    found = extraction(MOOD, text)
    assert found.claims == ()
    assert found.dropped["subject unresolved"] == 1


def test_an_acronym_of_the_abstracts_own_is_spelled_out_in_the_relation() -> None:
    made = claim(
        MOOD,
        "Group therapy (GT) and the Depression Inventory Score (DIS) were used beside cognitive behavioral therapy "
        "(CBTX). RESULTS: DIS values fell with CBTX compared with a waiting list.",
    )
    assert made.text.startswith("DIS values fell with CBTX")
    assert made.relation.subject == CBT
    assert made.relation.outcome == "depression inventory score values"
    assert (made.relation.direction, made.relation.valence) == (DOWN, BENEFIT)


def test_a_treatment_whose_name_holds_an_outcomes_word_is_not_that_outcome() -> None:
    asked = f"Does {CBT} improve cognition?"
    assert on_question(asked, f"RESULTS: {CBT.capitalize()} was superior to usual care for depression.") == []
    [made] = on_question(asked, f"RESULTS: {CBT.capitalize()} improved cognitive function.")
    assert made.answers == "for"


def test_strength_hedging_figures_and_design_come_from_the_text() -> None:
    made = claim(
        HEART,
        "We randomly assigned 300 patients with heart failure to rosuvastatin or placebo. "
        "RESULTS: Rosuvastatin may reduce mortality compared with placebo (p = 0.04).",
    )
    assert made.hedged
    assert made.design.value == "randomised trial"
    assert made.strength.value == "causal"
    assert made.subjects == "humans"
    assert [q.text for q in made.quantities if q.kind == "p_value"] == ["p = 0.04"]
