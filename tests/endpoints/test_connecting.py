"""Proxies as the environment has them, and none for this machine."""

from __future__ import annotations

import httpx
import pytest

from consilience.endpoints.choosing import Endpoint
from consilience.endpoints.connecting import connection, proxy_for
from consilience.tests.support.model_server import ModelServer

PROXY = "http://127.0.0.1:9"
FAR = Endpoint("m", "https://models.example.org/v1", (), None)


@pytest.fixture(autouse=True)
def _proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for(FAR) is None
    monkeypatch.setenv(name, PROXY)
    assert proxy_for(FAR) == PROXY


def test_not_where_the_environment_takes_a_host_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", "example.org")
    assert proxy_for(FAR) is None


async def test_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    monkeypatch.setenv("ALL_PROXY", PROXY)
    with ModelServer() as server:
        endpoint = Endpoint("m", server.base_url, (), None)
        async with httpx.AsyncClient(transport=connection(endpoint, 2)) as client:
            assert (await client.get(f"{server.base_url}/models")).status_code == 200
