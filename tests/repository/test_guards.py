"""The guards of tests/conftest.py hold: no network, an own home, no keys."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import SocketConnectBlockedError

from consilience.settings import load_settings


def test_a_connection_that_leaves_the_machine_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client,
        pytest.raises((SocketConnectBlockedError, UserWarning), match=r"203\.0\.113\.1"),
    ):
        client.connect(("203.0.113.1", 80))  # an address reserved for documentation (RFC 5737)


def test_loopback_is_open() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_settings_point_to_the_tests_own_home(home: Path) -> None:
    assert load_settings().home == home
    assert not home.exists()


def test_no_key_and_no_other_setting_is_around() -> None:
    assert not [name for name in os.environ if name.startswith("OPENAI_")]
    assert [name for name in os.environ if name.startswith("CONSILIENCE_")] == ["CONSILIENCE_HOME"]


def test_examples_are_reproducible_in_ci() -> None:
    current = settings.get_current_profile_name()
    assert current == ("ci" if os.environ.get("CI") else "default")
    assert settings.get_profile("ci").derandomize
    assert settings().deadline is None
