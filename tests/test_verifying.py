"""Claims that people give, against real libraries: verdicts, quotations, what never counts, what is kept."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilience.assembly import Models, Way
from consilience.errors import ClaimError, LibraryError
from consilience.evals.loopback.answering import stand_in_script
from consilience.evals.loopback.server import KEY, ModelServer
from consilience.literature.library import Library
from consilience.models.encoder import Encoder
from consilience.models.entailment import load_stance_judge
from consilience.records import Stance, Verdict
from consilience.reports.verification import Verification
from consilience.runs.store import calls_path
from consilience.runs.verifications import verifications_path
from consilience.settings import Settings
from consilience.tests.support import homes
from consilience.verifying import Given, check_claim, verify_claims

DESIGN = "In a randomised trial 120 adults received zorbine or placebo."
ROWS: tuple[dict[str, Any], ...] = (
    {"title": "Zorbine for headache", "authors": ["Ash A", "Elm B"],
     "abstract": f"{DESIGN} Zorbine reduced headache compared with placebo (p < 0.01)."},
    {"title": "Zorbine for headache again", "authors": ["Ash A", "Elm B"],
     "abstract": f"{DESIGN} Headache was significantly reduced with zorbine compared with placebo (p = 0.02)."},
    {"title": "Zorbine for sleep", "authors": ["Oak C", "Fir D"],
     "abstract": f"{DESIGN} Zorbine improved sleep quality compared with placebo (p < 0.01)."},
    {"title": "Zorbine and sleep", "authors": ["Yew E", "Bay F"],
     "abstract": f"{DESIGN} Zorbine did not improve sleep quality compared with placebo (p = 0.60)."},
    {"title": "Zorbine and anxiety", "authors": ["Ivy G", "Box H"],
     "abstract": f"{DESIGN} Zorbine increased anxiety compared with placebo (p < 0.01)."},
    {"title": "Zorbine and nausea", "authors": ["Hop I", "Rye J"], "retracted": True,
     "abstract": f"{DESIGN} Zorbine increased nausea compared with placebo (p < 0.01)."},
)  # fmt: skip
Verify = Callable[..., list[Verification]]


@pytest.fixture(scope="session")
def models(encoder: Encoder) -> Models:
    """The shipped networks, loaded once."""
    return Models(encoder, load_stance_judge(encoder))


@pytest.fixture
def shelf(home: Path, tmp_path: Path, encoder: Encoder) -> Settings:
    """This test's home with the library ``mine`` of six papers."""
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS))
    Library.add_to(home, "mine", [file])
    Library.open(home, "mine").index(encoder)
    return Settings(home=home, reasoner="embedded")


