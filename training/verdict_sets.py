"""What the shipped witnesses read in papers about labelled claims, and sets of papers made of it.

Three sources, each claim with its labelled papers and the nearest strangers (BM25), which count as neutral:

- **trials** (Evidence Inference, MIT): the fifth of the trials that the stance judge's network never trains on. One
  claim has one labelled paper, so a set takes further papers from other claims of the same direction, as if they were
  about one claim: what the judge gets wrong in such claims it then gets wrong in several papers of a set.
- **scifact**: development claims with the abstracts that they cite. Nothing is fitted on them.
- **healthver**: development claims with all their abstracts, real sets. Nothing is fitted on them (no licence stated).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import bm25s

from consilience.evals import splits, stance_pairs
from consilience.evals.benchmarks import healthver
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS
from consilience.language import text
from consilience.language.reversal import reverse
from consilience.models.encoder import load_encoder
from consilience.models.entailment import load_stance_judge
from consilience.reasoning.base import Brief, Candidate, Examination
from consilience.reasoning.confidence import Sides, sides
from consilience.reasoning.embedded import statements
from consilience.reasoning.embedded.examining import brief, examine_all
from consilience.reasoning.embedded.judging import LoggedJudge
from consilience.reasoning.embedded.scope import Scope
from consilience.reasoning.embedded.screening import screen
from consilience.reasoning.verdicts import tally
from consilience.records import Paper, Stance, Verdict
from consilience.runs.calls import CallLog
from consilience.settings import VerificationSettings
from consilience.vectorstore.passages import Passages

FOLDS = 5
STRANGERS = 2
"""Nearest papers of others that are read for each claim."""
EXTRA = (0, 0, 0, 0, 0, 1, 1, 2, 2, 3)
"""How many further papers a set takes, each as likely as the others."""
SAME_SIDE = 0.85
"""How often a further paper is on the side of the first."""
DRAWS = {SUPPORTS: 8, REFUTES: 4, NEUTRAL: 7}
"""Sets of a claim by its label: in the shares of SciFact's training claims (41, 21 and 38 %), which people wrote.
How sure a verdict is depends on how often it is the right one."""


class Question(NamedTuple):
    """A claim with its papers and their labels; ``group`` names what folds keep together."""

    claim: str
    papers: tuple[Paper, ...]
    labels: tuple[int, ...]
    group: str
    fold: int


class Read(NamedTuple):
    """What the witnesses read in one paper, as strengths, and its label."""

    label: int
    found: Sides


class Asked(NamedTuple):
    """A claim with what was read in its papers."""

    question: Question
    read: tuple[Read, ...]


class PaperSet(NamedTuple):
    """The papers of one claim, as the formula sees them, with the verdict counted and the one that is right."""

    found: Sides
    verdict: Verdict
    right: bool
    group: str


def verdict(supports: bool, refutes: bool) -> Verdict:
    """The verdict on a claim without a paper of its own (docs/verification.md, section 4)."""
    if supports:
        return Verdict.CONTESTED if refutes else Verdict.SUPPORTED
    return Verdict.REFUTED if refutes else Verdict.NOT_ENOUGH_EVIDENCE


# --------------------------------------------------------------------------- the questions


def trials(data: Path) -> list[Question]:
    """Claims of the trials that are held out; papers never cross folds. Half of the neutral claims are left out."""
    abstracts = {r["pmcid"]: r["abstract"] for r in stance_pairs.rows(data, "evidence_inference/abstracts.jsonl.gz")}
    folds = {trial: splits.number(f"fold {trial}", FOLDS) for trial in abstracts}
    near = [Nearest({t: a for t, a in abstracts.items() if folds[t] == fold}) for fold in range(FOLDS)]
    found: list[Question] = []
    for pair in stance_pairs.evidence_inference(data):
        trial = pair.group.split(":")[1]
        if splits.trial_held_out(trial) and (pair.label != NEUTRAL or splits.number(pair.claim, 2)):
            others = near[folds[trial]](pair.claim, {trial})
            papers = tuple(Paper(id=t, title="", abstract=abstracts[t]) for t in (trial, *others))
            labels = (pair.label, *(NEUTRAL for _ in others))
            found.append(Question(pair.claim, papers, labels, pair.group, folds[trial]))
    return found


def scifact(data: Path) -> list[Question]:
    """Development claims with the abstracts that they cite and the nearest others."""
    corpus = {r["doc_id"]: r for r in stance_pairs.rows(data, "scifact/corpus.jsonl.gz")}
    papers = {str(i): _paper(str(i), r["title"], r["abstract"]) for i, r in corpus.items()}
    near = Nearest({i: f"{p.title} {p.abstract}" for i, p in papers.items()})
    labelled: dict[str, dict[str, int]] = defaultdict(dict)
    for pair in stance_pairs.scifact(data, "dev"):
        labelled[pair.claim][pair.group.split(":")[1]] = pair.label
    return [_question(claim, labels, papers, near(claim, set(labels))) for claim, labels in labelled.items()]


def health(data: Path) -> list[Question]:
    """HealthVer's development claims with all the abstracts that were labelled for them."""
    labelled: dict[str, dict[str, int]] = defaultdict(dict)
    papers: dict[str, Paper] = {}
    for case in healthver.read(data):
        papers[case.group] = _paper(case.group, "", case.sentences)
        labelled[case.claims[0]][case.group] = case.label
    return [_question(claim, labels, papers, ()) for claim, labels in labelled.items()]


