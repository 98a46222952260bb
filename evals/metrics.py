"""Scores of one report against its gold report, and their means over questions: pure functions.

Every share is a ``Share(hits, of)``; ``of == 0`` means that the question does not measure it, and it is
left out of the means, which weight questions alike (macro mean).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from consilience.records import AnswerVerdict, Verdict

from .gold_schema import GoldQuestion
from .matching import Resolve, matches, on_question
from .observation import Observation, ObservedClaim

_CUT = ("…", "...", "[...]")
_ENDS = (".", "!", "?", ")", "]", '"', "”", "'", "’")


@dataclass(frozen=True)
class Share:
    """``hits`` out of ``of``."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, rounded to four decimals; None where there was nothing to measure."""
        return round(self.hits / self.of, 4) if self.of else None


@dataclass(frozen=True)
class Scores:
    """One question's scores.

    - ``claim_recall``: expected claims that an answering ledger claim matches (``evals.matching``).
    - ``claim_precision``: answering ledger claims that are on the question (expected, or naming its subject
      and outcome and not forbidden).
    - ``verdict_accuracy``: of the expected claims found, those with a match whose verdict the gold allows.
    - ``citation_precision``: papers cited by the answer that the gold allows.
    - ``citation_recall``: papers that the answer must cite and does.
    - ``contested``: contested points of which the answering claims show both sides.
    - ``answer``: the answer's verdict is an allowed one. ``abstention``: the report abstains exactly where
      it must.
    - ``whole_claims``, ``true_quotations``: claims not cut off; quotations equal to their span.
    - ``supported_on_question``: SUPPORTED claims that may count: where nothing answers the question none
      may be SUPPORTED, background or not; elsewhere an answering one must be on the question.
    """

    claim_recall: Share
    claim_precision: Share
    verdict_accuracy: Share
    citation_precision: Share
    citation_recall: Share
    contested: Share
    answer: Share
    abstention: Share
    whole_claims: Share
    true_quotations: Share
    supported_on_question: Share


METRICS = tuple(field.name for field in fields(Scores))


def score(gold: GoldQuestion, seen: Observation, resolve: Resolve) -> Scores:
    """All scores of one report."""
    answering = [claim for claim in seen.claims if claim.answers]
    found = [[c for c in answering if matches(wanted, c, resolve)] for wanted in gold.must]
    allowed = [
        any(claim.verdict in wanted.verdicts for claim in match)
        for wanted, match in zip(gold.must, found, strict=True)
        if match
    ]
    must_abstain = gold.answers == (AnswerVerdict.NOT_ENOUGH_EVIDENCE,)
    abstains = seen.answer is AnswerVerdict.NOT_ENOUGH_EVIDENCE
    cited = seen.cited()
    return Scores(
        claim_recall=_share(bool(match) for match in found),
        claim_precision=_share(on_question(gold, claim, resolve) for claim in answering),
        verdict_accuracy=_share(allowed),
        citation_precision=_citable(gold, cited, resolve),
        citation_recall=_share(resolve(paper) in cited for paper in gold.must_cite),
        contested=_contested(gold, answering, resolve),
        answer=Share(int(seen.answer in gold.answers), 1),
        abstention=Share(int(abstains is must_abstain), 1),
        whole_claims=_share(is_whole(claim.text) for claim in seen.claims),
        true_quotations=true_quotations(seen),
        supported_on_question=_supported(gold, seen.claims, resolve, must_abstain=must_abstain),
    )


def is_whole(text: str) -> bool:
    """Whether a claim ends like a sentence and holds no sign of omission."""
    stripped = text.strip()
    return stripped.endswith(_ENDS) and not any(sign in stripped for sign in _CUT)


def true_quotations(seen: Observation) -> Share:
    """Quotations that equal their paper's abstract from start to end."""
    return _share(
        seen.abstracts.get(part.paper_id, "")[part.start : part.end] == part.text and part.end > part.start
        for claim in seen.claims
        for part in claim.quotations
    )


def mean(values: Iterable[Share]) -> float | None:
    """The macro mean of the shares that measure something, rounded to four decimals; None without any."""
    known = [share.hits / share.of for share in values if share.of]
    return round(sum(known) / len(known), 4) if known else None


def summary(scores: Sequence[Scores]) -> dict[str, float | None]:
    """The macro mean of every metric."""
    return {name: mean(getattr(one, name) for one in scores) for name in METRICS}


def _share(outcomes: Iterable[bool]) -> Share:
    known = list(outcomes)
    return Share(sum(known), len(known))


def _citable(gold: GoldQuestion, cited: Iterable[str], resolve: Resolve) -> Share:
    if gold.citations == "open":
        refused = {resolve(paper) for paper in gold.must_not_cite}
        return _share(paper not in refused for paper in cited)
    allowed = {resolve(paper) for paper in (*gold.must_cite, *gold.may_cite)}
    return _share(paper in allowed for paper in cited)


def _contested(gold: GoldQuestion, answering: Sequence[ObservedClaim], resolve: Resolve) -> Share:
    stated = {paper for claim in answering for paper in claim.papers}

    def shown(side: Iterable[str]) -> bool:
        return any(resolve(paper) in stated for paper in side)

    return _share(shown(point.one_side) and shown(point.other_side) for point in gold.contested)


def _supported(gold: GoldQuestion, claims: Sequence[ObservedClaim], resolve: Resolve, *, must_abstain: bool) -> Share:
    supported = [c for c in claims if c.verdict is Verdict.SUPPORTED and not c.dropped]
    if must_abstain:
        return Share(0, len(supported)) if supported else Share(1, 1)
    return _share(on_question(gold, claim, resolve) for claim in supported if claim.answers)
