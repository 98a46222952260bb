"""Owns LangChain's chat models as they are used here: made without any of its own retries, read back as plain text."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import httpx
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import LLMResult

from .base import Message, TokenUsage
from .choosing import Endpoint
from .connecting import NO_KEY

if TYPE_CHECKING:
    from langchain_openai.chat_models.base import BaseChatOpenAI


_SHAPES = frozenset({"response_format", "tools", "tool_choice"})


@dataclass(frozen=True)
class Said:
    """A model's answer as it came: the JSON's raw text, why it ended, and a refusal in its own words."""

    text: str
    finish: str
    refusal: str


class CallWatch(AsyncCallbackHandler):
    """What LangChain tells of one call: seconds, tokens as the server counted them, the model that answered."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.usage: TokenUsage | None = None
        self.model = ""
        self._started = time.monotonic()

    async def on_chat_model_start(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 -- the library's signature
        """The call begins."""
        self._started = time.monotonic()

    async def on_llm_error(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 -- the library's signature
        """The call failed."""
        self.seconds = time.monotonic() - self._started

    async def on_llm_end(self, response: LLMResult, **_: Any) -> None:  # noqa: ANN401 -- the library's signature
        """The call ended with an answer."""
        self.seconds = time.monotonic() - self._started
        message = getattr(response.generations[0][0], "message", None)
        if isinstance(message, AIMessage):
            self.model = str(message.response_metadata.get("model_name") or "")
            if message.usage_metadata:
                tokens = message.usage_metadata
                self.usage = TokenUsage(tokens["input_tokens"], tokens["output_tokens"])


def chat_model(endpoint: Endpoint, client: httpx.AsyncClient, timeout: httpx.Timeout) -> BaseChatOpenAI:
    """A chat model for an endpoint, over ``client``. The key is handed over when a call asks for it."""
    # openai looks up which httpx it was given: it must be loaded by then, and both are slow.
    from langchain_openai import AzureChatOpenAI, ChatOpenAI

    common: dict[str, Any] = {
        "max_retries": 0,
        "http_async_client": client,
        "timeout": timeout,
        "default_query": dict(endpoint.query) or None,
        "openai_proxy": None,
        "stream_chunk_timeout": None,
        "cache": False,
        "use_responses_api": False,
    }
    if endpoint.api_version is not None:
        parts = urlsplit(endpoint.base_url)
        return AzureChatOpenAI(
            azure_endpoint=f"{parts.scheme}://{parts.netloc}",
            azure_deployment=endpoint.name,
            model=endpoint.name,
            api_version=endpoint.api_version,
            api_key=cast(Any, endpoint.key or NO_KEY),
            **common,
        )

    async def key() -> str:
        return endpoint.key or NO_KEY

    return ChatOpenAI(model=endpoint.name, base_url=endpoint.base_url, api_key=key, **common)


async def answer(
    model: BaseChatOpenAI, messages: Sequence[Message], parameters: dict[str, Any], watch: CallWatch, *, streaming: bool
) -> Said:
    """One call; whatever went wrong is raised as the libraries raise it."""
    config: Any = {"callbacks": [watch]}
    asked = [_message(message) for message in messages]
    if not streaming:
        return _read(await model.ainvoke(asked, config, **_as_they_are(parameters)))
    whole: BaseMessage | None = None
    async for chunk in model.astream(asked, config, **parameters):
        whole = chunk if whole is None else cast(AIMessageChunk, whole) + chunk
    if whole is None:
        raise ValueError("a stream without a chunk")
    return _read(whole)


def _as_they_are(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with the schema among those that are sent as they are.

    openai's client would look through every node of the schema in every call, which takes as long as all the rest.
    A stream leaves it where it was: only so does the client read a refusal out of one.
    """
    plain = {name: value for name, value in parameters.items() if name not in _SHAPES}
    shapes = {name: value for name, value in parameters.items() if name in _SHAPES}
    return plain | {"extra_body": {**parameters.get("extra_body", {}), **shapes}}


def _message(message: Message) -> BaseMessage:
    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return kinds[message.role](content=message.content)


def _read(message: BaseMessage) -> Said:
    called = _arguments(message)
    return Said(
        text=str(message.text) if called is None else called,
        finish=str(message.response_metadata.get("finish_reason") or ""),
        refusal=str(message.additional_kwargs.get("refusal") or ""),
    )


def _arguments(message: BaseMessage) -> str | None:
    """The raw arguments of the one call that was asked for. A stream's are taken before the library mends them."""
    if isinstance(message, AIMessageChunk) and message.tool_call_chunks:
        return message.tool_call_chunks[0]["args"] or ""
    if isinstance(message, AIMessage) and message.tool_calls:
        return json.dumps(message.tool_calls[0]["args"], ensure_ascii=False)
    if isinstance(message, AIMessage) and message.invalid_tool_calls:
        return message.invalid_tool_calls[0]["args"] or ""
    return None
