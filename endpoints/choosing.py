"""Owns the choice of a model: whether one reasons at all, which one a role asks, where, and with which key.

Which key goes where:

- ``CONSILIENCE_MODEL__API_KEY`` goes to the endpoint of ``CONSILIENCE_MODEL__BASE_URL`` (scheme, host and port), for
  every role. A role at another one is sent its own key or none.
- ``OPENAI_API_KEY`` is a key for OpenAI: it goes to ``api.openai.com`` and its regions over https, and nowhere else.
  Other programs put it into the environment, and no other host should see it because a person tried a local model.
- Endpoints on this machine need no key, and others may do without one; OpenAI's and Azure's may not.
- A key never travels over http, except to this machine or into a private network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

from consilience.errors import EndpointError
from consilience.settings import EndpointSettings, LanguageModelSettings, Role, Settings

DEFAULT_MODEL = "gpt-4.1-mini"
DEFAULT_BASE_URL = "https://api.openai.com/v1"
_OPENAI = "api.openai.com"
_AZURE = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
_PRIVATE_NAMES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")
_CALLS = "/chat/completions"


@dataclass(frozen=True)
class Endpoint:
    """A model with the way to it. ``repr`` shows neither key nor what may stand for one in the address."""

    name: str
    base_url: str = field(repr=False)
    """Without query; with user and password, where the person gave them."""
    query: tuple[tuple[str, str], ...] = field(repr=False)
    key: str | None = field(repr=False)
    api_version: str | None = None

    @property
    def address(self) -> str:
        """The address as people are shown it: no user, password or query."""
        parts = urlsplit(self.base_url)
        return SplitResult(parts.scheme, _place(parts), parts.path, "", "").geturl()

    @property
    def host(self) -> str:
        """Its host, lower-case, without port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def host_and_port(self) -> str:
        """Its host with the port, where one is given: what has one bound on calls at once."""
        return _place(urlsplit(self.base_url))

    @property
    def is_local(self) -> bool:
        """Whether it stands on this machine."""
        return _is_local(self.host)

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own."""
        return _is_openai(urlsplit(self.base_url))

    @property
    def is_azure(self) -> bool:
        """Whether it is Azure's, in its older form or its newer one."""
        return self.host.endswith(_AZURE)

    @property
    def has_user(self) -> bool:
        """Whether a user stands in the address, who takes the key's place."""
        return urlsplit(self.base_url).username is not None

    @property
    def needs_key(self) -> bool:
        """Whether it is known to take none without a key."""
        return self.is_openai or self.is_azure or self.api_version is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand in no message: the key, user, password and the query's values."""
        parts = urlsplit(self.base_url)
        texts = (self.key, parts.password, parts.username, *(value for _, value in self.query))
        return tuple(text for text in texts if text)


def chooses_model(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether a language model reasons: as the settings say, or (auto) where a key, an endpoint or a model is set."""
    if settings.reasoner != "auto":
        return settings.reasoner == "model"
    model = settings.model
    return bool(environ.get("OPENAI_API_KEY") or model.base_url or model.name or _key_of(model))


def resolve(settings: Settings, role: Role, environ: Mapping[str, str]) -> Endpoint:
    """The model that a role asks.

    Raises:
        EndpointError: an address that cannot be used, or over which a key would travel readable.
    """
    main = settings.model
    own: EndpointSettings = getattr(main.roles, role)
    where = f"CONSILIENCE_MODEL__ROLES__{role.upper()}__BASE_URL" if own.base_url else "CONSILIENCE_MODEL__BASE_URL"
    common = _parsed(main.base_url or DEFAULT_BASE_URL, "CONSILIENCE_MODEL__BASE_URL")
    parts = _parsed(own.base_url, where) if own.base_url else common
    is_common = _origin(parts) == _origin(common)
    endpoint = Endpoint(
        name=own.name or main.name or DEFAULT_MODEL,
        base_url=SplitResult(parts.scheme, parts.netloc, _path(parts), "", "").geturl(),
        query=tuple(parse_qsl(parts.query)),
        key=_key(own, main, parts, environ, is_common=is_common),
        api_version=main.api_version if is_common else None,
    )
    if endpoint.key and parts.scheme == "http" and not _is_near(endpoint.host):
        raise EndpointError(
            f"{where}: the key for {endpoint.host} would travel unencrypted",
            "give an address that begins with https://",
        )
    return endpoint


def _key(
    own: EndpointSettings,
    main: LanguageModelSettings,
    parts: SplitResult,
    environ: Mapping[str, str],
    *,
    is_common: bool,
) -> str | None:
    given = _key_of(own) or (_key_of(main) if is_common else None)
    return given or (environ.get("OPENAI_API_KEY", "").strip() or None if _is_openai(parts) else None)


def _key_of(settings: EndpointSettings) -> str | None:
    # A key pasted with a line's end would make a header that no request can carry.
    return settings.api_key.get_secret_value().strip() or None if settings.api_key else None


def _parsed(address: str, where: str) -> SplitResult:
    import httpx  # lazy: whether a model reasons at all is asked before anything slow is needed

    advice = "give the address up to its version, as http://localhost:8000/v1"
    try:
        parts = urlsplit(address.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        usable = usable and httpx.URL(parts.geturl()).host
    except (ValueError, httpx.InvalidURL):  # a port that is none, a bracket that is not closed, a control character
        usable, parts = False, urlsplit("")
    if not usable:
        raise EndpointError(f"{where} is no http or https address", advice)
    return parts


def _path(parts: SplitResult) -> str:
    """The path up to the version: people paste the address of a call."""
    return parts.path.rstrip("/").removesuffix(_CALLS)


def _place(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None else f"{host}:{parts.port}"


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _is_openai(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == _OPENAI or host.endswith("." + _OPENAI))


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """Whether a host is this machine or in a private network, as far as its name tells."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_PRIVATE_NAMES)
    return address.is_loopback or address.is_private
