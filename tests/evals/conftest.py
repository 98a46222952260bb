"""Where the evals' tests find the public data."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of public sets; the test is skipped where it is not at hand."""
    if not DATA.is_dir():
        pytest.skip("the folder of public sets, shared/data beside the repository, is not at hand")
    return DATA
