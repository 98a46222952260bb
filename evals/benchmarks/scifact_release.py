"""Owns SciFact as released (Wadden et al. 2020, arXiv:2004.14974): claims with their evidence, abstracts in sentences.

Also the library that its 5,183 abstracts make, kept between measurements, because encoding them takes minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from consilience.errors import InputError
from consilience.evals.gold_schema import Recipe
from consilience.evals.libraries import build
from consilience.evals.stance_pairs import rows

from .base import file_digest

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.vectorstore.retrieval import HybridRetriever

CORPUS = "scifact/corpus.jsonl.gz"
Label = Literal["SUPPORT", "CONTRADICT"]
Split = Literal["train", "dev"]


@dataclass(frozen=True)
class Evidence:
    """What annotators found in one abstract: a label, and rationales, each a set of sentence numbers that suffices."""

    label: Label
    rationales: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Claim:
    """A claim, the abstracts that its source cites, and the evidence in those of them that hold any."""

    number: int
    text: str
    cited: tuple[str, ...]
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True)
class Collection:
    """The abstracts' sentences by document number, and a retriever whose hits ``document_of`` turns into documents."""

    sentences: Mapping[str, tuple[str, ...]]
    retriever: HybridRetriever
    document_of: Mapping[str, str]


def claims_file(split: Split) -> str:
    """The path of a split's claims below the data folder."""
    return f"scifact/claims_{split}.jsonl.gz"


def claims(data: Path, split: Split) -> tuple[Claim, ...]:
    """The claims of a split, in the release's order.

    Raises:
        InputError: the file is missing or is not SciFact's.
    """
    try:
        return tuple(_claim(row) for row in rows(data, claims_file(split)))
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{data / claims_file(split)} is not laid out as SciFact's claims: {error}",
            "each line needs id, claim, evidence and cited_doc_ids",
        ) from error


def abstracts(data: Path) -> dict[str, tuple[str, ...]]:
    """Each abstract's sentences by document number.

    Raises:
        InputError: the file is missing or is not SciFact's.
    """
    try:
        return {str(row["doc_id"]): tuple(row["abstract"]) for row in rows(data, CORPUS)}
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{data / CORPUS} is not laid out as SciFact's corpus: {error}", "each line needs doc_id and abstract"
        ) from error


def collection(
    data: Path, home: Path, encoder: Encoder, progress: Callable[[str], None], meaning: float | None = None
) -> Collection:
    """The abstracts as a library of the product's own, below ``home/evals``, one for each content of the file.

    It is made where it is not there yet, which takes minutes; afterwards its vectors are read. ``meaning`` is the
    retriever's, where it is not to be the product's own.

    Raises:
        InputError: the corpus is missing or is not SciFact's, or the library lacks one of its abstracts.
    """
    from consilience.literature.library import Library
    from consilience.vectorstore.retrieval import MEANING, HybridRetriever

    sentences = abstracts(data)
    place = home / "evals" / file_digest(data / CORPUS)[:16]
    built = build(Recipe(set="scifact"), place, data)
    if lost := sentences.keys() - built.of_record.keys():
        raise InputError(f"{len(lost)} abstracts of {data / CORPUS} made no paper", f"delete {place} and try again")
    # A document that was merged with another one stands for both: the first in the release's order is named.
    document_of: dict[str, str] = {}
    for document in sentences:
        document_of.setdefault(built.of_record[document], document)

    def told(done: int, total: int) -> None:
        progress(f"encoding abstracts: {done} of {total}")

    index = Library.open(place, built.name).index(encoder, told)
    share = MEANING if meaning is None else meaning
    retriever = HybridRetriever(tuple(built.papers.values()), index, encoder, share)
    return Collection(sentences, retriever, document_of)


def documents(found: Collection, paper_ids: Sequence[str]) -> tuple[str, ...]:
    """The documents of papers, in their order."""
    return tuple(found.document_of[paper_id] for paper_id in paper_ids)


def _claim(row: Mapping[str, Any]) -> Claim:
    evidence = {str(document): _evidence(found) for document, found in row["evidence"].items()}
    cited = tuple(dict.fromkeys(str(document) for document in row["cited_doc_ids"]))
    return Claim(int(row["id"]), row["claim"], cited, evidence)


def _evidence(found: Sequence[Mapping[str, Any]]) -> Evidence:
    labels = {one["label"] for one in found}
    if len(labels) != 1 or not labels <= {"SUPPORT", "CONTRADICT"}:
        raise KeyError(f"one label expected, SUPPORT or CONTRADICT, not {sorted(labels)}")
    return Evidence(labels.pop(), tuple(frozenset(one["sentences"]) for one in found))
