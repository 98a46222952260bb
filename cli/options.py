"""Owns the arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

LibraryOption = Annotated[str, typer.Option("--library", "-l", help="The library to answer from.")]
RunArgument = Annotated[str, typer.Argument(help="A run's id, the beginning of one, or 'latest'.", metavar="RUN")]
ListJsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]

Reasoner = Literal["auto", "embedded", "model"]
ReasonerOption = Annotated[
    Reasoner | None, typer.Option("--reasoner", help="Who reasons: the embedded rules or a language model.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", help="The language model by name, or local:FILE.gguf.", metavar="NAME")
]
MaxCostOption = Annotated[
    float | None, typer.Option("--max-cost", help="US dollars that the language model may cost.", min=0)
]
MaxTokensOption = Annotated[
    int | None, typer.Option("--max-tokens", help="Tokens that the language model may read and write.", min=1)
]
MaxSecondsOption = Annotated[
    float | None, typer.Option("--max-seconds", help="Seconds that the language model's part may take.", min=0)
]


def overrides(
    reasoner: Reasoner | None,
    model: str | None,
    max_cost: float | None,
    max_tokens: int | None,
    max_seconds: float | None,
) -> dict[str, Any]:
    """The settings that these options stand for; what was not given is left to the environment. A model reasons."""
    given: dict[str, Any] = {}
    if model is not None:
        given["model"] = {"name": model}
    if reasoner is not None or model is not None:
        given["reasoner"] = reasoner or "model"
    bounds = {"max_cost": max_cost, "max_tokens": max_tokens, "max_seconds": max_seconds}
    if any(value is not None for value in bounds.values()):
        given["budget"] = {name: value for name, value in bounds.items() if value is not None}
    return given
