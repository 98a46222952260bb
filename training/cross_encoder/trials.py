"""Owns the pairs made of Evidence Inference: what a trial found of an outcome, said in many ways, and what it did not.

Only annotations whose evidence stands in the abstract count. Each gives claims in the direction that was found, with
the arms swapped and said the other way round (supports); in the other directions, and with the arms swapped alone
(refutes); about an outcome that the trial measured and the abstract does not mention, about another trial's outcome,
and about another trial's treatment for the same outcome (not enough).
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from pathlib import Path
from random import Random

from consilience.evals.splits import trial_held_out
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, Prompt, prompts, rows
from consilience.language import sentences, text

from .pairs import Labelled

TEMPLATES = {
    "up": (
        "{i} increased {o} compared with {c}.", "{o} was higher with {i} than with {c}.",
        "{i} led to significantly greater {o} than {c}.", "{i} raises {o}.", "{o} was greater after {i} than {c}.",
        "Treatment with {i} resulted in higher {o} relative to {c}.", "Higher {o} was seen in the {i} group.",
    ),
    "down": (
        "{i} reduced {o} compared with {c}.", "{o} was lower with {i} than with {c}.",
        "{i} led to significantly less {o} than {c}.", "{i} lowers {o}.", "{o} decreased more after {i} than {c}.",
        "Treatment with {i} resulted in lower {o} relative to {c}.", "Lower {o} was seen in the {i} group.",
    ),
    "none": (
        "{o} did not differ between {i} and {c}.", "{i} had no effect on {o}.",
        "There was no significant difference in {o} between {i} and {c}.", "{i} does not change {o}.",
        "{i} had no significant effect on {o} compared with {c}.", "{o} was similar with {i} and {c}.",
    ),
}  # fmt: skip
OTHERS = {"up": ("down", "none"), "down": ("up", "none"), "none": ("up", "down")}
TURNED = {"up": "down", "down": "up", "none": "none"}
_LONGEST, _PER_TRIAL, _TRIES = 90, 5, 60


def read(data: Path, held: bool, seed: int) -> list[Labelled]:
    """The pairs of the trials that are held out, or of the others."""
    abstracts = {row["pmcid"]: row["abstract"] for row in rows(data, "evidence_inference/abstracts.jsonl.gz")}
    found: dict[str, list[Prompt]] = defaultdict(list)
    for prompt in prompts(data):
        if (
            trial_held_out(prompt.trial) == held
            and max(map(len, (prompt.intervention, prompt.comparator, prompt.outcome))) <= _LONGEST
        ):
            found[prompt.trial].append(prompt)
    measured = _measured(data)
    everything = [p for trial in sorted(found) for p in found[trial]]
    pairs: list[Labelled] = []
    for trial in sorted(found):
        body = abstracts[trial]
        parts = tuple(body[a:b] for a, b in sentences.split(body))
        here = set(text.stems(body))
        random = Random(f"{seed}:{trial}")
        seen: set[tuple[str, str]] = set()
        for prompt in random.sample(found[trial], len(found[trial])):
            if (prompt.intervention, prompt.outcome) in seen or len(seen) >= _PER_TRIAL:
                continue
            seen.add((prompt.intervention, prompt.outcome))
            marks = _marks(parts, prompt.evidence)
            group = f"evidence_inference:{trial}"
            for claim, label, kind in _claims(prompt, random):
                pairs.append(Labelled(claim, parts, label, marks, group, f"trials-{kind}"))
            for claim, kind in _beside(prompt, measured[trial], everything, here, random):
                pairs.append(Labelled(claim, parts, NEUTRAL, (0,) * len(parts), group, f"trials-{kind}"))
    return pairs


def say(finding: str, intervention: str, comparator: str, outcome: str, random: Random) -> str:
    """One sentence that says the finding."""
    said = random.choice(TEMPLATES[finding]).format(i=intervention, c=comparator, o=outcome)
    return said[:1].upper() + said[1:]


def _claims(p: Prompt, random: Random) -> list[tuple[str, int, str]]:
    """Claims about the trial's own comparison and outcome; swapped arms need a template that names both."""
    straight = say(p.finding, p.intervention, p.comparator, p.outcome, random)
    other = say(random.choice(OTHERS[p.finding]), p.intervention, p.comparator, p.outcome, random)
    made = [(straight, SUPPORTS, "found"), (other, REFUTES, "flipped")]
    both = {f: [t for t in TEMPLATES[f] if "{c}" in t] for f in TEMPLATES}
    swapped = random.choice(both[TURNED[p.finding]]).format(i=p.comparator, c=p.intervention, o=p.outcome)
    made.append((swapped[:1].upper() + swapped[1:], SUPPORTS, "swapped-turned"))
    if p.finding != "none":
        swapped = random.choice(both[p.finding]).format(i=p.comparator, c=p.intervention, o=p.outcome)
        made.append((swapped[:1].upper() + swapped[1:], REFUTES, "swapped"))
    else:
        other = say(random.choice(("up", "down")), p.intervention, p.comparator, p.outcome, random)
        made.append((other, REFUTES, "flipped"))
    return made


def _beside(
    p: Prompt, measured: list[str], others: list[Prompt], here: set[str], random: Random
) -> list[tuple[str, str]]:
    """Claims that the abstract does not settle: a stranger's words share no stem with it."""
    made: list[tuple[str, str]] = []
    unsaid = [o for o in measured if (w := set(text.stems(o))) and len(w & here) <= len(w) / 3 and len(o) <= _LONGEST]
    if unsaid:
        made.append(
            (
                say(random.choice(("up", "down", "none")), p.intervention, p.comparator, random.choice(unsaid), random),
                "outcome-unsaid",
            )
        )
    for name in ("outcome", "intervention"):
        tried = (getattr(random.choice(others), name) for _ in range(_TRIES))
        stranger = next((o for o in tried if (w := set(text.stems(o))) and not w & here), None)
        if stranger:
            words = {"intervention": p.intervention, "comparator": p.comparator, "outcome": p.outcome, name: stranger}
            made.append((say(random.choice(("up", "down", "none")), random=random, **words), f"other-{name}"))
    return made


def _marks(parts: tuple[str, ...], evidence: str) -> tuple[int, ...]:
    """Which sentences share the annotated span; spans may run over several sentences, or stop inside one."""
    plain = [_plain(p) for p in parts]
    return tuple(int(bool(p) and (p in evidence or evidence in p or _overlaps(p, evidence))) for p in plain)


def _overlaps(part: str, evidence: str) -> bool:
    """Whether the span begins or ends inside the sentence, by at least 25 characters."""
    return part.find(evidence[:25]) >= 0 or part.find(evidence[-25:]) >= 0


def _measured(data: Path) -> dict[str, list[str]]:
    """Every outcome that annotators asked about, by trial."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(data, "evidence_inference/prompts_all.jsonl.gz"):
        found["PMC" + re.sub(r"\D", "", str(row["PMCID"]))].add(_plain(row["Outcome"]))
    return defaultdict(list, {trial: sorted(names) for trial, names in found.items()})


def _plain(words: str) -> str:
    return " ".join(html.unescape(words).split())
