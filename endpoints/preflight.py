"""Owns the look at every endpoint before a run: what would stop it is told in one sentence, before anything is spent.

First what is free (is a key set, does the server answer, does it take the key, which models does it list), then the
tiny call that finds out how it is asked. A name that a server does not list is not wrong for that (some serve one
model under any name), so the call decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from consilience.errors import EndpointError
from consilience.settings import Role

from .base import ModelFault
from .choosing import Endpoint
from .client import Endpoints
from .faults import no_key

_NAMED = 5


async def check(endpoints: Endpoints, roles: Sequence[Role]) -> None:
    """Sees that every role's model can be asked; each endpoint and model once.

    Raises:
        EndpointError: one cannot: no key, a wrong one, no server, no such model.
    """
    seen: set[Endpoint] = set()
    for role in roles:
        endpoint = endpoints.endpoint(role)
        if endpoint not in seen:
            seen.add(endpoint)
            await _check(endpoints, role, endpoint)


async def _check(endpoints: Endpoints, role: Role, endpoint: Endpoint) -> None:
    listed: tuple[str, ...] = ()
    try:
        if endpoint.needs_key and not endpoint.key:
            raise no_key(endpoint)
        listed = await endpoints.models(role)
        await endpoints.prepare(role)
        if listed and endpoint.name not in listed:
            await endpoints.try_call(role)
    except ModelFault as fault:
        raise _error(fault, endpoint, listed) from fault


def _error(fault: ModelFault, endpoint: Endpoint, listed: tuple[str, ...]) -> EndpointError:
    if fault.kind != "unknown_model" or not listed:
        return EndpointError(fault.message, fault.advice)
    few = ", ".join(_shown(name) for name in listed[:_NAMED])
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return EndpointError(f"{fault.message}; it has {few}{more}", fault.advice)


def _shown(name: str) -> str:
    """A name that a server gave, as one short word."""
    return "".join(letter for letter in name if letter.isprintable())[:60]
