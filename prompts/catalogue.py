"""Owns which prompts there are, what each is for, and the variables that each must use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LENSES = ("methodology", "relevance", "sceptic", "coverage", "clarity")
"""The reviewers' lenses, each a text ``lens_<name>.md``."""

INCLUDED = frozenset({"rules", "bearing", "writing", "objecting", "scoring", "scales", "lens"})
"""Variables that the loader fills from texts of this folder; they stand in a prompt's system part."""

COUNTS = frozenset({"max_claims", "max_queries", "round"})
"""Variables that are whole numbers. Every other one holds text from the world and is put between data marks."""


@dataclass(frozen=True)
class Task:
    """What a prompt is for; the texts that it includes; its other variables, each with what it holds."""

    purpose: str
    variables: Mapping[str, str]
    includes: tuple[str, ...] = ("rules",)

    @property
    def given(self) -> frozenset[str]:
        """The variables that a caller gives: a lens is given by its name."""
        return frozenset(self.variables) | ({"lens"} & set(self.includes))


_QUESTION = {"question": "the question as the person asked it"}
_PLAN = {"plan": "question type, facets with wordings, what a yes would mean, criteria"}
_PAPER = {"paper": "one paper: title, year, type, abstract"}
_EVIDENCE = {
    "claims": "claims under handles C1, C2, ..., each with what it relates",
    "passages": "passages of one paper under handles S1, S2, ...",
}
_LEDGER = {
    "claims": "ledger entries under handles: text, verdict, confidence, fate, design, tallies, quotations",
    "search": "the search's counts and queries; for reviewers also what was counted for the scales' checks",
}
_WRITING = {
    **_QUESTION,
    **_PLAN,
    "standing": "the verdict and the certainty that the ledger bears out, with reasons",
    **_LEDGER,
}
_DRAFT = {"draft": "title, abstract, answer, numbered result sentences with handles, limitations, gaps"}

TASKS: Mapping[str, Task] = {
    "plan": Task(
        "plans how a question is answered, and searches",
        {
            **_QUESTION,
            "round": "number of the search round, from 1",
            "tried": "queries of earlier rounds",
            "missing": "what earlier rounds left uncovered",
            "max_queries": "most queries in the answer",
        },
    ),
    "screen": Task("includes or excludes one paper, with a reason", {**_QUESTION, **_PLAN, **_PAPER}),
    "extract": Task(
        "takes the findings of one paper as claims with exact quotations",
        {**_QUESTION, **_PLAN, **_PAPER, "max_claims": "most claims in the answer"},
    ),
    "reconcile": Task(
        "groups claims that say the same", {**_QUESTION, **_PLAN, "claims": "claims under handles C1, C2, ..."}
    ),
    "prosecute": Task(
        "finds what speaks against claims in one paper's passages", {**_QUESTION, **_EVIDENCE}, ("rules", "bearing")
    ),
    "defend": Task(
        "finds what supports claims in one paper's passages", {**_QUESTION, **_EVIDENCE}, ("rules", "bearing")
    ),
    "judge": Task(
        "reaches a verdict on one claim from both sides' quotations",
        {
            **_QUESTION,
            "claim": "the claim and what it relates",
            "defence": "quotations of the defence under handles, each with its study's design and source",
            "prosecution": "the same of the prosecution",
        },
        ("rules", "bearing"),
    ),
    "write": Task("writes the report from the ledger", _WRITING, ("rules", "writing")),
    "revise": Task(
        "writes the report anew so that objections are settled",
        {**_WRITING, **_DRAFT, "objections": "open objections, numbered, gravest first"},
        ("rules", "writing"),
    ),
    "review": Task(
        "scores a draft and objects, as one reviewer of the panel",
        {**_QUESTION, **_LEDGER, **_DRAFT, "earlier": "this reviewer's last review, or none"},
        ("rules", "lens", "objecting", "scoring", "scales"),
    ),
    "deliberate": Task(
        "reconsiders a reviewer's scores after reading the other reviews",
        {
            **_QUESTION,
            **_DRAFT,
            "own": "this reviewer's review; its objections under handles O1, O2, ...",
            "others": "the other reviewers' reviews",
        },
        ("rules", "lens", "scoring", "scales"),
    ),
    "audit": Task(
        "scores the final report, apart from the panel",
        {**_QUESTION, **_LEDGER, **_DRAFT},
        ("rules", "objecting", "scoring", "scales"),
    ),
    "follow_up": Task(
        "answers a further question from a report's ledger, or asks for a new run",
        {
            **_QUESTION,
            "report": "the report: title, answer, result sentences with handles",
            "claims": _LEDGER["claims"],
            "followup": "the person's further question",
        },
    ),
    "stance": Task(
        "tells what one text says about one claim, where public benchmarks are measured",
        {"claim": "one claim", "sentences": "the sentences of one text, numbered S1, S2, ..."},
    ),
    "repair": Task(
        "asks for an answer again, with what was wrong with it",
        {"problem": "what is wrong with the answer", "answer": "the answer as the model gave it"},
        (),
    ),
}


@dataclass(frozen=True)
class Part:
    """A text that prompts include; ``replaceable`` where a folder of one's own may hold another one."""

    purpose: str
    replaceable: bool = field(default=True)


PARTS: Mapping[str, Part] = {
    "rules": Part("what holds for every task: who we are, evidence, the injection rule, JSON"),
    "bearing": Part("when a passage supports or refutes a claim"),
    "writing": Part("how sentences keep to the claims that they name"),
    "objecting": Part("how a reviewer objects"),
    "scoring": Part("how a reviewer scores"),
    # Scores are compared over runs and with the embedded reviewers', so all stand on one scale.
    "scales": Part("the anchored scales of the panel's eight criteria", replaceable=False),
    **{f"lens_{lens}": Part(f"what the {lens} reviewer looks at first") for lens in LENSES},
}
