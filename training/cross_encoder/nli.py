"""Owns the first stage's pairs: general inference from MNLI, SNLI and SciTail, the open parts of ``nli_misc``.

The premise is the evidence and the hypothesis the claim. SciTail knows only "entails" and "does not"; what does not
entail there is unrelated far more often than contrary, so it counts as not enough. SICK (non-commercial), and MPE,
JOCI and RTE (no stated licence) are not read.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, rows

from .pairs import Labelled, number

_FILES = {
    "mnli": "nli_misc/mnli_dev.jsonl.gz",
    "snli": "nli_misc/snli_dev.jsonl.gz",
    "scitail": "nli_misc/scitail_dev.jsonl.gz",
}
_LABELS = {"entailment": SUPPORTS, "contradiction": REFUTES, "neutral": NEUTRAL, "not_entailment": NEUTRAL}
_HELD_OUT = 16
"""One premise in so many is held out to measure the stage."""
_LONGEST = 600
"""Characters of the longest premise that is read."""


def read(data: Path) -> list[Labelled]:
    """All pairs of the three sets, in the files' order, without those that have no gold label."""
    pairs: list[Labelled] = []
    for name, path in _FILES.items():
        for row in rows(data, path):
            premise, claim = " ".join(row["premise"].split()), " ".join(row["hypothesis"].split())
            label = _LABELS.get(row["label"])
            if label is not None and premise and claim and len(premise) <= _LONGEST:
                mark = int(label != NEUTRAL)
                pairs.append(Labelled(claim, (premise,), label, (mark,), f"{name}:{premise}", name))
    return pairs


def held_out(pair: Labelled) -> bool:
    """Whether the pair's premise belongs to the part that no stage trains on."""
    return number(pair.group, _HELD_OUT) == 0


def with_strangers(pairs: list[Labelled], share: float, random: Random) -> list[Labelled]:
    """The pairs, a ``share`` of them with another premise of the same set beside their own.

    Evidence of the later stages is several sentences, most of them beside the point; this is where that begins.
    """
    by_source: dict[str, list[str]] = {}
    for pair in pairs:
        by_source.setdefault(pair.source, []).append(pair.sentences[0])
    made: list[Labelled] = []
    for pair in pairs:
        stranger = random.choice(by_source[pair.source])
        if random.random() < share and stranger != pair.sentences[0]:
            beside = [(pair.sentences[0], pair.evidence[0]), (stranger, 0)]
            random.shuffle(beside)
            sentences, evidence = zip(*beside, strict=True)
            pair = replace(pair, sentences=sentences, evidence=evidence)
        made.append(pair)
    return made
