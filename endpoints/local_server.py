"""Runs llama.cpp's server over one model file: ``python -m consilience.endpoints.local_server``.

A process of its own, because llama.cpp ends the one it is in where it meets what it did not expect.
It reads one line of JSON, an ``Order``, prints one, an ``Address``, when it answers, and lives until its input ends:
whoever started it may be killed and leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from importlib import import_module
from typing import Any, cast
from urllib.parse import urlsplit

_ERRORS_ONLY = 1
_ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Order:
    """What is to be served: the file, the name it answers to, the key it asks for, tokens, and threads."""

    path: str
    name: str
    key: str
    context_tokens: int
    threads: int


@dataclass(frozen=True)
class Address:
    """Where it answers, and how many tokens it reads and writes: what was ordered, or less where the model has less."""

    url: str
    context_tokens: int


def serve(order: Order) -> Address:
    """Loads the model, which may take minutes, and answers on a free loopback port until the process ends.

    Raises:
        RuntimeError: llama.cpp cannot load it; standard error says why.
    """
    llama = cast(Any, import_module("xllamacpp"))
    p = llama.CommonParams()
    p.model.path, p.model_alias, p.api_keys = order.path, {order.name}, [order.key]
    p.hostnames, p.port = ["127.0.0.1"], 0
    p.n_ctx, p.n_parallel = order.context_tokens, 1  # several at once would share the context, and change answers
    p.cpuparams.n_threads = p.cpuparams_batch.n_threads = order.threads
    p.ui, p.warmup, p.verbosity = False, False, _ERRORS_ONLY
    url: str = _keep(llama.Server(p)).listening_address
    return Address(url, _context(url, order))


_kept: list[Any] = []


def _keep(server: Any) -> Any:  # noqa: ANN401 -- xllamacpp has no types
    """Holds the server for as long as the process lives: it ends with its object."""
    _kept.append(server)
    return server


def _context(url: str, order: Order) -> int:
    """Asks the server what it serves, which also shows that it answers."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_ANSWER_SECONDS)
    connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {order.key}"})
    listed = json.loads(connection.getresponse().read())
    connection.close()
    return min(order.context_tokens, int(listed["data"][0]["meta"]["n_ctx"]))


def _end_with_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def main() -> None:
    """Serves what standard input orders."""
    # What llama.cpp prints must not run into the one line that is waited for.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    order = Order(**json.loads(sys.stdin.buffer.readline()))
    waiting = threading.Thread(target=_end_with_input, daemon=True)
    waiting.start()
    print(json.dumps(asdict(serve(order))), file=answer, flush=True)
    waiting.join()


if __name__ == "__main__":
    main()
