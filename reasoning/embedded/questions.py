"""Reads a question: its type, its facets, and the direction that a yes-or-no question asks about.

Grammar by patterns, not by a parser: an English yes-or-no question has its verb first, a subject, a relation
("improve", "more effective than", "associated with") and an outcome, often with a population behind "in" or "among".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from consilience.language import concepts
from consilience.language.polarity import of_outcome, valence
from consilience.language.text import content_words, stems
from consilience.records import Direction, Facet, FacetRole, QuestionType, Valence

_AUX = r"(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|may|might|must)"
_EFFECT_VERBS = {
    "increase": Direction.INCREASE, "raise": Direction.INCREASE, "cause": Direction.INCREASE,
    "induce": Direction.INCREASE, "promote": Direction.INCREASE, "enhance": Direction.INCREASE,
    "lead to": Direction.INCREASE, "result in": Direction.INCREASE, "produce": Direction.INCREASE,
    "contribute to": Direction.INCREASE, "boost": Direction.INCREASE, "trigger": Direction.INCREASE,
    "accelerate": Direction.INCREASE, "prolong": Direction.INCREASE, "stimulate": Direction.INCREASE,
    "reduce": Direction.DECREASE, "decrease": Direction.DECREASE, "lower": Direction.DECREASE,
    "prevent": Direction.DECREASE, "relieve": Direction.DECREASE, "alleviate": Direction.DECREASE,
    "inhibit": Direction.DECREASE, "protect against": Direction.DECREASE, "protect from": Direction.DECREASE,
    "slow": Direction.DECREASE, "delay": Direction.DECREASE, "suppress": Direction.DECREASE,
    "diminish": Direction.DECREASE, "attenuate": Direction.DECREASE, "mitigate": Direction.DECREASE,
    "shorten": Direction.DECREASE, "eliminate": Direction.DECREASE, "minimize": Direction.DECREASE,
    "minimise": Direction.DECREASE, "control": Direction.DECREASE, "treat": Direction.DECREASE,
}  # fmt: skip
_VALENCE_VERBS = {
    "improve": Valence.BENEFIT, "help": Valence.BENEFIT, "ameliorate": Valence.BENEFIT,
    "restore": Valence.BENEFIT, "preserve": Valence.BENEFIT, "benefit": Valence.BENEFIT,
    "impair": Valence.HARM, "worsen": Valence.HARM, "harm": Valence.HARM, "damage": Valence.HARM,
    "compromise": Valence.HARM, "degrade": Valence.HARM,
}  # fmt: skip
_OPEN_VERBS = (
    "affect", "influence", "predict", "alter", "change", "modify", "impact", "play a role in", "matter for",
    "correlate with", "relate to", "determine", "have an effect on", "have an impact on", "have an influence on",
    "have any effect on", "have any influence on", "have a role in", "make a difference to", "make a difference in",
    "differ in", "vary with", "predispose to", "account for", "explain", "be associated with", "impact on",
)  # fmt: skip
_PREDICATES = (
    (r"(?:more|as) (?:effective|efficacious|beneficial|useful|helpful)|superior|better|effective|efficacious|"
     r"beneficial|useful|helpful|efficient", Valence.BENEFIT),
    (r"(?:less|as little) (?:effective|efficacious|safe)|inferior|worse|harmful|detrimental|unsafe|dangerous|"
     r"a risk factor", Valence.HARM),
    (r"safe(?:r)?|well tolerated|feasible|reliable|accurate|valid|sufficient|adequate|necessary|appropriate",
     Valence.BENEFIT),
)  # fmt: skip
_AS_GOOD = re.compile(
    r"\bas (?P<q>(?:effective|efficacious|safe|good|beneficial|useful|well tolerated|accurate|reliable|efficient))(?:ly)? as "
    r"(?P<c>.+?)(?=\s+(?:in|for|among|at|on|with|during|after|when)\b|[,;?]|$)",
    re.IGNORECASE,
)
_COMPARATOR = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|in comparison (?:with|to)|as compared (?:with|to)|over|"
    r"relative to|rather than|instead of)\s+(?P<c>.+?)(?=\s+(?:in|for|among|at|on|with|during|after|when)\b|[,;?]|$)",
    re.IGNORECASE,
)
_PEOPLE = (
    r"patients?|persons?|people|women|men|adults?|children|adolescents?|infants?|subjects?|individuals?|elderly|"
    r"population|students?|workers?|athletes?|males?|females?|volunteers?|pregnancy|mice|rats|animals|cells|"
    r"developers?|users?|survivors?|smokers?|mothers?|veterans?|settings?|countries|newborns?|neonates?|dogs|cats|"
    r"horses|cattle|pigs|sheep|rabbits|monkeys|pets"
)
_POPULATION = re.compile(
    rf"^.*(?P<cut>\s+(?:in|among|on)\s+(?P<p>(?:(?!in\b|of\b)[\w'/-]+\s+){{0,4}}(?:{_PEOPLE})\b.*))$"
    rf"|^.*?(?P<cut2>\s+(?:for|of)\s+(?P<p2>(?:[\w'/-]+\s+){{0,3}}(?:{_PEOPLE})\b.*))$",
    re.IGNORECASE,
)
_GENERIC_OUTCOME = re.compile(
    r"^(?:the\s+)?(?:acute\s+)?(?P<what>relief|treatment|symptoms?|management|severity|symptom severity|"
    r"improvement|therapy|course|prognosis|outcomes?|clinical outcomes?|control|remission)\s+"
    r"(?:of|in|for|from)\s+(?P<condition>.+)$",
    re.IGNORECASE,
)
_WH = re.compile(
    r"^(?:what|which|how|why|when|where|who|whom|whose|in what way|to what extent|under what)\b",
    re.IGNORECASE,
)
_OPEN_LINKS = re.compile(
    r"\b(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|be|been|being|about|there|known|"
    r"what|which|how|why|when|where|who|whom|whose|the|a|an|some|any|much|many|used|use|uses|between|that|"
    r"effects?|evidence|way|ways|people|reported|say|says|tell|us|for|on|to|by|with|from|affect|affects|impact|"
    r"influence|influences|predict|predicts|cause|causes|lead|leads|improve|improves|help|helps|differ|work|works|conducted|performed|published|done|"
    r"compare|compares|compared|each other|one another|topics?|both|other|or)\b|,",
    re.IGNORECASE,
)


_PASSIVES = {
    "improved": "improve", "prevented": "prevent", "reduced": "reduce", "increased": "increase", "lowered": "lower",
    "relieved": "relieve", "decreased": "decrease", "restored": "restore", "enhanced": "enhance", "raised": "raise",
    "caused": "cause", "treated": "treat", "induced": "induce", "delayed": "delay", "predicted": "predict",
    "influenced": "influence", "affected": "affect", "explained": "explain", "worsened": "worsen",
}  # fmt: skip


def _passives() -> str:
    return "|".join(_PASSIVES)


@dataclass(frozen=True)
class Reading:
    """What a question was read as. ``asked`` is the direction, ``asked_valence`` what a yes would mean."""

    question_type: QuestionType
    facets: tuple[Facet, ...]
    asked: Direction = Direction.UNSTATED
    asked_valence: Valence = Valence.UNSTATED
    any_change: bool = False
    key_phrases: tuple[str, ...] = ()


@dataclass
class _Parts:
    subject: str = ""
    comparator: str = ""
    outcome: str = ""
    population: str = ""
    condition: str = ""
    generic: bool = False
    asked: Direction = Direction.UNSTATED
    valence: Valence = Valence.UNSTATED
    any_change: bool = False
    rest: list[str] = field(default_factory=list[str])


def read(question: str) -> Reading:
    """Read one question. Never raises; what cannot be told apart becomes topic facets of an open question."""
    text = _tidy(question)
    if re.match(rf"^{_AUX}\b", text, re.IGNORECASE):
        parts = _yes_no(text)
        if parts is not None:
            return _reading(parts)
    return _open(text)


def _tidy(question: str) -> str:
    """One line without its question mark; "X: is it Y?" becomes "is X Y?"."""
    text = " ".join(question.split()).rstrip(" ?.!")
    text = re.sub(r"\([^)]*\)", " ", text)
    turned = re.match(rf"^(?P<x>[^:]{{3,120}}):\s*(?P<aux>{_AUX})\s+(?:it|they|this|these)\s+(?P<y>.+)$", text, re.I)
    if turned:
        text = f"{turned['aux']} {turned['x']} {turned['y']}"
    else:
        # "A and B: does C change D?" asks what stands behind the colon.
        text = re.sub(rf"^[^:?]{{3,160}}[:.?]\s*(?={_AUX}\s+\S+\s+\S+)", "", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _yes_no(text: str) -> _Parts | None:
    body = re.sub(rf"^{_AUX}\s+", "", text, count=1, flags=re.IGNORECASE)
    body = re.sub(r"^(?:the\s+)?(?:use|addition|administration|effect|effects) of\s+", "", body, flags=re.IGNORECASE)
    parts = _Parts()
    alike = _AS_GOOD.search(body)
    if alike:
        parts.subject, parts.comparator = _phrase(body[: alike.start()]), _phrase(alike["c"])
        parts.asked, parts.valence = Direction.NO_DIFFERENCE, Valence.NEUTRAL
        rest = re.sub(r"^\s*(?:for|at|to|on|of|against|with)?\s+(?=\S)", " ", body[alike.end() :])
        finished = _finish(parts, rest, treats=True)
        return _about_safety(finished) if re.match(r"safe|well", alike["q"], re.IGNORECASE) else finished
    compared = _COMPARATOR.search(body)
    if compared:
        parts.comparator = _phrase(compared["c"])
        body = (body[: compared.start()] + " " + body[compared.end() :]).strip()
    there = re.match(
        r"^there\s+(?:an?|any|evidence (?:of|for) an?)?\s*(?:\w+\s+)?"
        r"(?:association|relationship|link|correlation|relation|connection|(?:influence|effect|impact|role) of)\s+"
        r"(?:between\s+)?(?P<a>.+?)\s+(?:and|on|in)\s+(?P<b>.+)$",
        body,
        re.IGNORECASE,
    )
    if there:
        parts.subject, outcome, parts.any_change = _phrase(there["a"]), there["b"], True
        return _finish(parts, outcome)
    return _linked(body, parts) or _verbal(body, parts) or _predicative(body, parts)


def _verbal(body: str, parts: _Parts) -> _Parts | None:
    """SUBJECT VERB OUTCOME."""
    verbs = [*_EFFECT_VERBS, *_VALENCE_VERBS, *_OPEN_VERBS]
    pattern = "|".join(sorted((re.escape(v).replace(r"\ ", r"\s+") for v in verbs), key=len, reverse=True))
    match = re.search(
        rf"^(?P<s>.+?)\s+(?:significantly\s+|further\s+|help\s+(?:to\s+)?|effectively\s+)?(?P<v>{pattern})s?\s+(?P<o>.+)$",
        body,
        re.IGNORECASE,
    )
    if match is None:
        return None
    verb = " ".join(match["v"].casefold().split())
    parts.subject = _phrase(match["s"])
    parts.asked = _EFFECT_VERBS.get(verb, Direction.UNSTATED)
    parts.valence = _VALENCE_VERBS.get(verb, Valence.UNSTATED)
    parts.any_change = verb in _OPEN_VERBS
    return _finish(parts, match["o"], treats=verb == "treat")


def _linked(body: str, parts: _Parts) -> _Parts | None:
    """SUBJECT (is) associated with OUTCOME."""
    linked = re.search(
        r"^(?P<s>.+?)\s+(?:(?:significantly|positively|inversely|negatively|causally)\s+)?(?:(?:associated|correlated|"
        r"related|linked|connected)\s+(?:with|to)|predictive\s+(?:of|for)|an?\s+(?:\w+\s+)?(?:predictor|marker|indicator|"
        r"risk factor|risk indicator|determinant|cause|biomarker)\s+(?:of|for|in))\s+(?P<o>.+)$",
        body,
        re.IGNORECASE,
    )
    if linked:
        parts.subject, outcome = _phrase(linked["s"]), linked["o"]
        lower = re.match(r"^(?:an?\s+)?(?:reduced|lower|decreased|less)\s+(?P<o>.+)$", outcome, re.IGNORECASE)
        higher = re.match(r"^(?:an?\s+)?(?:increased|higher|greater|elevated|more)\s+(?P<o>.+)$", outcome, re.I)
        changed = lower or higher
        if changed:
            parts.asked = Direction.DECREASE if lower else Direction.INCREASE
            outcome = changed["o"]
        else:
            parts.any_change = True
        return _finish(parts, outcome)
    return None


def _predicative(body: str, parts: _Parts) -> _Parts | None:
    """OUTCOME (be) VERB-ed by SUBJECT; SUBJECT (is) PREDICATE for OUTCOME."""
    passive = re.match(
        rf"^(?P<o>.+?)\s+be\s+(?:significantly\s+)?(?P<v>{_passives()})\s+(?:by|with|through|using)\s+(?P<s>.+)$",
        body,
        re.I,
    )
    if passive:
        verb = _PASSIVES[passive["v"].casefold()]
        parts.subject = _phrase(passive["s"])
        parts.asked = _EFFECT_VERBS.get(verb, Direction.UNSTATED)
        parts.valence = _VALENCE_VERBS.get(verb, Valence.UNSTATED)
        parts.any_change = verb in _OPEN_VERBS
        return _finish(parts, passive["o"])
    works = re.match(r"^(?P<s>.+?)\s+(?:really\s+)?(?:work|help)(?:\s+(?:in|for|against)\s+(?P<o>.+))?$", body, re.I)
    if works:
        parts.subject, parts.valence = _phrase(works["s"]), Valence.BENEFIT
        return _finish(parts, works["o"] or "", treats=True)
    for pattern, asked in _PREDICATES:
        match = re.search(rf"^(?P<s>.+?)\s+(?:an?\s+)?(?P<v>{pattern})\b(?P<rest>.*)$", body, re.IGNORECASE)
        if match:
            parts.subject, parts.valence = _phrase(match["s"]), asked
            rest = re.sub(r"^\s*(?:and \w+\s*)?(?:for|at|to|on|of|against|with|as)?\s+(?=\S)", " ", match["rest"])
            safe = re.match(r"safe|well tolerated|unsafe", match["v"], re.IGNORECASE)
            finished = _finish(parts, rest, treats=True)
            return _about_safety(finished) if safe else finished
    return None


def _finish(parts: _Parts, outcome: str, *, treats: bool = False) -> _Parts:
    """Take the population off the outcome, and the condition off an outcome that only says "symptoms of"."""
    outcome = f" {outcome.strip()}" if outcome.strip() else ""
    who = _POPULATION.search(outcome)
    if who:
        parts.population = _phrase(who["p"] or who["p2"])
        outcome = outcome[: who.start("cut") if who["p"] else who.start("cut2")]
        _with_condition(parts)
    outcome = _changed(_phrase(outcome), parts)
    generic = _GENERIC_OUTCOME.match(outcome)
    if generic:
        parts.condition, parts.generic = _phrase(generic["condition"]), True
        outcome = _phrase(generic["what"])
    elif treats and (not outcome or _names(outcome, "condition")):
        parts.condition, parts.generic, outcome = outcome, True, "efficacy"
    elif treats and not outcome:
        parts.generic, outcome = True, "efficacy"
    parts.outcome = outcome
    if parts.generic and parts.valence is Valence.UNSTATED and parts.asked is Direction.DECREASE:
        parts.valence = Valence.BENEFIT
    return parts


_HAVING = re.compile(
    r"^(?P<who>(?:[\w-]+\s+){0,2}?(?:people|patients|persons|individuals|subjects|adults|children|women|men|adolescents|"
    r"infants))\s+(?:with|who have|having|suffering from|diagnosed with|undergoing|receiving)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
_ANYBODY = re.compile(r"^(?:people|patients|persons|individuals|subjects)$", re.IGNORECASE)


def _with_condition(parts: _Parts) -> None:
    """People with a condition: the condition is a topic that a paper must name, and "people" narrows nothing."""
    having = _HAVING.match(parts.population)
    if having is None or parts.condition:
        return
    parts.condition = _phrase(having["what"])
    parts.population = "" if _ANYBODY.match(having["who"]) else _phrase(having["who"])


def _changed(outcome: str, parts: _Parts) -> str:
    """An outcome that names its own change ("result in lower costs") without it; the change turns what is asked."""
    change = _CHANGED.match(outcome)
    if change is None:
        return _MEASURE.sub("", outcome)
    word = change[0].casefold()
    if parts.asked is Direction.INCREASE and re.match(r"decreas|reduc|lower|fewer", word):
        parts.asked = Direction.DECREASE
    if parts.asked is Direction.INCREASE and re.match(r"better|improv", word):
        parts.valence = Valence.BENEFIT
    if parts.asked is Direction.INCREASE and re.match(r"worse|impair", word):
        parts.valence, parts.asked = Valence.HARM, Direction.UNSTATED
    return _MEASURE.sub("", outcome[change.end() :])


def _about_safety(parts: _Parts) -> _Parts:
    """Safe for whom or in what: the outcome is adverse events, whatever the words behind "safe" name."""
    if parts.outcome and parts.outcome != "efficacy":
        parts.condition = parts.outcome
    parts.outcome, parts.generic = "adverse events", False
    return parts


def _names(phrase: str, kind: str) -> bool:
    return any(c.kind == kind for c in concepts.named_by(phrase))


_EMPTY_TOPIC = re.compile(
    r"(?:effective|safe|effectiveness|safety|benefits?|harms?|effectiveness and safety|benefits and harms|good|bad)(?: and \w+)?",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"^(?:pre-?treatment|treatment|therapy|supplementation|administration|prophylaxis|exposure|intake|consumption|use)\s+"
    r"(?:with|of|to)\s+(?=\S)",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"^(?:the\s+)?(?:risk|rates?|incidence|prevalence|frequency|odds|number|likelihood|probability|occurrence|development|"
    r"levels?)\s+(?:of|for)\s+(?:developing\s+)?(?=\S)",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"^(?:increased|decreased|reduced|higher|lower|better|improved|greater|worse|fewer|elevated|impaired)\s+(?=\S)",
    re.IGNORECASE,
)


def _phrase(text: str) -> str:
    """A phrase without articles and loose ends."""
    text = re.sub(r"^(?:the|a|an|any|their|its|routine|use of|the use of|by|of)\s+", "", text.strip(" ,;"), flags=re.I)
    text = _GIVING.sub("", text)
    return re.sub(r"\s+(?:and|or|in|of|for|be|to|have|with|a|an|the)$", "", text.strip(), flags=re.I)


def _reading(parts: _Parts) -> Reading:
    facets: list[Facet] = []
    _more_or_less(parts)
    _add(facets, "subject", parts.subject, subject_terms(parts.subject))
    _add(facets, "comparator", parts.comparator, subject_terms(parts.comparator))
    _add(
        facets,
        "outcome",
        parts.outcome,
        outcome_terms(parts.outcome, generic=parts.generic, condition=parts.condition),
    )
    _add(facets, "topic", parts.condition, subject_terms(parts.condition))
    who = (*subject_terms(parts.population), *concepts.population_in(parts.population))
    _add(facets, "population", parts.population, tuple(dict.fromkeys(who)))
    asked, meant = parts.asked, parts.valence
    if meant is Valence.UNSTATED and asked not in (Direction.UNSTATED, Direction.NO_DIFFERENCE):
        meant = valence(asked, of_outcome(parts.outcome))
    if asked is Direction.UNSTATED and meant is not Valence.UNSTATED:
        asked = _direction_of(meant, parts.outcome)
    return Reading(
        question_type=QuestionType.YES_NO,
        facets=tuple(facets),
        asked=asked,
        asked_valence=meant,
        any_change=parts.any_change,
        key_phrases=tuple(f.text for f in facets),
    )


def _more_or_less(parts: _Parts) -> None:
    """A subject that is itself an amount ("a higher birth weight") without it; a lower one turns what is asked."""
    amount = re.match(
        r"^(?P<a>higher|greater|increased|elevated|more|lower|reduced|decreased|less)\s+(?=\S)", parts.subject, re.I
    )
    if amount is None:
        return
    parts.subject = parts.subject[amount.end() :]
    if re.match(r"low|reduc|decreas|less", amount["a"], re.IGNORECASE):
        turned = {Direction.INCREASE: Direction.DECREASE, Direction.DECREASE: Direction.INCREASE}
        parts.asked = turned.get(parts.asked, parts.asked)


def _direction_of(meant: Valence, outcome: str) -> Direction:
    """The direction of the outcome that a benefit or a harm implies, where its polarity is known."""
    polarity = of_outcome(outcome)
    if polarity == "unknown":
        return Direction.UNSTATED
    up_is_good = polarity == "good"
    return Direction.INCREASE if (meant is Valence.BENEFIT) == up_is_good else Direction.DECREASE


def _add(facets: list[Facet], role: FacetRole, text: str, terms: tuple[str, ...]) -> None:
    if text and terms:
        facets.append(Facet(role=role, text=text, terms=terms))


_STANDS_ALONE = ("treatment", "condition", "population")
"""Kinds of concepts whose one word says enough: "statins in the elderly" is statins, "efficacy of" is not efficacy."""
_GENERIC = re.compile(
    r"(?:(?:the|a|its|their)\s+)?(?:timing|use|types?|levels?|duration|numbers?|size|age|sex|gender|method|dose|presence|absence|"
    r"time|role|quality|status|history|changes?|effects?|outcomes?|results?|factors?|characteristics|safety|efficacy)",
    re.IGNORECASE,
)


def alternatives(phrase: str) -> tuple[str, ...]:
    """The parts of a coordinated phrase, each cut down to its core before "of", "for", "in", "trained on".

    A core of one word ("patterns of ...", "uptake of ...") says too little by itself and is left out.
    """
    pieces = re.split(r"\s*(?:,|;|\band\b|\bor\b|\band/or\b)\s*", phrase)
    found: list[str] = []
    for piece in pieces:
        core = re.split(r"\s+(?:of|for|in|on|at|with|from|among|during|after|trained|using|by)\s+", piece)[0]
        whole = core == piece
        words = content_words(core)
        known = [c for c in concepts.named_by(core) if c.kind in _STANDS_ALONE]
        if words and (known or len(words) > 1 or (whole and not _GENERIC.fullmatch(core.strip()))):
            found.append(_phrase(core))
    return tuple(dict.fromkeys(found))


def subject_terms(phrase: str) -> tuple[str, ...]:
    """Wordings of a subject, comparator, population or condition: the phrase, its core, its concept's wordings."""
    if not content_words(phrase):
        return ()
    found = [*concepts.wordings(phrase), *_without_giving(phrase)]
    if not concepts.named_by(phrase):
        known: list[str] = []
        for core in alternatives(phrase):
            found.extend(concepts.wordings(core))
            known.extend(() if concepts.named_by(core) else concepts.narrower_of(core))
        found.extend(known)
    return tuple(dict.fromkeys(t.casefold() for t in found))


