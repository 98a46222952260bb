"""Owns a run's transcript: the agents' steps as append-only JSON lines, the same when a run was resumed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import RLock

from pydantic import ValidationError

from consilience.errors import CorruptRunError
from consilience.records import Event

from .files import storage_errors

Listener = Callable[[Event], None]


class Transcript:
    """Events in one file, one JSON object a line. A key is recorded once: a repeated step adds nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        self._listeners: list[Listener] = []
        self._known: set[str] | None = None

    def record(self, event: Event) -> None:
        """Appends the event and makes it durable, then tells the listeners; nothing if its key is known.

        A last line that a killed process left torn is cut off first: its step has not ended and comes again.

        Raises:
            StorageError: the disk is full or refuses to be written; the earlier lines still stand.
            CorruptRunError: an earlier line cannot be read.
        """
        with self._lock:
            if self._known is None:
                self._known = {known.key for known in self._events()}
                self._repair()
            if event.key in self._known:
                return
            self._append(event)
            self._known.add(event.key)
        for listener in tuple(self._listeners):
            listener(event)

    def read(self) -> list[Event]:
        """All events, first of each key, sorted by step and key; empty when nothing was recorded.

        Raises:
            CorruptRunError: a line that is not the last cannot be read.
        """
        with self._lock:
            first = {event.key: event for event in reversed(self._events())}
        return sorted(first.values(), key=lambda event: (event.step, event.key))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener`` with each new event, in the thread that records; returns what ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def _events(self) -> list[Event]:
        try:
            # The piece after the last newline is empty, or a line torn by a killed process.
            lines = self.path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CorruptRunError(f"{self.path} cannot be read: {error.strerror}", "check its permissions") from error
        return [self._event(number, line) for number, line in enumerate(lines, start=1)]

    def _event(self, number: int, line: bytes) -> Event:
        try:
            return Event.model_validate_json(line)
        except ValidationError as error:
            advice = "the transcript is damaged: the report, if there is one, is not touched by it"
            raise CorruptRunError(f"line {number} of {self.path} is not an event", advice) from error

    def _repair(self) -> None:
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                file.seek(0)
                content = file.read()
                whole = content.rfind(b"\n") + 1
                if whole < len(content):
                    file.truncate(whole)

    def _append(self, event: Event) -> None:
        with storage_errors(self.path), self.path.open("ab", buffering=0) as file:
            before = file.seek(0, os.SEEK_END)
            line = event.model_dump_json().encode() + b"\n"
            try:
                if file.write(line) < len(line):
                    raise OSError(28, "No space left on device")
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                raise
