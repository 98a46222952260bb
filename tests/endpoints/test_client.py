"""An endpoint asked over a real connection: every way to an answer, every fault, what is sent and what not."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest

from consilience.endpoints.base import ChatRequest, FaultKind, Message, ModelFault, TokenUsage
from consilience.endpoints.client import Endpoints
from consilience.endpoints.structure import MODES
from consilience.evals.loopback.server import KEY, PROBE, TRAVEL_FAULTS, Fault, ModelServer, sleep_until
from consilience.evals.loopback.server import FaultKind as ServerFault
from consilience.reasoning.language_model.answers import JudgeAnswer, StrictAnswer
from consilience.runs.calls import CallLog
from consilience.settings import Role, Settings

ANSWER: dict[str, Any] = {
    "weighed": [],
    "verdict": "REFUTED",
    "reason": "Ein Grund: \u201eso\u201c \u2014 und \U0001f9ea.",
}
Make = Callable[..., Endpoints]


def request(role: Role = "judge", schema: type[StrictAnswer] = JudgeAnswer, text: str = "Is it so?") -> ChatRequest:
    messages = (Message("system", "You judge."), Message("user", text))
    return ChatRequest(role, "judge", "digest", messages, "judge", schema.model_json_schema(), 300)


async def at_once(_: float) -> None:
    """No wait."""


def settings(server: ModelServer, **model: Any) -> Settings:  # noqa: ANN401 -- values of any field
    return Settings.model_validate({"model": {"base_url": server.base_url, "api_key": KEY, "name": "large", **model}})


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Endpoints that are closed at the end."""
    made: list[Endpoints] = []

    def new(server: ModelServer, log: CallLog | None = None, **model: Any) -> Endpoints:  # noqa: ANN401 -- as above
        made.append(Endpoints(settings(server, **model), log, {}, sleep=at_once))
        return made[-1]

    yield new
    for endpoints in made:
        await endpoints.aclose()


async def fault(endpoints: Endpoints, asked: ChatRequest | None = None) -> ModelFault:
    with pytest.raises(ModelFault) as caught:
        await endpoints.complete(asked or request())
    return caught.value


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("mode", MODES)
async def test_an_answer_is_the_same_in_every_way(mode: str, streaming: bool, make: Make) -> None:
    with ModelServer({"judge": ANSWER}, key=KEY) as server:
        completion = await make(server, structure=mode, streaming=streaming).complete(request())
        assert json.loads(completion.reply.text) == ANSWER
        assert JudgeAnswer.model_validate_json(completion.reply.text)
        assert completion.reply.model == "large"
        assert completion.reply.retries == 0
        assert completion.reply.seconds > 0
        assert not completion.reply.usage.estimated
        assert completion.reply.usage.tokens_out > 0
        assert len(completion.call_id) == 64
        (asked,) = server.asked
        assert (asked.mode, bool(asked.body.get("stream"))) == (mode, streaming)


async def test_what_is_sent_is_what_is_set(make: Make) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        await make(server, structure="json_schema", temperature=0.3, seed=11).complete(request())
        body = server.asked[0].body
        assert {k: body[k] for k in ("model", "temperature", "seed", "max_tokens")} == {
            "model": "large",
            "temperature": 0.3,
            "seed": 11,
            "max_tokens": 300,
        }
        assert [m["content"] for m in body["messages"]] == ["You judge.", "Is it so?"]


async def test_without_a_key_none_is_sent(make: Make) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        await make(server, api_key=None).complete(request())
        assert not any(asked.had_key for asked in server.asked)
        assert not [name for asked in server.asked for name in asked.headers if "openai" in name]


async def test_what_the_environment_holds_for_openai_reaches_no_other_host(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "leaked-key")
    monkeypatch.setenv("OPENAI_ORG_ID", "leaked-organisation")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "leaked-project")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: leaked-header\nAuthorization: Bearer leaked-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/leaked")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9")
    with ModelServer({"judge": ANSWER}, key=KEY) as server, ModelServer({"judge": ANSWER}) as keyless:
        await make(server).complete(request())
        await make(keyless, api_key=None).complete(request())
        assert "leaked" not in repr(server.asked) + repr(keyless.asked)
        assert not any(asked.had_key for asked in keyless.asked)


