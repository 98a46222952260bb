"""Owns the removal of secrets from what leaves a person's machine.

Nothing that is kept of a run should hold a secret in the first place; this is the second lock on that door. A secret is
covered with as many asterisks as it has characters, so that the offsets of quotations stay right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, SecretStr

from consilience.settings import Settings

_NAMED = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
# Keys as the known services make them, and headers: whoever's they are.
_SHAPED = re.compile(r"\bsk-[A-Za-z0-9_-]{16,}|(?<=Bearer )[A-Za-z0-9._~+/=-]{16,}")
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/\s\"'@\\]+@")
# What people write where a local server wants some key: covering it would cover words of texts.
_PLACEHOLDER = re.compile(r"[A-Za-z_-]{1,15}")
_SHORTEST = 8


def known_secrets(settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that settings and environment hold, and what stands for one in the endpoints' addresses."""
    found = {*_keys(settings), *(value for name, value in environ.items() if _NAMED.search(name))}
    return tuple(sorted(value.strip() for value in found if value.strip()))


def scrubbed(text: str, secrets: Iterable[str], *, addresses: bool = True) -> str:
    """The text with every secret covered: those given, as they are or as JSON or an address writes them, and whatever
    has the shape of a key. ``addresses``: users and passwords in addresses too (not in texts by authors).

    One of ``secrets`` that is shorter than eight characters or a mere word is none.
    """
    wanted = {secret for secret in secrets if len(secret) >= _SHORTEST and not _PLACEHOLDER.fullmatch(secret)}
    # A JSON text's characters are counted as they are read, an address's as they stand.
    covers = {form: len(form) for secret in wanted for form in (secret, quote(secret, safe=""))}
    covers |= {json.dumps(secret)[1:-1]: len(secret) for secret in wanted}
    for form in sorted(covers, key=lambda form: (-len(form), form)):
        text = text.replace(form, "*" * covers[form])
    text = _SHAPED.sub(lambda match: "*" * len(match.group()), text)
    return _USER_IN_ADDRESS.sub("", text) if addresses else text


def _keys(model: BaseModel) -> Iterator[str]:
    for name in type(model).model_fields:
        value: object = getattr(model, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _keys(value)
        elif name == "base_url" and isinstance(value, str):
            yield from _in_address(value)


def _in_address(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        yield from (text for text in (parts.username, parts.password) if text)
    except ValueError:
        return
    yield from (pair.partition("=")[2] for pair in parts.query.split("&"))
