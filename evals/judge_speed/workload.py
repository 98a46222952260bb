"""Owns what is judged: claims beside papers, of SciFact where the public sets are at hand, else made up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from consilience.evals.minimal_pairs.items import Phenomenon, shipped
from consilience.evals.stance_pairs import scifact
from consilience.language import sentences
from consilience.models.encoder import Encoder
from consilience.models.entailment import nearest

CLAIMS, PAPERS = 30, 20
_PASSAGES = 7


@dataclass(frozen=True)
class Workload:
    """Claims, and papers as their sentences: every claim is judged against every paper."""

    source: str
    claims: tuple[str, ...]
    papers: tuple[tuple[str, ...], ...]

    def texts(self, papers: int) -> list[tuple[str, str]]:
        """(claim, abstract) pairs of the first ``papers`` papers, paper by paper."""
        return [(claim, " ".join(paper)) for paper in self.papers[:papers] for claim in self.claims]

    def read(self, encoder: Encoder, count: int) -> list[tuple[str, list[str]]]:
        """``count`` pairs as the cross-encoder reads them: a claim and the nearest sentences of one paper."""
        steps = ((i % len(self.claims), (i + i // len(self.claims)) % len(self.papers)) for i in range(count))
        chosen = [(self.claims[i], self.papers[k]) for i, k in steps]
        return [(claim, [paper[at] for at in nearest(encoder, claim, paper)]) for claim, paper in chosen]


def workload(data: Path | None) -> Workload:
    """30 claims and 20 papers.

    Raises:
        InputError: a folder was given, and it does not hold SciFact.
    """
    if data is None:
        return _made()
    pairs = scifact(data, "dev")
    claims = tuple(dict.fromkeys(pair.claim for pair in pairs))[:CLAIMS]
    papers = tuple(dict.fromkeys(pair.sentences for pair in pairs))[:PAPERS]
    return Workload("SciFact dev", claims, papers)


def _made() -> Workload:
    """Passages of the minimal pairs, seven a paper: as long as abstracts are, each on several subjects."""
    pairs = shipped()
    turns = [[pair for pair in pairs if pair.phenomenon is name] for name in Phenomenon]
    flat = [pair for together in zip(*turns, strict=True) for pair in together]
    bodies = [" ".join(p.evidence for p in flat[k * _PASSAGES : (k + 1) * _PASSAGES]) for k in range(PAPERS)]
    papers = tuple(tuple(body[a:b] for a, b in sentences.split(body)) for body in bodies)
    return Workload("composed of the minimal pairs", tuple(pair.base for pair in flat[:CLAIMS]), papers)
