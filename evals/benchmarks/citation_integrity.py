"""Citation-Integrity: citing sentences beside passages of the cited paper (Sarol et al. 2024)."""

from __future__ import annotations

from pathlib import Path

from consilience.evals.phrasing import citing
from consilience.evals.registry import EvalResult, TaskInput
from consilience.evals.results import Published
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, rows

from .cases import THREE, Benchmark, Case, three_labels
from .measuring import measure as measured

_LABELS = {"SUPPORT": SUPPORTS, "REFUTE": REFUTES}
_SHORTEST = 20
"""Characters under which what is left of a citing sentence states nothing."""
NOTES = (
    "Split: development, citing sentence (its citation marks taken out) beside the passages that the set gives. "
    "A pair is left out: its citing sentence states nothing (“Notably, in”).",
    "Seen in training: the training part's supported and unrelated pairs. What the set calls not accurate stands "
    "beside refutes here, though a citation is seldom inaccurate because its source says the opposite: a low F1 on "
    "refutes is expected of whoever reads 'refutes' strictly.",
)
_SOURCE = "doi:10.1093/bioinformatics/btae420, abstract"
_AGAIN = "README of github.com/jedick/MLE-capstone-project at 0075e11"
PUBLISHED = (
    Published(
        "MultiVerS, fine-tuned", "macro_f1", 0.52, "test", _SOURCE, "sentences retrieved by BM25 and MonoT5, top 20"
    ),
    Published("MultiVerS, fine-tuned, measured again", "macro_f1", 0.44, "test", _AGAIN, "the passages of the set"),
    Published("DeBERTa v3 base, fine-tuned", "macro_f1", 0.47, "test", _AGAIN, "trained on SciFact too"),
    Published("MultiVerS, fine-tuned", "accuracy", 0.59, "test", _SOURCE, "micro-F1; sentences retrieved, top 20"),
    Published("GPT-4, in context", "macro_f1", 0.45, "test", _SOURCE, "few examples in the prompt"),
    Published("GPT-4, in context", "accuracy", 0.65, "test", _SOURCE, "micro-F1; few examples in the prompt"),
)


def read(data: Path) -> list[Case]:
    """The development pairs; a citing sentence without evidence counts as neutral.

    Raises:
        InputError: the set is missing or damaged.
    """
    corpus = {row["doc_id"]: tuple(row["abstract"]) for row in rows(data, "citation_integrity/corpus.jsonl.gz")}
    made: list[Case] = []
    for row in rows(data, "citation_integrity/claims_dev.jsonl.gz"):
        claim = citing(row["claim"])
        for cited in row["cited_doc_ids"]:
            found = row["evidence"].get(str(cited), [])
            parts = tuple(s for s in corpus.get(cited, ()) if s.strip())
            if parts and len(claim) > _SHORTEST:
                label = _LABELS[found[0]["label"]] if found else NEUTRAL
                made.append(Case((claim,), parts, label, f"citation:{cited}"))
    return made


BENCHMARK = Benchmark(
    name="citation-integrity",
    classes=THREE,
    files=("citation_integrity/claims_dev.jsonl.gz", "citation_integrity/corpus.jsonl.gz"),
    read=read,
    reading=three_labels,
    notes=NOTES,
    published=PUBLISHED,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
