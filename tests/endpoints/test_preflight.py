"""The look at every endpoint before a run: one clear sentence for each thing that would stop it, and nothing spent."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from consilience.endpoints.client import Endpoints
from consilience.endpoints.preflight import check
from consilience.errors import EndpointError
from consilience.evals.loopback.server import KEY, PROBE, ModelServer
from consilience.runs.calls import CallLog
from consilience.settings import ROLES, Role, Settings


async def at_once(_: float) -> None:
    """No wait."""


def endpoints(
    log: CallLog | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    **model: Any,  # noqa: ANN401 -- values of any field
) -> Endpoints:
    return Endpoints(Settings.model_validate({"model": model}), log, {}, transport, sleep=at_once)


async def stopped(asked: Endpoints, roles: Sequence[Role] = ROLES) -> EndpointError:
    with pytest.raises(EndpointError) as caught:
        await check(asked, roles)
    await asked.aclose()
    assert "\n" not in caught.value.message
    assert KEY not in caught.value.message + caught.value.advice
    return caught.value


async def test_an_endpoint_that_can_be_asked_is_probed_once_for_all_roles() -> None:
    with ModelServer(models=["large"], key=KEY) as server:
        asked = endpoints(base_url=server.base_url, api_key=KEY, name="large")
        await check(asked, ROLES)
        await asked.aclose()
        assert (server.count(), server.count(PROBE), server.listings) == (0, 1, 1)


async def test_what_is_known_is_not_probed_again(tmp_path: Path) -> None:
    log = CallLog(tmp_path / "calls.sqlite")
    with ModelServer(models=["large"]) as server:
        for _ in range(2):
            asked = endpoints(log, base_url=server.base_url, name="large")
            await check(asked, ROLES)
            await asked.aclose()
        assert (server.count(PROBE), server.listings) == (1, 2)
    log.close()


async def test_no_key_for_openai_is_said_before_anything_is_sent() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"{request.url} was asked")

    error = await stopped(endpoints(transport=httpx.MockTransport(nobody), name="large"))
    assert error.message == "no key is set for https://api.openai.com/v1"
    assert "OPENAI_API_KEY" in error.advice


async def test_a_wrong_key_costs_nothing() -> None:
    with ModelServer(key=KEY) as server:
        error = await stopped(endpoints(base_url=server.base_url, api_key="another"))
        assert error.message == f"{server.base_url} does not take the key that is set for it"
        assert "another" not in error.message
        assert server.count(PROBE) == 0


async def test_a_server_that_wants_a_key_and_has_none() -> None:
    with ModelServer(key=KEY) as server:
        error = await stopped(endpoints(base_url=server.base_url))
        assert error.message == f"{server.base_url} asks for a key, and none is set for it"


async def test_nobody_there() -> None:
    with socket.socket() as held:  # bound and not listening: no other process gets this port meanwhile
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        error = await stopped(endpoints(base_url=address))
    assert error.message == f"nothing answers at {address}"
    assert "start that server" in error.advice


async def test_an_unknown_model_with_those_that_there_are() -> None:
    names = [f"model-{number}" for number in range(8)]
    with ModelServer(models=names) as server:
        error = await stopped(endpoints(base_url=server.base_url, name="model-x"))
        assert error.message == (
            f"{server.base_url} has no model named model-x; it has {', '.join(names[:5])} and 3 more"
        )
        assert error.advice == "set CONSILIENCE_MODEL__NAME to one that it serves"


@pytest.mark.parametrize("structure", ["auto", "json_schema"])
async def test_it_is_found_whichever_way_is_set(structure: str) -> None:
    with ModelServer(models=["there"]) as server:
        asked = endpoints(base_url=server.base_url, name="model-x", structure=structure)
        assert "it has there" in (await stopped(asked)).message


async def test_a_role_s_own_model_is_looked_at_too() -> None:
    with ModelServer(models=["large"]) as server:
        roles = {"auditor": {"name": "missing"}}
        error = await stopped(endpoints(base_url=server.base_url, name="large", roles=roles))
        assert "no model named missing" in error.message
        asked = endpoints(base_url=server.base_url, name="large", roles=roles)
        await check(asked, ["judge"])
        await asked.aclose()


async def test_a_name_that_is_served_and_not_listed_is_right() -> None:
    with ModelServer() as server:  # it lists one model and serves any
        asked = endpoints(base_url=server.base_url, name="by-another-name", structure="json_schema")
        await check(asked, ROLES)
        await asked.aclose()
        assert server.count(PROBE) == 1


@pytest.mark.parametrize(
    "listing", [httpx.Response(404), httpx.Response(405), httpx.Response(200, json={"no": "list"})]
)
async def test_a_server_without_a_list_is_asked_all_the_same(listing: httpx.Response) -> None:
    posted: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return listing
        posted.append(request)
        message = {"role": "assistant", "content": '{"tint": "red", "even": true, "words": []}'}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        return httpx.Response(200, json=body)

    asked = endpoints(transport=httpx.MockTransport(answer), base_url="http://localhost:1/v1", name="m")
    await check(asked, ROLES)
    await asked.aclose()
    assert len(posted) == 1


async def test_a_page_in_place_of_a_model() -> None:
    page = httpx.Response(200, text="<html>", headers={"content-type": "text/html"})
    asked = endpoints(transport=httpx.MockTransport(lambda _: page), base_url="http://localhost:1", name="m")
    assert "no chat completion" in (await stopped(asked)).message


async def test_paths_that_are_not_there() -> None:
    gone = httpx.Response(404, json={"detail": "Not Found"})
    asked = endpoints(transport=httpx.MockTransport(lambda _: gone), base_url="http://localhost:1", name="m")
    error = await stopped(asked)
    assert error.message == "http://localhost:1 has no chat completions there (404)"
    assert "/v1" in error.advice


async def test_hostile_names_stay_one_short_line() -> None:
    with ModelServer(models=["a\nb\x1b[31m" + "c" * 500]) as server:
        error = await stopped(endpoints(base_url=server.base_url, name="m"))
        assert "\x1b" not in error.message
        assert len(error.message) < 250
