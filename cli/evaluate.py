"""``consilience eval``: measures the tool against gold reports and public data."""

from __future__ import annotations

import json
from collections.abc import Mapping
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

_WITH_MODEL = "gold"


def evaluate(
    names: Annotated[list[str], typer.Argument(help="Evals to run; 'list' prints their names.", metavar="NAME")],
    data: Annotated[Path | None, typer.Option("--data", help="Folder with the public data sets.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="Take so many gold questions or injected strings.", min=1, metavar="N")
    ] = None,
    reasoner: ReasonerOption = None,
    model: ModelOption = None,
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    max_seconds: MaxSecondsOption = None,
) -> None:
    """Measure the tool and print the figures. Gold can ask a language model too, within bounds over all questions."""
    from consilience.evals import registry

    known = registry.names()
    if names == ["list"]:
        for name in known:
            say(f"{name:14} {registry.describe(name)}")
        return
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(f"there is no eval {', '.join(unknown)}", f"there are: {', '.join(known)}")
    if data is not None and not data.is_dir():
        raise InputError(f"--data {data} is not a folder", "name the folder that holds the data sets")
    if json_file is not None and json_file.is_dir():
        raise InputError(f"--json {json_file} is a folder", "name the file that will hold the figures")
    if (reasoner == "model" or model is not None) and names != [_WITH_MODEL]:
        advice = f"run it alone: consilience eval {_WITH_MODEL} --reasoner model"
        raise InputError(f"a language model is asked by the eval {_WITH_MODEL} only", advice)
    settings = chosen(overrides(reasoner, model, max_cost, max_tokens, max_seconds))
    results: list[EvalResult] = []
    for name in names:
        result = registry.run(name, data=data, settings=settings, progress=tell, limit=limit)
        say(f"# {result.name}\n\n{result.table}\n")
        results.append(result)
        # After each: an eval that fails later must not cost the figures of those before it.
        if json_file is not None:
            write_atomic(json_file, _as_json(results))


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
