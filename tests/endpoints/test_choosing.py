"""Which model a role asks, and which key goes where."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilience.endpoints.choosing import DEFAULT_BASE_URL, DEFAULT_MODEL, Endpoint, chooses_model, resolve
from consilience.errors import EndpointError
from consilience.settings import ROLES, Settings

MINE = "key-for-the-main-endpoint"
OPENAI = "key-for-openai"
ENVIRON = {"OPENAI_API_KEY": OPENAI}


def settings(reasoner: str = "auto", roles: dict[str, dict[str, str]] | None = None, **model: Any) -> Settings:  # noqa: ANN401 -- values of any field
    return Settings.model_validate({"reasoner": reasoner, "model": {**model, "roles": roles or {}}})


@pytest.mark.parametrize(
    ("model", "environ", "expected"),
    [
        ({}, {}, False),
        ({}, {"OPENAI_API_KEY": ""}, False),
        ({}, ENVIRON, True),
        ({"base_url": "http://localhost:8000/v1"}, {}, True),
        ({"name": "some-model"}, {}, True),
        ({"api_key": MINE}, {}, True),
        ({"temperature": 0.5}, {}, False),
    ],
)
def test_a_model_reasons_where_one_is_set(model: dict[str, Any], environ: dict[str, str], expected: bool) -> None:
    assert chooses_model(settings(**model), environ) is expected
    assert chooses_model(settings("embedded", **model), environ) is False
    assert chooses_model(settings("model", **model), environ) is True


def test_without_settings_it_is_openai_s_default() -> None:
    endpoint = resolve(settings(), "judge", ENVIRON)
    assert (endpoint.name, endpoint.base_url, endpoint.key) == (DEFAULT_MODEL, DEFAULT_BASE_URL, OPENAI)
    assert endpoint.needs_key


def test_a_key_of_the_settings_comes_before_the_environment_s() -> None:
    assert resolve(settings(api_key=MINE), "judge", ENVIRON).key == MINE


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.openai.com/v1", OPENAI),
        ("https://eu.api.openai.com/v1", OPENAI),
        ("http://api.openai.com/v1", None),
        ("https://api.openai.com.example.org/v1", None),
        ("https://evilapi.openai.com/v1", None),
        ("https://api.openai.com@example.org/v1", None),
        ("https://example.org/v1?host=api.openai.com", None),
        ("http://localhost:8000/v1", None),
        ("https://openrouter.ai/api/v1", None),
        ("https://mine.openai.azure.com/openai/v1", None),
    ],
)
def test_openai_s_key_goes_to_openai_alone(base_url: str, expected: str | None) -> None:
    assert resolve(settings(base_url=base_url), "judge", ENVIRON).key == expected
    assert resolve(settings(roles={"judge": {"base_url": base_url}}, api_key=None), "judge", ENVIRON).key == expected


@pytest.mark.parametrize(
    ("role_url", "expected"),
    [
        ("https://models.example.org/v1", MINE),
        ("https://models.example.org/other/v1", MINE),
        ("https://models.example.org:443/v1", MINE),
        ("https://models.example.org:8443/v1", None),
        ("http://models.example.org/v1", None),
        ("https://example.org/v1", None),
        ("https://api.openai.com/v1", OPENAI),
        ("http://127.0.0.1:9/v1", None),
    ],
)
def test_the_main_key_goes_to_the_main_endpoint_alone(role_url: str, expected: str | None) -> None:
    chosen = settings(base_url="https://models.example.org/v1", api_key=MINE, roles={"auditor": {"base_url": role_url}})
    assert resolve(chosen, "auditor", ENVIRON).key == expected
    assert resolve(chosen, "judge", ENVIRON).key == MINE


def test_a_role_overrides_what_it_sets_and_inherits_the_rest() -> None:
    chosen = settings(
        base_url="http://localhost:8000/v1",
        name="large",
        api_key=MINE,
        roles={
            "screener": {"name": "small"},
            "auditor": {"base_url": "https://other.example.org/v1", "name": "theirs", "api_key": "own"},
        },
    )
    screener, auditor = resolve(chosen, "screener", {}), resolve(chosen, "auditor", {})
    assert (screener.name, screener.base_url, screener.key) == ("small", "http://localhost:8000/v1", MINE)
    assert (auditor.name, auditor.base_url, auditor.key) == ("theirs", "https://other.example.org/v1", "own")
    others = {resolve(chosen, role, {}) for role in ROLES if role not in ("screener", "auditor")}
    assert {endpoint.name for endpoint in others} == {"large"}


def test_azure_s_version_is_the_main_endpoint_s_alone() -> None:
    chosen = settings(
        base_url="https://mine.openai.azure.com",
        api_key=MINE,
        api_version="2024-10-21",
        roles={"auditor": {"base_url": "https://api.openai.com/v1"}},
    )
    assert resolve(chosen, "judge", {}).api_version == "2024-10-21"
    assert resolve(chosen, "auditor", {}).api_version is None


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        (" http://localhost:8000/v1 ", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_addresses_as_people_paste_them(given: str, used: str) -> None:
    assert resolve(settings(base_url=given), "judge", {}).base_url == used
    assert resolve(settings(base_url=given), "judge", {}).address == used


@pytest.mark.parametrize(
    "address",
    ["ftp://host/v1", "file:///etc/passwd", "localhost:8000/v1", "http://", "http://host:port/v1", "http://[::1/v1"],
)
def test_an_address_that_is_none_is_refused_with_its_setting_s_name(address: str) -> None:
    with pytest.raises(EndpointError, match="CONSILIENCE_MODEL__BASE_URL is no http or https address"):
        resolve(settings(base_url=address), "judge", {})
    with pytest.raises(EndpointError, match="CONSILIENCE_MODEL__ROLES__JUDGE__BASE_URL"):
        resolve(settings(roles={"judge": {"base_url": address}}), "judge", {})


@pytest.mark.parametrize("host", ["models.example.org", "8.8.8.8", "[2001:4860:4860::8888]"])
def test_a_key_does_not_travel_readable_over_the_internet(host: str) -> None:
    with pytest.raises(EndpointError, match="unencrypted") as caught:
        resolve(settings(base_url=f"http://{host}/v1", api_key=MINE), "judge", {})
    assert MINE not in caught.value.message + caught.value.advice
    assert resolve(settings(base_url=f"http://{host}/v1"), "judge", {}).key is None


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "192.168.1.20", "10.1.2.3", "gpu", "gpu.local", "host.docker.internal"]
)
def test_it_may_travel_to_this_machine_and_within_a_private_network(host: str) -> None:
    assert resolve(settings(base_url=f"http://{host}:8000/v1", api_key=MINE), "judge", {}).key == MINE


def test_what_is_shown_holds_no_secret() -> None:
    chosen = settings(base_url="https://user:passw0rd@models.example.org/v1?token=t0ken", api_key=MINE)
    endpoint = resolve(chosen, "judge", {})
    assert endpoint.address == "https://models.example.org/v1"
    assert set(endpoint.secrets) == {MINE, "user", "passw0rd", "t0ken"}
    shown = repr(endpoint) + endpoint.address + endpoint.host_and_port
    assert not [secret for secret in endpoint.secrets if secret in shown]


def test_a_key_with_a_line_s_end_is_trimmed() -> None:
    assert resolve(settings(api_key=f"{MINE}\n"), "judge", {}).key == MINE
    assert resolve(settings(api_key=" "), "judge", {}).key is None


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://[::1]/v1", True),
        ("http://a.localhost/v1", True),
        ("http://localhost.example.org/v1", False),
        ("http://10.0.0.1/v1", False),
    ],
)
def test_what_stands_on_this_machine(address: str, local: bool) -> None:
    assert Endpoint("m", address, (), None).is_local is local


@given(st.text(max_size=60).flatmap(lambda text: st.sampled_from([text, f"http://{text}", f"https://host{text}"])))
def test_any_address_is_one_that_can_be_asked_or_is_refused(text: str) -> None:
    try:
        endpoint = resolve(settings(base_url=text or None), "judge", {})
    except EndpointError:
        return
    assert httpx.URL(endpoint.base_url).host
    assert endpoint.address.startswith(("http://", "https://"))
