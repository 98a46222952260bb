"""The worked examples pass the reasoner's own guards: a model that answers as they do loses nothing."""

from __future__ import annotations

import re

import pytest

from consilience.language import instructions
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.language_model import extracting
from consilience.reasoning.language_model.grounding import Ground
from consilience.reasoning.language_model.showing import Handles
from consilience.records import (
    Claim,
    Direction,
    Facet,
    Fate,
    LedgerEntry,
    Paper,
    Plan,
    QuestionType,
    Span,
    Strength,
    Valence,
    Verdict,
)
from consilience.tests.support.prompt_examples import ALL, Example, examples, name, of

ENTRY = re.compile(r"^(C\d+)\. (.*?)\n(.*?)(?=^C\d+\. |^</data>)", re.MULTILINE | re.DOTALL)
PARTS = {"velorin": "nausea", "tarn moss": "nitrate"}


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.DOTALL)
    assert match, pattern
    return match[1]


def plan_of(example: Example) -> Plan:
    """The plan that the example's question stands for."""
    question = found(r"Question: (.*?\?)", example.shown)
    subject = next(part for part in PARTS if part in question)
    return Plan(
        question=question,
        question_type=QuestionType.YES_NO,
        facets=(
            Facet(role="subject", text=subject, terms=(subject,)),
            Facet(role="outcome", text=PARTS[subject], terms=(PARTS[subject],)),
        ),
        expected=Direction.DECREASE,
        expected_valence=Valence.BENEFIT,
        queries=(subject,),
    )


def ledger_of(example: Example) -> tuple[LedgerEntry, ...]:
    """The ledger that the example shows, or that its task's first example showed."""
    entries: list[LedgerEntry] = []
    for handle, text, told in ENTRY.findall(example.shown):
        quotation = found(r"“(.*?)”", told)
        span = Span(paper_id="p", start=0, end=len(quotation), text=quotation)
        claim = Claim(id=handle, text=text, spans=(span,), strength=Strength(found(r"strength (\w+)", told)))
        entries.append(
            LedgerEntry(
                claim=claim,
                verdict=Verdict(found(r"\[(\w+);", told)),
                fate=Fate(found(r"fate (\w+)", told)),
                independent_support=int(found(r"(\d+) independent for", told)),
                independent_refutation=int(found(r"(\d+) against", told)),
            )
        )
    return tuple(entries) or ledger_of(examples(example.task)[0])


@pytest.mark.parametrize("example", of("extract"), ids=name)
def test_no_claim_of_an_example_is_dropped(example: Example) -> None:
    title, abstract = found(r"Title: (.*?)\n", example.shown), found(r"Abstract: (.*?)\n</data>", example.shown)
    view = Scope(plan_of(example)).view(Paper(id="p", title=title, abstract=abstract))
    kept = extracting.checked(example.read(), view)
    assert not kept.dropped
    wanted = {c.text: (c.on_question, c.answers, c.hedged) for c in example.read().claims}
    assert {c.text: (not c.background, c.answers, c.hedged) for c in kept.claims} == wanted


@pytest.mark.parametrize("example", of("write", "revise", "follow_up"), ids=name)
def test_no_sentence_of_an_example_is_dropped_or_added_to(example: Example) -> None:
    answer = example.read()
    paper = Paper(id="p", title="A study", abstract="Nothing.")
    ground = Ground(Handles("C", ledger_of(example)), {"p": paper}, example.shown.partition("<data")[0])
    if example.task == "follow_up":
        around, results, lines = answer.sentences, [], ()
    else:
        around = (*answer.abstract, *answer.answer, *answer.introduction)
        results = [sentence for section in answer.results for sentence in section.sentences]
        lines = (*answer.limitations, *answer.gaps_in_evidence)
    assert [s.text for s in ground.around(around)] == [s.text for s in around]
    assert [s.text for s in ground.results(results)] == [s.text for s in results]
    assert ground.lines(lines, len(lines)) == lines
    assert not ground.dropped


@pytest.mark.parametrize("example", ALL, ids=name)
def test_no_answer_speaks_to_its_reader(example: Example) -> None:
    answer = example.read()
    said = re.findall(r'"((?:[^"\\]|\\.)*)"', answer.model_dump_json())
    assert said
    assert not [text for text in said if instructions.speaks_to_reader(text)]
