"""Reads questions and sentences the way the embedded reasoner does, for tests that say one thing each."""

from __future__ import annotations

from consilience.reasoning.base import PlanRequest
from consilience.reasoning.embedded.extracting import extract
from consilience.reasoning.embedded.planning import make_plan
from consilience.reasoning.embedded.scope import PaperView, Scope
from consilience.records import Claim, Extraction, Paper, Plan


def plan(question: str) -> Plan:
    """The plan of a question's first round."""
    return make_plan(PlanRequest(question))


def facets(asked: Plan) -> dict[str, str]:
    """The text of each facet by its role, the first one of a role."""
    return {f.role: f.text for f in reversed(asked.facets)}


def paper(text: str, title: str = "", number: int = 1) -> Paper:
    """A paper of which only the words matter."""
    return Paper(id=f"paper{number}", title=title, abstract=text)


def view(question: str, text: str, title: str = "") -> PaperView:
    """A paper seen through a question."""
    return Scope(plan(question)).view(paper(text, title))


def extraction(question: str, text: str, title: str = "") -> Extraction:
    """What is taken out of an abstract for a question."""
    return extract(paper(text, title), Scope(plan(question)))


def claim(question: str, text: str, title: str = "") -> Claim:
    """The one claim on the question that an abstract makes."""
    [only] = on_question(question, text, title)
    return only


def on_question(question: str, text: str, title: str = "") -> list[Claim]:
    """The claims on the question that an abstract makes."""
    return [c for c in extraction(question, text, title).claims if not c.background]
