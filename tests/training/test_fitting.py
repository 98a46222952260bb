"""A stage that was killed goes on as if it had not been, to the same weights. Runs where torch is installed."""

# pyright: basic, reportMissingImports=false
# torch and transformers belong to no environment of the project, so their types are unknown.

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training only (training/requirements.txt)")
transformers = pytest.importorskip("transformers", reason="needed for training only (training/requirements.txt)")

from consilience.training.cross_encoder.batches import Batch, PairTokenizer, batch  # noqa: E402 - after the skip
from consilience.training.cross_encoder.fitting import Plan, Stage  # noqa: E402 - after the skip
from consilience.training.cross_encoder.network import CrossEncoder, Shape  # noqa: E402 - after the skip
from consilience.training.cross_encoder.pairs import Labelled  # noqa: E402 - after the skip

TOKENIZER = Path(__file__).parents[1] / "support" / "tiny_cross_encoder" / "tokenizer.json"
PAIRS = [
    Labelled(
        f"yoga reduces pain {i}", ("more pain", "less sleep")[: 1 + i % 2], i % 3, (1, 0)[: 1 + i % 2], str(i), "t"
    )
    for i in range(40)
]


class Killed(Exception):
    """What stands for a killed process."""


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    folder = tmp_path_factory.mktemp("backbone")
    torch.manual_seed(1)
    transformers.BertModel(transformers.BertConfig(vocab_size=200, **shape)).save_pretrained(folder)
    return folder


class Dying(Stage):
    """A stage whose process ends in its eighth step."""

    def _learn(self, given: Batch) -> list[float]:
        if self.step == 8:
            raise Killed
        return super()._learn(given)


def stage(backbone: Path, plan: Plan, kind: type[Stage] = Stage) -> Stage:
    tokenizer = PairTokenizer(TOKENIZER)
    torch.manual_seed(plan.seed)
    return kind(CrossEncoder(backbone, Shape(), tokenizer.separator, tokenizer.padding), tokenizer, PAIRS, plan)


def test_a_killed_stage_reaches_the_same_weights(backbone: Path, tmp_path: Path) -> None:
    plan = Plan(rate=1e-3, passes=2, batch=4, seed=3, save_seconds=0)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    stage(backbone, plan).run(whole)

    first = stage(backbone, plan, Dying)
    with pytest.raises(Killed):
        first.run(killed)
    assert (killed / "checkpoint.pt").exists()
    stage(backbone, plan).run(killed)

    states = [torch.load(folder / "final.pt", weights_only=True) for folder in (whole, killed)]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert not (killed / "checkpoint.pt").exists()


def test_a_checkpoint_of_another_plan_is_refused(backbone: Path, tmp_path: Path) -> None:
    short, long = (Plan(rate=1e-3, passes=n, batch=4, seed=3) for n in (1, 2))
    made = stage(backbone, short)
    made.step = 2
    made._save(tmp_path / "checkpoint.pt")
    with pytest.raises(SystemExit, match="belongs to a stage"):
        stage(backbone, long).run(tmp_path)


def test_a_stage_can_end_where_its_checkpoint_stands(backbone: Path, tmp_path: Path) -> None:
    plan = Plan(rate=1e-3, passes=2, batch=4, seed=3)
    made = stage(backbone, plan)
    made.step = 2
    made._save(tmp_path / "checkpoint.pt")
    ended = stage(backbone, plan)
    ended.run(tmp_path, take=True)
    assert ended.total == 2
    assert (tmp_path / "final.pt").exists()


def test_a_pupil_is_taught_what_its_teacher_said() -> None:
    plain = Labelled("yoga reduces pain", ("less pain",), 0, (1,), "a", "t")
    taught = Labelled("yoga reduces pain", ("less pain",), 0, (1,), "a", "t", (0.5, 0.0, 0.5))
    made = batch(PairTokenizer(TOKENIZER), [plain, taught])
    assert made.wanted.tolist() == [[1, 0, 0], pytest.approx([0.65, 0, 0.35])]
