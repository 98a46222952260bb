"""The stance judge behind the call log: a pair that was judged before is not judged again."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from consilience.models.stance import StanceScores

if TYPE_CHECKING:
    from consilience.models.stance import Judge
    from consilience.runs.calls import CallLog

KIND = "stance"


class LoggedJudge:
    """Judges pairs through the log: scores are committed before they are used, and read back after a kill."""

    def __init__(self, judge: Judge, log: CallLog | None) -> None:
        self._judge = judge
        self._log = log
        self._turn = threading.Lock()

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence) pairs, in their order."""
        if self._log is None:
            return self._judge.judge(pairs)
        keys = [self._key(pair) for pair in pairs]
        # One at a time: prosecution and defence ask for many of the same pairs at once, and the second finds them done.
        with self._turn:
            known = self._log.get_many(KIND, keys)
            missing = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in known}
            if missing:
                scores = self._judge.judge(list(missing.values()))
                fresh = {key: _dump(score) for key, score in zip(missing, scores, strict=True)}
                self._log.put_many(KIND, fresh)
                known = {**known, **fresh}
        return [_load(known[key]) for key in keys]

    def _key(self, pair: tuple[str, str]) -> str:
        content = json.dumps([self._judge.digest, *pair], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


def _dump(scores: StanceScores) -> bytes:
    return json.dumps([scores.supports, scores.refutes, scores.neutral]).encode()


def _load(data: bytes) -> StanceScores:
    supports, refutes, neutral = json.loads(data)
    return StanceScores(supports=supports, refutes=refutes, neutral=neutral)
