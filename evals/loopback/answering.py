"""A loopback server's script that answers every task of a run sensibly: the stand-in model behind HTTP."""

from __future__ import annotations

from typing import Any

from consilience.endpoints.base import Message
from consilience.evals.stand_in import StandIn


def stand_in_script(task: str, body: dict[str, Any]) -> dict[str, Any]:
    """The stand-in's answer to a request's messages."""
    messages = [Message(m["role"], m["content"]) for m in body["messages"]]
    return StandIn().answer(task, messages)
