"""Owns connections: certificates and proxies as the environment has them, and none for this machine."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.request import getproxies, proxy_bypass

import httpx

from .choosing import Endpoint

NO_KEY = "none"
"""Stands where openai's client insists on a key; it is not sent."""
_SENT = frozenset(
    ("host", "accept", "accept-encoding", "connection", "content-length", "content-type", "user-agent", "authorization")
)
_A_POOL = 6  # calls at once in one pool


class Pools(httpx.AsyncBaseTransport):
    """Several pools of connections as one; each request goes through the pool with the fewest under way.

    A pool looks at all of its connections for each of them whenever a request comes or goes: with forty calls at once
    that took a third of the client's time (measured: 5 ms a call in one pool, 3.5 ms in eight).
    """

    def __init__(self, pools: Sequence[httpx.AsyncBaseTransport]) -> None:
        self._pools = pools
        self._under_way = [0] * len(pools)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body not yet read."""
        place = self._under_way.index(min(self._under_way))
        self._under_way[place] += 1
        try:
            return await self._pools[place].handle_async_request(request)
        finally:
            self._under_way[place] -= 1

    async def aclose(self) -> None:
        """Closes every connection."""
        for pool in self._pools:
            await pool.aclose()


def connection(endpoint: Endpoint, most: int) -> Pools:
    """What really sends to an endpoint, keeping connections for ``most`` calls at once; never fewer than are needed."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=_A_POOL)
    proxy = proxy_for(endpoint)
    context = httpx.create_ssl_context()  # once: it reads every certificate that is trusted
    count = -(-most // _A_POOL)
    return Pools([httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy) for _ in range(count)])


def proxy_for(endpoint: Endpoint) -> str | None:
    """The proxy that ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name for a host."""
    if endpoint.is_local or proxy_bypass(endpoint.host):
        return None
    named = getproxies()
    return named.get(endpoint.base_url.partition(":")[0]) or named.get("all")


class OwnHeaders(httpx.AsyncBaseTransport):
    """Sees to it, as the last before a request is sent, that it carries this endpoint's key or none.

    openai's client takes an organisation, a project and headers of any kind (a key among them) from the environment,
    for whichever host. They reach OpenAI only; the key is the one that was chosen, everywhere. The client's own request
    stays as it is, because it reads its headers again when the answer comes.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, endpoint: Endpoint) -> None:
        self._inner = inner
        self._endpoint = endpoint

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to the same request with headers of our own."""
        sent = httpx.Request(
            request.method,
            request.url,
            headers=self._headers(request.headers),
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._inner.handle_async_request(sent)

    async def aclose(self) -> None:
        """Closes what really sends."""
        await self._inner.aclose()

    def _headers(self, given: httpx.Headers) -> httpx.Headers:
        endpoint = self._endpoint
        kept = [(k, v) for k, v in given.multi_items() if endpoint.is_openai or k in _SENT]
        headers = httpx.Headers(kept)
        if endpoint.has_user:
            return headers  # httpx has put user and password in the key's place
        headers.pop("authorization", None)
        if endpoint.key:
            is_bearer = endpoint.api_version is None
            name, value = ("authorization", f"Bearer {endpoint.key}") if is_bearer else ("api-key", endpoint.key)
            headers[name] = value
        return headers
