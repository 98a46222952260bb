"""Owns one stage's training: seeded, with a checkpoint every few minutes from which a killed run goes on."""

# pyright: basic, reportMissingImports=false
# torch belongs to no environment of the project, so its types are unknown.

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .batches import Batch, PairTokenizer, batch, passes
from .network import CrossEncoder
from .pairs import UNKNOWN, Labelled

_FRESH = 0.02
"""The weight of the newest step in the running losses of the log."""


@dataclass(frozen=True)
class Plan:
    """How a stage is trained.

    ``rate`` is the top layer's; each layer below learns ``decay`` times as fast, and the fresh heads ``heads`` times:
    at the low rates that a large backbone needs, the evidence head had learnt next to nothing after 500 steps of the
    first stage (a loss of 0.65, where always giving the share of evidence has 0.69).
    """

    rate: float
    passes: float
    batch: int
    seed: int
    decay: float = 0.95
    warm_up: float = 0.06
    weight_decay: float = 0.01
    smoothing: float = 0.05
    evidence_weight: float = 0.3
    heads: float = 1.0
    save_seconds: float = 180.0


class Stage:
    """A stage under way: the network, the optimiser, and how many steps were made."""

    def __init__(self, network: CrossEncoder, tokenizer: PairTokenizer, pairs: Sequence[Labelled], plan: Plan) -> None:
        self.network, self.tokenizer, self.pairs, self.plan = network, tokenizer, pairs, plan
        self.lengths = [len(tokenizer.lay_out(p.claim, p.sentences)[0]) for p in pairs]
        per_pass = len(passes(len(pairs), self.lengths, plan.batch, plan.seed, 0))
        self.total = max(1, round(per_pass * plan.passes))
        self.step = 0
        self.optimiser = torch.optim.AdamW(_groups(network, plan), fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, self._share)

    def run(self, folder: Path, take: bool = False) -> None:
        """Train to the end, going on from the folder's checkpoint where there is one; leaves ``final.pt`` there.

        With ``take`` the checkpoint is the end: no step is made.
        """
        self._resume(folder / "checkpoint.pt")
        if take:
            self.total = self.step
        self.network.train()
        saved = started = time.monotonic()
        seen, made, losses = 0, 0, [0.0, 0.0]
        for chosen in self._remaining():
            parts = self._learn(batch(self.tokenizer, [self.pairs[i] for i in chosen]))
            seen, made = seen + len(chosen), made + 1
            fresh = max(1 / made, _FRESH)
            losses = [(1 - fresh) * old + fresh * new for old, new in zip(losses, parts, strict=True)]
            if self.step % 50 == 0 or self.step == self.total:
                _log(folder, self.step, self.total, losses, seen / (time.monotonic() - started))
            if time.monotonic() - saved > self.plan.save_seconds:
                self._save(folder / "checkpoint.pt")
                saved = time.monotonic()
        write(folder / "final.pt", self.network.state_dict())
        (folder / "checkpoint.pt").unlink(missing_ok=True)

    def _remaining(self) -> Iterator[list[int]]:
        """The batches that are still to be learnt; ``step`` counts them as they are handed out."""
        at = 0
        for turn in range(math.ceil(self.plan.passes) + 1):
            for chosen in passes(len(self.pairs), self.lengths, self.plan.batch, self.plan.seed, turn):
                at += 1
                if at > self.total:
                    return
                if at > self.step:
                    # Each step draws its dropout from its own seed: a resumed run makes the steps of an unbroken one.
                    torch.manual_seed(self.plan.seed * 1_000_003 + at)
                    self.step = at
                    yield chosen

    def _learn(self, given: Batch) -> list[float]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            labels, evidence = self.network(given.ids)
        known = given.marks != UNKNOWN
        label_loss = torch.nn.functional.cross_entropy(
            labels.float(), given.wanted, label_smoothing=self.plan.smoothing
        )
        evidence_loss = torch.zeros(())
        if known.any():
            wanted = given.marks[known].float()
            evidence_loss = torch.nn.functional.binary_cross_entropy_with_logits(evidence[known].float(), wanted)
        (label_loss + self.plan.evidence_weight * evidence_loss).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.optimiser.zero_grad(set_to_none=True)
        return [label_loss.item(), evidence_loss.item()]

    def _share(self, step: int) -> float:
        """The share of the full rate at a step: up over the warm-up, then straight down to nothing."""
        rise = max(1.0, self.plan.warm_up * self.total)
        return min((step + 1) / rise, max(0.0, (self.total - step) / max(1.0, self.total - rise)))

    def _save(self, path: Path) -> None:
        state = {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict()}
        write(path, state | {"schedule": self.schedule.state_dict(), "step": self.step, "total": self.total})

    def _resume(self, path: Path) -> None:
        if not path.exists():
            return
        state: dict[str, Any] = torch.load(path, weights_only=True)
        if state["total"] != self.total:
            raise SystemExit(f"{path} belongs to a stage of {state['total']} steps, not of {self.total}")
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.step = state["step"]


def write(path: Path, state: dict[str, Any]) -> None:
    """Save a state whole, then put it in place."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _groups(network: CrossEncoder, plan: Plan) -> list[dict[str, Any]]:
    """Parameters with their rates: lower layers, which hold more general knowledge, move less (arXiv:1801.06146)."""
    layers = list(network.transformer.encoder.layer)
    placed = {id(p): depth for depth, layer in enumerate(layers) for p in layer.parameters()}
    heads = {id(p) for part in (network.dense, network.label, network.evidence) for p in part.parameters()}
    groups: list[dict[str, Any]] = []
    for parameter in network.parameters():
        if parameter.requires_grad:
            depth = placed.get(id(parameter), len(layers) if id(parameter) in heads else 0)
            rate = plan.rate * (plan.heads if id(parameter) in heads else plan.decay ** (len(layers) - depth))
            decay = plan.weight_decay if parameter.ndim > 1 else 0.0
            groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def _log(folder: Path, step: int, total: int, losses: Sequence[float], rate: float) -> None:
    row = {"step": step, "of": total, "label_loss": round(losses[0], 4), "evidence_loss": round(losses[1], 4)}
    with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row | {"pairs_per_second": round(rate, 1)}) + "\n")
