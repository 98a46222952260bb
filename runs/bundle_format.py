"""Owns the format of an exported run: one zip archive with these members, and no other.

Text is UTF-8, and ``jsonl`` holds one object a line.

- ``manifest.json``: format, version, run, library, and each member's size and sha256.
- ``run.json``, ``transcript.jsonl``, ``report.json``: as in the run's folder; the last where there is a report.
- ``papers.jsonl``: every paper of the library that was searched, since all of them may have been.
- ``model-calls.jsonl``, ``models.jsonl``: the run's account of its calls, and the models that they went to.
- ``calls.jsonl``: the exchanges of those calls, from the call log.
- ``prompts.json``: the person's own prompts, where the run was begun with some: file name to text.

Scores of the entailment witness are left out: the log does not tell whose they are, and they are computed again.
"""

from __future__ import annotations

from typing import cast

from pydantic import Field, ValidationError

from consilience.errors import InputError
from consilience.records import Frozen

from .info import INFO_FILE

FORMAT = "consilience-run"
VERSION = 1
MANIFEST = "manifest.json"
PROMPTS = "prompts.json"
OPTIONAL = frozenset({"report.json", PROMPTS})
MEMBERS = frozenset(
    {INFO_FILE, "transcript.jsonl", "papers.jsonl", "model-calls.jsonl", "models.jsonl", "calls.jsonl", *OPTIONAL}
)


class Member(Frozen):
    """A member's size in bytes and the sha256 of its content."""

    bytes: int = Field(ge=0)
    sha256: str


class Manifest(Frozen):
    """What the file holds."""

    format: str
    version: int
    run: str
    library: str
    members: dict[str, Member]


def manifest_of(data: object) -> Manifest:
    """The manifest that a JSON value is, if it is one of a known version.

    Raises:
        InputError: it is not.
    """
    fields = cast("dict[str, object]", data) if isinstance(data, dict) else {}
    if fields.get("format") != FORMAT:
        raise InputError("it is not an exported run", "make one: consilience transcript RUN --export FILE")
    if fields.get("version") != VERSION:
        raise InputError("it was exported by another version of Consilience", "upgrade consilience")
    try:
        return Manifest.model_validate(fields)
    except ValidationError as error:
        raise InputError("its manifest is damaged", "export the run again") from error