@pytest.fixture
def sample(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """This test's home with the sample library."""
    return Settings(home=homes.copied(homes.sample_home(tmp_path_factory.getbasetemp()), home), reasoner="embedded")


async def _all(claims: list[Given], **more: Any) -> list[Verification]:  # noqa: ANN401 -- verify_claims' own arguments
    return [made async for made in verify_claims(claims, **more)]


@pytest.fixture
def verify(models: Models) -> Verify:
    """Verifies claims with the networks already loaded."""

    def run(settings: Settings, *claims: str, library: str = "mine") -> list[Verification]:
        way = Way(settings, models=models)
        given = [Given(check_claim(claim, 2000)) for claim in claims]
        made = asyncio.run(_all(given, library=library, settings=settings, way=way))
        for one in made:
            for quotation in (*one.evidence_for, *one.evidence_against):
                paper = one.paper(quotation.paper_id)
                assert paper.abstract[quotation.start : quotation.end] == quotation.text
                assert not paper.retracted
        return made

    return run


def titles(made: Verification, papers: tuple[str, ...]) -> set[str]:
    return {made.paper(p).title for p in papers}


def test_one_independent_paper_supports_and_one_group_counts_once(verify: Verify, shelf: Settings) -> None:
    (made,) = verify(shelf, "Zorbine reduces headache in adults.")
    assert made.verdict is Verdict.SUPPORTED
    assert titles(made, made.supporting_papers) == {"Zorbine for headache", "Zorbine for headache again"}
    assert (made.independent_support, made.independent_refutation) == (1, 0)
    assert made.confidence is not None
    assert made.confidence > 0.5
    assert made.reading.by_rules
    assert "own quotation" not in made.reason


def test_evidence_on_both_sides_contests(verify: Verify, shelf: Settings) -> None:
    (made,) = verify(shelf, "Zorbine improves sleep quality.")
    assert made.verdict is Verdict.CONTESTED
    assert titles(made, made.supporting_papers) == {"Zorbine for sleep"}
    assert titles(made, made.refuting_papers) == {"Zorbine and sleep"}
    assert {q.stance for q in made.evidence_against} == {Stance.REFUTES}


def test_a_claim_and_its_denial_are_judged_opposite(verify: Verify, shelf: Settings) -> None:
    claim, denial, other = verify(
        shelf, "Zorbine reduces anxiety.", "Zorbine does not reduce anxiety.", "Zorbine does not increase anxiety."
    )
    assert [v.verdict for v in (claim, denial, other)] == [Verdict.REFUTED, Verdict.SUPPORTED, Verdict.REFUTED]
    assert denial.reading.denied
    assert claim.refuting_papers == denial.supporting_papers == other.refuting_papers
    assert any("denial" in limit for limit in denial.limits)


def test_a_retracted_paper_is_listed_and_never_counts(verify: Verify, shelf: Settings) -> None:
    (made,) = verify(shelf, "Zorbine increases nausea.")
    assert made.verdict is Verdict.NOT_ENOUGH_EVIDENCE
    assert made.confidence is not None
    assert 0 < made.confidence < 1, "that nothing was found is no certainty"
    assert titles(made, made.retracted) == {"Zorbine and nausea"}
    assert not made.evidence_for


def test_another_field_is_not_enough_evidence(verify: Verify, shelf: Settings) -> None:
    (made,) = verify(shelf, "Dark matter halos increase stellar mass in dwarf galaxies.")
    assert made.verdict is Verdict.NOT_ENOUGH_EVIDENCE
    assert (made.evidence_for, made.evidence_against) == ((), ())


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Cetirizine causes more sedation than loratadine.", Verdict.SUPPORTED),
        ("Fexofenadine impairs driving performance.", Verdict.REFUTED),
        ("Estrogen improves cognition in postmenopausal women.", Verdict.CONTESTED),
        ("Atomoxetine worsens ADHD symptoms in adults.", Verdict.REFUTED),
        ("Statins lower LDL cholesterol.", Verdict.NOT_ENOUGH_EVIDENCE),
        ("Naratriptan is well tolerated.", Verdict.SUPPORTED),
        ("Pair programming improves code quality.", Verdict.SUPPORTED),
    ],
)
def test_claims_on_the_sample_library(verify: Verify, sample: Settings, claim: str, verdict: Verdict) -> None:
    (made,) = verify(sample, claim, library="sample")
    assert made.verdict is verdict
    assert made.searched.papers == 82
    assert any("summaries" in limit for limit in made.limits) == bool(made.evidence_for or made.evidence_against)


def test_a_paper_on_other_people_is_left_out_with_its_reason(verify: Verify, sample: Settings) -> None:
    (made,) = verify(sample, "Methylphenidate reduces the symptoms of ADHD in adults.", library="sample")
    assert any("another population" in item.reason for item in made.left_out)
    assert not {item.paper_id for item in made.left_out} & {*made.supporting_papers, *made.refuting_papers}


def test_what_the_rules_cannot_read_is_said(verify: Verify, shelf: Settings) -> None:
    (made,) = verify(shelf, "Zorbine acts faster than placebo in 90% of adults. It is cheap.")
    assert not made.reading.by_rules
    assert any("stance judge decided alone" in limit for limit in made.limits)
    assert any("several sentences" in limit for limit in made.limits)


def test_fewer_papers_are_read_where_so_many_are_asked_for(verify: Verify, shelf: Settings) -> None:
    few = shelf.model_copy(update={"verification": shelf.verification.model_copy(update={"papers_per_side": 1})})
    (narrow,) = verify(few, "Zorbine reduces headache in adults.")
    (wide,) = verify(shelf, "Zorbine reduces headache in adults.")
    assert narrow.searched.read < wide.searched.read
    assert any("were not read" in limit for limit in narrow.limits)