async def test_openai_is_sent_what_the_environment_holds_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "our-organisation")
    seen: list[httpx.Request] = []

    def answer(asked: httpx.Request) -> httpx.Response:
        seen.append(asked)
        return httpx.Response(401)

    chosen = Settings.model_validate({"model": {"structure": "plain"}})
    endpoints = Endpoints(chosen, None, {"OPENAI_API_KEY": KEY}, httpx.MockTransport(answer))
    assert (await fault(endpoints)).kind == "unauthorised"
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert seen[0].headers["openai-organization"] == "our-organisation"
    assert "max_completion_tokens" in json.loads(seen[0].content)
    await endpoints.aclose()


async def test_two_keys_for_one_address_stay_apart(make: Make) -> None:
    with ModelServer({"judge": ANSWER}, key=KEY) as server:
        endpoints = make(server, structure="plain", roles={"auditor": {"api_key": "another"}})
        await endpoints.complete(request())
        assert (await fault(endpoints, request("auditor"))).kind == "unauthorised"
        await endpoints.complete(request())


async def test_a_role_elsewhere_is_not_sent_the_main_key(make: Make) -> None:
    with ModelServer({"judge": ANSWER}, key=KEY) as main, ModelServer({"judge": ANSWER}) as other:
        roles = {"auditor": {"base_url": other.base_url, "name": "theirs"}}
        endpoints = make(main, roles=roles)
        await endpoints.complete(request())
        await endpoints.complete(request("auditor"))
        assert all(asked.had_key for asked in main.asked)
        assert not any(asked.had_key for asked in other.asked)
        assert {asked.body["model"] for asked in other.asked} == {"theirs"}


async def test_user_and_password_of_the_address_are_sent_and_never_shown() -> None:
    with ModelServer({"judge": ANSWER}, key="Basic dXNlcjpwYXNzdzByZA==") as server:
        address = server.base_url.replace("http://", "http://user:passw0rd@") + "?token=t0ken"
        endpoints = Endpoints(settings(server, base_url=address, api_key=None, structure="plain"), None, {})
        await endpoints.complete(request())
        assert server.asked[0].query == {"token": ["t0ken"]}
        identity = endpoints.describe("judge")
        assert identity.endpoint == server.base_url
        server.fail(Fault("too_long"), Fault("forbidden"))
        shown = repr(endpoints.endpoint("judge")) + repr(identity)
        for _ in range(2):
            failed = await fault(endpoints)
            shown += failed.message + failed.advice
        assert not [secret for secret in ("passw0rd", "t0ken", "user:") if secret in shown]
        await endpoints.aclose()


async def test_azure_s_older_endpoints_have_paths_and_a_header_of_their_own() -> None:
    with ModelServer({"judge": ANSWER}, key=KEY) as server:
        address = server.base_url.removesuffix("/v1")
        chosen = settings(server, base_url=address, api_version="2024-10-21", structure="json_schema")
        endpoints = Endpoints(chosen, None, {})
        completion = await endpoints.complete(request())
        assert json.loads(completion.reply.text) == ANSWER
        (asked,) = server.asked
        assert asked.path == "/openai/deployments/large/chat/completions"
        assert asked.query == {"api-version": ["2024-10-21"]}
        assert asked.had_key
        await endpoints.aclose()


def test_a_model_is_named_without_secrets() -> None:
    chosen = Settings.model_validate({"model": {"base_url": "http://u:p@localhost:1/v1?k=v", "api_key": KEY}})
    identity = Endpoints(chosen, None, {}).describe("judge")
    assert (identity.name, identity.endpoint) == ("gpt-4.1-mini", "http://localhost:1/v1")
    assert identity.parameters == {"temperature": 0.0, "seed": 7, "structure": "auto"}


