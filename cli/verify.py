"""``consilience verify``: claims that a person gives, each against a library, with the evidence on both sides."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consilience.settings import Settings, load_settings

from .claims import Claims, claims_from
from .console import tell, write_json
from .delivery import check_folder
from .group import BAD_INPUT, DONE, INTERRUPTED, PARTIAL
from .options import (
    LibraryOption,
    MaxCostOption,
    MaxSecondsOption,
    MaxTokensOption,
    ModelOption,
    ReasonerOption,
    overrides,
)
from .reading import check_library
from .running import identity
from .verifying_progress import ClaimProgress

if TYPE_CHECKING:
    from consilience.reports.verification import Verification, Verifications
    from consilience.runs.verifications import VerificationFolder


def verify(
    claim: Annotated[str | None, typer.Argument(help="The claim, in quotation marks.", metavar="CLAIM")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A UTF-8 file with one claim a line; # begins a comment.")
    ] = None,
    library: LibraryOption = "sample",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout, nothing else.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for verifications.json and verifications.txt.")
    ] = None,
    papers: Annotated[
        int | None, typer.Option("--papers", help="Papers read for a claim, and again against it.", min=1, metavar="N")
    ] = None,
    reasoner: ReasonerOption = None,
    model: ModelOption = None,
    max_cost: MaxCostOption = None,
    max_tokens: MaxTokensOption = None,
    max_seconds: MaxSecondsOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Verify a claim, or a file of claims.

    Each gets a verdict with the evidence for and against it, quoted from the papers of a library.

    Exit codes: 0 done, whatever the verdicts; 2 bad input, or a file with lines that are no claims (the others are
    judged all the same); 3 done but partial.
    """
    settings = _settings(overrides(reasoner, model, max_cost, max_tokens, max_seconds), papers)
    claims = claims_from(claim, file, settings.question.max_characters)
    check_library(settings, library)
    check_folder(out)
    for refusal in claims.refused:
        tell(f"line {refusal.line}: {refusal.problem}: {refusal.text}", style="yellow")
        tell(f"  {refusal.advice}", whole=True)
    session = _Session(settings, claims, library, ClaimProgress(len(claims.given), quiet), as_json)
    made = session.run()
    if out is not None:
        _write(made, out)
    if as_json:
        write_json(made.model_dump_json(indent=2).encode())
    raise typer.Exit(_exit_code(made))


def _settings(given: dict[str, object], papers: int | None) -> Settings:
    settings = load_settings(**given)
    if papers is None:
        return settings
    bounds = settings.verification.model_copy(update={"papers_per_side": papers})
    return settings.model_copy(update={"verification": bounds})


def _exit_code(made: Verifications) -> int:
    if made.refused:
        return BAD_INPUT
    return PARTIAL if any(verification.partial for verification in made.verifications) else DONE


def _write(made: Verifications, folder: Path) -> None:
    from consilience.runs.files import write_atomic

    from .verdicts import as_text

    write_atomic(folder / "verifications.txt", as_text(made))
    write_atomic(folder / "verifications.json", made.model_dump_json(indent=2) + "\n")
    tell(f"wrote verifications.json, verifications.txt to {folder}", whole=True)


class _Session:
    """The claims of one command on their way through ``verifying``, shown as they are done."""

    def __init__(
        self, settings: Settings, claims: Claims, library: str, progress: ClaimProgress, as_json: bool
    ) -> None:
        self._settings = settings
        self._claims = claims
        self._library = library
        self._progress = progress
        self._as_json = as_json
        self._folder: VerificationFolder | None = None
        self._done: list[Verification] = []

    def run(self) -> Verifications:
        """All of them. Errors as ``verifying.verify_claims``; exits with 130 when it is interrupted."""
        from consilience.reports.verification import Verifications

        from .verdicts import print_summary

        try:
            with self._progress:
                asyncio.run(self._verify())
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error
        order = {(given.text, given.line): place for place, given in enumerate(self._claims.given)}
        done = sorted(self._done, key=lambda v: order[v.claim, v.line])
        made = Verifications(
            id=self._folder.id if self._folder else "",
            library=self._library,
            verifications=tuple(done),
            refused=self._claims.refused,
        )
        if not self._as_json:
            print_summary(made, str(self._folder.folder) if self._folder else "")
        return made

    async def _verify(self) -> None:
        from consilience.verifying import verify_claims

        work = verify_claims(self._claims.given, library=self._library, settings=self._settings, started=self._begin)
        try:
            async with aclosing(work):
                async for verification in work:
                    self._show(verification)
        except (asyncio.CancelledError, KeyboardInterrupt):
            self._progress.stop()
            kept = f"; {len(self._done)} of {len(self._claims.given)} claims are kept" if self._done else ""
            where = f" in {self._folder.folder}" if self._folder and self._done else ""
            tell(f"Interrupted{kept}{where}", style="yellow", whole=True)
            raise

    def _begin(self, folder: VerificationFolder, settings: Settings) -> None:
        self._folder = folder
        if settings.reasoner == "model":
            model = identity(self._settings, "judge")
            self._progress.note(
                f"A language model reasons: {model.name} at {model.endpoint} (without: --reasoner embedded)"
            )

    def _show(self, verification: Verification) -> None:
        from .verdicts import print_verification

        self._done.append(verification)
        self._progress.done(verification)
        if not self._as_json:
            with self._progress.paused():
                print_verification(verification)
