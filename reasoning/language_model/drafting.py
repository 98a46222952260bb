"""The draft by a language model: its prose around a verdict that the ledger gives, every sentence held to its claims.

Verdict, certainty, counts, method and the limitations that every reader must know come from the rules; where nothing on
the question stands there is nothing to write, and the rules' draft says so. Prose that does not keep its ground is left
out; a part of which nothing is left is the rules' part.
"""

from __future__ import annotations

from dataclasses import dataclass

from consilience.language import instructions
from consilience.reasoning.base import Dossier, Outcome
from consilience.reasoning.embedded.panel import wording
from consilience.reasoning.embedded.panel.whole import Draftwide
from consilience.reasoning.embedded.writing import drafting, frame
from consilience.reasoning.embedded.writing.answering import tallies
from consilience.reasoning.embedded.writing.votes import Votes
from consilience.records import AnswerVerdict, Draft, LedgerEntry, Objection, Section, Sentence

from . import showing
from .answers import WriteAnswer
from .asking import Asker
from .figures import foreign_numbers
from .grounding import Ground
from .reading import share_of_words
from .showing import Handles
from .standing_in import told

COMPOSED = (
    "A language model stated each claim in its own words from a quotation that was checked against the abstract, "
    "character by character; design and strength were read from the abstract by rules."
)
WRITTEN = (
    "A language model wrote the prose from the ledger of claims; sentences with a number, a claim or a certainty that "
    "the ledger does not hold were left out, but a model can still word a finding badly."
)
_HEADS = {
    AnswerVerdict.YES: "Yes, provisionally.",
    AnswerVerdict.NO: "No, provisionally.",
    AnswerVerdict.MIXED: "The evidence is mixed.",
    AnswerVerdict.FINDINGS: "",
}
_MOST_LINES = 5
_LONGEST_TITLE = 200
_TITLE_GROUNDED = 0.7


@dataclass(frozen=True)
class Sheet:
    """What the writer is given: the dossier, the claims under their handles, the draft that the rules would make."""

    dossier: Dossier
    shown: Handles[LedgerEntry]
    base: Draft

    @property
    def names(self) -> dict[str, str]:
        """Claim ids to handles."""
        return {entry.claim.id: name for name, entry in self.shown.named()}

    def variables(self) -> dict[str, str]:
        """The prompt's variables that write and revise share."""
        dossier, answer = self.dossier, self.base.answer
        votes = Votes(dossier)
        standing = [f"verdict: {answer.verdict.value}", f"certainty: {answer.certainty.value}, provisional"]
        standing += [f"because: {reason}" for reason in answer.certainty_reasons]
        standing += [f"papers: {tallies(votes)}"] if answer.verdict is not AnswerVerdict.FINDINGS else []
        return {
            "question": dossier.plan.question,
            "plan": showing.plan(dossier.plan),
            "standing": "\n".join(standing),
            "claims": showing.entries(self.shown),
            "search": showing.search(dossier.search),
        }


async def write(asker: Asker, dossier: Dossier) -> Outcome[Draft]:
    """The first draft."""
    sheet = Sheet(
        dossier, asker.fitting(showing.handles_of(dossier), showing.entries), _labelled(drafting.compose(dossier))
    )
    if sheet.base.answer.verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
        return Outcome(value=sheet.base)
    asked = await asker.ask("write", "writer", WriteAnswer, sheet.variables())
    return _made(asked, sheet)


async def revise(asker: Asker, dossier: Dossier, draft: Draft, objections: tuple[Objection, ...]) -> Outcome[Draft]:
    """A draft that settles what it can of the open objections."""
    base = _labelled(drafting.revise(dossier, draft, objections))
    sheet = Sheet(dossier, asker.fitting(showing.handles_of(dossier), showing.entries), base)
    if base.answer.verdict is AnswerVerdict.NOT_ENOUGH_EVIDENCE:
        return Outcome(value=base)
    asked = await asker.ask(
        "revise",
        "writer",
        WriteAnswer,
        {
            "draft": showing.draft(draft, sheet.names),
            "objections": showing.objections(objections, sheet.names),
            **sheet.variables(),
        },
    )
    return _made(asked, sheet)


def _labelled(draft: Draft) -> Draft:
    """The rules' draft with the words that say how a language model's claims and prose were made."""
    method = tuple(Sentence(text=COMPOSED) if s.text == frame.EXTRACTED else s for s in draft.method.sentences)
    return draft.model_copy(
        update={
            "method": draft.method.model_copy(update={"sentences": method}),
            "limitations": tuple(
                dict.fromkeys(WRITTEN if line == frame.EXTRACTIVE else line for line in draft.limitations)
            ),
        }
    )


