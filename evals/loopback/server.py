"""An OpenAI-compatible server on loopback: scripted by task, faulty on command, counting what it is asked.

::

    with ModelServer({"plan": {...}}) as server:        # or a callable (task, request) -> answer
        server.fail(Fault("rate_limited", retry_after="1"), task="plan")
        ...  # CONSILIENCE_MODEL__BASE_URL=server.base_url, CONSILIENCE_MODEL__API_KEY=server.key
        assert server.count("plan") == 2

A task is the name of the JSON schema that a request carries. The client's probe of the structure (task ``PROBE``) is
answered by the server itself and never reaches the script.
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self, cast

from .example_answers import example_answer
from .faults import ANY_FAULT, KEY, PROBE, TRAVEL_FAULTS, Asked, Fault, FaultKind
from .handler import Handler, Listener

__all__ = ["ANY_FAULT", "KEY", "PROBE", "TRAVEL_FAULTS", "Asked", "Fault", "FaultKind", "ModelServer", "ScriptError"]


Answer = Mapping[str, Any] | str
Script = Callable[[str, dict[str, Any]], Answer]


class ScriptError(AssertionError):
    """The script holds no answer for a task, or no further one."""


@dataclass
class _Random:
    rate: float
    kinds: Sequence[FaultKind]
    source: random.Random = field(default_factory=random.Random)


class ModelServer:
    """The server; a context manager. Whatever the script raised is raised again when the block ends.

    Args:
        script: answers by task (a value, or a list that is used up), or a function of the task and the request's body.
            Without one, every answer is the smallest instance of its schema.
        models: the names that it serves; others are 404. None: any.
        key: the key that it takes. None: any or none.
        latency: seconds before every answer.
        reports_usage: whether answers count their tokens.
        modes: what it does in each mode: ``honoured``, ``refused`` (400), ``ignored`` (prose), ``echoed`` (the
            schema comes back).
        refuses: optional parameters that it answers with 400.
        strict: whether json_schema mode refuses schemas that are not strict.
    """

    def __init__(
        self,
        script: Script | Mapping[str, Any] | None = None,
        *,
        models: Sequence[str] | None = None,
        key: str | None = None,
        latency: float = 0.0,
        reports_usage: bool = True,
        modes: Mapping[str, str] | None = None,
        refuses: Sequence[str] = (),
        strict: bool = True,
    ) -> None:
        self.models, self.key, self.latency = models, key, latency
        self.reports_usage, self.refuses, self.strict = reports_usage, tuple(refuses), strict
        self.modes = dict(modes or {})
        self.asked: list[Asked] = []
        self.listings = 0
        self.peak = 0
        """The most requests that were under way at once."""
        self.closing = threading.Event()
        self._script = _as_script(script)
        self._lock = threading.RLock()
        self._under_way = 0
        self._always: dict[str | None, Fault] = {}
        self._next: dict[str | None, deque[Fault]] = defaultdict(deque)
        self._random: _Random | None = None
        self._raised: BaseException | None = None
        self._server = Listener(("127.0.0.1", 0), Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """Where it listens: ``http://127.0.0.1:<port>/v1``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def count(self, task: str | None = None) -> int:
        """Requests for completions: of one task, or all but probes."""
        with self._lock:
            return sum(a.task == task if task else a.task != PROBE for a in self.asked)

    def fail(self, *faults: Fault | FaultKind, task: str | None = None) -> None:
        """The next calls (of a task; else of any but probes) end so, in this order."""
        with self._lock:
            self._next[task].extend(_fault(f) for f in faults)

    def fail_always(self, fault: Fault | FaultKind, task: str | None = None) -> None:
        """Every call (of a task; else every call but probes) ends so."""
        with self._lock:
            self._always[task] = _fault(fault)

    def fail_randomly(self, rate: float, kinds: Sequence[FaultKind] = ANY_FAULT, seed: int = 0) -> None:
        """A share of the calls ends in one of the kinds; probes only in faults of travel."""
        with self._lock:
            self._random = _Random(rate, tuple(kinds), random.Random(seed))

    def heal(self) -> None:
        """Takes all faults back."""
        with self._lock:
            self._always.clear()
            self._next.clear()
            self._random = None

    def close(self) -> None:
        """Stops it; connections are closed."""
        self.closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None and self._raised is not None:
            raise self._raised

    def enter(self, asked: Asked) -> Fault | None:
        """Notes a request as begun and gives the fault that it meets."""
        with self._lock:
            fault = self._choose(asked.task)
            self.asked.append(asked if fault is None else replace(asked, fault=fault.kind))
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
            return fault

    def leave(self) -> None:
        """Notes a request as ended."""
        with self._lock:
            self._under_way -= 1

    def answer(self, task: str, schema: dict[str, Any], body: dict[str, Any]) -> Any:  # noqa: ANN401 -- JSON or text
        """What the script says. One call of it at a time."""
        if task == PROBE or self._script is None:
            return example_answer(schema) if schema else "An answer in prose."
        with self._lock:
            try:
                return self._script(task, body)
            except BaseException as error:
                self._raised = self._raised or error
                raise

    def _choose(self, task: str) -> Fault | None:
        whose = (task,) if task == PROBE else (task, None)
        for name in whose:
            if self._next[name]:
                return self._next[name].popleft()
        for name in whose:
            if name in self._always:
                return self._always[name]
        chance = self._random
        if chance is None or chance.source.random() >= chance.rate:
            return None
        kind = chance.source.choice(chance.kinds)
        return None if task == PROBE and kind not in TRAVEL_FAULTS else Fault(kind)


def _as_script(script: Script | Mapping[str, Any] | None) -> Script | None:
    if script is None or callable(script):
        return script
    left: dict[str, Any] = {k: deque(cast(list[Any], v)) if isinstance(v, list) else v for k, v in script.items()}

    def answer(task: str, body: dict[str, Any]) -> Answer:
        if task not in left:
            raise ScriptError(f"the script has no answer for {task}")
        said = left[task]
        if isinstance(said, deque):
            if not said:
                raise ScriptError(f"{task} was asked once more than the script answers")
            return cast(deque[Answer], said).popleft()
        return said

    return answer


def _fault(fault: Fault | FaultKind) -> Fault:
    return fault if isinstance(fault, Fault) else Fault(fault)


def sleep_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for what another thread does; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.005)