# --------------------------------------------------------------------------- faults


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("kind", TRAVEL_FAULTS)
async def test_faults_of_the_way_are_gone_when_asked_again(kind: ServerFault, streaming: bool, make: Make) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        server.fail(kind)
        completion = await make(server, structure="json_schema", streaming=streaming).complete(request())
        assert json.loads(completion.reply.text) == ANSWER
        assert completion.reply.retries == 1
        assert server.count() == 2


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    ("kind", "expected"), [("refusal", "refused"), ("filtered", "refused"), ("empty", "empty"), ("length", "cut")]
)
async def test_an_answer_that_is_none_is_a_fault_with_its_usage(
    kind: ServerFault, expected: FaultKind, streaming: bool, make: Make
) -> None:
    with ModelServer() as server:
        server.fail(kind)
        failed = await fault(make(server, structure="json_schema", streaming=streaming))
        assert failed.kind == expected
        assert failed.usage.tokens_in > 0
        assert len(failed.call_id) == 64
        assert server.count() == 1


@pytest.mark.parametrize("mode", ["tools", "plain"])
@pytest.mark.parametrize(("kind", "expected"), [("refusal", "refused"), ("empty", "empty"), ("length", "cut")])
async def test_so_it_is_in_the_other_ways(kind: ServerFault, expected: FaultKind, mode: str, make: Make) -> None:
    with ModelServer() as server:
        server.fail(kind)
        assert (await fault(make(server, structure=mode))).kind == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("wrong_key", "unauthorised"),
        ("unknown_model", "unknown_model"),
        ("too_long", "too_long"),
        ("forbidden", "rejected"),
    ],
)
async def test_what_cannot_succeed_is_asked_once(kind: ServerFault, expected: FaultKind, make: Make) -> None:
    with ModelServer() as server:
        server.fail_always(kind)
        failed = await fault(make(server, structure="json_schema"))
        assert (failed.kind, failed.usage) == (expected, TokenUsage())
        assert KEY not in failed.message + failed.advice
        assert server.count() == 1


@pytest.mark.parametrize(("kind", "expected"), [("server_error", "unavailable"), ("rate_limited", "unavailable")])
async def test_what_does_not_pass_is_given_up_after_all_attempts(
    kind: ServerFault, expected: FaultKind, make: Make
) -> None:
    with ModelServer() as server:
        server.fail_always(kind)
        failed = await fault(make(server, structure="json_schema", attempts=3))
        assert (failed.kind, failed.retries) == (expected, 2)
        assert server.count() == 3


async def test_a_long_retry_after_ends_the_call(make: Make) -> None:
    with ModelServer() as server:
        server.fail(Fault("rate_limited", retry_after="7200"))
        failed = await fault(make(server, structure="json_schema"))
        assert "7200 seconds" in failed.message
        assert server.count() == 1


async def test_silence_is_told_from_a_server_that_is_not_there(make: Make) -> None:
    with ModelServer() as server:
        server.fail_always(Fault("silence", seconds=30))
        endpoints = make(server, structure="json_schema", attempts=2, timeout_seconds=0.3)
        assert (await fault(endpoints)).kind == "silent"
        assert server.count() == 2
    failed = await fault(endpoints)
    assert (failed.kind, "nothing answers" in failed.message) == ("unavailable", True)


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>Welcome</html>", headers={"content-type": "text/html"}),
        httpx.Response(200, json={"hello": "there"}),
        httpx.Response(200, json={"choices": None}),
        httpx.Response(200, json={"choices": []}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"error": {"message": "in a 200"}}),
    ],
)
@pytest.mark.parametrize("mode", MODES)
async def test_what_is_no_chat_completion_is_said_to_be_none(response: httpx.Response, mode: str) -> None:
    chosen = Settings.model_validate({"model": {"base_url": "http://localhost/v1", "structure": mode}})
    endpoints = Endpoints(chosen, None, {}, httpx.MockTransport(lambda _: response), sleep=at_once)
    failed = await fault(endpoints)
    assert failed.kind == "rejected"
    assert "no chat completion" in failed.message
    await endpoints.aclose()


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("mode", MODES)
async def test_text_that_is_no_json_comes_back_as_it_is(mode: str, streaming: bool, make: Make) -> None:
    # Also where the library would mend half a JSON text into a whole one: that would be another answer.
    with ModelServer() as server:
        server.fail("invalid_json")
        completion = await make(server, structure=mode, streaming=streaming).complete(request())
        assert completion.reply.text == '{"claims": [{"quote": "half'


