"""What holds in every test: no network beyond loopback, a home of its own, no keys, reproducible examples."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from consilience.models.encoder import Encoder
    from consilience.settings import Settings

LOOPBACK = ["127.0.0.1", "::1"]
FOREIGN_VARIABLES = ("OPENAI_", "AZURE_OPENAI_", "LANGCHAIN_", "LANGSMITH_", "CONSILIENCE_")

# No deadline: the machine may be busy. In CI the examples are the same in every run.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_runtest_setup() -> None:
    """Refuse every connection that leaves this machine."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New home folders' paths, one after the other; each is made by the code that first writes there."""
    base = tmp_path_factory.mktemp("homes")
    return (base / f"home-{number}" for number in itertools.count())


@pytest.fixture(autouse=True)
def home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own home (``CONSILIENCE_HOME``), not made yet; no other setting and no key is around."""
    for name in tuple(os.environ):
        if name.startswith(FOREIGN_VARIABLES):
            monkeypatch.delenv(name)
    path = next(_homes)
    monkeypatch.setenv("CONSILIENCE_HOME", str(path))
    return path


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shipped sentence encoder, loaded once."""
    from consilience.models.encoder import load_encoder  # lazy: most tests need no ONNX Runtime

    return load_encoder()


@pytest.fixture
def few(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Settings:
    """This test's own home with a dozen papers."""
    from consilience.tests.support import homes  # lazy: most tests run nothing whole

    return homes.few_settings(homes.copied(homes.few_home(tmp_path_factory.getbasetemp()), home))
