"""The generated parts of the documentation: what the code already says is not written twice.

A block stands between ``<!-- NAME:begin ... -->`` and ``<!-- NAME:end -->``. ``make docs`` rewrites the
blocks; ``--check`` writes nothing and exits with 1 where one has drifted (a test does the same).
"""

from __future__ import annotations

import argparse
import configparser
import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from consilience.evals.registry import table
from consilience.records import verdict_words
from consilience.settings import Concern, Settings

if TYPE_CHECKING:
    from typer.core import TyperCommand, TyperGroup

ROOT = Path(__file__).resolve().parent.parent


# --------------------------------------------------------------------------- settings


def settings_table() -> str:
    """Every setting: its environment variable, default and meaning, from settings.py."""
    return table(("variable", "default", "meaning"), list(_settings_rows()))


def _settings_rows() -> Iterator[tuple[str, str, str]]:
    prefix = Settings.model_config.get("env_prefix", "")
    delimiter = Settings.model_config.get("env_nested_delimiter") or "__"
    yield (
        f"`{prefix}HOME`",
        "the system's place for a program's data",
        "folder of libraries, runs and checkpoints",
    )
    for concern, outer in Settings.model_fields.items():
        if not isinstance(outer.default, Concern):
            if outer.description:
                yield f"`{prefix}{concern}`".upper(), f"`{_shown(outer.default)}`", outer.description
            continue
        for name, field in type(outer.default).model_fields.items():
            variable = f"{prefix}{concern}{delimiter}{name}".upper()
            if isinstance(field.default, Concern):
                yield f"`{variable}{delimiter}…`", "as the others", field.description or ""
            else:
                yield f"`{variable}`", f"`{_shown(field.default)}`", field.description or ""


def _shown(value: Any) -> str:  # noqa: ANN401 - a setting's default can be of any type
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


# --------------------------------------------------------------------------- the command line


def command_table() -> str:
    """Every command with its arguments and options, from the command line's own definitions."""
    return table(("command", "what it does"), list(_command_rows()))


def commands() -> dict[str, TyperCommand]:
    """The commands by their full name, such as ``ask`` and ``library add``."""
    from typer.main import get_command

    from consilience.cli import app

    found: dict[str, TyperCommand] = {}
    _collect(get_command(app), "", found)
    return found


def _collect(command: Any, name: str, found: dict[str, TyperCommand]) -> None:  # noqa: ANN401 - typer keeps its type private
    if hasattr(command, "commands"):
        group: TyperGroup = command
        for child_name, child in group.commands.items():
            if not child.hidden:
                _collect(child, f"{name} {child_name}".strip(), found)
    else:
        found[name] = command


def _command_rows() -> Iterator[tuple[str, str]]:
    for name, command in commands().items():
        parts = ["consilience", name, *(_usage(parameter) for parameter in _ordered(command))]
        yield f"`{' '.join(parts)}`", _first_sentence(command.help or "")


def _ordered(command: TyperCommand) -> list[Any]:
    visible = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    return sorted(visible, key=lambda parameter: parameter.param_type_name != "argument")


def _usage(parameter: Any) -> str:  # noqa: ANN401 - typer keeps its type private
    if parameter.param_type_name == "argument":
        name = (parameter.metavar or parameter.name).upper().strip("[].")
        name += "..." if parameter.nargs == -1 else ""
        return name if parameter.required else f"[{name}]"
    flag = max(parameter.opts, key=len)
    value = "" if parameter.is_flag else f" {(parameter.metavar or parameter.name).upper()}"
    return f"{flag}{value}" if parameter.required else f"[{flag}{value}]"


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s", paragraph, maxsplit=1)[0].rstrip(".")


# --------------------------------------------------------------------------- the architecture


def layer_list() -> str:
    """Who may import whom, from the import contract that the checks enforce."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layers = config["importlinter:contract:layers"]["layers"].split("\n")
    named = [
        ", ".join(re.sub(r"[()]", "", part).strip() for part in layer.split(":")) for layer in layers if layer.strip()
    ]
    return "```text\n" + "\n  ↓\n".join(named) + "\n```"


def graph_drawing() -> str:
    """The compiled graph's own drawing."""
    from consilience.graph import graph

    return f"```mermaid\n{graph.get_graph().draw_mermaid().strip()}\n```"


# --------------------------------------------------------------------------- what comes out

EXAMPLE = "triptans-relief"
CLAIMS_SHOWN = 2


