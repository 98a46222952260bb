"""Owns reading fitted constants: small JSON files beside the weights, written by the scripts in ``training/``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from consilience.errors import ModelFileError


def constants(kind: str, names: Sequence[str]) -> list[float]:
    """The named constants of ``weights/KIND/KIND.json``, in the order of ``names``.

    Raises:
        ModelFileError: the file is missing or damaged, or lacks one of them.
    """
    path = resources.files("consilience.models") / "weights" / kind / f"{kind}.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return [float(data[name]) for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"the {kind} constants are missing or damaged", "reinstall the package") from error
