"""Attributes wall time to the kernels and to what lies around them, from outside: the product holds no timer.

A ``Tracker`` gives every moment to one category: of those that are busy then (in any thread), the one that
stands first in its list. The categories' seconds and the rest add up to the wall time. ``watched`` wraps
methods of named classes for the length of a ``with`` block and puts them back.
"""

from __future__ import annotations

import functools
import inspect
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

REST = "other Python"


class Tracker:
    """Wall seconds by category, ``names`` in order of priority; safe in threads and coroutines."""

    def __init__(self, names: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> None:
        self._busy = dict.fromkeys(names, 0)
        self._seconds = dict.fromkeys((*names, REST), 0.0)
        self._calls = dict.fromkeys(names, 0)
        self._clock = clock
        self._lock = threading.Lock()
        self._since = clock()

    @contextmanager
    def busy(self, name: str) -> Generator[None]:
        """Note that the category is busy while the block runs."""
        self._change(name, 1)
        try:
            yield
        finally:
            self._change(name, -1)

    def reset(self) -> None:
        """Begin anew; busy categories stay busy."""
        with self._lock:
            self._since = self._clock()
            self._seconds = dict.fromkeys(self._seconds, 0.0)
            self._calls = dict.fromkeys(self._calls, 0)

    def seconds(self) -> dict[str, float]:
        """Seconds so far by category, the rest last."""
        with self._lock:
            self._settle()
            return dict(self._seconds)

    def calls(self) -> dict[str, int]:
        """Calls so far by category."""
        with self._lock:
            return dict(self._calls)

    def _change(self, name: str, by: int) -> None:
        with self._lock:
            self._settle()
            self._busy[name] += by
            self._calls[name] += by > 0

    def _settle(self) -> None:
        now = self._clock()
        holder = next((name for name, count in self._busy.items() if count), REST)
        self._seconds[holder] += now - self._since
        self._since = now


@contextmanager
def watched(tracker: Tracker, targets: dict[str, tuple[str, ...]]) -> Generator[None]:
    """Time the named callables while the block runs:

    category to ``module:Class.method`` or ``module:function``.
    """
    with ExitStack() as stack:
        for name, paths in targets.items():
            for path in paths:
                stack.enter_context(_replaced(path, tracker, name))
        yield


@contextmanager
def _replaced(path: str, tracker: Tracker, name: str) -> Generator[None]:
    module, _, qualified = path.partition(":")
    *parents, attribute = qualified.split(".")
    owner: Any = import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    own = attribute in vars(owner)
    original: Any = getattr(owner, attribute)
    setattr(owner, attribute, _timed(original, tracker, name))
    try:
        yield
    finally:
        if own:
            setattr(owner, attribute, original)
        else:
            delattr(owner, attribute)


def _timed(original: Callable[..., object], tracker: Tracker, name: str) -> Callable[..., object]:
    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def waited(*args: object, **kwargs: object) -> object:
            with tracker.busy(name):
                return await original(*args, **kwargs)

        return waited

    @functools.wraps(original)
    def called(*args: object, **kwargs: object) -> object:
        with tracker.busy(name):
            return original(*args, **kwargs)

    return called
