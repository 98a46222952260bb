"""The sample questions' reports as the program makes them, and their index: ``make examples``.

What differs from run to run or from one machine to the next is emptied: times, and the versions of Python and of the
libraries. Everything else is as ``consilience ask`` writes it. The questions are those of the gold set on the sample
library. ``tests/repository/test_examples.py`` makes them again and compares.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from consilience.engine import load_report, run_question
from consilience.evals.gold_schema import load_gold
from consilience.evals.registry import table
from consilience.models.encoder import load_encoder
from consilience.records import Event, verdict_words
from consilience.reports.files import report_json
from consilience.reports.html import render_html
from consilience.reports.markdown import render_markdown
from consilience.reports.report import Report
from consilience.runs.files import write_atomic
from consilience.runs.store import RunStore
from consilience.settings import Settings

HERE = Path(__file__).resolve().parent
SLUGS = (
    "triptans-relief",
    "stimulants-adult-adhd",
    "hormones-cognition",
    "antihistamines-sedation",
    "software-reviews-quality",
)
INDEX = "README.md"
ARITHMETIC = "Vector digest: `"


class Example(NamedTuple):
    """One question's report, with its times and versions emptied."""

    slug: str
    report: Report
    events: tuple[Event, ...]


def make(home: Path) -> list[Example]:
    """Ask the questions, each as a run of its own in one home."""
    settings = Settings(home=home)
    questions = {gold.id: gold.question for gold in load_gold()}
    return [_ask(slug, questions[slug], settings) for slug in SLUGS]


def _ask(slug: str, question: str, settings: Settings) -> Example:
    asyncio.run(run_question(question, library="sample", settings=settings, run_id=slug))
    run = RunStore(settings.home).open(slug)
    report = load_report(run).timeless()
    manifest = report.manifest.model_copy(update={"versions": {}})
    told = (event for event in run.transcript.read() if event.node != "publish")
    events = tuple(event.model_copy(update={"time": "", "seconds": 0.0}) for event in told)
    return Example(slug, report.model_copy(update={"manifest": manifest}), events)


def files(examples: Sequence[Example]) -> dict[str, str]:
    """The text of every file of this folder that is made, by its name."""
    made = {INDEX: index([example.report for example in examples])}
    for slug, report, events in examples:
        made[f"{slug}.json"] = report_json(report)
        made[f"{slug}.md"] = render_markdown(report)
        made[f"{slug}.html"] = render_html(report, events)
    return made


def index(reports: Sequence[Report]) -> str:
    """The page that lists the reports with their answers and scores."""
    head = ("question and title", "answer", "certainty", "claims", "panel", "auditor", "files")
    listed = table(head, [_row(report) for report in reports])
    return f"""# Examples

The five questions of the sample library, answered by `consilience ask` with the default settings. These files are as
generated (`make examples`); only times and library versions are emptied, and a test fails when the program would
write others. Nothing in them was corrected by hand: read them with the [checklist](../reading-checklist.md).

{listed}

*Claims* are those on the question, by verdict. *Panel* is the median of the reviewers' means on the scale 1 to 10 and
*auditor* the score of the judge outside their loop: both judge the report, not the treatment, and both are the
program's own rules ([how they are reached](../verification.md)).

Byte for byte the same on processors whose arithmetic agrees. {ARITHMETIC}{arithmetic()}`.
"""


def _row(report: Report) -> tuple[str, ...]:
    counted = ", ".join(f"{n} {verdict_words(name)}" for name, n in report.counts.verdicts.items() if n) or "none"
    links = ", ".join(f"[{kind}]({report.run_id}.{kind})" for kind in ("md", "html", "json"))
    review = report.review
    return (
        f"{report.question}<br>*{report.title}*",
        f"**{report.answer.verdict.value}**",
        report.answer.certainty.value,
        counted,
        _score(review.score),
        _score(review.auditor_score),
        links,
    )


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def arithmetic() -> str:
    """A digest of the encoder's vectors of the questions: processors that agree on it make the same files."""
    questions = [gold.question for gold in load_gold() if gold.id in SLUGS]
    return hashlib.sha256(load_encoder().encode(questions).tobytes()).hexdigest()[:16]


def recorded() -> str:
    """The digest that the index names."""
    return (HERE / INDEX).read_text(encoding="utf-8").partition(ARITHMETIC)[2].partition("`")[0]


def main() -> int:
    """Write the files, here or into another folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    out: Path = parser.parse_args().out
    for name in [name for name in os.environ if name.startswith("CONSILIENCE_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="consilience-examples-") as folder:
        made = files(make(Path(folder)))
    out.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        write_atomic(out / name, text)
    print(f"wrote {len(made)} files to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
