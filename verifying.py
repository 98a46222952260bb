"""Verifies claims that people give: what the command line, and later a page or an API, calls.

The Verifier's own machinery does it (``agents.verifier``): the claim and its reversal are sought apart, prosecution,
defence and judge give stances, ``reasoning.verdicts`` counts papers. What differs is where the claim comes from. No
paper of the library is its source, so that one independent paper for it and none against make it SUPPORTED, and
UNCORROBORATED does not arise. No question chose papers beforehand either: every paper of the library may speak,
and one whose sentence is evidence is screened before it counts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consilience.assembly import Models, Way, logged_completer, logged_judge, reasoner_on, shelves, way_to_model
from consilience.engine import open_library
from consilience.errors import ClaimError
from consilience.reasoning.given import one_line, why_no_claim
from consilience.records import ScreeningDecision
from consilience.runs.names import now, stamp
from consilience.runs.verifications import VerificationFolder
from consilience.settings import Settings

if TYPE_CHECKING:
    from consilience.agents.context import Means
    from consilience.endpoints.base import Completer
    from consilience.literature.library import Library
    from consilience.literature.sources import LibrarySource
    from consilience.reasoning.embedded.judging import LoggedJudge
    from consilience.reports.verification import Verification
    from consilience.vectorstore.passages import Passages

AT_ONCE = 4
"""Claims under way at a time where a language model reasons; the embedded models take one after the other."""


@dataclass(frozen=True)
class Given:
    """A claim as ``check_claim`` gave it back, and its line where it stood in a file."""

    text: str
    line: int | None = None


def check_claim(text: str, max_characters: int) -> str:
    """The claim on one line, without control characters.

    Raises:
        ClaimError: it is empty, a question, an instruction, a topic, one word, or longer than ``max_characters``.
    """
    if len(text.strip()) > max_characters:
        raise ClaimError(
            f"the claim has {len(text.strip()):,} characters; at most {max_characters:,} are read",
            "split it into claims of one relation each, or raise CONSILIENCE_QUESTION__MAX_CHARACTERS",
        )
    claim = one_line(text)
    refused = why_no_claim(claim)
    if refused is not None:
        raise ClaimError(refused.problem, refused.advice)
    return claim


async def verify_claims(
    claims: Sequence[Given],
    *,
    library: str,
    settings: Settings,
    started: Callable[[VerificationFolder, Settings], None] | None = None,
    way: Way | None = None,
) -> AsyncGenerator[Verification]:
    """Verify claims against a library; each is recorded, then given as it is done (with the rules: in their order).

    Args:
        claims: checked by ``check_claim``.
        library: the library's name; ``sample`` is the shipped one.
        settings: ``verification`` bounds the papers, ``reasoner`` and ``model`` say who reasons, ``budget`` is for all.
        started: told where they are kept and the settings as they were settled, before the first claim.
        way: the way to the language model, already open; else it is opened as the settings choose.

    Raises:
        LibraryError: no such library, or it holds no paper with a text.
        EndpointError: the language model cannot be asked; nothing was spent.
        StorageError: the disk refuses to be written; claims given before are kept.
    """
    if not claims:
        return
    held = await asyncio.to_thread(open_library, settings, library)
    async with _opened(settings, way) as opened:
        folder = VerificationFolder.create(settings.home, claims[0].text)
        try:
            if started is not None:
                started(folder, opened.settings)
            room = await asyncio.to_thread(_Room.prepare, held, opened, folder)
            async for verification in _side_by_side(room, claims, AT_ONCE if room.completer else 1):
                yield verification
        finally:
            folder.close()


@asynccontextmanager
async def _opened(settings: Settings, way: Way | None) -> AsyncGenerator[Way]:
    if way is not None:
        yield way
        return
    async with way_to_model(settings) as opened:
        yield opened


async def _side_by_side(room: _Room, claims: Sequence[Given], at_once: int) -> AsyncGenerator[Verification]:
    """The claims' verifications as they are done, some under way at a time; what is not wanted any more is stopped."""
    waiting = iter(enumerate(claims, start=1))
    under_way: set[asyncio.Task[Verification]] = set()
    try:
        while True:
            while len(under_way) < at_once and (following := next(waiting, None)) is not None:
                under_way.add(asyncio.create_task(room.verify(*following), name=f"{following[0]:09d}"))
            if not under_way:
                return
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=lambda t: t.get_name()):
                yield task.result()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


@dataclass(frozen=True)
class _Room:
    """What the claims of one asking share."""

    library: Library
    settings: Settings
    folder: VerificationFolder
    source: LibrarySource
    passages: Passages
    judge: LoggedJudge
    completer: Completer | None
    decisions: Mapping[str, ScreeningDecision]
    digests: Mapping[str, str]

    @classmethod
    def prepare(cls, library: Library, way: Way, folder: VerificationFolder) -> _Room:
        models = way.models or Models.load(way.settings)
        source, passages = shelves(library, models.encoder)
        completer = way.completer if way.recorded else logged_completer(way, folder.model_calls, folder.id)
        return cls(
            library=library,
            settings=way.settings,
            folder=folder,
            source=source,
            passages=passages,
            judge=logged_judge(models, way.settings),
            completer=completer,
            decisions={
                paper_id: ScreeningDecision(paper_id=paper_id, included=False, reason="not screened yet", score=0.0)
                for paper_id in source.papers()
            },
            digests=models.digests(),
        )

    async def verify(self, number: int, given: Given) -> Verification:
        """One claim's verification, recorded."""
        from consilience.agents.attesting import record_of
        from consilience.agents.verifier import Bench, examine
        from consilience.reasoning.embedded.statements import read

        begun = time.perf_counter()
        statement = read(given.text)
        bench = Bench(self._means(), statement.plan, dict(self.decisions))
        examined = await examine(bench, (statement.claim,))
        made = record_of(statement, bench, examined, self.library.name).model_copy(
            update={
                "line": given.line,
                "models": dict(self.digests),
                "language_model": _named(self.completer),
                "date": stamp(now()),
                "seconds": round(time.perf_counter() - begun, 3),
            }
        )
        await asyncio.to_thread(self.folder.keep, number, made.model_dump_json(indent=2) + "\n")
        return made

    def _means(self) -> Means:
        """What one claim is examined with: a reasoner of its own, so that what it read of papers goes with it."""
        from consilience.agents.context import Means
        from consilience.reasoning.embedded import EmbeddedReasoner

        rules = EmbeddedReasoner(self.judge, self.settings)
        return Means(
            settings=self.settings,
            reasoner=reasoner_on(self.completer, rules, self.settings),
            source=self.source,
            passages=self.passages,
            papers=self.source.papers(),
        )


def _named(completer: Completer | None) -> str:
    """Which language model judges, as people are shown it; nothing where none reasons."""
    if completer is None:
        return ""
    model = completer.describe("judge")
    return f"{model.name} at {model.endpoint}"
