"""Follow-ups by a language model, from the run's own ledger: every sentence on its claims, or a question for a new run.

What the rules can look up exactly (a claim by its number, the limitations) they answer; the model is asked the rest.
"""

from __future__ import annotations

from consilience.language import instructions
from consilience.reasoning.base import Dossier, FollowUp, Outcome
from consilience.reasoning.embedded.following import follow_up as by_rules
from consilience.reasoning.embedded.following import is_look_up
from consilience.records import Draft

from . import showing
from .answers import FollowUpAnswer
from .asking import Asker
from .grounding import Ground
from .standing_in import told

_LONGEST_QUESTION = 400


async def follow_up(asker: Asker, question: str, dossier: Dossier, draft: Draft) -> Outcome[FollowUp]:
    """An answer with the claims it rests on, or ``needs_run``."""
    if is_look_up(question):
        return Outcome(value=by_rules(question, dossier, draft))
    shown = asker.fitting(showing.handles_of(dossier), showing.entries)
    names = {entry.claim.id: name for name, entry in shown.named()}
    asked = await asker.ask(
        "follow_up",
        "writer",
        FollowUpAnswer,
        {
            "question": dossier.plan.question,
            "report": showing.draft(draft, names),
            "claims": showing.entries(shown),
            "followup": question,
        },
    )
    if asked.value is None:
        return Outcome(value=by_rules(question, dossier, draft), gap=told(asked.gap), calls=asked.calls)
    answer = asked.value
    if answer.needs_run:
        child = " ".join(answer.question.split())[:_LONGEST_QUESTION]
        usable = child and not instructions.speaks_to_reader(child)
        return Outcome(value=FollowUp("", (), True, child if usable else question), calls=asked.calls)
    ground = Ground(shown, dossier.papers, f"{draft.abstract} {draft.answer.text} {showing.search(dossier.search)}")
    kept = ground.results(answer.sentences)
    if not kept:
        return Outcome(value=by_rules(question, dossier, draft), gap=told(ground.gap("follow_up")), calls=asked.calls)
    claim_ids = tuple(dict.fromkeys(i for s in kept for i in s.claim_ids))
    answered = FollowUp(" ".join(s.text for s in kept), claim_ids, False)
    return Outcome(value=answered, gap=ground.gap("follow_up"), calls=asked.calls)