async def test_tokens_are_estimated_where_none_are_reported(make: Make) -> None:
    with ModelServer({"judge": ANSWER}, reports_usage=False) as server:
        usage = (await make(server, structure="json_schema").complete(request())).reply.usage
        assert usage.estimated
        assert usage.tokens_in > 0
        assert usage.tokens_out > 0


# --------------------------------------------------------------------------- finding out


@pytest.mark.parametrize("bad", ["refused", "ignored", "echoed"])
@pytest.mark.parametrize(
    ("bad_modes", "chosen"), [([], "json_schema"), (["json_schema"], "tools"), (["json_schema", "tools"], "plain")]
)
async def test_the_first_way_that_works_is_found(bad: str, bad_modes: list[str], chosen: str, make: Make) -> None:
    with ModelServer({"judge": ANSWER}, modes=dict.fromkeys(bad_modes, bad)) as server:
        endpoints = make(server)
        assert json.loads((await endpoints.complete(request())).reply.text) == ANSWER
        assert [a.mode for a in server.asked] == [*bad_modes, chosen, chosen]
        assert server.count(PROBE) == len(bad_modes) + 1
        assert endpoints.probe_usage.total > 0


async def test_it_is_found_out_once_and_kept(tmp_path: Path, make: Make) -> None:
    log = CallLog(tmp_path / "calls.sqlite")
    with ModelServer(modes={"json_schema": "refused"}, refuses=("seed",)) as server:
        first = make(server, log)
        await asyncio.gather(*(first.complete(request(text=str(n))) for n in range(8)))
        probes = server.count(PROBE)
        assert probes == 3  # with the seed, without it, and as a tool
        second = make(server, log)
        await second.complete(request())
        assert server.count(PROBE) == probes
        assert server.asked[-1].mode == "tools"
        assert "seed" not in server.asked[-1].body
        assert second.left_out("judge") == ("seed",)
        other = make(server, log, name="another")
        await other.complete(request())
        assert server.count(PROBE) > probes
    log.close()


@pytest.mark.parametrize("mode", ["auto", *MODES])
@pytest.mark.parametrize(
    "refuses", [("temperature",), ("seed",), ("temperature", "seed", "stream_options", "max_tokens")]
)
async def test_refused_parameters_are_left_out(mode: str, refuses: tuple[str, ...], make: Make) -> None:
    with ModelServer({"judge": ANSWER}, refuses=refuses) as server:
        endpoints = make(server, structure=mode, streaming=True)
        assert json.loads((await endpoints.complete(request())).reply.text) == ANSWER
        before = len(server.asked)
        await endpoints.complete(request())
        assert len(server.asked) == before + 1
        assert not set(refuses) & set(server.asked[-1].body)
        assert set(endpoints.left_out("judge")) == set(refuses) - {"max_tokens"}


async def test_what_is_refused_later_is_learned_then(make: Make) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        endpoints = make(server)
        await endpoints.complete(request())
        server.refuses = ("temperature",)
        server.modes = {"json_schema": "refused"}
        assert json.loads((await endpoints.complete(request())).reply.text) == ANSWER
        assert server.asked[-1].mode == "tools"


async def test_a_way_that_is_set_is_kept(make: Make) -> None:
    with ModelServer(modes={"tools": "refused"}) as server:
        assert (await fault(make(server, structure="tools"))).kind == "rejected"
        assert [asked.mode for asked in server.asked] == ["tools"]


async def test_a_server_that_refuses_every_way_is_a_fault(make: Make) -> None:
    with ModelServer(modes=dict.fromkeys(MODES, "refused")) as server:
        assert (await fault(make(server))).kind == "rejected"
        assert server.count() == 0