def test_each_claim_is_kept_as_it_is_done_and_judged_once(verify: Verify, shelf: Settings) -> None:
    claims = ("Zorbine reduces headache.", "Zorbine improves sleep quality.")
    made = verify(shelf, *claims)
    (folder,) = verifications_path(shelf.home).iterdir()
    kept = [Verification.model_validate_json(f.read_text()) for f in sorted(folder.iterdir())]
    assert kept == made
    judged = _stances(shelf)
    again = verify(shelf, *claims)
    assert _stances(shelf) == judged > 0
    same = {"date", "seconds"}
    assert [v.model_dump(exclude=same) for v in again] == [v.model_dump(exclude=same) for v in made]


def _stances(settings: Settings) -> int:
    """How many pairs the call log holds of the stance judge."""
    with closing(sqlite3.connect(calls_path(settings.home))) as connection:
        return int(connection.execute("SELECT count(*) FROM calls WHERE kind = 'stance'").fetchone()[0])


async def test_whoever_stops_listening_keeps_what_was_done(models: Models, shelf: Settings) -> None:
    claims = [Given("Zorbine reduces headache."), Given("Zorbine improves sleep quality."), Given("Zorbine is safe.")]
    work = verify_claims(claims, library="mine", settings=shelf, way=Way(shelf, models=models))
    async with aclosing(work):
        first = await anext(work)
    (folder,) = verifications_path(shelf.home).iterdir()
    names = sorted(f.name for f in folder.iterdir())
    assert names[0] == "claim-00001.json"
    for name in names:
        assert name.startswith("claim-")
        Verification.model_validate_json((folder / name).read_text())
    assert Verification.model_validate_json((folder / names[0]).read_text()) == first


def test_a_library_that_is_not_there_leaves_nothing(shelf: Settings) -> None:
    with pytest.raises(LibraryError):
        asyncio.run(_all([Given("Zorbine is safe.")], library="nothing-here", settings=shelf))
    assert not verifications_path(shelf.home).exists()


def test_a_claim_that_is_none_is_refused() -> None:
    for text in ("", "Zorbine", "Is zorbine safe?", "z " * 2000):
        with pytest.raises(ClaimError) as told:
            check_claim(text, 2000)
        assert told.value.advice
    assert check_claim("  Zorbine\tis\nsafe\x1b[31m ", 2000) == "Zorbine is safe[31m"


def test_a_language_model_judges_beside_the_rules(shelf: Settings) -> None:
    with ModelServer(stand_in_script, key=KEY, models=["scripted"]) as server:
        with_model = Settings.model_validate(
            {
                "home": shelf.home,
                "reasoner": "model",
                "model": {"name": "scripted", "base_url": server.base_url, "api_key": KEY},
            }
        )
        claims = [Given("Zorbine reduces headache in adults.", 3), Given("Zorbine reduces anxiety.", 7)]
        made = asyncio.run(_all(claims, library="mine", settings=with_model))
        asked = {task: server.count(task) for task in ("defend", "prosecute", "judge")}
        again = asyncio.run(_all(claims, library="mine", settings=with_model))
        assert {task: server.count(task) for task in asked} == asked, "known answers were paid again"
    assert all(asked.values())
    by_line = {v.line: v for v in made}
    assert set(by_line) == {3, 7}
    for one in made:
        assert one.reasoner == "language model"
        assert "scripted" in one.language_model
        assert one.calls
        assert KEY not in one.model_dump_json()
    assert {v.line: v.verdict for v in again} == {v.line: v.verdict for v in made}
    (first, _) = sorted(verifications_path(shelf.home).iterdir())
    assert (first / "model-calls.sqlite").exists()


def test_a_spent_budget_makes_it_partial(shelf: Settings) -> None:
    with ModelServer(stand_in_script, key=KEY, models=["scripted"]) as server:
        bounded = Settings.model_validate(
            {
                "home": shelf.home,
                "reasoner": "model",
                "model": {"name": "scripted", "base_url": server.base_url, "api_key": KEY},
                "budget": {"max_tokens": 1},
            }
        )
        (made,) = asyncio.run(_all([Given("Zorbine reduces headache in adults.")], library="mine", settings=bounded))
    assert made.partial
    assert any(gap.kind == "budget" for gap in made.gaps)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=120))
def test_any_text_gets_a_verdict_or_advice(verify: Verify, shelf: Settings, text: str) -> None:
    try:
        (made,) = verify(shelf, f"Zorbine {text}")
    except ClaimError:
        return
    assert made.verdict is not Verdict.UNCORROBORATED
    assert json.loads(made.model_dump_json())["claim"] == made.claim
