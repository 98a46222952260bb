"""A question that a small model is really asked in every task: four short abstracts of our own and very short prompts.

Tea, papers and findings are invented. The prompts in ``prompts`` show the model what an answer looks like; what it
makes of that is another matter. They are made to be read fast: what many calls share stands at their beginning, where
llama.cpp reads it once, and all lenses are one, so that the five reviewers ask the same and share the answer. No more
than that is shared: llama.cpp keeps a prompt for its second asking only if less than half of it begins the next one.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from consilience.endpoints.exchange import Exchange
from consilience.engine import FinishedRun
from consilience.literature.library import Library
from consilience.models.encoder import load_encoder
from consilience.prompts.catalogue import TASKS
from consilience.reasoning.language_model.answers import DeliberateAnswer, ReviewAnswer
from consilience.reasoning.language_model.asking import parse
from consilience.records import Criterion
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CHAT_FAULT, ModelCall, fault_key
from consilience.runs.store import calls_path
from consilience.settings import Settings, load_settings
from consilience.tests.support.prompt_examples import ANSWERS

LIBRARY = "tea"
QUESTION = "Does velmint tea reduce nausea compared with placebo?"
ASKED = frozenset(TASKS) - {"revise", "follow_up", "repair", "stance"}
"""The tasks of a run with one round of reviews."""
_HERE = Path(__file__).parent
PROMPTS = _HERE / "prompts"
_SMALL = {
    "search": {"max_rounds": 1, "max_queries": 1, "hits_per_query": 4},
    "screening": {"max_included": 2},
    "extraction": {"max_claims_per_paper": 2},
    "verification": {"papers_per_side": 3, "sentences_per_paper": 2},
    "panel": {"max_rounds": 1, "max_searches": 0},
}


def home_with_tea(home: Path) -> Path:
    """A home with the library, indexed."""
    Library.add_to(home, LIBRARY, [_HERE / "papers.jsonl"])
    Library.open(home, LIBRARY).index(load_encoder())
    return home


def small(home: Path, model_file: Path) -> Settings:
    """Settings for a run that asks every task and has no bound but those on its size."""
    model = {
        "name": f"local:{model_file}",
        "context_tokens": 8192,
        "max_output_tokens": 192,
        "prompts": PROMPTS,
    }
    return load_settings(home=home, reasoner="model", model=model, **_SMALL)


def short(home: Path, model_file: Path, max_tokens: int) -> Settings:
    """Settings for a run with the shipped prompts that is over after some tokens, on whatever machine."""
    model = {"name": f"local:{model_file}", "context_tokens": 4096, "max_output_tokens": 256}
    return load_settings(home=home, reasoner="model", model=model, budget={"max_tokens": max_tokens}, **_SMALL)


@dataclass(frozen=True)
class LastWord:
    """A call after which its task asked nothing more, and whether its answer can be used."""

    call: ModelCall
    usable: bool


def last_words(finished: FinishedRun, home: Path) -> list[LastWord]:
    """One for each question that was put to the model, the second answer where there were two."""
    found: list[LastWord] = []
    with closing(CallLog(calls_path(home))) as log:
        for call in finished.run.model_calls.read():
            made = _exchange(log, finished.run.id, call)
            usable = made is not None and not made.fault and _can_be_used(made)
            # A request of more than two messages repeats one; what was refused unpaid is not asked again.
            if usable or made is None or len(made.messages) > 2:
                found.append(LastWord(call, usable))
    return found


def _can_be_used(made: Exchange) -> bool:
    """Whether an answer keeps its schema, and scores every criterion once where it scores."""
    answer = parse(made.text, ANSWERS[made.task])
    if isinstance(answer, ReviewAnswer | DeliberateAnswer):
        return sorted(score.criterion for score in answer.scores) == sorted(get_args(Criterion))
    return not isinstance(answer, str)


def _exchange(log: CallLog, run_id: str, call: ModelCall) -> Exchange | None:
    kind, key = (CHAT_FAULT, fault_key(run_id, call.id)) if call.fault else (CHAT, call.id)
    kept = log.get_many(kind, [key]).get(key)
    return None if kept is None else Exchange.parse(kept)
