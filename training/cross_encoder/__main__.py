"""One command a stage of the cross-encoder's training (the module ``training.cross_encoder`` says how they follow)::

    python -m consilience.training.cross_encoder --stage nli --backbone minilm --weights DIR --data DIR --out DIR
    python -m consilience.training.cross_encoder --stage science --start DIR/nli-minilm/final.pt ...

The stage writes into ``OUT/STAGE-BACKBONE``: ``checkpoint.pt`` every few minutes, from which the same command goes
on, then ``final.pt``, ``stage.json`` (all choices, the counts of pairs, the held-out figures) and ``log.jsonl``.
"""

# pyright: basic, reportMissingImports=false
# torch belongs to no environment of the project, so its types are unknown.

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from consilience.evals.stance_benchmark import scores

from . import stages
from .batches import PairTokenizer
from .fitting import Plan, Stage
from .judging import logits
from .network import CrossEncoder, Shape
from .pairs import counts

BACKBONES = {
    "minilm": (
        Shape(),
        {
            "nli": Plan(1.2e-4, 2, 32, 0),
            "science": Plan(8e-5, 1, 32, 0),
            "distil": Plan(8e-5, 1, 32, 0),
            "plain": Plan(8e-5, 4, 16, 0),
            "claim-only": Plan(8e-5, 4, 16, 0),
        },
    ),
    "mpnet": (Shape(), {"nli": Plan(3e-5, 1, 32, 0, 0.9, heads=10), "science": Plan(2e-5, 1, 16, 0, 0.9, heads=10)}),
    "mpnet9": (
        Shape(layers=9, frozen=2),
        {"nli": Plan(4e-5, 1, 32, 0, 0.9, heads=10), "science": Plan(3e-5, 1, 16, 0, 0.9, heads=10)},
    ),
}

_MOST_HELD = 800
"""About how many held-out pairs a stage is measured on at its end: a glance, for ``evaluate`` measures."""


def main() -> None:
    """Read the stage's pairs, train, measure on what was held out, and write it all down."""
    given = _arguments()
    torch.set_num_threads(given.threads)
    shape, plans = BACKBONES[given.backbone]
    changes = {name: getattr(given, name) for name in ("rate", "passes", "seed") if getattr(given, name) is not None}
    if given.stage not in plans:
        raise SystemExit(f"--stage {given.stage}: {given.backbone} has {', '.join(plans)}")
    plan = Plan(**(asdict(plans[given.stage]) | changes))
    folder = given.out / (given.name or f"{given.stage}-{given.backbone}")
    folder.mkdir(parents=True, exist_ok=True)
    train, held = stages.read(given.stage, given.data, plan.seed, given.taught)
    held = held[:: max(1, len(held) // _MOST_HELD)]
    if given.limit:
        train, held = train[: given.limit], held[: given.limit]
    print(json.dumps({"train": counts(train), "held_out": counts(held)}, indent=1), flush=True)
    tokenizer = PairTokenizer(given.weights / "tokenizer.json")
    torch.manual_seed(plan.seed)
    network = CrossEncoder(given.weights, shape, tokenizer.separator, tokenizer.padding)
    if given.start:
        network.load_state_dict(torch.load(given.start, weights_only=True))
    stage = Stage(network, tokenizer, train, plan)
    if not (folder / "final.pt").exists():
        stage.run(folder, given.take)
    network.load_state_dict(torch.load(folder / "final.pt", weights_only=True))
    found, _ = logits(network, tokenizer, held)
    figures: dict[str, Any] = {"all": scores(_labels(held), found.argmax(axis=1))}
    for source in counts(held):
        rows = [i for i, p in enumerate(held) if p.source == source]
        figures[source] = scores(_labels([held[i] for i in rows]), found[rows].argmax(axis=1))
    result = {
        "stage": given.stage, "backbone": given.backbone, "weights": given.weights.name,
        "shape": shape.plain(), "plan": asdict(plan),
        "steps": stage.total, "train": counts(train), "held_out": counts(held), "figures": figures,
        "torch": torch.__version__, "start": str(given.start or ""),
    }  # fmt: skip
    (folder / "stage.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def _labels(pairs: list[Any]) -> Any:  # noqa: ANN401 - a numpy array, made where torch has numpy at hand
    return torch.tensor([p.label for p in pairs]).numpy()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=stages.NAMES, required=True)
    parser.add_argument("--backbone", choices=sorted(BACKBONES), required=True)
    parser.add_argument("--weights", type=Path, required=True, help="folder of the backbone: model, config, tokenizer")
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    parser.add_argument("--out", type=Path, required=True, help="where the stages' folders are")
    parser.add_argument("--start", type=Path, help="an earlier stage's final.pt")
    parser.add_argument("--taught", type=Path, help="what a teacher said (teaching.py), for the stage distil")
    parser.add_argument("--name", help="the stage's folder, where not STAGE-BACKBONE")
    parser.add_argument(
        "--threads", type=int, default=1, help="1 is right on a shared machine: two threads wait on each other"
    )
    parser.add_argument("--take", action="store_true", help="end the stage where its checkpoint stands")
    parser.add_argument("--limit", type=int, default=0, help="read so many pairs only (to try things)")
    parser.add_argument("--rate", type=float)
    parser.add_argument("--passes", type=float)
    parser.add_argument("--seed", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
