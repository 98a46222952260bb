"""The embedded reasoner that goes along with the language model, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consilience.reasoning.embedded import EmbeddedReasoner
from consilience.reasoning.embedded.judging import LoggedJudge
from consilience.settings import Settings

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder


@pytest.fixture(scope="session")
def rules(encoder: Encoder) -> EmbeddedReasoner:
    """Rules and stance judge, without a log: every pair is judged."""
    from consilience.models.entailment import load_stance_judge  # lazy: it brings numpy and ONNX Runtime

    return EmbeddedReasoner(LoggedJudge(load_stance_judge(encoder), None), Settings())
