"""The stance judge behind the call log: a pair that was judged before is not judged again."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from consilience.models.stance import AbstractScores, StanceScores

if TYPE_CHECKING:
    from consilience.models.stance import Judge
    from consilience.runs.calls import CallLog

Pair = TypeVar("Pair", tuple[str, str], tuple[str, tuple[str, ...]])
Found = TypeVar("Found")
KIND, ABSTRACT_KIND = "stance", "stance-abstract"


class LoggedJudge:
    """Judges pairs through the log: scores are committed before they are used, and read back after a kill."""

    def __init__(self, judge: Judge, log: CallLog | None) -> None:
        self._judge = judge
        self._log = log
        self._turn = threading.Lock()

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[StanceScores]:
        """Scores of (claim, evidence) pairs, in their order."""
        return self._logged(KIND, pairs, self._judge.judge, _dump, _load)

    def judge_abstracts(self, pairs: Sequence[tuple[str, tuple[str, ...]]]) -> list[AbstractScores]:
        """Scores of claims against abstracts given as their sentences, in their order."""
        return self._logged(ABSTRACT_KIND, pairs, self._judge.judge_abstracts, _dump_abstract, _load_abstract)

    def _logged(
        self,
        kind: str,
        pairs: Sequence[Pair],
        judge: Callable[[Sequence[Pair]], list[Found]],
        dump: Callable[[Found], bytes],
        load: Callable[[bytes], Found],
    ) -> list[Found]:
        if self._log is None:
            return judge(pairs)
        keys = [self._key(pair) for pair in pairs]
        # One at a time: prosecution and defence ask for many of the same pairs at once, and the second finds them done.
        with self._turn:
            known = self._log.get_many(kind, keys)
            missing = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in known}
            if missing:
                found = judge(list(missing.values()))
                fresh = {key: dump(one) for key, one in zip(missing, found, strict=True)}
                self._log.put_many(kind, fresh)
                known = {**known, **fresh}
        return [load(known[key]) for key in keys]

    def _key(self, pair: tuple[str, str | tuple[str, ...]]) -> str:
        content = json.dumps([self._judge.digest, *pair], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


def _dump(scores: StanceScores) -> bytes:
    return json.dumps(_numbers(scores)).encode()


def _load(data: bytes) -> StanceScores:
    return StanceScores(*json.loads(data))


def _dump_abstract(found: AbstractScores) -> bytes:
    return json.dumps([_numbers(found.scores), found.read, found.evidence]).encode()


def _load_abstract(data: bytes) -> AbstractScores:
    scores, read, evidence = json.loads(data)
    return AbstractScores(StanceScores(*scores), tuple(read), tuple(evidence))


def _numbers(scores: StanceScores) -> list[float]:
    return [scores.supports, scores.refutes, scores.neutral]
