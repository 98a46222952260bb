"""What the question looks for, and one paper seen through it: zones, arms, population, topic."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from consilience.language import acronyms, concepts, designs, sentences, zones
from consilience.language.concepts import Mention
from consilience.language.designs import Subjects
from consilience.language.text import stems
from consilience.language.zones import Zone
from consilience.records import FacetRole, Paper, Plan, QuestionType, Span, StudyDesign


@dataclass(frozen=True)
class Scope:
    """The question's terms by role, ready for matching."""

    plan: Plan

    @cached_property
    def subject(self) -> tuple[str, ...]:
        """Wordings of the question's subject; empty for an open question."""
        return self._terms("subject")

    @cached_property
    def outcome(self) -> tuple[str, ...]:
        """Wordings of the question's outcome; empty for an open question."""
        return self._terms("outcome")

    @cached_property
    def comparator(self) -> tuple[str, ...]:
        """Wordings of the comparator that the question names; empty where it names none."""
        return self._terms("comparator")

    @cached_property
    def population(self) -> tuple[str, ...]:
        """Wordings of the population that the question names."""
        return self._terms("population")

    @cached_property
    def topics(self) -> tuple[tuple[str, ...], ...]:
        """Wordings of each topic facet: conditions of a yes-or-no question, all facets of an open one."""
        return tuple(f.terms for f in self.plan.facets if f.role == "topic")

    @property
    def is_open(self) -> bool:
        """Whether the question asks for findings and not for yes or no."""
        return self.plan.question_type is QuestionType.OPEN

    @cached_property
    def asks_efficacy(self) -> bool:
        """Whether the outcome is only that something gets better, so that "effective" says it."""
        return "efficacy" in self.outcome

    @cached_property
    def inactive_asked(self) -> bool:
        """Whether the comparison asked about is with nothing active (which a question without comparator means)."""
        if not self.comparator:
            return True
        return concepts.holds(" ; ".join(self.comparator[:1]), INACTIVE)

    @cached_property
    def _views(self) -> dict[str, PaperView]:
        return {}

    def view(self, paper: Paper) -> PaperView:
        """The paper seen through this scope, read once."""
        known = self._views.get(paper.id)
        if known is None or known.paper is not paper:
            known = self._views[paper.id] = PaperView(paper, self)
        return known

    def _terms(self, role: FacetRole) -> tuple[str, ...]:
        facet = self.plan.facet(role)
        return facet.terms if facet else ()


INACTIVE = concepts.wordings_of_kind("inactive")
CONTROLS = tuple(w for w in INACTIVE if not re.match(r"(?:baseline|pre-?treatment|before)\b", w))
"""Arms that were given nothing active: not the same people before."""
CLASSES = frozenset(n for c in concepts.of_kind("treatment") if c.members for n in c.names)
"""Names of whole classes of treatments, which do not say which one was given."""
ANIMALS = concepts.wordings_of_kind("animal")
TREATMENTS = tuple(w for w in concepts.wordings_of_kind("treatment") if w not in ("control",))


