"""Owns the sets that the trained network is measured on, with the sentences that the judge would read.

Here sentences are chosen as the product chooses them: the nearest to the claim by the shipped encoder, never by what
annotators marked. Choices are kept in a file, because the encoder is slower than the network that is measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np

from consilience.evals.benchmarks.cases import NOTHING
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, rows
from consilience.models.encoder import load_encoder
from consilience.models.pair_layout import MOST_CHARACTERS, MOST_SENTENCES, fitting
from consilience.models.stance import nearness

from . import science, trials
from .pairs import UNKNOWN, Labelled

_HEALTHVER = {"SUPPORT": SUPPORTS, "CONTRADICT": REFUTES, "REFUTE": REFUTES, "NEI": NEUTRAL, "NEUTRAL": NEUTRAL}


def scifact_dev(data: Path) -> tuple[list[Labelled], list[bool]]:
    """SciFact's development pairs with the oracle's abstract, and of each whether no training pair has its abstract."""
    known = {p.group for p in science.scifact(data, "train")}
    pairs = science.scifact(data, "dev")
    return pairs, [p.group not in known for p in pairs]


def healthver_dev(data: Path) -> list[Labelled]:
    """HealthVer's development pairs. The set states no licence: it is for development figures, never for training."""
    pairs: list[Labelled] = []
    for row in rows(data, "healthver/pairs_dev.jsonl.gz"):
        parts = tuple(s for s in row["abstract"] if s.strip())
        label = _HEALTHVER[str(row["label"]).upper()]
        pairs.append(
            Labelled(row["claim"], parts, label, (UNKNOWN,) * len(parts), f"healthver:{row['doc_id']}", "healthver")
        )
    return pairs


def trials_held_out(data: Path) -> list[Labelled]:
    """Claims of the trials that no stage trains on."""
    return trials.read(data, held=True, seed=0)


def calibration_pairs(data: Path) -> list[Labelled]:
    """Held-out pairs that a temperature may be fitted on: no development set of SciFact or HealthVer among them."""
    held = [p for p in science.questions(data) if science.held_out(p)]
    return [*science.citations(data, "dev"), *held, *trials_held_out(data)]


def nearest(pairs: Sequence[Labelled], cache: Path, most: int = MOST_SENTENCES) -> list[Labelled]:
    """Each pair with the sentences nearest to its claim that fit; what was chosen before is read from ``cache``."""
    encoder = load_encoder(1)
    key = json.dumps([encoder.digest, most, MOST_CHARACTERS, [[p.claim, p.sentences] for p in pairs]])
    file = cache / f"nearest-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
    if file.exists():
        chosen: list[list[int]] = json.loads(file.read_text(encoding="utf-8"))
    else:
        texts = list(dict.fromkeys(t for p in pairs for t in (p.claim, *p.sentences)))
        vectors = dict(zip(texts, encoder.encode(texts), strict=True))
        orders = [nearness(vectors[p.claim], np.stack([vectors[s] for s in p.sentences])) for p in pairs]
        chosen = [list(fitting(p.claim, p.sentences, order, most)) for p, order in zip(pairs, orders, strict=True)]
        cache.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(chosen), encoding="utf-8")
    return [_kept(pair, places) for pair, places in zip(pairs, chosen, strict=True)]


def claim_alone(pairs: Sequence[Labelled]) -> list[Labelled]:
    """The control without evidence: what the claims' wording alone gives away."""
    return [Labelled(p.claim, NOTHING, p.label, (UNKNOWN,), p.group, p.source) for p in pairs]


def shuffled(pairs: Sequence[Labelled], seed: int = 0) -> list[Labelled]:
    """The control with another pair's evidence: no pair keeps its own text."""
    order = list(range(len(pairs)))
    Random(seed).shuffle(order)
    made: list[Labelled] = []
    for place, pair in enumerate(pairs):
        step = next(s for s in range(len(order)) if pairs[order[(place + s) % len(order)]].group != pair.group)
        other = pairs[order[(place + step) % len(order)]]
        made.append(
            Labelled(
                pair.claim, other.sentences, pair.label, (UNKNOWN,) * len(other.sentences), pair.group, pair.source
            )
        )
    return made


def _kept(pair: Labelled, places: Sequence[int]) -> Labelled:
    sentences = tuple(pair.sentences[i] for i in places)
    return Labelled(pair.claim, sentences, pair.label, tuple(pair.evidence[i] for i in places), pair.group, pair.source)