def _made(asked: Outcome[WriteAnswer], sheet: Sheet) -> Outcome[Draft]:
    if asked.value is None:
        return Outcome(value=sheet.base, gap=told(asked.gap), calls=asked.calls)
    ground = Ground(sheet.shown, sheet.dossier.papers, _figures(sheet))
    draft = checked(asked.value, sheet, ground)
    return Outcome(value=draft, gap=ground.gap("write"), calls=asked.calls)


def _figures(sheet: Sheet) -> str:
    """What a sentence about the run may count."""
    base, search = sheet.base, sheet.dossier.search
    pages = (base.abstract, base.answer.text, showing.search(search), *(s.text for s in base.method.sentences))
    return " ".join((*pages, str(len(sheet.dossier.ledger)), sheet.dossier.plan.question))


def checked(given: WriteAnswer, sheet: Sheet, ground: Ground) -> Draft:
    """The model's prose as far as it keeps its ground, around what the rules say."""
    base = sheet.base
    results = tuple(
        Section(heading=_heading(section.heading, ground), sentences=kept)
        for section in given.results
        if (kept := ground.results(section.sentences))
    )
    abstract = " ".join(s.text for s in ground.results(given.abstract))
    introduction = ground.around(given.introduction)
    draft = base.model_copy(
        update={
            "abstract": _framed(base.abstract, abstract),
            "answer": base.answer.model_copy(update={"text": _answer(given, sheet, ground)}),
            "introduction": base.introduction.model_copy(
                update={"sentences": (*base.introduction.sentences, *introduction)}
            ),
            "results": results or base.results,
            "limitations": tuple(dict.fromkeys((*base.limitations, *ground.lines(given.limitations, _MOST_LINES)))),
            "gaps_in_evidence": tuple(
                dict.fromkeys((*base.gaps_in_evidence, *ground.lines(given.gaps_in_evidence, _MOST_LINES)))
            ),
        }
    )
    return _titled(draft, given.title, sheet, ground)


def _answer(given: WriteAnswer, sheet: Sheet, ground: Ground) -> str:
    """The verdict in fixed words, then the model's; and that papers disagree, where it did not say so."""
    base = sheet.base.answer
    said = " ".join(s.text for s in ground.results(given.answer))
    if not said:
        return base.text
    text = f"{_HEADS[base.verdict]} {said}".strip()
    draft = sheet.base.model_copy(update={"answer": base.model_copy(update={"text": text})})
    whole = Draftwide(sheet.dossier, draft)
    if not whole.answer_tells:
        text = f"{text} Papers disagree: {whole.disagreement}."
    return f"{text} Certainty is {base.certainty.value}, and provisional."


def _titled(draft: Draft, title: str, sheet: Sheet, ground: Ground) -> Draft:
    """The draft with the model's title if it is grounded and no stronger than the answer; else with the rules' one."""
    text = " ".join(title.split()).rstrip(".")
    own = draft.model_copy(update={"title": text})
    sources = [ground.counts, *(entry.claim.text for entry in sheet.shown.items)]
    grounded = 0 < len(text) <= _LONGEST_TITLE and share_of_words(text, sources) >= _TITLE_GROUNDED
    stands = grounded and not strange(text, sources) and Draftwide(sheet.dossier, own).title is None
    return own if stands else draft


def _framed(base: str, said: str) -> str:
    """The rules' abstract with the model's sentences before its last one, which tells that only abstracts were read."""
    if not said:
        return base
    start = base.rfind(" Only abstracts were read")
    return f"{base[:start]} {said}{base[start:]}" if start >= 0 else f"{base} {said}"


def _heading(text: str, ground: Ground) -> str:
    """A section's heading in one short line that names something and says nothing of it."""
    plain = " ".join(text.split()).rstrip(".:")[:90]
    says = wording.emphatic(plain) or wording.causal(plain) or wording.asserts(plain) or wording.states_finding(plain)
    return plain if plain and not says and not strange(plain, [ground.counts]) else "Findings"


def strange(text: str, sources: list[str]) -> bool:
    """Whether a line holds numbers that are nobody's, or speaks to its reader."""
    return bool(foreign_numbers(text, sources)) or instructions.speaks_to_reader(text)
