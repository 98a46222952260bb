"""How questions of several fields are read: type, facets, the direction asked, and what a yes would mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.records import Direction, QuestionType, Valence
from consilience.tests.support.readings import facets, plan

BENEFIT, HARM, NEUTRAL, UNSTATED = Valence.BENEFIT, Valence.HARM, Valence.NEUTRAL, Valence.UNSTATED


@pytest.mark.parametrize(
    ("question", "subject", "outcome"),
    [
        ("Do statins reduce mortality?", "statins", "mortality"),
        ("Does spaced practice improve exam performance?", "spaced practice", "exam performance"),
        ("Can yoga relieve low back pain?", "yoga", "low back pain"),
        ("Does the use of static typing prevent bugs?", "static typing", "bugs"),
        ("Does treatment with lithium prevent suicide?", "lithium", "suicide"),
        ("Does bilingualism delay the onset of dementia?", "bilingualism", "dementia"),
        ("Does a lower sodium intake reduce the risk of stroke?", "sodium intake", "stroke"),
        ("Is caffeine associated with anxiety?", "caffeine", "anxiety"),
        ("Is there an association between screen time and obesity?", "screen time", "obesity"),
        ("Is depression a risk factor for stroke?", "depression", "stroke"),
        ("Can falls be prevented by exercise?", "exercise", "falls"),
        ("Compiler warnings: do they prevent bugs?", "Compiler warnings", "bugs"),
        ("Old habits and new tools: does code review reduce defects?", "code review", "defects"),
        ("Does homework improve grades, and is it harmful?", "homework", "grades"),
        ("Does sleep deprivation impair memory (in the lab)?", "sleep deprivation", "memory"),
        ("Is naproxen effective for preventing migraine attacks?", "naproxen", "migraine attacks"),
    ],
)
def test_subject_and_outcome(question: str, subject: str, outcome: str) -> None:
    asked = plan(question)
    read = facets(asked)
    assert asked.question_type is QuestionType.YES_NO
    assert (read["subject"], read["outcome"]) == (subject, outcome)


@pytest.mark.parametrize(
    ("question", "direction", "valence"),
    [
        ("Do statins reduce mortality?", Direction.DECREASE, BENEFIT),
        ("Do opioids increase mortality?", Direction.INCREASE, HARM),
        ("Does music training improve memory?", Direction.INCREASE, BENEFIT),
        ("Does caffeine worsen sleep?", Direction.DECREASE, HARM),
        ("Does sleep deprivation impair memory?", Direction.DECREASE, HARM),
        ("Do beta-blockers lower blood pressure?", Direction.DECREASE, UNSTATED),
        ("Does pair programming result in fewer defects?", Direction.DECREASE, BENEFIT),
        ("Does code review lead to better software quality?", Direction.INCREASE, BENEFIT),
        ("Is test-driven development associated with fewer defects?", Direction.DECREASE, BENEFIT),
        ("Is smoking associated with an increased risk of stroke?", Direction.INCREASE, HARM),
        ("Is vitamin D inversely associated with depression?", Direction.DECREASE, BENEFIT),
        ("Is workload positively correlated with burnout?", Direction.INCREASE, HARM),
        ("Can wound infection be reduced by antibiotics?", Direction.DECREASE, BENEFIT),
        ("Is colchicine effective for preventing gout attacks?", Direction.DECREASE, BENEFIT),
        ("Are opioids harmful?", Direction.DECREASE, HARM),
    ],
)
def test_direction_asked_and_what_a_yes_would_mean(question: str, direction: Direction, valence: Valence) -> None:
    asked = plan(question)
    assert (asked.expected, asked.expected_valence, asked.any_change) == (direction, valence, False)


@pytest.mark.parametrize(
    "question",
    [
        "Does growth mindset training affect academic achievement?",
        "Is higher income associated with life satisfaction?",
        "Is there a relationship between class size and grades?",
        "Does smoking predict dementia?",
        "Is depression a risk factor for stroke?",
        "Does code ownership have an effect on software quality?",
    ],
)
def test_a_relation_asked_for_in_either_direction(question: str) -> None:
    asked = plan(question)
    assert asked.any_change
    assert asked.expected is Direction.UNSTATED


def test_less_of_the_subject_turns_what_is_asked() -> None:
    less, more = plan("Does a lower sodium intake reduce stroke?"), plan("Does a higher sodium intake reduce stroke?")
    assert facets(less) == facets(more) == {"subject": "sodium intake", "outcome": "stroke"}
    assert (less.expected, less.expected_valence) == (Direction.INCREASE, HARM)
    assert (more.expected, more.expected_valence) == (Direction.DECREASE, BENEFIT)


@pytest.mark.parametrize(
    ("question", "comparator"),
    [
        ("Is cognitive behavioral therapy more effective than antidepressants for insomnia?", "antidepressants"),
        ("Does dropout improve accuracy compared with weight decay?", "weight decay"),
        ("Does bisoprolol lower mortality versus placebo in heart failure?", "placebo"),
        ("Is early surgery superior to conservative treatment for disc herniation?", "conservative treatment"),
    ],
)
def test_comparator(question: str, comparator: str) -> None:
    assert facets(plan(question))["comparator"] == comparator


@pytest.mark.parametrize(
    "question",
    [
        "Is apixaban as effective as warfarin for preventing stroke?",
        "Is apixaban equivalent to warfarin for preventing stroke?",
        "Is apixaban noninferior to warfarin for stroke?",
    ],
)
def test_a_question_of_equivalence_asks_for_no_difference(question: str) -> None:
    asked = plan(question)
    assert facets(asked) == {"subject": "apixaban", "comparator": "warfarin", "outcome": "stroke"}
    assert (asked.expected, asked.expected_valence) == (Direction.NO_DIFFERENCE, NEUTRAL)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Do statins reduce mortality in the elderly?", {"population": "elderly"}),
        ("Does mindfulness reduce stress among nurses and other workers?", {}),
        ("Does metformin improve survival in patients with heart failure?", {"topic": "heart failure"}),
        (
            "Does caffeine improve attention in children with asthma?",
            {"population": "children", "topic": "asthma"},
        ),
        ("Is colchicine effective in patients with gout?", {"topic": "gout", "outcome": "efficacy"}),
        ("Is acupuncture effective for plantar fasciitis?", {"topic": "plantar fasciitis", "outcome": "efficacy"}),
        ("Does acupuncture help with migraine?", {"topic": "migraine", "outcome": "efficacy"}),
        ("Is yoga an effective treatment for low back pain?", {"topic": "low back pain"}),
        ("Are flipped classrooms effective for learning algebra?", {"outcome": "learning algebra"}),
        ("Do ACE inhibitors reduce mortality after myocardial infarction?", {"topic": "myocardial infarction"}),
        ("Can falls be prevented by exercise in older adults?", {"subject": "exercise", "population": "older adults"}),
        (
            "Should children with asthma be treated with inhaled corticosteroids?",
            {"subject": "inhaled corticosteroids", "population": "children", "topic": "asthma"},
        ),
        (
            "Do students benefit from peer instruction in physics?",
            {"subject": "peer instruction", "population": "students", "topic": "physics"},
        ),
        ("Are beta-blockers safe in asthma?", {"outcome": "adverse events", "topic": "asthma"}),
        (
            "Is apixaban as safe as warfarin in patients with atrial fibrillation?",
            {"outcome": "adverse events", "topic": "atrial fibrillation"},
        ),
    ],
)
def test_who_and_what_condition(question: str, expected: dict[str, str]) -> None:
    read = facets(plan(question))
    assert {role: read.get(role) for role in expected} == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Are beta-blockers safe in asthma?", Direction.NO_DIFFERENCE),
        ("Is naratriptan well tolerated?", Direction.NO_DIFFERENCE),
        ("Is naratriptan safer than sumatriptan?", Direction.DECREASE),
        ("Are beta-blockers unsafe in asthma?", Direction.INCREASE),
    ],
)
def test_safe_means_no_more_adverse_events_and_safer_fewer(question: str, expected: Direction) -> None:
    assert plan(question).expected is expected


def test_people_with_a_condition_are_no_population_of_their_own() -> None:
    assert "population" not in facets(plan("Does metformin improve survival in patients with heart failure?"))


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("What are the effects of mindfulness on burnout?", ["mindfulness", "burnout"]),
        ("How do developers use static analysis?", ["developers", "static analysis"]),
        ("Why do students cheat?", ["students cheat"]),
        ("effects of caffeine", ["caffeine"]),
        ("Are there changes in the brain in schizophrenia?", ["changes", "brain", "schizophrenia"]),
    ],
)
def test_an_open_question_has_topics(question: str, topics: list[str]) -> None:
    asked = plan(question)
    assert asked.question_type is QuestionType.OPEN
    assert [f.text for f in asked.facets if f.role == "topic"] == topics
    assert asked.expected in (None, Direction.UNSTATED)


@pytest.mark.parametrize(
    ("question", "role", "term"),
    [
        ("Do statins reduce mortality?", "subject", "simvastatin"),
        ("Do statins reduce mortality?", "outcome", "death"),
        ("Does statin treatment reduce mortality?", "subject", "statin"),
        ("Do antidepressants relieve pain?", "subject", "fluoxetine"),
        ("Is acupuncture effective for migraine?", "outcome", "headache relief"),
        ("Does exercise reduce depression in menopausal women?", "population", "postmenopausal"),
    ],
)
def test_terms_hold_other_wordings(question: str, role: str, term: str) -> None:
    [facet] = [f for f in plan(question).facets if f.role == role]
    assert term in facet.terms


@pytest.mark.parametrize(
    ("question", "role", "term"),
    [
        ("Does breast cancer screening reduce mortality?", "subject", "cancer"),
        ("Does the timing of exercise affect sleep?", "subject", "timing"),
        ("Does caffeine improve working memory?", "outcome", "memory"),
    ],
)
def test_a_narrower_phrase_is_not_the_wider_word(question: str, role: str, term: str) -> None:
    [facet] = [f for f in plan(question).facets if f.role == role]
    assert term not in facet.terms


@given(st.text(max_size=200))
def test_any_text_is_read(question: str) -> None:
    asked = plan(question)
    assert all(f.text and f.terms for f in asked.facets)


QUESTION_WORDS = ("does", "is", "statins", "lower", "a", "the", "than", "in", "with", "not", ":", "and", "be", "by")


@given(st.lists(st.sampled_from(QUESTION_WORDS), max_size=14))
def test_any_order_of_question_words_is_read(words: list[str]) -> None:
    assert plan(" ".join(words)).question_type in QuestionType
