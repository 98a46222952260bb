"""Nothing in the repository points to one machine or to one way to the registries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Written in parts, so that this file may be searched too.
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb.deb" + "ian.org")
MACHINE_PATH = re.compile(r"(?<![\w.~:/$}\]>-])/(?:(?:work|root|tmp|mnt|opt)/[\w.]|(?:home|Users)/\w+/)")
LOCK_FILES = {"uv.lock"}


@pytest.fixture(scope="module")
def texts(root: Path, files: list[Path]) -> dict[str, str]:
    """The repository's text files, lock files apart."""
    found: dict[str, str] = {}
    for file in files:
        if file.name in LOCK_FILES:
            continue
        try:
            found[str(file)] = (root / file).read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_there_is_text_to_look_at(texts: dict[str, str]) -> None:
    assert {"README.md", "pyproject.toml", "Makefile", ".ci/run"} <= set(texts)


def test_no_text_names_a_registrys_host(texts: dict[str, str]) -> None:
    assert not [(name, host) for name, text in texts.items() for host in HOSTS if host in text]


def test_no_text_holds_a_path_of_one_machine(texts: dict[str, str]) -> None:
    found = [(name, match[0]) for name, text in texts.items() for match in MACHINE_PATH.finditer(text)]
    assert not found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('open("' + "/wor" + 'k/data.csv")', True),
        ("see " + "/hom" + "e/someone/x", True),
        ("https://example.org/home/page", False),
        ("../home/page", False),
        ("#!/usr/bin/env bash", False),
    ],
)
def test_what_counts_as_a_path_of_one_machine(text: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) is found
