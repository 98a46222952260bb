"""Owns the process that serves a model file: its start, its word that it answers or why not, and its end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import BinaryIO

from consilience.errors import EndpointError

from .local_files import LocalModel
from .local_server import Address, Order

_LOAD_SECONDS = 1_800.0
_REASON = re.compile(r"error loading model: (?P<reason>[^\n]+)")
_LONGEST_REASON = 160
_SMALLER = "try another file or a smaller context: CONSILIENCE_MODEL__CONTEXT_TOKENS=4096"


@dataclass(frozen=True)
class Served:
    """A model file that is served. The key keeps other programs and web pages of this machine out."""

    name: str
    base_url: str
    key: str = field(repr=False)
    context_tokens: int


def require_server() -> None:
    """Raises ``EndpointError`` where the extra is not installed."""
    if find_spec("xllamacpp") is None:
        raise EndpointError("a local: model needs llama.cpp", "install it with: pip install 'consilience[local]'")


@asynccontextmanager
async def running(model: LocalModel, context_tokens: int) -> AsyncGenerator[Served]:
    """Serves a model file while the block lasts.

    Args:
        model: the file, checked.
        context_tokens: tokens to read and write at most; the model may have fewer.

    Raises:
        EndpointError: llama.cpp cannot load it.
    """
    order = Order(str(model.path), model.identity, secrets.token_urlsafe(24), context_tokens, _threads())
    with tempfile.TemporaryFile() as complaints:
        # A session of its own: Ctrl-C is for the run, which ends its server itself. -P: never this folder's modules.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "consilience.endpoints.local_server",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=complaints, start_new_session=True,
        )  # fmt: skip
        try:
            address = await _address(process, order)
            if address is None:
                await process.wait()
                raise EndpointError(f"{model.path.name} cannot be run by llama.cpp: {_reason(complaints)}", _SMALLER)
            yield Served(order.name, f"{address.url}/v1", order.key, address.context_tokens)
        finally:
            # It holds nothing that an orderly end would save.
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _address(process: asyncio.subprocess.Process, order: Order) -> Address | None:
    """Where it answers; None where it ended instead, or took longer than anybody waits."""
    assert process.stdin is not None  # both were asked for as pipes
    assert process.stdout is not None
    with suppress(ConnectionError):
        process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        await process.stdin.drain()
    try:
        async with asyncio.timeout(_LOAD_SECONDS):
            line = await process.stdout.readline()
    except TimeoutError:
        process.kill()
        return None
    return Address(**json.loads(line)) if line else None


def _reason(complaints: BinaryIO) -> str:
    """What llama.cpp said of a model that it could not load, as one line."""
    complaints.seek(0)
    said = _REASON.search(complaints.read().decode(errors="replace"))
    # With a path in it, it only says that loading failed.
    if said is None or "failed to load" in said["reason"]:
        return "it is damaged, of an unknown kind, or too large for this machine's memory"
    return "".join(letter for letter in said["reason"] if letter.isprintable())[:_LONGEST_REASON]


def _threads() -> int:
    """Half the processors, one at least.

    llama.cpp's threads wait for each other at every layer. With as many of them as processors, one that a second
    program takes away holds up all: on two busy cores two threads wrote 2 to 6 tokens a second, and one wrote 55 to 73.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, usable // 2)
