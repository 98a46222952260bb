"""Writes the JSON Schemas of ``docs/`` from the types of reports: ``python -m consilience.reports.schema``."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from consilience.runs.files import write_atomic

from .report import Report
from .verification import Verifications

_DOCS = Path(__file__).parent.parent / "docs"
SCHEMA_PATH = _DOCS / "report.schema.json"
VERIFICATION_SCHEMA_PATH = _DOCS / "verification.schema.json"


def schema_text(model: type[BaseModel] = Report) -> str:
    """The JSON Schema of ``report.json``, or of another model's JSON, as it stands in its file."""
    return json.dumps(model.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_atomic(SCHEMA_PATH, schema_text())
    write_atomic(VERIFICATION_SCHEMA_PATH, schema_text(Verifications))
