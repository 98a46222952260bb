"""How the report names things: the question's parts, papers, designs, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from consilience.records import Direction, Paper, Plan, StudyDesign, Valence

_DESIGN = {
    StudyDesign.META_ANALYSIS: "meta-analysis",
    StudyDesign.SYSTEMATIC_REVIEW: "systematic review",
    StudyDesign.RANDOMISED: "randomised trial",
    StudyDesign.COHORT: "cohort study",
    StudyDesign.CASE_CONTROL: "case-control study",
    StudyDesign.CROSS_SECTIONAL: "cross-sectional study",
    StudyDesign.UNCONTROLLED: "uncontrolled study",
    StudyDesign.REVIEW: "narrative review",
    StudyDesign.IN_VITRO: "in vitro study of cells",
    StudyDesign.ANIMAL: "study in animals",
    StudyDesign.IN_SILICO: "simulation study",
    StudyDesign.UNSTATED: "study",
}


_TITLE_WORDS = 9


def design_noun(design: StudyDesign) -> str:
    """What to call a study of that design in a sentence."""
    return _DESIGN[design]


def short_citation(paper: Paper) -> str:
    """Surname and year; where the source names no author, the title's first words in quotation marks."""
    year = str(paper.year) if paper.year else "year unknown"
    if not paper.authors:
        words = paper.title.split()
        shown = " ".join(words[:_TITLE_WORDS]).rstrip(" ,;:-") + ("\u2026" if len(words) > _TITLE_WORDS else "")
        return f"\u201c{shown}\u201d, {year}"
    surname = _surname(paper.authors[0])
    others = " and others" if len(paper.authors) > 2 else ""
    second = f" and {_surname(paper.authors[1])}" if len(paper.authors) == 2 else ""
    return f"{surname}{second}{others}, {year}"


def _surname(author: str) -> str:
    if "," in author:
        return author.split(",")[0].strip()
    words = [w for w in author.replace(".", " ").split() if w]
    while len(words) > 1 and re.fullmatch(r"(?:Jr|Sr|II|III|IV|\d\w*)", words[-1]):
        words.pop()
    particles = {"de", "van", "der", "den", "von", "la", "le", "di", "del", "el", "al"}
    start = len(words) - 1
    while start > 0 and words[start - 1].casefold() in particles:
        start -= 1
    return " ".join(words[start:]) if words else author


_BELONGS = frozenset(
    ("relief", "symptoms", "symptom", "severity", "treatment", "management", "control", "remission", "course")
)


def against(plan: Plan) -> str:
    """ " against sumatriptan" where the question names a comparator, else nothing."""
    comparator = plan.facet("comparator")
    return f" against {comparator.text}" if comparator else ""


def question_of(plan: Plan) -> str:
    """The question as a sentence: one that was typed without its mark gets it."""
    question = plan.question.strip()
    return question if re.search(r"[?.!]\W{0,2}$", question) else f"{question}?"


def subject_of(plan: Plan) -> str:
    """The question's subject in its own words; for an open question its topics."""
    subject = plan.facet("subject")
    if subject is not None:
        return subject.text
    return listed(f.text for f in plan.facets) or plan.question.rstrip("?")


def outcome_of(plan: Plan) -> str:
    """The question's outcome with the condition it belongs to: "relief of acute migraine"."""
    outcome, topic = plan.facet("outcome"), plan.facet("topic")
    if outcome is None:
        return ""
    if topic is None:
        return outcome.text
    link = "of" if outcome.text.casefold() in _BELONGS else "in"
    return f"{outcome.text} {link} {topic.text}"


def population_of(plan: Plan) -> str:
    """ " in adults", or nothing."""
    population = plan.facet("population")
    return f" in {population.text}" if population else ""


def topic_of(plan: Plan) -> str:
    """What a yes-or-no question is about: "triptans and relief of migraine against placebo in adults"."""
    return f"{subject_of(plan)} and {outcome_of(plan)}{against(plan)}{population_of(plan)}"


def asked_finding(plan: Plan) -> str:
    """What a paper on the yes side reports, in words that fit behind "report"."""
    outcome = plan.facet("outcome")
    name = outcome.text if outcome else "the outcome"
    if plan.any_change:
        return f"a relation with {name}"
    if plan.expected_valence is Valence.BENEFIT:
        return "a benefit" if outcome and "efficacy" in outcome.terms else f"an improvement ({name})"
    if plan.expected is Direction.NO_DIFFERENCE:
        return f"no difference ({name})"
    if plan.expected is Direction.DECREASE:
        return f"a reduction ({name})"
    if plan.expected is Direction.INCREASE:
        return f"an increase ({name})"
    return f"an effect ({name})"


def opposite_finding(plan: Plan) -> str:
    """What a paper on the opposite side reports."""
    if plan.expected_valence is Valence.BENEFIT:
        return "the opposite, a harm"
    if plan.expected is Direction.NO_DIFFERENCE:
        return "a difference"
    return "the opposite"


def number_of(count: int, noun: str, plural: str = "") -> str:
    """ "1 paper", "3 papers"."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def listed(items: Iterable[str]) -> str:
    """ "a, b and c"."""
    parts = list(items)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def closed(text: str) -> str:
    """The text with a stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
