"""The words and patterns by which a question is read."""

from __future__ import annotations

import re

from consilience.records import Direction, Valence

AUX = r"(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|may|might|must)"
SECOND_QUESTION = re.compile(
    rf",?\s+and\s+(?:if so\b|{AUX}\s+(?:it|they|this|these|there)\b|(?:what|how|why|which|when|where)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
EFFECT_VERBS = {
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
VALENCE_VERBS = {
    "improve": Valence.BENEFIT, "help": Valence.BENEFIT, "ameliorate": Valence.BENEFIT,
    "restore": Valence.BENEFIT, "preserve": Valence.BENEFIT, "benefit": Valence.BENEFIT,
    "impair": Valence.HARM, "worsen": Valence.HARM, "harm": Valence.HARM, "damage": Valence.HARM,
    "compromise": Valence.HARM, "degrade": Valence.HARM,
}  # fmt: skip
OPEN_VERBS = (
    "affect", "influence", "predict", "alter", "change", "modify", "impact", "play a role in", "matter for",
    "correlate with", "relate to", "determine", "have an effect on", "have an impact on", "have an influence on",
    "have any effect on", "have any influence on", "have a role in", "make a difference to", "make a difference in",
    "differ in", "vary with", "predispose to", "account for", "explain", "be associated with", "impact on",
)  # fmt: skip
PREDICATES = (
    (r"(?<!less )(?:(?:more|as) (?:effective|efficacious|beneficial|useful|helpful)|superior|better|effective|"
     r"efficacious|beneficial|useful|helpful|efficient)", Valence.BENEFIT),
    (r"(?:less|as little) (?:effective|efficacious|beneficial|useful|helpful|safe)|"
     r"inferior|worse|harmful|detrimental|unsafe|dangerous|"
     r"a risk factor", Valence.HARM),
    (r"safe(?:r)?|well tolerated|feasible|reliable|accurate|valid|sufficient|adequate|necessary|appropriate",
     Valence.BENEFIT),
)  # fmt: skip
EFFICACIOUS = re.compile(r"effective|efficacious|beneficial|useful|helpful|superior|better|good", re.IGNORECASE)
"""Predicates that ask whether something works, so that a condition may stand behind "for"."""
MEANS = re.compile(
    r"^\s+(?:\w+\s+)?(?:adjuncts?|adjuvants?|options?|strateg(?:y|ies)|methods?|approach(?:es)?|interventions?|tools?|ways?|"
    r"alternatives?|means)\s+(?=(?:for|in|to|of|against|among)\b)",
    re.IGNORECASE,
)
BENEFIT_FROM = re.compile(
    r"^(?P<who>.+?)\s+(?:benefit|profit)\s+from\s+(?P<s>.+?)(?:\s+(?:for|in|during|after)\s+(?P<rest>.+))?$",
    re.IGNORECASE,
)
AS_GOOD = re.compile(
    r"\b(?:as (?P<q>(?:effective|efficacious|safe|good|beneficial|useful|well tolerated|accurate|reliable|efficient))"
    r"(?:ly)? as|(?:equivalent|comparable|equal|non-?inferior) to) "
    r"(?P<c>.+?)(?=\s+(?:in|for|among|at|on|with|during|after|when)\b|[,;?]|$)",
    re.IGNORECASE,
)
COMPARATOR = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|in comparison (?:with|to)|as compared (?:with|to)|over|"
    r"relative to|rather than|instead of|(?<=\bsuperior )to|(?<=\binferior )to|(?<=\bpreferable )to)"
    r"\s+(?P<c>.+?)(?=\s+(?:in|for|among|at|on|with|during|after|when)\b|[,;?]|$)",
    re.IGNORECASE,
)
THERE_IS = re.compile(
    r"^there\s+(?:an?|any|evidence (?:of|for) an?)?\s*(?:\w+\s+)?"
    r"(?:association|relationship|link|correlation|relation|connection|(?:influence|effect|impact|role) of)\s+"
    r"(?:between\s+)?(?P<a>.+?)\s+(?:and|on|in)\s+(?P<b>.+)$",
    re.IGNORECASE,
)
LINKED = re.compile(
    r"^(?P<s>.+?)\s+(?:(?:significantly|causally|(?P<sign>positively|inversely|negatively))\s+)?(?:"
    r"(?:associated|correlated|related|linked|connected)\s+(?:with|to)|predictive\s+(?:of|for)|"
    r"an?\s+(?:\w+\s+)?(?:predictor|marker|indicator|risk factor|risk indicator|determinant|cause|biomarker)\s+"
    r"(?:of|for|in))\s+(?P<o>.+)$",
    re.IGNORECASE,
)
LINKED_TO_LESS = re.compile(r"^(?:an?\s+)?(?:reduced|lower|decreased|less|fewer)\s+(?P<o>.+)$", re.IGNORECASE)
LINKED_TO_MORE = re.compile(r"^(?:an?\s+)?(?:increased|higher|greater|elevated|more)\s+(?P<o>.+)$", re.IGNORECASE)
AIM = re.compile(
    r"^(?:(?P<less>preventing|reducing|lowering|decreasing|relieving|alleviating|controlling|shortening|avoiding)|"
    r"(?P<more>increasing|raising|enhancing|promoting|boosting)|improving|treating|managing)\s+(?=\S)",
    re.IGNORECASE,
)
IN_CONDITION = re.compile(r"^(?P<what>.+?)\s+(?:in|after|during|following)\s+(?P<condition>.+)$", re.IGNORECASE)
PEOPLE = (
    r"patients?|persons?|people|women|men|adults?|children|adolescents?|infants?|subjects?|individuals?|elderly|"
    r"population|students?|workers?|athletes?|males?|females?|volunteers?|pregnancy|mice|rats|animals|cells|"
    r"developers?|users?|survivors?|smokers?|mothers?|veterans?|settings?|countries|newborns?|neonates?|dogs|cats|"
    r"horses|cattle|pigs|sheep|rabbits|monkeys|pets"
)
POPULATION = re.compile(
    rf"^.*(?P<cut>\s+(?:in|among|on)\s+(?P<p>(?:(?!in\b|of\b)[\w'/-]+\s+){{0,4}}(?:{PEOPLE})\b.*))$"
    rf"|^.*?(?P<cut2>\s+(?:for|of)\s+(?P<p2>(?:[\w'/-]+\s+){{0,3}}(?:{PEOPLE})\b.*))$",
    re.IGNORECASE,
)
GENERIC_OUTCOME = re.compile(
    r"^(?:the\s+)?(?:acute\s+)?(?P<what>relief|treatment|symptoms?|management|severity|symptom severity|"
    r"improvement|therapy|course|prognosis|outcomes?|clinical outcomes?|control|remission)\s+"
    r"(?:of|in|for|from)\s+(?P<condition>.+)$",
    re.IGNORECASE,
)
OPEN_LINKS = re.compile(
    r"\b(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|be|been|being|about|there|known|"
    r"what|which|how|why|when|where|who|whom|whose|the|a|an|some|any|much|many|used|use|uses|between|that|"
    r"effects?|evidence|way|ways|people|reported|say|says|tell|us|for|on|to|by|with|from|affect|affects|impact|"
    r"influence|influences|predict|predicts|cause|causes|lead|leads|improve|improves|help|helps|differ|work|works|"
    r"conducted|performed|published|done|"
    r"compare|compares|compared|each other|one another|topics?|both|other|or)\b|,",
    re.IGNORECASE,
)
PASSIVES = {
    "improved": "improve", "prevented": "prevent", "reduced": "reduce", "increased": "increase", "lowered": "lower",
    "relieved": "relieve", "decreased": "decrease", "restored": "restore", "enhanced": "enhance", "raised": "raise",
    "caused": "cause", "treated": "treat", "induced": "induce", "delayed": "delay", "predicted": "predict",
    "influenced": "influence", "affected": "affect", "explained": "explain", "worsened": "worsen",
}  # fmt: skip
HAVING = re.compile(
    r"^(?P<who>(?:[\w-]+\s+){0,2}?(?:people|patients|persons|individuals|subjects|adults|children|women|men|adolescents|"
    r"infants))\s+(?:with|who have|having|suffering from|diagnosed with|undergoing|receiving)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
ANYBODY = re.compile(r"^(?:people|patients|persons|individuals|subjects)$", re.IGNORECASE)
EMPTY_TOPIC = re.compile(
    r"(?:effective|safe|effectiveness|safety|benefits?|harms?|effectiveness and safety|benefits and harms|good|bad)"
    r"(?: and \w+)?",
    re.IGNORECASE,
)
GIVING = re.compile(
    r"^(?:pre-?treatment|treatment|therapy|supplementation|administration|prophylaxis|exposure|intake|consumption|use)\s+"
    r"(?:with|of|to)\s+(?=\S)",
    re.IGNORECASE,
)
MEASURE = re.compile(
    r"^(?:the\s+)?(?:risk|rates?|incidence|prevalence|frequency|odds|number|likelihood|probability|occurrence|development|"
    r"onset|levels?)\s+(?:of|for)\s+(?:developing\s+)?(?=\S)",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"^(?:increased|decreased|reduced|higher|lower|better|improved|greater|worse|fewer|elevated|impaired)\s+(?=\S)",
    re.IGNORECASE,
)
STANDS_ALONE = ("treatment", "condition", "population")
"""Kinds of concepts whose one word says enough: "statins in the elderly" is statins, "efficacy of" is not efficacy."""
GENERIC = re.compile(
    r"(?:(?:the|a|its|their)\s+)?(?:timing|use|types?|levels?|duration|numbers?|size|age|sex|gender|method|dose|"
    r"presence|absence|time|role|quality|status|history|changes?|effects?|outcomes?|results?|factors?|characteristics|safety|efficacy)",
    re.IGNORECASE,
)
