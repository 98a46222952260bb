"""Climate-FEVER: claims on the climate with five sentences of Wikipedia each (Diggelmann et al., arXiv:2012.00614).

The one public set whose labels are verdicts over several sources. Nothing is fitted on it: sentences get their stance
from the stance judge alone, one by one (a paper's are read together), articles are counted as papers are, and the
verdict is the product's judge's for a claim without a paper of its own (docs/verification.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from consilience.errors import InputError
from consilience.evals import label_scores
from consilience.evals.registry import EvalResult, TaskInput, figures_table, flatten, shown, table, versions
from consilience.evals.results import Published
from consilience.evals.stance_pairs import rows
from consilience.models.stance import StanceScores
from consilience.reasoning.base import Brief, Case, Judgement
from consilience.reasoning.confidence import chance, sides
from consilience.reasoning.embedded.examining import LEANS, counted, judge_case
from consilience.reasoning.embedded.witness import alone
from consilience.reasoning.pooling import INDEPENDENT
from consilience.reasoning.verdicts import tally
from consilience.records import Evidence, GivenClaim, Paper, Span, Stance, Verdict

from .base import beside, provenance, sampled
from .cases import NOTHING, shuffled
from .cases import Case as Item
from .judging import embedded_judge, judged

NAME = "climate-fever"
FILE = "climate_fever/climate_fever.jsonl.gz"
VERDICTS = (Verdict.SUPPORTED, Verdict.REFUTED, Verdict.NOT_ENOUGH_EVIDENCE, Verdict.CONTESTED)
LABELS = ("SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO", "DISPUTED")
"""The set's labels, each in the place of the verdict that it is read as."""
CLASSES = tuple(v.value for v in VERDICTS)
_NOTES = (
    "All 1,535 claims; the five sentences that the set gives for each, so nothing is retrieved. An article's sentences "
    "are one paper. DISPUTED is read as CONTESTED. Nothing is fitted or chosen on the set.",
    "`likeliest.*`: each sentence takes its likeliest stance, where the product wants a probability of one half, and "
    "support is never set aside as too weak. "
    "`independent.*`: the confidence under the formula for papers that err independently (version 0.2). Brier scores "
    "are over right and wrong as two classes, 0 to 2.",
    "The claim alone: each sentence is replaced by 'No further information is given.'",
)
PUBLISHED = (
    Published(
        "entailment model trained on FEVER",
        "accuracy",
        0.3878,
        "not told there",
        "arXiv:2012.00614, as told in https://www.emergentmind.com/articles/2012.00614",
        "which classes it tells apart and how it joins five sentences is not told there",
    ),
)


@dataclass(frozen=True)
class ClimateClaim:
    """A claim with its sentences, the article of each, and the place of its label."""

    claim: str
    sentences: tuple[str, ...]
    articles: tuple[str, ...]
    label: int

    def papers(self) -> dict[str, Paper]:
        """One paper an article, its text the sentences of it that are given."""
        texts: dict[str, list[str]] = {}
        for article, sentence in zip(self.articles, self.sentences, strict=True):
            texts.setdefault(article, []).append(sentence)
        return {a: Paper(id=a, title=a, abstract="\n".join(of)) for a, of in texts.items()}


def read(data: Path) -> list[ClimateClaim]:
    """All claims, in the file's order.

    Raises:
        InputError: the set is missing or damaged, or holds a label that nobody knows.
    """
    made: list[ClimateClaim] = []
    for row in rows(data, FILE):
        if row["claim_label"] not in LABELS:
            raise InputError(f"{FILE} holds the label {row['claim_label']!r}", f"known are {', '.join(LABELS)}")
        given = [e for e in row["evidences"] if e["evidence"].strip()]
        sentences, articles = (tuple(e[name] for e in given) for name in ("evidence", "article"))
        made.append(ClimateClaim(row["claim"], sentences, articles, LABELS.index(row["claim_label"])))
    return made


class Way(NamedTuple):
    """From scores to a verdict: what stance a sentence has, and how both sides are judged."""

    stance: Callable[[StanceScores], tuple[Stance, float]]
    judge: Callable[[Case], Judgement]


def likeliest(scores: StanceScores) -> tuple[Stance, float]:
    """The stance with the highest probability; a tie is none."""
    best = max(scores.supports, scores.refutes, scores.neutral)
    if best == scores.neutral or scores.supports == scores.refutes:
        return Stance.NEUTRAL, scores.neutral
    return (Stance.SUPPORTS if best == scores.supports else Stance.REFUTES), best


@dataclass(frozen=True)
class Reached:
    """The place of a claim's verdict, its confidence, and the one under the formula for independent papers."""

    verdict: int
    confidence: float
    independent: float


AS_THE_PRODUCT, LIKELIEST = Way(alone, judge_case), Way(likeliest, counted)


