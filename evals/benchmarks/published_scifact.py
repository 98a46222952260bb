"""Owns what others published for SciFact's open setting, each figure with the place that it was read in."""

from __future__ import annotations

from consilience.evals.results import Published

_DEV = "dev"
_TEST = "test (hidden)"
_VERT5ERINI = "https://github.com/castorini/pygaggle, experiments/vert5erini/README.md, full pipeline evaluation"
_SCIFCHEX = "https://github.com/chizo4/SciFCheX, README.md, section Performance"
_OPEN_PAPER = "arXiv:2210.13777, table 5, columns SciFact-Orig"
_ORDER = ("abstract_label_only", "abstract_rationalized", "sentence_selection", "sentence_label")


def _dev(system: str, source: str, *f1: float) -> tuple[Published, ...]:
    return tuple(Published(system, f"{kind}.f1", value, _DEV, source) for kind, value in zip(_ORDER, f1, strict=True))


def _test(system: str, precision: float, recall: float, f1: float) -> tuple[Published, ...]:
    values = {"precision": precision, "recall": recall, "f1": f1}
    return tuple(
        Published(system, f"abstract_label_only.{name}", value, _TEST, _OPEN_PAPER, "the hidden test claims")
        for name, value in values.items()
    )


PUBLISHED: tuple[Published, ...] = (
    *_dev("VeriSci (RoBERTa-large)", _SCIFCHEX, 0.51, 0.49, 0.48, 0.43),
    *_dev("VerT5erini (T5-3B)", _VERT5ERINI, 0.6536, 0.6241, 0.6056, 0.5820),
    *_dev("SciFCheX (SciBERT and RoBERTa-large)", _SCIFCHEX, 0.62, 0.59, 0.59, 0.53),
    *_test("VerT5erini (T5-3B)", 0.640, 0.730, 0.682),
    *_test("ParagraphJoint (RoBERTa-large)", 0.758, 0.635, 0.691),
    *_test("ARSJoint", 0.722, 0.703, 0.712),
    *_test("MultiVerS (Longformer-large)", 0.738, 0.712, 0.725),
)
