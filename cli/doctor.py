"""``consilience doctor``: what works here, what is missing, and how to get it."""

from __future__ import annotations

import typer

from .console import say
from .group import BAD_INPUT, DONE
from .health import CHECKS, State

_SIGNS = {State.GOOD: ("ok", "green"), State.ABSENT: ("--", "yellow"), State.BROKEN: ("!!", "bold red")}


def doctor() -> None:
    """Check what works here and what is missing.

    Exit codes: 0 everything that is needed works, 2 something that is needed is broken.
    """
    broken = False
    for check in CHECKS:
        finding = check()
        sign, style = _SIGNS[finding.state]
        say(
            f"{sign}  {finding.name:18} {finding.detail}",
            style=style if finding.state is not State.GOOD else None,
        )
        if finding.advice:
            say(f"    {'':18} {finding.advice}")
        broken = broken or finding.state is State.BROKEN
    say()
    say("Something that is needed is broken." if broken else "Everything that is needed works.", style="bold")
    raise typer.Exit(BAD_INPUT if broken else DONE)
