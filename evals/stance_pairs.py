"""Owns the labelled pairs for the stance judge: claims beside the sentences of an abstract, from public sets.

SciFact gives claims with their cited abstracts. From Evidence Inference, claims are made of a trial's intervention,
comparator and outcome: in the direction that its annotators found (supports), in another (refutes), and about an
outcome or an intervention of another trial (not enough). Only annotations whose evidence stands in the abstract count.
"""

from __future__ import annotations

import gzip
import html
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilience.errors import InputError
from consilience.language import sentences, text

from .splits import number

SUPPORTS, REFUTES, NEUTRAL = 0, 1, 2

_LABELS = {"SUPPORT": SUPPORTS, "CONTRADICT": REFUTES}
_DIRECTIONS = {
    "significantly increased": "up",
    "significantly increase": "up",
    "significantly decreased": "down",
    "no significant difference": "none",
}
_TEMPLATES = {
    "up": (
        "{i} increased {o} compared with {c}.",
        "{o} was higher with {i} than with {c}.",
        "{i} led to significantly greater {o} than {c}.",
    ),
    "down": (
        "{i} reduced {o} compared with {c}.",
        "{o} was lower with {i} than with {c}.",
        "{i} led to significantly less {o} than {c}.",
    ),
    "none": (
        "{o} did not differ between {i} and {c}.",
        "There was no significant difference in {o} between {i} and {c}.",
        "{i} had no significant effect on {o} compared with {c}.",
    ),
}
_OTHERS = {"up": ("down", "none"), "down": ("up", "none"), "none": ("up", "down")}
_LONGEST, _FROM_ONE_ABSTRACT, _TRIES = 100, 4, 40
_SHORTEST = 25


@dataclass(frozen=True)
class Pair:
    """A claim beside the sentences of one abstract. ``group`` names the abstract: folds never split a group."""

    claim: str
    sentences: tuple[str, ...]
    label: int
    group: str


@dataclass(frozen=True)
class Prompt:
    """What one trial found of one outcome, by its annotators: ``finding`` is up, down or none."""

    trial: str
    intervention: str
    comparator: str
    outcome: str
    finding: str
    evidence: str


def rows(data: Path, path: str) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON Lines file of the public sets.

    Raises:
        InputError: the file is missing or damaged.
    """
    file = data / path
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read: {error}", "give the folder that holds the public sets") from error


def scifact(data: Path, split: str) -> list[Pair]:
    """Each claim of ``split`` (train or dev) beside each abstract that it cites; no evidence there means neutral."""
    corpus = {row["doc_id"]: tuple(row["abstract"]) for row in rows(data, "scifact/corpus.jsonl.gz")}
    pairs: list[Pair] = []
    for row in rows(data, f"scifact/claims_{split}.jsonl.gz"):
        for cited in row["cited_doc_ids"]:
            evidence = row["evidence"].get(str(cited), [])
            label = _LABELS[evidence[0]["label"]] if evidence else NEUTRAL
            pairs.append(Pair(row["claim"], corpus[cited], label, f"scifact:{cited}"))
    return pairs


def prompts(data: Path, elsewhere: bool = False) -> list[Prompt]:
    """Evidence Inference's annotations whose evidence stands in the abstract, without those that disagree.

    With ``elsewhere`` those of the trials' full texts whose evidence does not stand in the abstract.
    """
    abstracts = {t: _plain(a) for t, a in trial_abstracts(data).items()}
    found: dict[tuple[str, str, str, str], set[Prompt]] = defaultdict(set)
    for row in rows(data, "evidence_inference/v2_annotations.jsonl.gz"):
        evidence, trial = _plain(row["evidence"]), row["pmcid"]
        finding = _DIRECTIONS.get(row["label"])
        here = abstracts.get(trial, "")
        if finding and here and len(evidence) >= _SHORTEST and (evidence in here) != elsewhere:
            names = (_plain(row["intervention"]), _plain(row["comparator"]), _plain(row["outcome"]))
            found[(trial, *names)].add(Prompt(trial, *names, finding, evidence))
    agreed = [group for _, group in sorted(found.items()) if len({p.finding for p in group}) == 1]
    return sorted(
        (p for group in agreed for p in group), key=lambda p: (p.trial, p.outcome, p.intervention, p.evidence)
    )


def evidence_inference(data: Path) -> list[Pair]:
    """Claims made of trials' prompts beside the trial's abstract, deterministic in their choice and wording."""
    abstracts = trial_abstracts(data)
    trials: dict[str, list[Prompt]] = defaultdict(list)
    seen: set[tuple[str, str, str]] = set()
    for p in prompts(data):
        key = (p.trial, p.intervention, p.outcome)
        if key not in seen and max(len(p.intervention), len(p.comparator), len(p.outcome)) <= _LONGEST:
            seen.add(key)
            trials[p.trial].append(p)
    names = sorted(trials)
    pairs: list[Pair] = []
    for place, trial in enumerate(names):
        body = abstracts[trial]
        parts = tuple(body[a:b] for a, b in sentences.split(body))
        chosen = sorted(trials[trial], key=lambda p: number(p.outcome + p.intervention, 10**9))
        others = [trials[names[(place + 7 * step) % len(names)]][0] for step in range(1, _TRIES)]
        for turn, prompt in enumerate(chosen[:_FROM_ONE_ABSTRACT]):
            made = _claims(prompt, turn + place, others, set(text.stems(body)))
            pairs.extend(Pair(claim, parts, label, f"evidence_inference:{trial}") for claim, label in made)
    return pairs


def _claims(prompt: Prompt, turn: int, others: list[Prompt], here: set[str]) -> list[tuple[str, int]]:
    """The claims of one prompt with their labels; a stranger's outcome or intervention shares no word with the text."""
    made = [(say(prompt, prompt.finding), SUPPORTS), (say(prompt, _OTHERS[prompt.finding][turn % 2]), REFUTES)]
    for name in ("outcome", "intervention"):
        stranger = next((o for o in others if (w := set(text.stems(getattr(o, name)))) and not w & here), None)
        if stranger is not None:
            finding = ("up", "down", "none")[turn % 3]
            made.append((say(prompt, finding, **{name: getattr(stranger, name)}), NEUTRAL))
    return made


def say(prompt: Prompt, finding: str, outcome: str = "", intervention: str = "") -> str:
    """A claim that the trial's intervention moved its outcome so; ``outcome``, ``intervention`` put others in place."""
    about, subject = outcome or prompt.outcome, intervention or prompt.intervention
    templates = _TEMPLATES[finding]
    template = templates[number(prompt.trial + about + prompt.comparator, len(templates))]
    said = template.format(i=subject, o=about, c=prompt.comparator)
    return said[:1].upper() + said[1:]


def trial_abstracts(data: Path) -> dict[str, str]:
    """Evidence Inference's abstracts by PMCID."""
    return {row["pmcid"]: row["abstract"] for row in rows(data, "evidence_inference/abstracts.jsonl.gz")}


def _plain(words: str) -> str:
    return " ".join(html.unescape(words).split())
