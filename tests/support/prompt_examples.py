"""The worked examples of the shipped prompts, read out of their files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from consilience import prompts
from consilience.prompts.catalogue import TASKS
from consilience.reasoning.language_model.answers import (
    BriefAnswer,
    DeliberateAnswer,
    ExtractAnswer,
    FollowUpAnswer,
    JudgeAnswer,
    PlanAnswer,
    ReconcileAnswer,
    ReviewAnswer,
    ScreenAnswer,
    StanceAnswer,
    StrictAnswer,
    WriteAnswer,
)

ANSWERS: dict[str, type[StrictAnswer]] = {
    "plan": PlanAnswer,
    "screen": ScreenAnswer,
    "extract": ExtractAnswer,
    "reconcile": ReconcileAnswer,
    "prosecute": BriefAnswer,
    "defend": BriefAnswer,
    "judge": JudgeAnswer,
    "write": WriteAnswer,
    "revise": WriteAnswer,
    "review": ReviewAnswer,
    "deliberate": DeliberateAnswer,
    "audit": ReviewAnswer,
    "follow_up": FollowUpAnswer,
    "stance": StanceAnswer,
}
EXAMPLE = re.compile(r"^EXAMPLE \d.*$", re.MULTILINE)
MARK = "\nAnswer:\n"


@dataclass(frozen=True)
class Example:
    """What an example shows, all that the examples up to it show, and the answer that it gives."""

    task: str
    number: int
    shown: str
    shown_so_far: str
    answer: Any

    def read(self) -> Any:  # noqa: ANN401 - an answer of the task's own model
        return ANSWERS[self.task].model_validate_json(json.dumps(self.answer))


def instructions(task: str) -> str:
    """A task's system part without its examples, shared texts and scales apart from the anchors included."""
    system = prompts.text(task).partition("=== user ===")[0]
    own = EXAMPLE.split(system)[0]
    shared = [prompts.text(i) for i in TASKS[task].includes if i not in ("scales", "lens")]
    return "\n".join([own, *shared])


def examples(task: str) -> tuple[Example, ...]:
    """The examples of one task, in order."""
    system = prompts.text(task).partition("=== user ===")[0]
    found: list[Example] = []
    so_far = ""
    for number, part in enumerate(EXAMPLE.split(system)[1:], start=1):
        shown, mark, rest = part.partition(MARK)
        assert mark, f"example {number} of {task} has no answer"
        so_far += shown
        answer, _ = json.JSONDecoder().raw_decode(rest)
        found.append(Example(task, number, shown, so_far, answer))
    return tuple(found)


ALL = tuple(example for task in ANSWERS for example in examples(task))


def of(*tasks: str) -> tuple[Example, ...]:
    """The examples of some tasks."""
    return tuple(example for example in ALL if example.task in tasks)


def name(example: Example) -> str:
    """How a test is called."""
    return f"{example.task}-{example.number}"
