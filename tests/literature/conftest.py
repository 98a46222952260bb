"""Files and readings that the literature's tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from consilience.literature.reading import FileContent, read_file
from consilience.records import Record

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of that name and content; its path."""

    def writer(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writer


@pytest.fixture
def content(write: Write) -> Callable[[str, str | bytes], FileContent]:
    """What a file of that name and content is read as."""
    return lambda name, text: read_file(write(name, text))


@pytest.fixture
def only(write: Write) -> Callable[[str, str | bytes], Record]:
    """The one record of a file of that name and content, of which nothing is refused."""

    def read(name: str, text: str | bytes) -> Record:
        found = read_file(write(name, text))
        assert not found.refused
        (entry,) = found.entries
        return entry.record

    return read
