"""Proxies as the environment has them, and none for this machine."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from consilience.endpoints.choosing import Endpoint
from consilience.endpoints.connecting import Pools, connection, proxy_for
from consilience.evals.loopback.server import ModelServer

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


async def test_requests_are_spread_over_pools_and_one_alone_keeps_to_the_first() -> None:
    seen: list[list[str]] = [[], [], []]

    def pool(place: int) -> httpx.MockTransport:
        async def answer(request: httpx.Request) -> httpx.Response:
            seen[place].append(request.url.path)
            await asyncio.sleep(0)
            return httpx.Response(200)

        return httpx.MockTransport(answer)

    async with httpx.AsyncClient(transport=Pools([pool(place) for place in range(3)])) as client:
        await client.get("http://test/alone")
        await client.get("http://test/alone")
        await asyncio.gather(*(client.get("http://test/many") for _ in range(6)))
    assert seen == [["/alone", "/alone", "/many", "/many"], ["/many", "/many"], ["/many", "/many"]]


async def test_a_request_that_fails_is_under_way_no_longer() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=Pools([httpx.MockTransport(fail), httpx.MockTransport(answer)])) as client:
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                await client.get("http://test")