def excerpt() -> str:
    """The head of an example report: title, answer, and its first claims of different verdicts."""
    report: dict[str, Any] = json.loads((ROOT / f"docs/examples/{EXAMPLE}.json").read_text(encoding="utf-8"))
    answer, review = report["answer"], report["review"]
    score = f"Panel: {review['score']:.2f} of 10; auditor: {review['auditor_score']:.2f}."
    quoted = [
        f"**{report['question']}**",
        f"*{report['title']}*",
        f"{answer['text']} {score}",
    ]
    rows = table(("claim", "verdict", "confidence", "independent papers", "quotation"), list(_claim_rows(report)))
    source = f"From [a report as generated](docs/examples/{EXAMPLE}.md); [all examples](docs/examples/README.md)."
    return "\n>\n".join(f"> {part}" for part in quoted) + f"\n\n{rows}\n\n{source}"


def _claim_rows(report: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    seen: set[str] = set()
    origins = {paper["id"]: paper["text_origin"] for paper in report["papers"]}
    for claim in report["claims"]:
        if len(seen) == CLAIMS_SHOWN or claim["verdict"] in seen or claim["background"]:
            continue
        seen.add(claim["verdict"])
        span = claim["spans"][0]
        label = " *(the project's summary)*" if origins[span["paper_id"]] == "summary" else ""
        verdict = verdict_words(claim["verdict"])
        sides = f"{claim['independent_support']} for, {claim['independent_refutation']} against"
        quotation = f"“{span['text']}”{label}"
        yield f"{claim['number']}. {claim['text']}", verdict, f"{claim['confidence']:.2f}", sides, quotation


# --------------------------------------------------------------------------- the constants of verification

EMBEDDED = "consilience.reasoning.embedded"
MODEL = "consilience.reasoning.language_model"
# Module, name, meaning: what stands in the code as chosen, not fitted.
CHOSEN = (
    (f"{EMBEDDED}.witness", "EPSILON", "keeps the judge's log odds finite"),
    (f"{EMBEDDED}.witness", "HOLDS", "probability under which a stance is none"),
    ("consilience.models.entailment", "NETWORK", "the cross-encoder's part of the judge's probabilities"),
    ("consilience.models.pair_layout", "MOST_SENTENCES", "nearest sentences of an abstract that are read"),
    ("consilience.models.pair_layout", "MOST_CHARACTERS", "characters of claim and sentences that are read together"),
    (f"{EMBEDDED}.examining", "OWN_WORDS", "claim's words that its own passage must hold to be its own words"),
    (
        "consilience.reasoning.independence",
        "SHARED_AUTHORS",
        "shared part of the shorter author list that makes one group",
    ),
    ("consilience.reasoning.verdicts", "MANY", "independent papers that refute a claim with no support but its own"),
    ("consilience.reasoning.independence", "SAME_TEXT", "shared part of the shorter text that makes one text"),
    ("consilience.reasoning.pooling", "DESIGN_WEIGHTS", "what a paper counts by its design"),
    ("consilience.reasoning.pooling", "RECENT", "year from which papers count whole"),
    ("consilience.reasoning.pooling", "LOSS_A_YEAR", "what a paper loses for each year before it"),
    ("consilience.reasoning.pooling", "OLDEST", "what the oldest paper counts at least"),
    (f"{EMBEDDED}.examining", "LEANS", "probability of a stance from which an undecided passage leans to it"),
    ("consilience.reasoning.confidence", "HIGHEST", "no confidence is above it"),
    (f"{EMBEDDED}.reconciling", "ALIKE", "shared content words from which two claims can be one"),
    (f"{EMBEDDED}.writing.votes", "CLEAR", "share of papers from which the answer is yes (or no)"),
    (f"{EMBEDDED}.screening", "WEIGHTS", "parts of the relevance score (with an eye on the five review sets)"),
    ("consilience.agents.screening", "ELSEWHERE", "what a score counts that only another query gave"),
    ("consilience.agents.screening", "TOP_OF_QUERY", "first hits that count as found by a query (saturation)"),
    ("consilience.vectorstore.retrieval", "RRF_K", "reciprocal rank fusion (the method's own constant)"),
    (f"{EMBEDDED}.panel.scoring", "LENIENT", "part of a check that passes outside a reviewer's own field"),
    (f"{EMBEDDED}.deliberating", "STEP", "part of the way that a score moves to what another reviewer showed"),
    (f"{MODEL}.joining", "MODEL_IS_RIGHT", "how often a language model's stance is taken to be right"),
    (f"{MODEL}.joining", "WEIGHT", "weight of the stance judge's log odds beside it"),
    (f"{MODEL}.joining", "MOST", "what these log odds add or take at most"),
    (f"{MODEL}.joining", "DOUBT", "what the judge's probability of neither takes from it"),
    (f"{MODEL}.joining", "RULES", "what the rules' reading adds to a language model's"),
    (f"{MODEL}.joining", "JUDGE_DISAGREES", "what is left of a confidence where the judge would give another verdict"),
    (f"{MODEL}.screening", "WORTH_A_CALL", "papers that a language model screens for each that may be included"),
    ("consilience.agents.convergence", "DISSENT", "distance from the median that is told as dissent"),
    (f"{EMBEDDED}.panel.auditing", "RELEVANT", "claim's words that the auditor wants to see in a quotation"),
)
FITTED = {
    "bias": "witness.json: constant of x",
    "slope": "witness.json: weight of the judge's log odds",
    "refutes": "witness.json: added for a refutation",
    "precision": "witness.json: measured share of the rules' supports that are right",
    "temperature": "stance/weights.json: calibrates the judge on features",
    "network_temperature": "witness_cross_encoder/weights.json: calibrates the cross-encoder",
    "joined_temperature": "the same file: calibrates the mean of both",
}
VERDICT = {
    "alike": "exponent under which papers of one side add up: 1 independent of each other, 0 the strongest alone",
    "supports": "scale of the strength of papers for the claim",
    "refutes": "the same against it",
    "undecided": "the same for papers that took no side",
    "misread_supports": "chance that a claim with support was misread",
    "misread_refutes": "the same for refutation",
    "missed": "chance that evidence was missed where none was found",
}
FITTED_IN_CODE = (
    ("consilience.vectorstore.retrieval", "MEANING", "what the cosine counts for where papers are ordered by scores"),
)


def constant_table() -> str:
    """Fitted constants from the weights' files, chosen ones from the code."""
    weights = ROOT / "models" / "weights"
    fitted: dict[str, Any] = {
        **json.loads((weights / "stance" / "weights.json").read_text(encoding="utf-8")),
        **json.loads((weights / "witness" / "witness.json").read_text(encoding="utf-8")),
    }
    network = json.loads((weights / "witness_cross_encoder" / "weights.json").read_text(encoding="utf-8"))
    fitted |= {"network_temperature": network["temperature"], "joined_temperature": network["joined_temperature"]}
    rows = [(f"`{name}`", "fitted", _shown(fitted[name]), meaning) for name, meaning in FITTED.items()]
    verdict: dict[str, Any] = json.loads((weights / "verdict" / "verdict.json").read_text(encoding="utf-8"))
    rows += [
        (f"`{n}`", "chosen" if n == "alike" else "fitted", _shown(verdict[n]), f"verdict.json: {meaning}")
        for n, meaning in VERDICT.items()
    ]
    rows += [(f"`{name}`", "fitted", _constant(module, name), meaning) for module, name, meaning in FITTED_IN_CODE]
    rows += [(f"`{name}`", "chosen", _constant(module, name), meaning) for module, name, meaning in CHOSEN]
    return table(("constant", "", "value", "meaning"), rows)


def _constant(module: str, name: str) -> str:
    value: Any = getattr(import_module(module), name)
    if isinstance(value, dict):
        return ", ".join(f"{part} {weight:g}" for part, weight in cast("dict[str, float]", value).items())
    return _shown(value)


# --------------------------------------------------------------------------- the documents

BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"excerpt": excerpt, "commands": command_table, "settings": settings_table},
    "docs/architecture.md": {"layers": layer_list, "graph": graph_drawing},
    "docs/verification.md": {"constants": constant_table},
}


def fill(text: str, name: str, body: str) -> str:
    """``text`` with the block ``name`` holding ``body``.

    Raises:
        ValueError: the block's two markers do not stand there exactly once.
    """
    pattern = re.compile(rf"(<!-- {name}:begin[^>]*-->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    filled, count = pattern.subn(lambda found: f"{found[1]}\n{body}\n\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"the block {name!r} stands {count} times, not once")
    return filled


def expected(document: str) -> str:
    """The document's text as it should stand."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for name, body in BLOCKS[document].items():
        text = fill(text, name, body())
    return text


def main() -> int:
    """Rewrite the documents, or with ``--check`` only tell which have drifted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 on drift")
    check: bool = parser.parse_args().check
    drifted = 0
    for document in BLOCKS:
        path, text = ROOT / document, expected(document)
        if path.read_text(encoding="utf-8") == text:
            continue
        drifted += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{document}: {'has drifted (run make docs)' if check else 'rewritten'}")
    return 1 if check and drifted else 0


if __name__ == "__main__":
    sys.exit(main())
