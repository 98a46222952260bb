"""Owns the answers of a replay: those that a run recorded, and nothing else. It asks no endpoint and needs no key."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from consilience.errors import CorruptRunError
from consilience.runs.calls import CallLog
from consilience.runs.model_calls import CHAT, CallModel, ModelCall, ModelCalls
from consilience.settings import Role

from .base import ChatRequest, Completion, FaultKind, ModelFault, ModelIdentity, TokenUsage
from .exchange import Exchange, call_id

_NOT_RECORDED = "the run recorded no answer to this call, so a replay has none"


class RecordedCompleter:
    """A ``Completer`` that answers as one run was answered, by the ids of its calls.

    The ids are made with the models that the run noted, so that they are the same without settings, endpoint or key. A
    role that a resumed run asked of another model has several; a call is looked for under each of them.

    A call that was answered in the end is answered, though it may have failed before (in an attempt at the run that was
    killed). One that only failed fails as it did: its faults in their order, the last of them again and again.

    Args:
        log: the call log that holds the run's answers.
        calls: the run's account.
        account: where the replay keeps its own account, which then says what the run's did.
    """

    def __init__(self, log: CallLog, calls: ModelCalls, account: ModelCalls | None = None) -> None:
        self._log = log
        self._account = account
        self._models = calls.models()
        self._answered: dict[str, ModelCall] = {}
        self._faults: dict[str, list[ModelCall]] = defaultdict(list)
        for call in calls.read():
            if call.fault:
                self._faults[call.id].append(call)
            else:
                self._answered[call.id] = call

    def describe(self, role: Role) -> ModelIdentity:
        """The model that last answered a role in the run; one without a name where the role was not asked."""
        models = self._of(role)
        return _identity(models[-1]) if models else ModelIdentity("", "")

    async def complete(self, request: ChatRequest) -> Completion:
        """The recorded answer.

        Raises:
            ModelFault: the recorded fault; ``unrecorded`` where the run has no such call.
            CorruptRunError: the call log lost an answer that the run rests on.
        """
        keys = [call_id(_identity(model), request) for model in self._of(request.role)]
        for key in keys:
            if key in self._answered:
                return await asyncio.to_thread(self._answer, self._answered[key])
        for key in keys:
            if key in self._faults:
                raise await asyncio.to_thread(self._fault, key)
        raise ModelFault(
            "unrecorded", _NOT_RECORDED, advice="replay a run that has ended", call_id=next(iter(keys), "")
        )

    def _of(self, role: str) -> list[CallModel]:
        return [model for model in self._models if model.role == role]

    def _answer(self, call: ModelCall) -> Completion:
        data = self._log.get_many(CHAT, [call.id]).get(call.id)
        if data is None:
            raise CorruptRunError(
                f"the call log has lost the answer to call {call.id[:12]}",
                "replay the run from a file that was exported when the log was whole",
            )
        completion = Exchange.parse(data).completion(call.id)
        self._note([call])
        return completion

    def _fault(self, key: str) -> ModelFault:
        faults = self._faults[key]
        call = faults.pop(0) if len(faults) > 1 else faults[0]
        self._note([call])
        return ModelFault(
            cast("FaultKind", call.fault),
            call.message,
            advice=call.advice,
            call_id=key,
            usage=TokenUsage(call.tokens_in, call.tokens_out, call.estimated),
            retries=call.retries,
        )

    def _note(self, calls: Iterable[ModelCall]) -> None:
        if self._account is not None:
            self._account.record_many(list(calls))


def _identity(model: CallModel) -> ModelIdentity:
    return ModelIdentity(model.name, model.endpoint, model.parameters)