def _question(claim: str, labels: dict[str, int], papers: dict[str, Paper], others: Iterable[str]) -> Question:
    ids = (*labels, *others)
    return Question(claim, tuple(papers[i] for i in ids), tuple(labels.get(i, NEUTRAL) for i in ids), claim, 0)


def _paper(paper_id: str, title: str, parts: Sequence[str]) -> Paper:
    return Paper(id=paper_id, title=title, abstract=" ".join(" ".join(parts).split()))


class Nearest:
    """The texts nearest to a claim by BM25 (Robertson & Zaragoza 2009, doi:10.1561/1500000019)."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._ids = sorted(texts)
        self._index: Any = bm25s.BM25()
        self._index.index([list(text.stems(texts[i])) for i in self._ids], show_progress=False)

    def __call__(self, claim: str, without: set[str]) -> list[str]:
        """Ids of the ``STRANGERS`` nearest texts that are not among those known."""
        wanted = min(len(self._ids), STRANGERS + len(without))
        found: Any = self._index.retrieve([list(text.stems(claim))], k=wanted, show_progress=False)
        return [i for i in (self._ids[int(n)] for n in found[0][0]) if i not in without][:STRANGERS]


# --------------------------------------------------------------------------- the readings


def read_all(questions: Sequence[Question], log: CallLog, tell: Callable[[str], None]) -> list[Asked]:
    """What the shipped witnesses read, as ``consilience verify`` reads it.

    Papers are screened by what they name alone: their rank in a search is not known here.
    """
    encoder = load_encoder()
    judge = LoggedJudge(load_stance_judge(encoder), log)
    passages = Passages({p.id: p for q in questions for p in q.papers}, encoder)
    made: list[Asked] = []
    for number, question in enumerate(questions, start=1):
        made.append(_read(question, judge, passages))
        if number % 50 == 0 or number == len(questions):
            tell(f"{number} of {len(questions)} claims read")
    return made


def _read(question: Question, judge: LoggedJudge, passages: Passages) -> Asked:
    statement = statements.read(question.claim)
    scope, per_paper = Scope(statement.plan), VerificationSettings().sentences_per_paper
    ids = [p.id for p in question.papers]
    briefs: dict[Stance, Brief] = {}
    for want, query in ((Stance.SUPPORTS, question.claim), (Stance.REFUTES, reverse(question.claim))):
        spans = tuple(span for span, _ in passages.best(query, ids, per_paper))
        item = Examination(statement.plan, statement.claim, spans, question.papers)
        briefs[want] = brief(statement.claim.id, examine_all((item,), scope, judge)[0], want)
    admitted = {p.id for p in question.papers if screen(scope, (Candidate(p, 1.0, 1.0),), 1, 0.0)[0].included}
    evidence = [e for b in briefs.values() for e in b.evidence if e.span.paper_id in admitted]
    undecided = [e for b in briefs.values() for e in b.undecided]

    def alone(paper: Paper) -> Sides:
        mine, left = ([e for e in of if e.span.paper_id == paper.id] for of in (evidence, undecided))
        return sides(mine, tally(statement.claim, mine, {paper.id: paper}), {paper.id: paper}, left)

    read = (Read(label, alone(p)) for p, label in zip(question.papers, question.labels, strict=True))
    return Asked(question, tuple(read))


# --------------------------------------------------------------------------- the sets


def as_they_are(asked: Iterable[Asked]) -> list[PaperSet]:
    """One set a claim: its own papers."""
    return [paper_set(a.read, a.question.group) for a in asked]


def pooled(asked: Sequence[Asked], seed: int) -> Iterator[PaperSet]:
    """``DRAWS`` sets a claim: its papers, and labelled papers of other trials' claims of the same direction."""
    turn = Random(seed)
    own: dict[tuple[str, int], list[Asked]] = defaultdict(list)
    for a in asked:
        own[direction(a.question.claim), a.question.labels[0]].append(a)
    for a in asked:
        label = a.question.labels[0]
        for _ in range(DRAWS[label]):
            extra: list[Read] = []
            for _ in range(turn.choice(EXTRA)):
                side = label if label == NEUTRAL or turn.random() < SAME_SIDE else SUPPORTS + REFUTES - label
                others = own[direction(a.question.claim), side]
                other = turn.choice(others) if others else a
                if other.question.group != a.question.group:
                    extra.append(other.read[0])
            yield paper_set((*a.read, *extra), a.question.group)


def paper_set(read: Sequence[Read], group: str) -> PaperSet:
    """The papers as one set, with the verdict that is counted and the one that their labels make."""
    joined = Sides(
        own=0.0,
        supports=tuple(s for r in read for s in r.found.supports),
        refutes=tuple(s for r in read for s in r.found.refutes),
        may_support=tuple(s for r in read for s in r.found.may_support),
        may_refute=tuple(s for r in read for s in r.found.may_refute),
    )
    counted = verdict(bool(joined.supports), bool(joined.refutes))
    labels = {r.label for r in read}
    return PaperSet(joined, counted, counted is verdict(SUPPORTS in labels, REFUTES in labels), group)


def direction(claim: str) -> str:
    """The direction that a claim made by template asserts."""
    if re.search(r"did not differ|no significant", claim):
        return "none"
    return "up" if re.search(r"\bincreased\b|\bwas higher\b|\bgreater\b", claim) else "down"
