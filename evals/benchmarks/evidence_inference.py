"""Evidence Inference 2.0: what a trial found of an outcome, told by the best of three claims (arXiv:2005.04177)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from consilience.evals.label_scores import recall_at_precision
from consilience.evals.registry import EvalResult, Figure, TaskInput
from consilience.evals.results import Published
from consilience.evals.splits import trial_held_out
from consilience.evals.stance_pairs import prompts, say, trial_abstracts
from consilience.language import sentences

from .cases import Benchmark, Case, Scored, best_claim
from .measuring import measure as measured

CLASSES = ("increased", "decreased", "no_difference")
_FINDINGS = ("up", "down", "none")
_FLIPPED = {0: 1, 1: 0}
_LEAST = 0.80
NOTES = (
    "Split: the fifth of the trials (by PMCID) on which the cross-encoder never trains; annotated prompts whose "
    "evidence stands in the abstract and whose annotators agree, each once. The published test part is another one.",
    "For each prompt three claims are judged, one a direction; the answer is the one with the highest probability of "
    "support, normed over the three. Seen in training: a judge on explicit features was fitted on all trials, these "
    "among them.",
    "`flipped.*`: true claims of a change beside the same claims with the direction turned; a turned claim is to be "
    "refuted. `any_other.*`: each prompt's true claim beside both others. The recall is the highest at which "
    "refutations are right in 0.80 of cases, by any threshold on the probability of refutation: it hangs on the few "
    "surest. `flipped.told_apart` is how often, of a true claim and the same turned, the turned one is refuted more.",
)
PUBLISHED = (
    Published(
        "BioBERT with MD-informed attention",
        "macro_f1",
        0.82,
        "new trials on COVID-19",
        "Kang et al. 2021, doi:10.1093/jamia/ocab077, abstract",
        "trained on Evidence Inference 2.0; measured on other trials; averaging of the F1 is not told there",
    ),
    Published(
        "BioBERT with MD-informed attention",
        "accuracy",
        0.84,
        "new trials on COVID-19",
        "Kang et al. 2021, doi:10.1093/jamia/ocab077, abstract",
        "trained on Evidence Inference 2.0; measured on other trials",
    ),
)


def read(data: Path) -> list[Case]:
    """One case a prompt of the held-out trials, with its three claims in the order of ``CLASSES``.

    Raises:
        InputError: the set is missing or damaged.
    """
    bodies = trial_abstracts(data)
    seen: set[tuple[str, str, str, str]] = set()
    made: list[Case] = []
    for prompt in prompts(data):
        key = (prompt.trial, prompt.intervention, prompt.comparator, prompt.outcome)
        if key in seen or not trial_held_out(prompt.trial):
            continue
        seen.add(key)
        body = bodies[prompt.trial]
        made.append(
            Case(
                tuple(say(prompt, finding) for finding in _FINDINGS),
                tuple(body[a:b] for a, b in sentences.split(body)),
                _FINDINGS.index(prompt.finding),
                f"evidence_inference:{prompt.trial}",
            )
        )
    return made


def refutation(cases: Sequence[Case], scores: Scored) -> Mapping[str, Figure]:
    """How well wrong directions are refuted: recall at 0.80 precision, where turned, and where any other is claimed.

    ``flipped.told_apart``: how often the turned claim is refuted rather more than the true one.
    """
    figures: dict[str, Figure] = {}
    turned: list[tuple[float, bool]] = []
    every: list[tuple[float, bool]] = []
    apart: list[bool] = []
    for case, of in zip(cases, scores, strict=True):
        every += [(one.refutes, place != case.label) for place, one in enumerate(of)]
        if case.label in _FLIPPED:
            true, wrong = of[case.label], of[_FLIPPED[case.label]]
            turned += [(true.refutes, False), (wrong.refutes, True)]
            apart.append(wrong.refutes - wrong.supports > true.refutes - true.supports)
    for name, pairs in (("flipped", turned), ("any_other", every)):
        if pairs:
            recall, threshold = recall_at_precision(
                np.array([chance for chance, _ in pairs]), np.array([wrong for _, wrong in pairs]), _LEAST
            )
            figures |= {f"{name}.pairs": len(pairs), f"{name}.refutes_recall_at_precision_0.80": recall}
            figures[f"{name}.threshold"] = threshold
    return figures | ({"flipped.told_apart": round(sum(apart) / len(apart), 4)} if apart else {})


BENCHMARK = Benchmark(
    name="evidence-inference",
    classes=CLASSES,
    files=("evidence_inference/v2_annotations.jsonl.gz", "evidence_inference/abstracts.jsonl.gz"),
    read=read,
    reading=best_claim,
    notes=NOTES,
    published=PUBLISHED,
    extras=refutation,
)


def measure(given: TaskInput) -> EvalResult:
    """See ``measuring.measure``."""
    return measured(BENCHMARK, given)
