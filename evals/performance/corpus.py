"""The abstracts that a benchmark runs on: of public sets where they are at hand, else composed by a seed.

The composed ones are ours: invented treatments in common conditions, with the length, the parts and the
numbers of a trial's abstract, so that every node of a run has its ordinary work. They say nothing about the
world.
"""

from __future__ import annotations

import random
from itertools import chain, zip_longest
from pathlib import Path

from consilience.evals.gold_schema import Recipe
from consilience.evals.recipes import SetRecord, folded, read_recipe

_SETS = (
    "systematic_reviews/Cohen_2006_Triptans",
    "systematic_reviews/Cohen_2006_ADHD",
    "systematic_reviews/Cohen_2006_Estrogens",
    "systematic_reviews/Cohen_2006_Antihistamines",
    "scifact",
)
PUBLIC_QUESTION = "Are triptans more effective than placebo for the relief of acute migraine?"
COMPOSED_QUESTION = "Does velamide reduce pain in adults with migraine?"

_TREATMENTS = ("velamide", "corazine", "tremolol", "bisanide", "oxaprene", "luminast", "parvidol", "senotine")
_CONDITIONS = (
    ("migraine", "pain", "headache days"),
    ("asthma", "exacerbations", "morning wheeze"),
    ("depression", "depressive symptoms", "sleep problems"),
    ("osteoarthritis", "joint pain", "stiffness"),
    ("eczema", "itching", "skin lesions"),
    ("heart failure", "admissions", "breathlessness"),
    ("insomnia", "time awake", "fatigue"),
    ("type 2 diabetes", "fasting glucose", "weight"),
)
_PEOPLE = ("adults", "children", "older adults", "women", "outpatients", "adolescents")
_SEED = 7
_COMPARATORS = ("placebo", "usual care", "an older drug")


def corpus(size: int, data: Path | None) -> tuple[tuple[SetRecord, ...], str]:
    """``size`` records with abstracts and a question that some of them bear on.

    Public sets are taken in turn, record by record, and shuffled, so that a part of the corpus is like the whole.
    ``size`` may exceed what they hold: the rest is composed.
    """
    if data is None:
        return tuple(composed(size, _SEED)), COMPOSED_QUESTION
    sets = [read_recipe(Recipe(set=name), data) for name in _SETS]
    turns = chain.from_iterable(zip_longest(*sets))
    named = {folded(r.title): r for r in turns if r is not None and r.abstract and r.title}
    taken = list(named.values())[:size]
    random.Random(_SEED).shuffle(taken)
    kept = [SetRecord(f"public-{n}", r.title, r.abstract, r.authors, r.year, r.pmid) for n, r in enumerate(taken)]
    return (*kept, *composed(size - len(kept), _SEED)), PUBLIC_QUESTION


def composed(size: int, seed: int) -> list[SetRecord]:
    """Records made from the seed; the same for the same seed, a longer list beginning like a shorter one."""
    made: list[SetRecord] = []
    for number in range(max(0, size)):
        dice = random.Random(f"{seed}/{number}")
        treatment, other = dice.sample(_TREATMENTS, 2)
        condition, outcome, second = dice.choice(_CONDITIONS)
        people, comparator = dice.choice(_PEOPLE), dice.choice(_COMPARATORS)
        title = f"{treatment.capitalize()} against {comparator} in {people} with {condition}: trial {number}"
        size, centres, weeks = dice.randint(40, 1800), dice.randint(2, 60), dice.randint(2, 52)
        dose = dice.choice((5, 10, 25, 50))
        harms = dice.randint(5, 40), dice.randint(5, 40)
        sentences = (
            f"Whether {treatment} helps {people} with {condition} is not settled.",
            f"Earlier studies of {other} were small and their results differed.",
            f"We did a randomised, double-blind trial with {size} {people} at {centres} centres, who took "
            f"{treatment} {dose} mg or {comparator} for {weeks} weeks.",
            f"The primary outcome was {outcome}; {second} and adverse events were secondary outcomes.",
            *_results(dice, treatment, comparator, outcome),
            *_results(dice, treatment, comparator, second),
            f"Adverse events occurred in {harms[0]}% of the {treatment} group and {harms[1]}% of the "
            f"{comparator} group.",
            f"Results were similar in subgroups by age, sex and severity of {condition}.",
            f"Larger trials of {treatment} that last longer are needed in {people} with {condition}.",
        )
        authors = (f"{dice.choice('ABCDEFGH')} Author{number}",)
        year = 1985 + number % 40
        made.append(SetRecord(f"composed-{number}", title, " ".join(sentences), authors, year))
    return made


def _results(dice: random.Random, treatment: str, comparator: str, outcome: str) -> tuple[str, ...]:
    one, two = sorted(dice.sample(range(8, 80), 2))
    ratio = one / two
    interval = f"{ratio * 0.8:.2f} to {ratio * 1.2:.2f}"
    if dice.random() < 0.35:
        return (
            f"There was no significant difference in {outcome} between {treatment} and {comparator} "
            f"({one}% versus {two}%; P = 0.{dice.randint(11, 89)}).",
        )
    word = dice.choice(("reduced", "increased"))
    first, last = (one, two) if word == "reduced" else (two, one)
    return (
        f"{treatment.capitalize()} significantly {word} {outcome} compared with {comparator} "
        f"({first}% versus {last}%; risk ratio {ratio:.2f}, 95% CI {interval}; "
        f"P < 0.0{dice.randint(1, 4)}).",
    )
