"""Owns pairs whose evidence is made by rule: the results of two arms, with figures, and claims that compare them.

Which figure belongs to which arm, and what it says of the difference, is what networks read worst; abstracts say it in
few ways, and each of them is here. Treatments and outcomes are those of real trials, so that their names look as they
do there; figures are drawn, and a difference that is not significant counts as none, as annotators count it. Beside
the results stand sentences of the trial's abstract that say no direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, Prompt, prompts, trial_abstracts
from consilience.language import sentences

from . import opposites, trials
from .pairs import Labelled

_SAID = (
    "{O} was {x} in the {a} group and {y} in the {b} group ({p}).",
    "Mean {o} was {x} with {a} versus {y} with {b} ({p}).",
    "{O}: {x} for {a}, {y} for {b} ({p}).",
    "In the {a} arm {o} was {x}, as against {y} in the {b} arm ({p}).",
    "{O} was {x} after {a} compared with {y} after {b} ({p}).",
    "Patients given {a} had {o} of {x}, and those given {b} of {y} ({p}).",
    "At follow-up, {o} in the {a} and {b} groups was {x} and {y}, respectively ({p}).",
)
_TOLD = {
    "up": (
        "Compared with {b}, {a} led to higher {o} ({p}).", "{O} was significantly higher with {a} than with {b} ({p}).",
        "{O} rose more in the {a} group than in the {b} group ({p}).",
        "{A} was associated with greater {o} than {b} ({p}).",
        "{O} was lower in the {b} group than in the {a} group ({p}).", "Relative to {a}, {b} gave lower {o} ({p}).",
    ),
    "down": (
        "Compared with {b}, {a} led to lower {o} ({p}).", "{O} was significantly lower with {a} than with {b} ({p}).",
        "{O} fell more in the {a} group than in the {b} group ({p}).",
        "{A} was associated with less {o} than {b} ({p}).",
        "{O} was higher in the {b} group than in the {a} group ({p}).", "Relative to {a}, {b} gave higher {o} ({p}).",
    ),
    "none": (
        "{O} did not differ between the {a} and {b} groups ({p}).", "{A} and {b} had similar effects on {o} ({p}).",
        "There was no significant difference in {o} between {a} and {b} ({p}).",
        "{O} was comparable with {a} and {b} ({p}).",
    ),
}  # fmt: skip
_FIGURES = 0.6
"""The share of results that are told by figures alone."""
_FINDINGS = ("up", "down", "none")
_LONGEST, _AROUND, _PER_TRIAL = 60, 3, 3


def read(data: Path, seed: int) -> list[Labelled]:
    """Pairs of each trial that is not held out: its treatment, comparator and outcome with results that were drawn."""
    abstracts, named = trial_abstracts(data), trials.by_trial(prompts(data), held=False, longest=_LONGEST)
    strangers = [p.outcome for trial in sorted(named) for p in named[trial]]
    pairs: list[Labelled] = []
    for trial, found in sorted(named.items()):
        random = Random(f"contrasts:{seed}:{trial}")
        body = abstracts[trial]
        around = [s for s in (body[a:b] for a, b in sentences.split(body)) if not opposites.says_direction(s)]
        for p in random.sample(found, min(_PER_TRIAL, len(found))):
            others = [q.outcome for q in found if q.outcome != p.outcome] or [random.choice(strangers)]
            pairs += _pairs(p, random.choice(others), around, random)
    return pairs


def _pairs(p: Prompt, beside: str, around: Sequence[str], random: Random) -> list[Labelled]:
    """Claims about one outcome beside its result, beside that of another (``beside``), and with the arms either way."""
    finding = random.choice(_FINDINGS)
    own = result(finding, p.intervention, p.comparator, p.outcome, random)
    there = random.sample(list(around), min(_AROUND, len(around)))
    group = f"evidence_inference:{p.trial}"
    other = trials.OTHERS[finding]
    arms, swapped = (p.intervention, p.comparator), (p.comparator, p.intervention)
    turned = trials.TURNED[finding]
    said = [
        (trials.say_of_both(finding, *arms, p.outcome, random), SUPPORTS),
        (trials.say_of_both(turned, *swapped, p.outcome, random), SUPPORTS),
        (trials.say_of_both(random.choice(other), *arms, p.outcome, random), REFUTES),
        (trials.say_of_both(finding if finding != "none" else "up", *swapped, p.outcome, random), REFUTES),
    ]
    pairs = [_pair(claim, own, there, label, group, random) for claim, label in said]
    unlike = result(random.choice(_FINDINGS), p.intervention, p.comparator, beside, random)
    claims = [trials.say_of_both(f, *arms, p.outcome, random) for f in random.sample(_FINDINGS, 2)]
    return pairs + [_pair(claim, unlike, there, NEUTRAL, group, random) for claim in claims]


def _pair(claim: str, evidence: str, around: Sequence[str], label: int, group: str, random: Random) -> Labelled:
    parts, place = trials.put_among(around, evidence, random)
    marks = tuple(int(i == place and label != NEUTRAL) for i in range(len(parts)))
    return Labelled(claim, parts, label, marks, group, "contrasts")


def result(finding: str, intervention: str, comparator: str, outcome: str, random: Random) -> str:
    """A sentence that reports the finding, by figures or in words; either arm may be named first."""
    if random.random() < 0.5:
        finding, intervention, comparator = trials.TURNED[finding], comparator, intervention
    significant = finding != "none"
    chance = f"P {random.choice('=<')} 0.0{random.randint(1, 4)}" if significant else f"P = 0.{random.randint(11, 92)}"
    names = {"a": intervention, "b": comparator, "o": outcome, "p": chance}
    names |= {"O": trials.upper(outcome), "A": trials.upper(intervention)}
    if random.random() >= _FIGURES:
        return random.choice(_TOLD[finding]).format(**names)
    high = random.uniform(5, 90)
    low = high * (random.uniform(0.3, 0.8) if significant else random.uniform(0.93, 0.99))
    unit, places = random.choice((("%", 0), ("%", 1), ("", 1), ("", 2)))
    first, second = (low, high) if finding == "down" or (not significant and random.random() < 0.5) else (high, low)
    return random.choice(_SAID).format(x=f"{first:.{places}f}{unit}", y=f"{second:.{places}f}{unit}", **names)
