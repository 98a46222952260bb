"""Owns run ids: how they are made, and which strings may name a run (and so a folder)."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import UTC, datetime

from consilience.errors import InputError

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,95}")
_RESERVED = {"latest"}
_SLUG_WORDS = 3
_SLUG_CHARACTERS = 40

# Words that tell runs apart badly; only names of folders depend on them.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be been by can could did do does effective effect for from has have how in into
        is it its less more most of on or should than that the their there these this to used versus was were
        what when which who why will with would""",
    )
)


def now() -> datetime:
    """The time in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(time: datetime) -> str:
    """ISO 8601 in UTC: ``2026-11-24T10:15:00Z``."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slug(question: str) -> str:
    """Up to three telling words of the question in ASCII, joined by hyphens; ``question`` if it has none."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _COMMON]
    return "-".join(words[:_SLUG_WORDS])[:_SLUG_CHARACTERS].strip("-") or "question"


def new_id(question: str, time: datetime) -> str:
    """A fresh id that sorts by time: ``20261124-101500-triptans-placebo-relief-3fa2``."""
    return f"{time.astimezone(UTC):%Y%m%d-%H%M%S}-{slug(question)}-{secrets.token_hex(2)}"


def is_id(text: str) -> bool:
    """Whether the text may name a run: such a name can never leave the runs' folder."""
    return _ID.fullmatch(text) is not None and text not in _RESERVED


def check_id(text: str) -> str:
    """The id itself.

    Raises:
        InputError: it cannot name a run.
    """
    if not is_id(text):
        raise InputError(
            f"{shown(text)} cannot be a run's id",
            "use up to 96 lower-case letters, digits and hyphens, beginning with a letter or digit",
        )
    return text


def shown(text: str, width: int = 60) -> str:
    """A person's input as it may stand in an error: quoted, control characters escaped, shortened."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"'{plain}'" if len(plain) <= width else f"'{plain[: width - 1]}…'"
