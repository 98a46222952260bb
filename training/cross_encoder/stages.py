"""Owns which pairs a stage trains on, and which are held out to measure it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from consilience.evals.stance_pairs import REFUTES, SUPPORTS

from . import benchmarks, contrasts, mixing, nli, science, silver, trials
from .choosing import WIDE_CUTS, cut
from .pairs import Labelled, read_lines

NAMES = ("nli", "science", "plain", "claim-only", "distil")
"""``plain`` and ``claim-only`` are controls: SciFact's training pairs as they are, and their claims without evidence.
``distil`` is what a teacher said (``teaching``)."""
_STRANGERS = 0.25
_NLI_SHARE = 0.1
"""NLI's share of the science stage: without it what the first stage taught is forgotten."""

_TRIALS, _PASSAGES, _TURNED, _CONTRASTS = 2700, 2100, 600, 1200
_CITATIONS, _QUESTIONS, _SILVER = 750, 1200, 1050
"""How many pairs of each kind. The first round of mpnet and all of MiniLM had 2,700 pairs of trials and 2,400 of
silver, mpnet's second 4,800 and 1,800, neither any passages, turned evidence or contrasts: they could not tell a
finding from its opposite, or one arm from the other."""


def read(stage: str, data: Path, seed: int, taught: Path | None = None) -> tuple[list[Labelled], list[Labelled]]:
    """The stage's training pairs and its held-out pairs, the same for the same seed.

    ``taught`` is the file of a teacher's answers, which the stage ``distil`` needs.
    """
    random = Random(f"{stage}:{seed}")
    if stage == "nli":
        return _nli(data, random)
    if stage == "science":
        return _science(data, random, seed)
    held = [cut(p, random) for p in science.questions(data) if science.held_out(p)]
    if stage == "distil":
        if taught is None:
            raise SystemExit("--taught: the stage distil learns what a teacher said; see teaching.py")
        return read_lines(taught), held
    own = science.scifact(data, "train")
    return ([cut(p, random) for p in own] if stage == "plain" else benchmarks.claim_alone(own)), held


def _nli(data: Path, random: Random) -> tuple[list[Labelled], list[Labelled]]:
    pairs = nli.read(data)
    train = [p for p in pairs if not nli.held_out(p)]
    return nli.with_strangers(train, _STRANGERS, random), [p for p in pairs if nli.held_out(p)]


def _science(data: Path, random: Random, seed: int) -> tuple[list[Labelled], list[Labelled]]:
    corpus = science.scifact_corpus(data)
    marked = [
        *_scifact(data, corpus, random),
        *mixing.even(_trials(data, random, seed), _TRIALS, random),
        *mixing.even(contrasts.read(data, seed), _CONTRASTS, random),
        *_turned(data, random, seed),
        *mixing.even(trials.passages(data, seed), _PASSAGES, random),
    ]
    unmarked = [
        *mixing.even(_citations(data, random), _CITATIONS, random),
        *mixing.even(_questions(data, corpus, random), _QUESTIONS, random),
        *mixing.even(_silver(corpus, random), _SILVER, random),
    ]
    train = [cut(p, random) for p in marked] + [cut(p, random, WIDE_CUTS) for p in unmarked]
    general, general_held = _nli(data, random)
    train += random.sample(general, round(len(train) * _NLI_SHARE / (1 - _NLI_SHARE)))
    held = [p for p in science.questions(data) if science.held_out(p)]
    held += trials.read(data, held=True, seed=seed) + science.citations(data, "dev")
    return train, [cut(p, Random(f"held:{p.claim}:{p.group}")) for p in held] + general_held[:600]


def _scifact(data: Path, corpus: dict[str, tuple[str, tuple[str, ...]]], random: Random) -> list[Labelled]:
    """SciFact's own pairs twice (each time cut anew), and what rules make of them."""
    own = science.scifact(data, "train")
    opposite = mixing.turned(own, random)
    bare = mixing.without_evidence(own)
    far = mixing.elsewhere(own, corpus, random)
    derived = mixing.even([*opposite, *mixing.turned_twice(own, random), *bare, *far], 1500, random)
    return own + own + derived


def _turned(data: Path, random: Random, seed: int) -> list[Labelled]:
    """Evidence whose direction is turned: as many that now refute as now support."""
    own = [*science.scifact(data, "train"), *trials.read(data, held=False, seed=seed), *trials.passages(data, seed)]
    made = mixing.evidence_turned(own)
    by_label = [[p for p in made if p.label == label] for label in (SUPPORTS, REFUTES)]
    share = min(_TURNED // 2, *map(len, by_label))
    return [p for found in by_label for p in random.sample(found, share)]


def _citations(data: Path, random: Random) -> list[Labelled]:
    """Citing sentences that their source supports, their opposites, and the same beside passages cited for another.

    What the set calls "refute" is left out: it marks a citation that is not accurate, which is seldom a contradiction,
    and training the feature judge on it cost 0.01 to 0.05 of macro-F1 on SciFact (``models/weights/stance/CARD.md``).
    """
    everything = science.citations(data, "train")
    own = [p for p in everything if p.label != REFUTES]
    said = [p for p in own if p.label == SUPPORTS]
    corpus = {p.group: ("", p.sentences) for p in everything}
    return own + mixing.turned(said, random) + mixing.elsewhere(random.sample(said, 700), corpus, random, skip=2)


def _trials(data: Path, random: Random, seed: int) -> list[Labelled]:
    own = trials.read(data, held=False, seed=seed)
    return own + mixing.without_evidence([p for p in own if p.source in ("trials-found", "trials-flipped")])


def _questions(data: Path, corpus: dict[str, tuple[str, tuple[str, ...]]], random: Random) -> list[Labelled]:
    own = [p for p in science.questions(data) if not science.held_out(p)]
    said = [p for p in science.conclusions(data) if not science.held_out(p)]
    near = {p.group: ("", p.sentences) for p in own} | corpus
    return own + said + mixing.turned(said, random) + mixing.elsewhere(own + said, near, random, skip=0)


def _silver(corpus: dict[str, tuple[str, tuple[str, ...]]], random: Random) -> list[Labelled]:
    own = silver.titles(corpus) + silver.conclusions(corpus)
    opposite = mixing.turned(own, random)
    far = mixing.elsewhere(own, corpus, random) + mixing.elsewhere(
        random.sample(opposite, len(opposite) // 2), corpus, random
    )
    return own + opposite + mixing.turned_twice(own, random) + far
