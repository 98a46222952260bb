"""Owns the memory that judging takes, measured in a process of its own: ``python -m ... --papers 20``.

The judge is loaded and judges one pair; what the peak of resident memory grows by from there on, while all claims are
judged against all papers in one call, is what the pairs cost. Part of it is for texts that were not there before, in
caches with a bound; so up to 150 of the pairs are judged once more: what that adds, pairs by themselves cost.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from consilience.errors import ConsilienceError

from .workload import PAPERS, workload

_MODULE = "consilience.evals.judge_speed.memory"
_MIB = 1024 * 1024
_THREADS = 2
_MORE = 5
"""Papers that are judged once more, at most."""


@dataclass(frozen=True)
class Spent:
    """What judging ``pairs`` pairs took: memory in MiB, seconds, and a digest of the scores by paper."""

    pairs: int
    loaded_mib: float
    peak_mib: float
    again_mib: float
    """What the peak grew by when up to 150 of the pairs were judged once more."""
    seconds: float
    digests: Sequence[str]

    @property
    def growth_mib(self) -> float:
        """How much the peak grew while the pairs were judged."""
        return self.peak_mib - self.loaded_mib


def apart(papers: int, data: Path | None, folder: Path | None) -> Spent:
    """Judge so many papers in a process of its own.

    Raises:
        ConsilienceError: that process failed.
    """
    command = [sys.executable, "-m", _MODULE, "--papers", str(papers)]
    command += ["--data", str(data)] if data else []
    command += ["--weights", str(folder)] if folder else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ConsilienceError(f"judging {papers} papers failed: {last}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Spent(**told)


def here(papers: int, data: Path | None, folder: Path | None) -> Spent:
    """Judge every claim against the first ``papers`` papers in this process, in one call."""
    from consilience.models.cross_encoder import CrossEncoder
    from consilience.models.encoder import load_encoder
    from consilience.models.entailment import JoinedJudge, load_stance_judge

    encoder = load_encoder(_THREADS)
    shipped = folder is None
    judge = load_stance_judge(encoder) if shipped else JoinedJudge(encoder, CrossEncoder(folder, _THREADS))
    work = workload(data)
    pairs = work.texts(papers)
    judge.judge(pairs[:1])
    _forget_peak()
    loaded, begun = _peak_mib(), time.perf_counter()
    scores = judge.judge(pairs)
    seconds, peak = time.perf_counter() - begun, _peak_mib()
    judge.judge(pairs[: _MORE * len(work.claims)])
    again = _peak_mib() - peak
    size = len(work.claims)
    parts = [repr(scores[start : start + size]) for start in range(0, len(scores), size)]
    digests = [hashlib.sha256(part.encode()).hexdigest()[:12] for part in parts]
    return Spent(len(pairs), round(loaded, 1), round(peak, 1), round(again, 1), round(seconds, 3), digests)


def _forget_peak() -> None:
    """Let the peak start anew, so that loading does not hide what follows; where the system cannot, it does not."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mib() -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    import resource  # there is none on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB  # in bytes on macOS


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what judging took as one line of JSON."""
    parser = argparse.ArgumentParser(prog=f"python -m {_MODULE}", description=__doc__)
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--weights", type=Path)
    given = parser.parse_args(arguments)
    print(json.dumps(asdict(here(given.papers, given.data, given.weights))))


if __name__ == "__main__":
    main()
