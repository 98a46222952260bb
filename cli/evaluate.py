"""``consilience eval``: measures the tool against gold reports and public data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from consilience.errors import InputError
from consilience.runs.files import write_atomic
from consilience.runs.names import now, stamp
from consilience.settings import Settings, load_settings

from .console import say, tell
from .options import (
    MaxCostOption,
    MaxSecondsOption,
    MaxTokensOption,
    ModelOption,
    ReasonerOption,
    overrides,
)
from .version import package_version

if TYPE_CHECKING:
    from consilience.evals.registry import EvalResult


def evaluate(
    names: Annotated[
        list[str],
        typer.Argument(help="Evals to run; 'benchmarks' are all public ones, 'list' prints the names.", metavar="NAME"),
    ],
    data: Annotated[Path | None, typer.Option("--data", help="Folder with the public data sets.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    plots: Annotated[
        Path | None, typer.Option("--plots", help="Draw the figures into this folder, as SVG and PNG.", metavar="DIR")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", help="Take so many items: questions, strings or labelled pairs.", min=1, metavar="N"),
    ] = None,
    reasoner: ReasonerOption = None,
    model: ModelOption = None,
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    max_seconds: MaxSecondsOption = None,
) -> None:
    """Measure the tool and print the figures.

    Gold and the public benchmarks can ask a language model too, within bounds over all that is asked.
    """
    from consilience.evals import registry

    if names == ["list"]:
        for name in registry.names():
            say(f"{name:20} {registry.describe(name)}")
        return
    names = registry.expanded(names)
    asks = reasoner == "model" or model is not None
    _check(names, data, json_file, plots, asks=asks)
    settings = chosen(overrides(reasoner, model, max_cost, max_tokens, max_seconds))
    results: list[EvalResult] = []
    for name, bounded in _within_bounds(names, settings, results):
        result = registry.run(name, data=data, settings=bounded, progress=tell, limit=limit)
        say(f"# {result.name}\n\n{result.table}\n")
        results.append(result)
        # After each: an eval that fails later must not cost the figures of those before it.
        if json_file is not None:
            write_atomic(json_file, _as_json(results))
    if len(results) > 1:
        from consilience.evals.benchmarks.base import overview

        if summed := overview(results):
            say(f"# Overview\n\n{summed}\n")
    if plots is not None:
        from consilience.evals.plots import draw

        for file in draw(results, plots):
            tell(f"drawn: {file}")


def _check(names: list[str], data: Path | None, json_file: Path | None, plots: Path | None, *, asks: bool) -> None:
    """Whether everything can be done that is asked for, before anything takes time or money."""
    from consilience.evals import registry

    known = registry.names()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(f"there is no eval {', '.join(unknown)}", f"there are: {', '.join(known)}")
    if data is not None and not data.is_dir():
        raise InputError(f"--data {data} is not a folder", "name the folder that holds the data sets")
    if json_file is not None and json_file.is_dir():
        raise InputError(f"--json {json_file} is a folder", "name the file that will hold the figures")
    if asks and (other := [name for name in names if name not in registry.WITH_MODEL]):
        advice = f"leave out {', '.join(other)}: the embedded rules alone are measured there"
        raise InputError(f"a language model is asked by {', '.join(sorted(registry.WITH_MODEL))} only", advice)
    if plots is not None:
        from consilience.evals.plots import check

        check(plots)


def _within_bounds(names: list[str], settings: Settings, results: list[EvalResult]) -> Iterator[tuple[str, Settings]]:
    """Each name with the settings bounded by what the results before it left; ends where a bound leaves nothing."""
    for place, name in enumerate(names):
        bills = [result.bill for result in results if result.bill]
        if not bills:
            yield name, settings
            continue
        from consilience.evals.spending import Purse

        left = Purse(settings.budget, bills).left()
        if left is None:
            tell(f"not run, as a bound was reached: {', '.join(names[place:])}")
            return
        yield name, settings.model_copy(update={"budget": left})


def chosen(given: Mapping[str, Any]) -> Settings:
    """The settings of a measurement: the embedded reasoner's, unless somebody asked for a model by option or setting.

    A key that happens to be set must neither cost money nor change what is measured.
    """
    settings = load_settings(**given)
    if settings.reasoner == "auto" and "reasoner" not in given:
        return settings.model_copy(update={"reasoner": "embedded"})
    return settings


def _as_json(results: list[EvalResult]) -> str:
    content = {
        "date": stamp(now()),
        "consilience": package_version(),
        "results": [result.as_json() for result in results],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
