"""The real server over a real model file: it starts, is asked through our own client, and ends."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import psutil
import pytest

from consilience.endpoints import preflight
from consilience.endpoints.base import ChatRequest, Completion, Message, ModelFault
from consilience.endpoints.client import Endpoints
from consilience.endpoints.local import serving
from consilience.errors import EndpointError
from consilience.settings import ROLES, Settings, load_settings

SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "green", "blue"]}, "warm": {"type": "boolean"}},
    "required": ["colour", "warm"],
    "additionalProperties": False,
}


def asking(text: str, max_output_tokens: int = 64) -> ChatRequest:
    messages = (Message("system", "You answer in JSON."), Message("user", text))
    return ChatRequest("judge", "colour", "d" * 64, messages, "Colour", SCHEMA, max_output_tokens)


@pytest.fixture
def settings(model_file: Path) -> Settings:
    return load_settings(reasoner="model", model={"name": f"local:{model_file}", "context_tokens": 2048})


async def test_an_answer_keeps_its_schema(settings: Settings) -> None:
    async with serving(settings) as served:
        endpoints = Endpoints(served, None)
        await preflight.check(endpoints, ROLES)
        done = await endpoints.complete(asking("Which colour has the sky, and is it a warm colour?"))
        await endpoints.aclose()
    answer = json.loads(done.reply.text)
    assert answer["colour"] in ("red", "green", "blue")
    assert isinstance(answer["warm"], bool)
    assert done.reply.usage.tokens_in > 10
    assert not done.reply.usage.estimated


async def told_twice(settings: Settings) -> list[Completion]:
    """One question, asked of two servers one after the other."""
    told: list[Completion] = []
    for _ in range(2):
        async with serving(settings) as served:
            endpoints = Endpoints(served, None)
            told.append(await endpoints.complete(asking("Which colour has grass?")))
            await endpoints.aclose()
    return told


async def test_the_same_question_has_the_same_answer_from_another_process(settings: Settings) -> None:
    first, second = await told_twice(settings)
    assert first.reply.text == second.reply.text


async def test_the_same_question_has_the_same_id_on_another_port(settings: Settings) -> None:
    first, second = await told_twice(settings)
    assert first.call_id == second.call_id


async def test_a_request_that_is_too_long_is_told_as_such(settings: Settings) -> None:
    async with serving(settings) as served:
        endpoints = Endpoints(served, None)
        with pytest.raises(ModelFault) as fault:
            await endpoints.complete(asking("colour " * 4000))
        await endpoints.aclose()
    assert fault.value.kind == "too_long"


async def test_nobody_without_the_key_is_answered(settings: Settings) -> None:
    async with serving(settings) as served, httpx.AsyncClient(trust_env=False) as client:
        body = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 4}
        refused = await client.post(f"{served.model.base_url}/chat/completions", json=body)
    assert refused.status_code == 401


async def test_the_context_is_the_models_own_where_more_was_asked_for(model_file: Path) -> None:
    wide = load_settings(reasoner="model", model={"name": f"local:{model_file}", "context_tokens": 100_000})
    async with serving(wide) as served:
        assert served.model.context_tokens == 8192


async def test_half_a_file_is_told_in_a_sentence(model_file: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.gguf"
    with model_file.open("rb") as whole:
        half.write_bytes(whole.read(20_000_000))
    with pytest.raises(EndpointError, match=r"^half\.gguf cannot be run by llama\.cpp: [^\n]+$"):
        async with serving(load_settings(model={"name": f"local:{half}"})):
            pass
    assert not [child for child in psutil.Process().children() if "local_server" in " ".join(child.cmdline())]
