"""Claims out of one abstract: sentences that state a finding, split where one states several."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, cast

from consilience.language import clauses, concepts, hedging, numbers, strength
from consilience.language.text import stems
from consilience.records import Claim, Extraction, Paper, Relation, Span

from . import findings
from .arms import Arms
from .claim_words import (
    ADVICE,
    ASKS,
    DONE,
    FEW,
    FIGURES,
    FINITE,
    INTERPRETS,
    PROCEDURE,
    SHARE,
    UNMOVED,
    VERB_FIRST,
)
from .completion import Completed, complete
from .findings import Finding
from .scope import PaperView, Scope
from .siding import answers, asked_comparison

_SHORTEST = 20
"""Characters under which a clause is no statement."""
_LONGEST_SUBJECT = 9
_LONGEST = 500
"""Characters over which a clause is a list of statements that was not cut."""
_UNREAD = 20_000
"""Abstract characters that are read; more is no abstract (libraries refuse it)."""


def extract(paper: Paper, scope: Scope) -> Extraction:
    """The paper's claims in the order of its abstract, and what was dropped, by reason."""
    view = scope.view(paper)
    dropped: Counter[str] = Counter()
    claims: list[Claim] = []
    for start, end, borrowed in _statements(view, dropped):
        made = _claim(view, scope, start, end, borrowed)
        if isinstance(made, str):
            dropped[made] += 1
        else:
            claims.append(made)
    return Extraction(paper_id=paper.id, claims=tuple(claims), dropped=dict(sorted(dropped.items())))


def _statements(view: PaperView, dropped: Counter[str]) -> Iterator[tuple[int, int, str]]:
    """Spans of clauses in result and conclusion sentences, each with the subject it borrows from its sentence."""
    text = view.paper.abstract[:_UNREAD]
    for (start, end), zone in zip(view.spans, view.zones, strict=True):
        if not _is_result(zone, text[start:end]):
            dropped["background, aim or method"] += 1
            continue
        borrowed = ""
        for first, last in clauses.split(text[start:end]):
            begin, stop = _trim(text, start + first, start + last)
            clause = text[begin:stop]
            yield begin, stop, borrowed if VERB_FIRST.match(clause) else ""
            borrowed = _own_subject(clause) or borrowed


def _is_result(zone: str, text: str) -> bool:
    """Whether a text of that zone tells what was found or concluded.

    One among the methods does where it states a share, or "only" so many, of what was studied.
    """
    if zone != "method":
        return zone in ("result", "conclusion")
    return not PROCEDURE.search(text) and bool(SHARE.search(text))


def _own_subject(clause: str) -> str:
    """The words before a clause's first finite verb, if they are few enough to be its subject."""
    verb = FINITE.search(clause)
    words = clause[: verb.start()].split() if verb else []
    return " ".join(words) if 0 < len(words) <= _LONGEST_SUBJECT and "," not in " ".join(words) else ""


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and loose punctuation at its ends."""
    while start < end and text[start] in " \t\n,;:":
        start += 1
    while end > start and text[end - 1] in " \t\n,;":
        end -= 1
    return start, end


def _claim(view: PaperView, scope: Scope, start: int, end: int, borrowed: str) -> Claim | str:
    clause = view.paper.abstract[start:end]
    if len(clause) < _SHORTEST:
        return "no statement"
    if len(clause) > _LONGEST:
        return "several statements that could not be told apart"
    finding = findings.read(f"{borrowed} {clause}".strip(), view, scope)
    if not FIGURES.search(clause) and _is_no_finding(clause, finding):
        return "advice or method, no finding"
    if scope.is_open:
        return _open_claim(view, scope, start, end, borrowed, finding)
    if finding is None:
        return "states no direction"
    made = complete(clause, finding, view, borrowed)
    if isinstance(made, str):
        return made
    if not finding.on_outcome and _says_little(clause, finding, view):
        return "interpretation or dosing, no finding"
    arms = made.arms
    compares = not scope.comparator or asked_comparison(
        made.relation, scope, inactive=arms.inactive, named=bool(arms.comparator)
    )
    bears = bool(arms.subject) and _on_outcome(finding, scope) and view.on_topic and compares
    reply = (
        answers(
            made.relation,
            scope,
            inactive=arms.inactive,
            named_comparator=bool(arms.comparator),
            same=is_sameness(finding),
            related=_is_relation(finding) and not FEW.search(clause),
        )
        if bears
        else "none"
    )
    return _build(view, start, end, made, background=not bears, reply=reply)


def _is_no_finding(clause: str, finding: Finding | None) -> bool:
    """Whether a clause without figures advises, or tells what was done; advice behind a finding takes nothing back."""
    asks = ASKS.search(clause)
    if DONE.search(clause) or (asks and finding and finding.cue and asks.start() < finding.cue.start):
        return True
    advice = ADVICE.search(clause)
    if advice is None:
        return False
    return finding is None or finding.cue is None or advice.start() < finding.cue.start


def _says_little(clause: str, finding: Finding, view: PaperView) -> bool:
    """Whether an off-question clause interprets, or only says how the treatment itself was given."""
    if FIGURES.search(clause):
        return False
    itself = concepts.holds(finding.relation.outcome, view.subject) or not finding.relation.outcome
    return bool(INTERPRETS.search(clause)) or (itself and not finding.arms.comparator)


def _on_outcome(finding: Finding, scope: Scope) -> bool:
    return finding.on_outcome and bool(scope.outcome)


def _open_claim(
    view: PaperView, scope: Scope, start: int, end: int, borrowed: str, finding: Finding | None
) -> Claim | str:
    """A finding for an open question: with a direction or with figures, or a conclusion on the topic."""
    clause = view.paper.abstract[start:end]
    on_topic = names_topics(clause, view, scope)
    if finding is None and not (on_topic or numbers.read(clause)):
        return "states no finding"
    relation = finding.relation if finding else Relation(outcome=_topic_word(clause, scope))
    neutral = Finding(relation, Arms(), False, None, False)
    made = complete(clause, finding if finding and finding.arms.subject else neutral, view, borrowed)
    if isinstance(made, str):
        return made
    return _build(view, start, end, made, background=not on_topic, reply="none")


def _topic_word(clause: str, scope: Scope) -> str:
    named = [m for terms in scope.topics for m in concepts.find(clause, terms)]
    return named[-1].text if named else ""


def names_topics(clause: str, view: PaperView, scope: Scope) -> bool:
    """Whether a clause is on an open question's topic: it names the last facet, or all the others, and the paper the
    rest. The last facet of a question is its focus ("what do reviews do about *study quality*").
    """
    if not view.topics:
        return False
    named = [_names_topic(clause, view, terms) for terms in view.topics]
    return view.names_topics and (named[-1] or (len(named) > 2 and all(named[:-1])))


def _names_topic(clause: str, view: PaperView, terms: tuple[str, ...]) -> bool:
    """Whether the clause names the topic, or a word of it where the paper's title names it in full."""
    if concepts.holds(clause, terms):
        return True
    titled = concepts.find(view.paper.title, terms)
    words = {s for m in titled if " " in m.text.strip() for s in stems(m.text)}
    return bool(words & set(stems(clause)))