async def test_a_model_that_keeps_no_schema_is_asked_plainly_and_nothing_is_kept(tmp_path: Path, make: Make) -> None:
    log = CallLog(tmp_path / "calls.sqlite")
    with ModelServer(modes=dict.fromkeys(MODES, "ignored")) as server:
        completion = await make(server, log).complete(request())
        assert completion.reply.text.startswith("Gladly!")
        await make(server, log).complete(request())
        assert server.count(PROBE) == 6
    log.close()


@pytest.mark.parametrize(("kind", "expected"), [("server_error", "unavailable"), ("wrong_key", "unauthorised")])
async def test_a_failed_probe_decides_nothing(
    kind: Literal["server_error", "wrong_key"], expected: FaultKind, make: Make
) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        endpoints = make(server, attempts=2)
        server.fail_always(kind, task=PROBE)
        assert (await fault(endpoints)).kind == expected
        server.heal()
        await endpoints.complete(request())
        assert server.asked[-1].mode == "json_schema"


# --------------------------------------------------------------------------- many at once


async def test_calls_at_once_are_bounded_and_fewer_after_a_429(make: Make) -> None:
    with ModelServer(latency=0.02) as server:
        endpoints = make(server, structure="json_schema", concurrency=6)
        await asyncio.gather(*(endpoints.complete(request(text=str(n))) for n in range(30)))
        assert 1 < server.peak <= 6
        server.fail("rate_limited")
        await endpoints.complete(request())
        server.peak = 0
        await asyncio.gather(*(endpoints.complete(request(text=str(n))) for n in range(3)))
        assert server.peak <= 3


async def test_roles_at_one_endpoint_share_its_bound(make: Make) -> None:
    with ModelServer(latency=0.02) as server:
        elsewhere = server.base_url.replace("/v1", "/other/v1")
        roles = {"screener": {"name": "small"}, "auditor": {"base_url": elsewhere}}
        endpoints = make(server, structure="json_schema", concurrency=2, roles=roles)
        asked: list[Role] = ["screener", "judge", "auditor"] * 6
        await asyncio.gather(*(endpoints.complete(request(role)) for role in asked))
        assert server.peak <= 2


async def test_what_one_call_learns_is_known_to_those_that_were_under_way(make: Make) -> None:
    with ModelServer({"judge": ANSWER}, refuses=("temperature", "seed", "max_tokens"), latency=0.02) as server:
        endpoints = make(server, structure="json_schema")
        replies = await asyncio.gather(*(endpoints.complete(request(text=str(n))) for n in range(12)))
        assert all(json.loads(completion.reply.text) == ANSWER for completion in replies)


async def test_one_in_five_faults_of_the_way_stops_nobody(make: Make) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        server.fail_randomly(0.2, TRAVEL_FAULTS, seed=3)
        endpoints = make(server, attempts=12)
        replies = await asyncio.gather(*(endpoints.complete(request(text=str(n))) for n in range(60)))
        assert all(json.loads(completion.reply.text) == ANSWER for completion in replies)
        assert sum(completion.reply.retries for completion in replies) == server.count() - 60 > 0


async def test_a_cancelled_call_frees_its_place(make: Make) -> None:
    with ModelServer() as server:
        endpoints = make(server, structure="json_schema", concurrency=1)
        server.fail(Fault("silence", seconds=30))
        waiting = asyncio.create_task(endpoints.complete(request()))
        await asyncio.to_thread(sleep_until, lambda: server.count() == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.wait_for(endpoints.complete(request()), 20)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("closes", [True, False])
def test_it_may_be_used_in_one_event_loop_after_another(closes: bool) -> None:
    with ModelServer({"judge": ANSWER}) as server:
        endpoints = Endpoints(settings(server, concurrency=1), None, {})

        async def ask(*, last: bool) -> None:
            await asyncio.gather(*(endpoints.complete(request(text=str(n))) for n in range(3)))
            if closes or last:
                await endpoints.aclose()

        asyncio.run(ask(last=False))
        asyncio.run(ask(last=True))
        gc.collect()  # what was left open warns here, where it is expected
        assert server.count() == 6
        assert not [asked for asked in server.asked if asked.fault]
