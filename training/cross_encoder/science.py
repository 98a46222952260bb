"""Owns the pairs of SciFact, Citation-Integrity and PubMedQA, whole abstracts with what is known of their evidence."""

from __future__ import annotations

from pathlib import Path

from consilience.evals.phrasing import citing
from consilience.evals.phrasing import statement as statement
from consilience.evals.splits import question_held_out
from consilience.evals.stance_pairs import NEUTRAL, REFUTES, SUPPORTS, rows
from consilience.language import sentences

from .pairs import UNKNOWN, Labelled

_SCIFACT = {"SUPPORT": SUPPORTS, "CONTRADICT": REFUTES}
_CITING = {"SUPPORT": SUPPORTS, "REFUTE": REFUTES}
_ANSWERS = {"yes": SUPPORTS, "no": REFUTES}


def scifact(data: Path, split: str) -> list[Labelled]:
    """Each claim beside each abstract that it cites, with the annotators' rationale; none there means not enough."""
    corpus = {row["doc_id"]: tuple(row["abstract"]) for row in rows(data, "scifact/corpus.jsonl.gz")}
    pairs: list[Labelled] = []
    for row in rows(data, f"scifact/claims_{split}.jsonl.gz"):
        for cited in row["cited_doc_ids"]:
            found = row["evidence"].get(str(cited), [])
            label = _SCIFACT[found[0]["label"]] if found else NEUTRAL
            marked = {i for part in found for i in part["sentences"]}
            evidence = tuple(int(i in marked) for i in range(len(corpus[cited])))
            pairs.append(Labelled(row["claim"], corpus[cited], label, evidence, f"scifact:{cited}", "scifact"))
    return pairs


def scifact_corpus(data: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Title and sentences by group name, without the abstracts that development claims cite: they stay unseen."""
    shut = {cited for row in rows(data, "scifact/claims_dev.jsonl.gz") for cited in row["cited_doc_ids"]}
    found = (row for row in rows(data, "scifact/corpus.jsonl.gz") if row["doc_id"] not in shut and row["abstract"])
    return {f"scifact:{row['doc_id']}": (row["title"].strip(), tuple(row["abstract"])) for row in found}


def citations(data: Path, split: str) -> list[Labelled]:
    """Citing sentences, without the marks of their citations, beside passages of what they cite.

    Which passage is the evidence is not known: the set marks the first of every text.
    """
    corpus = {row["doc_id"]: tuple(row["abstract"]) for row in rows(data, "citation_integrity/corpus.jsonl.gz")}
    pairs: list[Labelled] = []
    for row in rows(data, f"citation_integrity/claims_{split}.jsonl.gz"):
        claim = citing(row["claim"])
        for cited in row["cited_doc_ids"]:
            found = row["evidence"].get(str(cited), [])
            label = _CITING[found[0]["label"]] if found else NEUTRAL
            parts = tuple(s for s in corpus.get(cited, ()) if s.strip())
            if parts and len(claim) > 20:
                marks = (0 if label == NEUTRAL else UNKNOWN,) * len(parts)
                pairs.append(Labelled(claim, parts, label, marks, f"citation:{cited}", "citation"))
    return pairs


def questions(data: Path) -> list[Labelled]:
    """PubMedQA's yes and no questions as statements, beside the abstract with its conclusion."""
    pairs: list[Labelled] = []
    for row in rows(data, "pubmedqa/pqal_trainval.jsonl.gz"):
        claim, label = statement(row["question"]), _ANSWERS.get(row["answer"])
        if claim and label is not None:
            results, concluded = _split(row["contexts"]), _conclusion(row["long_answer"])
            marks = (UNKNOWN,) * len(results) + (1,) * len(concluded)
            pairs.append(Labelled(claim, (*results, *concluded), label, marks, f"pubmedqa:{row['pmid']}", "pubmedqa"))
    return pairs


def conclusions(data: Path) -> list[Labelled]:
    """The first sentence of PubMedQA's conclusions as a claim that the abstract's other sentences support."""
    pairs: list[Labelled] = []
    for row in rows(data, "pubmedqa/pqal_trainval.jsonl.gz"):
        concluded, results = _conclusion(row["long_answer"]), _split(row["contexts"])
        if concluded and results and 40 <= len(concluded[0]) <= 250:
            marks = (UNKNOWN,) * len(results)
            pairs.append(
                Labelled(concluded[0], results, SUPPORTS, marks, f"pubmedqa:{row['pmid']}", "pubmedqa-conclusion")
            )
    return pairs


def held_out(pair: Labelled) -> bool:
    """Whether a PubMedQA pair belongs to the part that no stage trains on."""
    return question_held_out(pair.group)


def _split(texts: list[str]) -> tuple[str, ...]:
    return tuple(t[a:b] for t in texts for a, b in sentences.split(t))


def _conclusion(words: str) -> tuple[str, ...]:
    said = words.partition("Medical Subject Headings")[0].strip()
    return tuple(said[a:b] for a, b in sentences.split(said))
