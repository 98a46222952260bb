"""The prompts' worked examples keep every rule that the prompts state: a model learns from them first."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, cast, get_args

import pytest

from consilience.language import hedging, text
from consilience.prompts.catalogue import TASKS
from consilience.reasoning.embedded.panel import wording
from consilience.reasoning.language_model.answers import ExtractAnswer, SentenceAnswer, WriteAnswer
from consilience.records import Criterion
from consilience.tests.support.prompt_examples import ALL, ANSWERS, Example, examples, instructions, name, of

HANDLE = re.compile(r"\b[CSO]\d+\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MOST_WORDS = 1_100
GROUNDED = 0.8


def abstract(example: Example) -> str:
    return example.shown.partition("Abstract: ")[2].partition("\n</data>")[0]


def sentences(answer: WriteAnswer) -> list[SentenceAnswer]:
    results = [sentence for section in answer.results for sentence in section.sentences]
    return [*answer.abstract, *answer.answer, *answer.introduction, *results]


def entry(example: Example, handle: str) -> str:
    """What the ledger of an example says under a handle."""
    found = re.search(rf"^{handle}\. .*?(?=^C\d+\. |^</data>)", example.shown, re.MULTILINE | re.DOTALL)
    assert found, f"{handle} is not shown"
    return found[0]


def test_every_task_but_repair_has_a_model_and_two_or_three_examples() -> None:
    assert set(ANSWERS) == set(TASKS) - {"repair"}
    assert all(len(examples(task)) in (2, 3) for task in ANSWERS)


@pytest.mark.parametrize("task", ANSWERS)
def test_instructions_are_short(task: str) -> None:
    assert len(instructions(task).split()) < MOST_WORDS


@pytest.mark.parametrize("task", ANSWERS)
def test_each_prompt_names_every_field_of_its_answer(task: str) -> None:
    said = instructions(task)
    fields = [f for model in _models(ANSWERS[task].model_json_schema()) for f in model]
    assert fields
    assert not [field for field in fields if not re.search(rf"\b{field}\b", said)]


def _models(schema: dict[str, Any]) -> list[list[str]]:
    parts: list[dict[str, Any]] = [schema, *schema.get("$defs", {}).values()]
    return [list(part.get("properties", {})) for part in parts]


@pytest.mark.parametrize("task", ANSWERS)
def test_each_prompt_names_every_word_that_a_field_allows(task: str) -> None:
    said = instructions(task) + "".join(e.shown for e in examples(task))
    words = set(re.findall(r"'enum': \[([^\]]*)\]", str(ANSWERS[task].model_json_schema())))
    allowed = {word.strip(" '") for found in words for word in found.split(",")}
    assert not [word for word in allowed if word not in said]


@pytest.mark.parametrize("example", ALL, ids=name)
def test_an_example_is_an_answer_of_its_model(example: Example) -> None:
    assert example.read()


@pytest.mark.parametrize("example", ALL, ids=name)
def test_an_example_has_its_fields_in_the_order_of_the_model(example: Example) -> None:
    # A schema makes a model answer in this order, and a reason has to stand before what it leads to.
    assert _keys(example.answer) == _keys(example.read().model_dump(mode="json"))


def _keys(value: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """The names of all fields, in their order."""
    if isinstance(value, dict):
        parts = cast(dict[str, Any], value)
        return [found for key in parts for found in (key, *_keys(parts[key]))]
    return [found for item in cast(list[Any], value) for found in _keys(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("example", ALL, ids=name)
def test_an_example_names_only_what_it_shows(example: Example) -> None:
    named = set(HANDLE.findall(str(example.answer)))
    assert named <= set(HANDLE.findall(example.shown_so_far))


@pytest.mark.parametrize("example", of("write", "revise", "follow_up", "extract", "screen"), ids=name)
def test_numbers_stand_in_what_was_shown(example: Example) -> None:
    keys = {"relevance"}
    said = str({key: value for key, value in example.answer.items() if key not in keys})
    assert set(NUMBER.findall(HANDLE.sub("", said))) <= set(NUMBER.findall(HANDLE.sub("", example.shown_so_far)))


@pytest.mark.parametrize("example", of("plan"), ids=name)
def test_plans_keep_their_rules(example: Example) -> None:
    answer = example.read()
    roles = {facet.role for facet in answer.facets}
    most = re.search(r"At most (\d+) queries", example.shown)
    assert most
    assert 1 <= len(answer.queries) <= int(most[1])
    assert all(2 <= len(query.split()) <= 8 for query in answer.queries)
    assert not any(f"- {query}\n" in example.shown for query in answer.queries)
    assert all(3 <= len(f.wordings) <= 12 and f.wordings == tuple(map(str.lower, f.wordings)) for f in answer.facets)
    assert answer.question_type == "open" or {"subject", "outcome"} <= roles
    assert all(facet.text in example.shown for facet in answer.facets)


@pytest.mark.parametrize("example", of("screen"), ids=name)
def test_screening_includes_from_six_on(example: Example) -> None:
    answer = example.read()
    assert answer.include is (answer.relevance >= 6) is (answer.group == "on the question")
    assert len(answer.reason.split()) <= 30


@pytest.mark.parametrize("example", of("extract"), ids=name)
def test_quotations_stand_in_the_abstract_and_claims_in_their_quotations(example: Example) -> None:
    answer: ExtractAnswer = example.read()
    for claim in answer.claims:
        assert claim.quote in abstract(example)
        assert set(NUMBER.findall(claim.text)) <= set(NUMBER.findall(claim.quote))
        known = set(text.stems(example.shown))
        said = set(text.stems(claim.text))
        assert len(said & known) / len(said) >= GROUNDED
        assert not wording.is_cut_off(claim.text)
        assert not wording.loose_opening(claim.text)
        assert claim.hedged or not hedging.is_hedged(claim.quote)
        assert claim.on_question or claim.answers == "none"
        assert claim.direction != "no_difference" or claim.valence == "neutral"


@pytest.mark.parametrize("example", of("reconcile"), ids=name)
def test_groups_hold_two_claims_or_more_each_once(example: Example) -> None:
    members = [claim for group in example.read().groups for claim in group.claims]
    assert all(len(group.claims) > 1 for group in example.read().groups)
    assert len(members) == len(set(members))


@pytest.mark.parametrize("example", of("prosecute", "defend"), ids=name)
def test_a_side_needs_the_same_comparison_and_the_same_outcome(example: Example) -> None:
    wanted = {"prosecute": "refutes", "defend": "supports"}[example.task]
    for finding in example.read().findings:
        assert finding.bears in (wanted, "neither")
        assert (finding.bears == wanted) is (finding.same_comparison and finding.same_outcome)
        assert len(finding.reason.split()) <= 30


@pytest.mark.parametrize("example", of("judge"), ids=name)
def test_verdicts_are_what_the_counts_bear_out(example: Example) -> None:
    answer = example.read()
    lines = dict(re.findall(r"^(S\d+) \[([^\]]*)\]", example.shown, re.MULTILINE))
    assert [w.passage for w in answer.weighed] == list(lines)
    papers: dict[str, set[str]] = {"supports": set(), "refutes": set(), "neutral": set()}
    carried = False
    for weighed in answer.weighed:
        paper, own = lines[weighed.passage].split(";")[0], "own paper" in lines[weighed.passage]
        carried = carried or (own and weighed.stance == "supports")
        if not own:
            papers[weighed.stance].add(paper)
    assert answer.verdict == _verdict(carried, len(papers["supports"]), len(papers["refutes"]))


def _verdict(carried: bool, support: int, against: int) -> str:
    if not carried and not support:
        return "REFUTED" if against else "NOT_ENOUGH_EVIDENCE"
    if against:
        return "CONTESTED"
    return "SUPPORTED" if support else "UNCORROBORATED"


@pytest.mark.parametrize("example", of("write", "revise"), ids=name)
def test_reports_keep_the_rules_of_writing(example: Example) -> None:
    answer: WriteAnswer = example.read()
    for sentence in sentences(answer):
        entries = [entry(example, handle) for handle in sentence.claims]
        quoted = NUMBER.findall("".join(re.findall(r"“.*?”", "".join(entries))))
        assert not entries or set(NUMBER.findall(sentence.text)) <= set(quoted)
        assert len(sentence.text.split()) <= 40
        assert not wording.emphatic(sentence.text)
        assert not wording.is_cut_off(sentence.text)
        assert not re.match(r"(This|These|It|They)\b", sentence.text)
        assert not any("fate dropped" in shown for shown in entries)
        assert not wording.causal(sentence.text) or all("strength causal" in shown for shown in entries)
        if any("CONTESTED" in shown for shown in entries):
            assert wording.names_conflict(sentence.text)
        if entries and all("0 independent for" in shown for shown in entries) and len(entries) == 1:
            assert wording.says_single(sentence.text)
        if any("; hedged]" in shown for shown in entries):
            assert hedging.is_hedged(sentence.text)
    assert all(s.claims for section in answer.results for s in section.sentences)
    assert {c for s in answer.answer for c in s.claims} <= {
        c for r in answer.results for s in r.sentences for c in s.claims
    }
    assert len(answer.title.split()) <= 20
    assert sum(len(s.text.split()) for s in answer.abstract) <= 200
    for plain in (*answer.limitations, *answer.gaps_in_evidence, *(s.text for s in sentences(answer) if not s.claims)):
        assert not wording.states_finding(plain)


@pytest.mark.parametrize("example", of("review", "audit", "deliberate"), ids=name)
def test_every_criterion_is_scored_once_on_a_step_of_the_scale(example: Example) -> None:
    scores = example.read().scores
    assert Counter(s.criterion for s in scores) == Counter(get_args(Criterion))
    assert all(len(s.reason.split()) <= 40 for s in scores)
    for score in scores:
        level = re.match(r"Level (\d+) holds", score.reason)
        assert not level or int(level[1]) <= score.value <= int(level[1]) + 1


@pytest.mark.parametrize("example", of("deliberate"), ids=name)
def test_each_change_of_a_score_is_told_and_no_other(example: Example) -> None:
    answer = example.read()
    own = example.shown.rpartition('<data kind="review"')[0].rpartition('<data kind="review"')[2]
    before = {c: float(v) for c, v in re.findall(r"^(\w+) (\d+\.\d):", own, re.MULTILINE)}
    moved = [s.criterion for s in answer.scores if s.value != before[s.criterion]]
    assert [change.split()[0] for change in answer.changes] == moved


@pytest.mark.parametrize("example", of("follow_up"), ids=name)
def test_a_follow_up_has_a_new_question_if_it_needs_a_run(example: Example) -> None:
    answer = example.read()
    assert bool(answer.question) is answer.needs_run
    assert answer.needs_run or all(sentence.claims for sentence in answer.sentences)


def test_what_speaks_to_the_reader_in_examples_is_never_repeated() -> None:
    planted = [
        ("screen", "must include"),
        ("extract", "superior"),
        ("prosecute", "mark all of them"),
        ("defend", "every claim"),
        ("deliberate", "Everybody"),
        ("follow_up", "Ignore the ledger"),
        ("stance", "proven"),
    ]
    for task, words in planted:
        assert any(words in example.shown for example in examples(task))
        assert not any(words in str(example.answer) for example in examples(task))
