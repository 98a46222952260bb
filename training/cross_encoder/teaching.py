"""Has a trained network say what it thinks of many pairs, so that a smaller one can learn it (distillation)::

    python -m consilience.training.cross_encoder.teaching TEACHER --data DIR --out FILE [--seed N]

TEACHER is a folder of exported weights. The pairs are those that the science stage draws with that seed, so they are
other sentences, negatives and opposites than the teacher was trained on, with labels that rules gave most of them.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from random import Random

from consilience.models import calibration

from . import stages
from .exported import from_export
from .pairs import read_lines, write_line

_AT_ONCE = 256


def main() -> None:
    """Draw the pairs, ask the teacher, and write a line a pair as it answers; a file begun before is gone on with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("teacher", type=Path, help="a folder of exported weights")
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--limit", type=int, default=0, help="take so many pairs only")
    given = parser.parse_args()
    pairs, _ = stages.read("science", given.data, given.seed)
    Random(given.seed).shuffle(pairs)  # of some only, all kinds in their shares
    pairs = pairs[: given.limit or None]
    done = len(read_lines(given.out)) if given.out.exists() else 0
    judge = from_export(given.teacher)
    with given.out.open("a", encoding="utf-8") as file:
        for start in range(done, len(pairs), _AT_ONCE):
            part = pairs[start : start + _AT_ONCE]
            for pair, row in zip(part, calibration.softmax(judge(part)[0]), strict=True):
                supports, refutes, neutral = (round(float(p), 4) for p in row)
                file.write(write_line(replace(pair, taught=(supports, refutes, neutral))))
            file.flush()
            print(f"{start + len(part)} of {len(pairs)}", flush=True)


if __name__ == "__main__":
    main()
