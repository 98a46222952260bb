"""Owns the pairs made of Evidence Inference: what a trial found of an outcome, said in many ways, and what it did not.

``read`` takes annotations whose evidence stands in the abstract, ``passages`` those whose evidence is a passage of the
full text, which is put among the abstract's sentences: there results name both arms. Each gives claims in the direction
that was found, with the arms swapped and said the other way round (supports); in the other directions, and with the
arms swapped alone (refutes); about an outcome that the trial measured and the text does not mention, about another
trial's outcome, and about another trial's treatment for the same outcome (not enough).
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from consilience.evals.splits import trial_held_out
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, Prompt, prompts, rows, trial_abstracts
from consilience.language import sentences, text

from .pairs import UNKNOWN, Labelled

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
_LONGEST_PASSAGE = 400


def read(data: Path, held: bool, seed: int) -> list[Labelled]:
    """The pairs of the trials that are held out, or of the others."""
    found = by_trial(prompts(data), held=held)
    return _pairs(data, found, str(seed), "trials", lambda parts, evidence, _: (parts, _marks(parts, evidence)))


def passages(data: Path, seed: int) -> list[Labelled]:
    """The pairs whose evidence is a passage of the full text, of trials that are not held out.

    Of the abstract's sentences nobody said whether they settle the claim, so they carry no mark beside the passage. It
    stays among the sentences also beside claims that it does not settle: what does not settle a claim looks like this.
    """
    found = by_trial((p for p in prompts(data, elsewhere=True) if _reads_as_text(p.evidence)), held=False)
    return _pairs(data, found, f"passages:{seed}", "passages", _with_passage)


def _pairs(
    data: Path,
    found: dict[str, list[Prompt]],
    seed: str,
    kind: str,
    lay: Callable[[tuple[str, ...], str, Random], tuple[tuple[str, ...], tuple[int, ...]]],
) -> list[Labelled]:
    """All claims of the prompts; ``lay`` makes of an abstract's sentences and the evidence what is read, with marks."""
    abstracts, measured = trial_abstracts(data), _measured(data)
    everything = [p for trial in sorted(found) for p in found[trial]]
    pairs: list[Labelled] = []
    for trial in sorted(found):
        body = abstracts[trial]
        own = tuple(body[a:b] for a, b in sentences.split(body))
        random = Random(f"{seed}:{trial}")
        group = f"evidence_inference:{trial}"
        for prompt in _some(found[trial], random):
            parts, marks = lay(own, prompt.evidence, random)
            here = set(text.stems(f"{body} {' '.join(parts)}"))  # headings stand in no sentence
            for claim, label, how in _claims(prompt, random):
                pairs.append(Labelled(claim, parts, label, marks, group, f"{kind}-{how}"))
            for claim, how in _beside(prompt, measured[trial], everything, here, random):
                pairs.append(Labelled(claim, parts, NEUTRAL, (0,) * len(parts), group, f"{kind}-{how}"))
    return pairs


def _with_passage(own: tuple[str, ...], evidence: str, random: Random) -> tuple[tuple[str, ...], tuple[int, ...]]:
    parts, place = put_among(own, evidence, random)
    return parts, tuple(1 if i == place else UNKNOWN for i in range(len(parts)))


def put_among(around: Sequence[str], evidence: str, random: Random) -> tuple[tuple[str, ...], int]:
    """The sentences with the evidence somewhere among them, and where it is."""
    place = random.randint(0, len(around))
    return (*around[:place], evidence, *around[place:]), place


def by_trial(found: Iterable[Prompt], *, held: bool, longest: int = _LONGEST) -> dict[str, list[Prompt]]:
    """The prompts of the trials that are held out, or of the others, that have no name longer than ``longest``."""
    kept: dict[str, list[Prompt]] = defaultdict(list)
    for p in found:
        if trial_held_out(p.trial) == held and max(map(len, (p.intervention, p.comparator, p.outcome))) <= longest:
            kept[p.trial].append(p)
    return kept


def _some(found: list[Prompt], random: Random) -> list[Prompt]:
    """A few of a trial's prompts in random order, one for each treatment and outcome."""
    kept: dict[tuple[str, str], Prompt] = {}
    for prompt in random.sample(found, len(found)):
        kept.setdefault((prompt.intervention, prompt.outcome), prompt)
    return list(kept.values())[:_PER_TRIAL]


def _reads_as_text(passage: str) -> bool:
    """Whether a passage is sentences, not the cells of a table, and not longer than two or three of them."""
    letters = sum(c.isalpha() or c.isspace() for c in passage)
    return len(passage) <= _LONGEST_PASSAGE and letters >= 0.7 * len(passage) and bool(re.search(r"[a-z]{3}", passage))


def say(finding: str, intervention: str, comparator: str, outcome: str, random: Random) -> str:
    """One sentence that says the finding."""
    return _said(random.choice(TEMPLATES[finding]), intervention, comparator, outcome)


def say_of_both(finding: str, intervention: str, comparator: str, outcome: str, random: Random) -> str:
    """One sentence that says the finding and names both arms."""
    return _said(random.choice([t for t in TEMPLATES[finding] if "{c}" in t]), intervention, comparator, outcome)


def _said(template: str, intervention: str, comparator: str, outcome: str) -> str:
    return upper(template.format(i=intervention, c=comparator, o=outcome))


def upper(words: str) -> str:
    """The words with a capital letter at their beginning."""
    return words[:1].upper() + words[1:]


def _claims(p: Prompt, random: Random) -> list[tuple[str, int, str]]:
    """Claims about the trial's own comparison and outcome; swapped arms need a template that names both."""
    straight = say(p.finding, p.intervention, p.comparator, p.outcome, random)
    other = say(random.choice(OTHERS[p.finding]), p.intervention, p.comparator, p.outcome, random)
    made = [(straight, SUPPORTS, "found"), (other, REFUTES, "flipped")]
    turned = say_of_both(TURNED[p.finding], p.comparator, p.intervention, p.outcome, random)
    made.append((turned, SUPPORTS, "swapped-turned"))
    if p.finding != "none":
        made.append((say_of_both(p.finding, p.comparator, p.intervention, p.outcome, random), REFUTES, "swapped"))
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