def reach(asked: ClimateClaim, scores: Sequence[StanceScores], way: Way) -> Reached:
    """The verdict on a claim and its confidence, from the scores of its sentences."""
    claim, papers = GivenClaim(id="g", text=asked.claim), asked.papers()
    evidence: dict[Stance, list[Evidence]] = {Stance.SUPPORTS: [], Stance.REFUTES: []}
    undecided: dict[Stance, list[Evidence]] = {Stance.SUPPORTS: [], Stance.REFUTES: []}
    for article, sentence, found in zip(asked.articles, asked.sentences, scores, strict=True):
        start = papers[article].abstract.index(sentence)
        span = Span(paper_id=article, start=start, end=start + len(sentence), text=sentence)
        stance, score = way.stance(found)
        if stance is not Stance.NEUTRAL:
            evidence[stance].append(Evidence(span=span, stance=stance, score=score, own_source=False))
            continue
        for side, leans in ((Stance.SUPPORTS, found.supports), (Stance.REFUTES, found.refutes)):
            if leans >= LEANS:
                undecided[side].append(Evidence(span=span, stance=side, score=leans, own_source=False))
    defence, prosecution = (Brief(claim.id, tuple(evidence[s]), tuple(undecided[s])) for s in evidence)
    judged = way.judge(Case(claim, defence, prosecution, papers))
    every = (*defence.evidence, *prosecution.evidence)
    plain = sides(every, tally(claim, every, papers), papers)
    return Reached(VERDICTS.index(judged.verdict), judged.confidence, chance(judged.verdict, plain, INDEPENDENT))


def measure(given: TaskInput) -> EvalResult:
    """The figures of all claims, or of ``limit`` of them, beside two controls and the majority.

    Raises:
        InputError: there is no data folder, or it lacks the set.
    """
    data = given.needed_data(NAME)
    claims = sampled(read(data), given.limit, lambda c: c.label, lambda c: c.claim)
    judge = embedded_judge(given.settings)

    def scores(of: Sequence[ClimateClaim], name: str) -> list[list[StanceScores]]:
        cases = [Item((c.claim,), (s,), 0, c.claim) for c in of for s in c.sentences]
        found = iter(judged(judge, cases, given.progress, name))
        return [[next(found)[0] for _ in c.sentences] for c in of]

    found = scores(claims, NAME)
    figures: dict[str, Any] = {"reasoner": judge.name, "pairs": len(claims), **_scored(claims, found, AS_THE_PRODUCT)}
    figures["likeliest"] = _scored(claims, found, LIKELIEST)
    most = int(np.bincount([c.label for c in claims]).argmax())
    figures["controls"] = {"majority": _labels(claims, [most] * len(claims))}
    for name, changed in (("claim_alone", _claim_alone(claims)), ("other_evidence", _other_evidence(claims))):
        reached = [reach(c, s, AS_THE_PRODUCT) for c, s in zip(changed, scores(changed, name), strict=True)]
        figures["controls"][name] = _labels(changed, [r.verdict for r in reached])
    flat = flatten(figures)
    hashes = provenance(data, (FILE,), {judge.name: judge.digest})
    return EvalResult(NAME, flat, _table(flat), versions(), PUBLISHED, hashes, _NOTES)


def _scored(claims: Sequence[ClimateClaim], scores: Sequence[Sequence[StanceScores]], way: Way) -> dict[str, Any]:
    reached = [reach(c, s, way) for c, s in zip(claims, scores, strict=True)]
    groups = [c.claim for c in claims]
    right = np.array([r.verdict == c.label for r, c in zip(reached, claims, strict=True)]).astype(np.int64)
    labels, verdicts = np.array([c.label for c in claims]), np.array([r.verdict for r in reached])
    low, high = label_scores.interval(
        lambda rows: label_scores.label_scores(labels[rows], verdicts[rows], CLASSES)["macro_f1"], groups
    )
    made: dict[str, Any] = _labels(claims, verdicts.tolist()) | {"macro_f1_5_percent": low, "macro_f1_95_percent": high}
    for name, values in (
        ("confidence", [r.confidence for r in reached]),
        ("independent", [r.independent for r in reached]),
    ):
        chances = np.array(values)
        rows = np.column_stack([1 - chances, chances])
        made[name] = {"mean": round(float(chances.mean()), 4), **label_scores.calibrated(rows, right, groups)}
    for place, verdict in enumerate(CLASSES):
        of = right[verdicts == place]
        made[f"said.{verdict}"] = {"claims": len(of)} | ({"right": round(float(of.mean()), 4)} if len(of) else {})
    return made


def _labels(claims: Sequence[ClimateClaim], verdicts: Sequence[int]) -> dict[str, float]:
    return label_scores.label_scores(np.array([c.label for c in claims]), np.array(verdicts), CLASSES)


def _claim_alone(claims: Sequence[ClimateClaim]) -> list[ClimateClaim]:
    return [replace(c, sentences=NOTHING, articles=("none",)) for c in claims]


def _other_evidence(claims: Sequence[ClimateClaim]) -> list[ClimateClaim]:
    """Each claim with the sentences of another."""
    by_claim = {c.claim: c for c in claims}
    cases = shuffled([Item((c.claim,), (c.claim,), c.label, c.claim) for c in claims])
    pairs = [(by_claim[case.claims[0]], by_claim[case.sentences[0]]) for case in cases]
    return [replace(one, sentences=other.sentences, articles=other.articles) for one, other in pairs]


def _table(figures: dict[str, Any]) -> str:
    names = ("macro_f1", "accuracy", *(f"f1_{name}" for name in CLASSES))
    columns = ("", "likeliest.", "controls.majority.", "controls.claim_alone.", "controls.other_evidence.")
    head = ("figure", "Consilience", "likeliest stances", "majority", "claim alone", "other evidence")
    body = [(name, *(shown(figures.get(f"{column}{name}")) for column in columns)) for name in names]
    others = {n: v for n, v in figures.items() if n not in names and not n.startswith("controls.")}
    parts = (table(head, body), figures_table(others), beside(figures, PUBLISHED), *_NOTES)
    return "\n\n".join(part for part in parts if part)
