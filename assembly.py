"""Puts a run's parts together: the only place where concrete parts are chosen.

A library's source and index, the embedded reasoner with its models, and where a language model reasons the way to it:
the endpoint (or what a finished run recorded), around it the call log, the budget and the run's account.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consilience.runs.calls import CallLog
from consilience.runs.names import now, stamp
from consilience.runs.store import calls_path
from consilience.settings import ROLES, RoleSettings, Settings

if TYPE_CHECKING:
    from consilience.agents.context import Context
    from consilience.endpoints.base import Completer
    from consilience.literature.library import Library
    from consilience.literature.sources import LibrarySource
    from consilience.models.encoder import Encoder
    from consilience.models.stance import Judge
    from consilience.reasoning.base import Reasoner
    from consilience.reasoning.embedded import EmbeddedReasoner
    from consilience.reasoning.embedded.judging import LoggedJudge
    from consilience.runs.model_calls import ModelCalls
    from consilience.runs.run import Run
    from consilience.vectorstore.passages import Passages


@dataclass(frozen=True)
class Models:
    """The embedded networks, loaded: what runs that follow one another in a process may share."""

    encoder: Encoder
    judge: Judge

    @classmethod
    def load(cls, settings: Settings) -> Models:
        """The shipped encoder and stance judge.

        Raises:
            ModelFileError: their weights are missing or damaged.
        """
        from consilience.models.encoder import load_encoder
        from consilience.models.entailment import load_stance_judge

        encoder = load_encoder(settings.models.threads)
        return cls(encoder, load_stance_judge(encoder))

    def digests(self) -> dict[str, str]:
        """The hashes of both models' weights, by name."""
        return {self.encoder.name: self.encoder.digest, self.judge.name: self.judge.digest}


@dataclass(frozen=True)
class Way:
    """The way to the language model: ``completer`` is None where none reasons."""

    settings: Settings
    completer: Completer | None = None
    recorded: bool = False
    """Whether it only repeats what a finished run recorded."""
    models: Models | None = None
    """The embedded networks where they are loaded already; else each run loads its own."""


def settled(settings: Settings) -> Settings:
    """The settings with the choice of reasoner made: from here on they say ``embedded`` or ``model``."""
    from consilience.endpoints.choosing import chooses_model

    chosen = "model" if chooses_model(settings, os.environ) else "embedded"
    return settings.model_copy(update={"reasoner": chosen})


@asynccontextmanager
async def way_to_model(settings: Settings) -> AsyncGenerator[Way]:
    """The way to the language model that the settings choose, tried before anything is spent.

    Raises:
        EndpointError: it cannot be asked: no key, a wrong key, no server, no such model, no price for a bound on cost.
        SettingsError: a prompt of the person's own cannot be used.
    """
    settings = settled(settings)
    if settings.reasoner != "model":
        yield Way(settings)
        return
    from consilience import prompts
    from consilience.endpoints import local, preflight
    from consilience.endpoints.budget import Budget
    from consilience.endpoints.client import Endpoints
    from consilience.endpoints.prices import price_of
    from consilience.endpoints.telemetry import traced

    prompts.check(settings.model.prompts)
    async with local.serving(settings) as served:
        log = CallLog(calls_path(settings.home))
        opened = Endpoints(served, log)
        try:
            Budget(settings.budget, price_of, time.monotonic).require_prices(opened.describe(role) for role in ROLES)
            await preflight.check(opened, ROLES)
            with traced(opened) as completer:
                yield Way(_recordable(settings, served), completer)
        finally:
            await opened.aclose()
            log.close()


def _recordable(settings: Settings, served: Settings) -> Settings:
    """The settings as they were served, with addresses as they were given: a local server's port is of one process."""
    roles = {
        role: getattr(served.model.roles, role).model_copy(
            update={"base_url": getattr(settings.model.roles, role).base_url}
        )
        for role in ROLES
    }
    update = {"base_url": settings.model.base_url, "roles": RoleSettings(**roles)}
    return served.model_copy(update={"model": served.model.model_copy(update=update)})


def reasoner_of(way: Way, rules: EmbeddedReasoner, run: Run) -> Reasoner:
    """Who reasons in a run: the language model through the call log and the budget, or the embedded reasoner."""
    completer = way.completer if way.recorded else logged_completer(way, run.model_calls, run.id)
    return reasoner_on(completer, rules, way.settings)


def logged_completer(way: Way, calls: ModelCalls, account: str) -> Completer | None:
    """The language model through the call log, the budget and an account of its calls; None where none reasons."""
    if way.completer is None:
        return None
    from consilience.endpoints.budget import Budget
    from consilience.endpoints.logged import LoggedCompleter
    from consilience.endpoints.prices import price_of

    budget = Budget(way.settings.budget, price_of, time.monotonic, calls.read())
    return LoggedCompleter(way.completer, CallLog(calls_path(way.settings.home)), calls, budget, account)


def reasoner_on(completer: Completer | None, rules: EmbeddedReasoner, settings: Settings) -> Reasoner:
    """The language model beside the rules, or the rules alone."""
    if completer is None:
        return rules
    from consilience.reasoning.language_model import LanguageModelReasoner

    return LanguageModelReasoner(completer, rules, settings)


def embedded(settings: Settings, models: Models | None = None) -> tuple[EmbeddedReasoner, Encoder, dict[str, str]]:
    """The embedded reasoner, its encoder, and the hashes of both models' weights; the models are loaded if need be."""
    from consilience.reasoning.embedded import EmbeddedReasoner

    models = models or Models.load(settings)
    return EmbeddedReasoner(logged_judge(models, settings), settings), models.encoder, models.digests()


def logged_judge(models: Models, settings: Settings) -> LoggedJudge:
    """The stance judge behind the call log of a person's home."""
    from consilience.reasoning.embedded.judging import LoggedJudge

    return LoggedJudge(models.judge, CallLog(calls_path(settings.home)))


async def context_of(run: Run, library: Library, way: Way, *, confirming: bool) -> Context:
    """Everything that a run's nodes are given."""
    return await asyncio.to_thread(_context, run, library, way, confirming)


def _context(run: Run, library: Library, way: Way, confirming: bool) -> Context:
    from consilience.agents.context import Context

    rules, encoder, digests = embedded(way.settings, way.models)
    source, passages = shelves(library, encoder)
    return Context(
        settings=way.settings,
        reasoner=reasoner_of(way, rules, run),
        source=source,
        passages=passages,
        run=run,
        papers=source.papers(),
        clock=lambda: stamp(now()),
        confirm_plan=confirming,
        manifest=digests,
    )


def shelves(library: Library, encoder: Encoder) -> tuple[LibrarySource, Passages]:
    """A library as a source, its index made where it is missing, and the sentences of its papers."""
    from consilience.literature.sources import LibrarySource
    from consilience.vectorstore.passages import Passages
    from consilience.vectorstore.retrieval import HybridRetriever

    papers = library.papers()
    source = LibrarySource(library.name, papers, HybridRetriever(papers, library.index(encoder), encoder))
    return source, Passages(source.papers(), encoder)