def _without_giving(phrase: str) -> tuple[str, ...]:
    """ "statin treatment" is statins: wordings of the phrase without its last word where that only says it was given."""
    given = re.match(
        r"^(?P<x>.+?)\s+(?:treatment|therapy|use|supplementation|administration|intake|consumption)$", phrase, re.I
    )
    return concepts.wordings(given["x"]) if given and not concepts.named_by(phrase) else ()


def outcome_terms(phrase: str, *, generic: bool, condition: str) -> tuple[str, ...]:
    """Wordings of an outcome. One that only asks whether a condition gets better takes the wordings of efficacy."""
    found = list(subject_terms(phrase))
    if generic or any(c.kind == "efficacy" for c in concepts.named_by(phrase)):
        for concept in concepts.of_kind("efficacy"):
            found.extend(concept.wordings)
        found.extend(_symptoms_of(condition))
    return tuple(dict.fromkeys(found))


def _symptoms_of(condition: str) -> tuple[str, ...]:
    """Wordings of the symptom that a condition is, where the lexicon knows one: migraine is a headache."""
    aches = {"migraine": "headache", "headache": "headache", "arthritis": "pain", "pain": "pain"}
    words = set(stems(condition))
    return tuple(w for name, ache in aches.items() if words & set(stems(name)) for w in concepts.wordings(ache))


