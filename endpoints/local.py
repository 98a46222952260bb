"""Serves models from files on this machine: ``--model local:/path/to/model.gguf``.

llama.cpp's OpenAI-compatible server runs on a free loopback port for as long as a run lasts, so that everything else
meets an endpoint like any other. Reports and call ids name the file with its sha256, never its place or the port.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from pydantic import SecretStr

from consilience.errors import EndpointError
from consilience.settings import ROLES, EndpointSettings, LanguageModelSettings, Role, RoleSettings, Settings

from .choosing import DEFAULT_BASE_URL
from .local_files import identify, is_local, locate
from .local_process import Served, require_server, running

_LEAST_CONTEXT = 1_000
_PATIENCE = 600.0  # seconds: without a graphics card a long prompt is read for minutes before the first word
_BESIDE_OTHERS = 4
"""Calls at once where only some roles are asked locally: a file answers one after the other, and waiting has an end."""


@asynccontextmanager
async def serving(settings: Settings) -> AsyncGenerator[Settings]:
    """Settings whose local models, the main one or a role's, are served while the block lasts; else the same settings.

    Their names are then the files' identities (``local:model.gguf@sha256:...``), which a later run takes as well.
    The context becomes the model's where it is smaller, answers take half of it at most, and calls go one at a time.
    Answers are held to JSON schemas without a probe where every role is asked locally.

    Raises:
        EndpointError: the extra ``local`` is missing, or a file is missing, unreadable, no GGUF, or cannot be loaded.
        StorageError: the home cannot be written.
    """
    names = (settings.model.name, *(_role(settings, role).name for role in ROLES))
    wanted = dict.fromkeys(name for name in names if name is not None and is_local(name))
    if not wanted:
        yield settings
        return
    paths = {name: locate(name, settings.home) for name in wanted}
    require_server()
    async with AsyncExitStack() as stack:
        running_now: dict[str, Served] = {}
        served: dict[str, Served] = {}
        for name, path in paths.items():
            model = await identify(path, settings.home)
            if model.identity not in running_now:
                server = running(model, settings.model.context_tokens)
                running_now[model.identity] = await stack.enter_async_context(server)
            served[name] = running_now[model.identity]
        yield pointed(settings, served)


def pointed(settings: Settings, served: Mapping[str, Served]) -> Settings:
    """The settings with every name in ``served`` led to its server.

    Raises:
        EndpointError: a model that reads too little, or a role that has an address and no model of its own for it.
    """
    main = settings.model
    context = min(main.context_tokens, *(server.context_tokens for server in served.values()))
    if context < _LEAST_CONTEXT:
        raise EndpointError(f"the model reads {context} tokens, and {_LEAST_CONTEXT} are needed", "try another file")
    changes: dict[str, Any] = {
        "roles": RoleSettings(**{role: _pointed_role(settings, role, served) for role in ROLES}),
        "context_tokens": context,
        "max_output_tokens": min(main.max_output_tokens, context // 2),
        "timeout_seconds": max(main.timeout_seconds, _PATIENCE),
        "concurrency": min(main.concurrency, _BESIDE_OTHERS),
    }
    if (server := served.get(main.name or "")) is not None:
        changes |= {**_endpoint(server), "api_version": None, "concurrency": 1}
        if main.structure == "auto" and all(_role(settings, role).name in (None, *served) for role in ROLES):
            changes["structure"] = "json_schema"  # llama.cpp writes nothing else; a small model may fail the probe
    return settings.model_copy(update={"model": main.model_copy(update=changes)})


def _pointed_role(settings: Settings, role: Role, served: Mapping[str, Served]) -> EndpointSettings:
    own, main = _role(settings, role), settings.model
    if (server := served.get(own.name or "")) is not None:
        return own.model_copy(update=_endpoint(server))
    if main.name not in served:
        return own
    if own.name is None:
        return _as_main(own, role)
    # What a role takes over from the others is no longer there to be taken over.
    return own if own.base_url else own.model_copy(update=_elsewhere(own, main))


def _as_main(own: EndpointSettings, role: Role) -> EndpointSettings:
    if own.base_url:
        name = f"CONSILIENCE_MODEL__ROLES__{role.upper()}"
        raise EndpointError(f"{name}__BASE_URL is set, and no model for it", f"set {name}__NAME too")
    return EndpointSettings()


def _elsewhere(own: EndpointSettings, main: LanguageModelSettings) -> dict[str, Any]:
    return {"base_url": main.base_url or DEFAULT_BASE_URL, "api_key": own.api_key or main.api_key}


def _endpoint(server: Served) -> dict[str, Any]:
    return {"name": server.name, "base_url": server.base_url, "api_key": SecretStr(server.key)}


def _role(settings: Settings, role: Role) -> EndpointSettings:
    own: EndpointSettings = getattr(settings.model.roles, role)
    return own
