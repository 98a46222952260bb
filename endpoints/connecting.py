"""Owns connections: certificates and proxies as the environment has them, and none for this machine."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import httpx

from .choosing import Endpoint

NO_KEY = "none"
"""Stands where openai's client insists on a key; it is not sent."""


def connection(endpoint: Endpoint, most: int) -> httpx.AsyncHTTPTransport:
    """What really sends to an endpoint, over ``most`` kept connections; others are opened as they are needed."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=most)
    return httpx.AsyncHTTPTransport(limits=limits, proxy=proxy_for(endpoint))


def proxy_for(endpoint: Endpoint) -> str | None:
    """The proxy that ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name for a host."""
    if endpoint.is_local or proxy_bypass(endpoint.host):
        return None
    named = getproxies()
    return named.get(endpoint.base_url.partition(":")[0]) or named.get("all")


async def without_key(request: httpx.Request) -> None:
    """Takes the key that is none out of a request, before it is sent."""
    if request.headers.get("authorization") == f"Bearer {NO_KEY}":
        del request.headers["authorization"]
