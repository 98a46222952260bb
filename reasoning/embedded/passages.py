"""Owns a passage under examination: what the rules made of it, what the judge is asked of it, what both state."""

from __future__ import annotations

from dataclasses import dataclass

from consilience.models.stance import StanceScores
from consilience.records import Claim, GivenClaim, Span, Stance

from .witness import Stated, comparable, restated, said


def denied_by(claim: Claim) -> str | None:
    """What a person's claim denies, where the rules read it: the judge is asked that, and its answer is turned.

    It understands "does not raise" beside "fell" badly, and "raises" beside "fell" well.
    """
    return said(claim.relation) if isinstance(claim, GivenClaim) and claim.denied else None


@dataclass(frozen=True)
class Passage:
    """One passage with what the rules made of it: a stance, or None where one side holds no relation.

    ``whole``: what is stated of it is the whole abstract's, of which it is the likeliest evidence.
    """

    claim: Claim
    span: Span
    ruled: Stance | None
    own: bool
    own_words: bool
    whole: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """What the stance judge is asked: across papers without figures, which two papers never share."""
        if self.own or self.ruled is None:
            return self.claim.text, self.span.text
        return self.denied or restated(self.claim.text, self.claim.relation), comparable(self.span.text)

    @property
    def denied(self) -> str | None:
        """What the claim denies, where the rules read the passage too."""
        return denied_by(self.claim) if self.ruled is not None else None


@dataclass(frozen=True)
class Witnessed:
    """A passage with what both witnesses state of it together, and what each of them said."""

    passage: Passage
    stated: Stated
    scores: StanceScores | None
    """The stance judge's; None for a passage that the rules found to be about something else."""