def _build(view: PaperView, start: int, end: int, made: Completed, *, background: bool, reply: str) -> Claim:
    paper = view.paper
    clause = paper.abstract[start:end]
    span = Span(paper_id=paper.id, start=start, end=end, text=clause)
    digest = hashlib.sha256(f"{paper.id}:{start}:{end}:{clause}".encode()).hexdigest()
    return Claim(
        id=f"c{digest[:10]}",
        text=made.text,
        spans=(span,),
        relation=made.relation,
        quantities=numbers.read(clause),
        strength=strength.read(clause, view.design),
        subjects=view.subjects,
        hedged=hedging.is_hedged(clause),
        design=view.design,
        background=background,
        answers=cast(Literal["for", "against", "none"], reply),
        completed=made.changed,
    )


def statement_findings(span: Span, view: PaperView, scope: Scope) -> tuple[Finding, ...]:
    """The findings that a passage of a paper states: what cross-examination compares.

    None where the passage is background, aim or method; and no sameness among arms that it does not name.
    """
    key = (span.start, span.end)
    if key not in view.memo:
        view.memo[key] = _findings_in(span, view, scope) if states_result(span, view) else ()
    return cast("tuple[Finding, ...]", view.memo[key])


def _findings_in(span: Span, view: PaperView, scope: Scope) -> tuple[Finding, ...]:
    """As a claim of the same words would be read: with the subject that the abstract alone allows."""
    made: list[Finding] = []
    for first, last in clauses.split(span.text):
        clause = span.text[first:last]
        found = findings.read(clause, view, scope)
        if found is None or (is_sameness(found) and not found.arms.comparator):
            continue
        whole = complete(clause, found, view) if not found.arms.subject and found.on_outcome else ""
        made.append(found if isinstance(whole, str) else replace(found, relation=whole.relation, arms=whole.arms))
    return tuple(made)


def is_sameness(finding: Finding) -> bool:
    """Whether the finding says that things are alike ("similar", "equally"), not that an effect is absent."""
    return finding.cue is not None and finding.cue.kind == "same" and not UNMOVED.match(finding.cue.text)


def _is_relation(finding: Finding) -> bool:
    """Whether the finding states a relation as there, in no direction ("was associated with")."""
    return finding.cue is not None and finding.cue.kind == "relation" and not finding.cue.negated


def states_result(span: Span, view: PaperView) -> bool:
    """Whether a passage stands in a sentence that tells what was found or concluded."""
    for (start, end), zone in zip(view.spans, view.zones, strict=True):
        if start <= span.start < end:
            return _is_result(zone, span.text)
    return False