class PaperView:
    """One paper as the question's scope sees it. Everything is read from its title and abstract alone."""

    def __init__(self, paper: Paper, scope: Scope) -> None:
        self.paper = paper
        self.scope = scope
        self.memo: dict[tuple[int, int], object] = {}
        """What was read from a span, kept by those who read it."""
        self._acronyms = {short: long.casefold() for short, long in acronyms.read(paper.abstract).items()}

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each sentence of the abstract stands."""
        return sentences.split(self.paper.abstract)

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        """The rhetorical zone of each sentence."""
        return zones.of(self.paper.abstract, self.spans)

    @cached_property
    def subject(self) -> tuple[str, ...]:
        """The scope's subject terms with the abstract's own acronyms of them."""
        return self.expand(self.scope.subject)

    @cached_property
    def outcome(self) -> tuple[str, ...]:
        """The scope's outcome terms with the abstract's own acronyms of them."""
        return self.expand(self.scope.outcome)

    @cached_property
    def text(self) -> str:
        """Title and abstract."""
        return f"{self.paper.title}. {self.paper.abstract}"

    def holds(self, terms: tuple[str, ...]) -> bool:
        """Whether title or abstract names one of the terms."""
        return concepts.holds(self.text, terms)

    def title_holds(self, terms: tuple[str, ...]) -> bool:
        """Whether the title names one of the terms."""
        return concepts.holds(self.paper.title, terms)

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """The question's subject as the paper names it: the most specific wordings, in order of first mention."""
        named = distinct(concepts.find(self.text, self.subject))
        specific = tuple(n for n in named if n not in CLASSES)
        return _joined(_most_specific(specific or named[:1]), self.text)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Other active treatments that the paper names, classes of them left out."""
        own = set(self.subject) | CLASSES
        return distinct(m for m in concepts.find(self.text, TREATMENTS) if m.term not in own)

    @cached_property
    def inactive(self) -> tuple[str, ...]:
        """Inactive comparators that the paper names, placebo first."""
        named = distinct(concepts.find(self.text, INACTIVE))
        return tuple(sorted(named, key=lambda n: (n != "placebo", n)))

    @cached_property
    def on_topic(self) -> bool:
        """Whether the paper is about every topic that the question names, and about its population, not another."""
        return self.names_topics and not self.other_population

    @cached_property
    def topics(self) -> tuple[tuple[str, ...], ...]:
        """The scope's topics with the abstract's own acronyms of them."""
        return tuple(self.expand(terms) for terms in self.scope.topics)

    @cached_property
    def names_topics(self) -> bool:
        """Whether title and abstract name every topic of the question."""
        return all(self.holds(terms) for terms in self.topics)

    @cached_property
    def other_population(self) -> bool:
        """Whether the paper's people are others than the question's: it names a rival and not the one asked."""
        asked = self.scope.population
        if not asked or concepts.holds(self.text, asked):
            return False
        if concepts.holds(" ; ".join(asked), ANIMALS):
            return True
        rivals = tuple(w for w in concepts.wordings_of_kind("population") if w not in asked)
        return concepts.holds(self.text, rivals)

    @cached_property
    def design(self) -> StudyDesign:
        """The study's design as title and abstract tell it."""
        return designs.read(self.paper.abstract, self.paper.title, self.paper.type)

    @cached_property
    def subjects(self) -> Subjects:
        """Who or what was studied."""
        return designs.subjects(self.paper.abstract, self.paper.title)

    def span(self, place: tuple[int, int]) -> Span:
        """What stands at a place of the abstract, as one of ``spans`` is."""
        start, end = place
        return Span(paper_id=self.paper.id, start=start, end=end, text=self.paper.abstract[start:end])

    def spelled(self, phrase: str) -> str:
        """A phrase with the abstract's own acronyms of what was asked spelled out, as no other paper knows them."""
        asked = (*self.scope.subject, *self.scope.outcome)
        for short, long in sorted(self._acronyms.items()):
            own = re.compile(rf"(?<![\w-]){re.escape(short)}(?![\w-])")
            if own.search(phrase) and concepts.holds(long, asked) and not concepts.holds(short, asked):
                phrase = own.sub(long.strip(" []()"), phrase)
        return phrase

    def expand(self, terms: tuple[str, ...]) -> tuple[str, ...]:
        """Terms with the abstract's own acronyms of them."""
        short = [s.casefold() for s, long in sorted(self._acronyms.items()) if terms and concepts.holds(long, terms)]
        return tuple(dict.fromkeys((*terms, *short)))


def _most_specific(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without those whose words another name holds: "estrogen" beside "conjugated equine estrogens"."""
    bags = {name: set(stems(name)) for name in names}
    return tuple(n for n in names if not any(bags[n] < bags[o] for o in names))


def _joined(names: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Names that the text combines into one treatment ("A plus B") as one name."""
    low = text.casefold()
    for first in names:
        for second in names:
            whole = f"{first} plus {second}"
            between = (
                r"[^;]{0,45}?(?:\bplus\b|\bcombined with\b|\bin combination with\b|\btogether with\b|\+|/)[^;]{0,20}?"
            )
            if first != second and re.search(f"{re.escape(first)}{between}{re.escape(second)}", low):
                return _joined((*[n for n in names if n not in (first, second)], whole), text)
    return names


def distinct(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The different wordings among mentions, lower case and singular, in order of first mention."""
    found: list[str] = []
    for mention in mentions:
        name = mention.term if not mention.term.startswith("*") else mention.text.casefold().removesuffix("s")
        found.append(name)
    return tuple(dict.fromkeys(found))