def _open(text: str) -> Reading:
    """Topic facets: what is left when question words and light verbs are taken out, in the question's order."""
    pieces = [p for p in _OPEN_LINKS.split(text) if content_words(p)]
    topics: list[Facet] = []
    for piece in (part for p in pieces for part in re.split(r"\s+in\s+", p)):
        phrase = _phrase(piece.strip(" ,;:-()"))
        if content_words(phrase) and not _EMPTY_TOPIC.fullmatch(phrase):
            topics.append(Facet(role="topic", text=phrase, terms=topic_terms(phrase)))
    return Reading(
        question_type=QuestionType.OPEN,
        facets=tuple(topics[:4]),
        key_phrases=tuple(f.text for f in topics),
    )


def topic_terms(phrase: str) -> tuple[str, ...]:
    """Wordings of a topic: the phrase and its concept, else its parts before and behind "of" and "in"."""
    if concepts.named_by(phrase):
        return concepts.wordings(phrase)
    pieces = [p for p in re.split(r"\s+(?:of|in|on|for|and|or)\s+", phrase) if content_words(p)]
    found = [phrase.casefold()]
    head = pieces[0]
    found.extend(concepts.wordings(head) if concepts.named_by(head) or len(pieces) == 1 else (head.casefold(),))
    if not concepts.named_by(head):
        found.extend(concepts.narrower_of(phrase))
    return tuple(dict.fromkeys(found))
