"""Writes ``docs/report.schema.json`` from the report's types: ``python -m consilience.reports.schema``."""

from __future__ import annotations

import json
from pathlib import Path

from consilience.runs.files import write_atomic

from .report import Report

SCHEMA_PATH = Path(__file__).parent.parent / "docs" / "report.schema.json"


def schema_text() -> str:
    """The JSON Schema of ``report.json`` as it stands in the file."""
    return json.dumps(Report.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_atomic(SCHEMA_PATH, schema_text())
