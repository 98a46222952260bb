"""The model's reading of a passage and the witnesses' made one probability, so that disagreement lowers confidence.

P(stance) = 1 / (1 + exp(-x)), x = log(p / (1 - p)) + rules + weight · log((same + e) / (opposite + e)) - doubt · none.
Here p is how often a model's stance is taken to be right; *same*, *opposite* and *none* are the stance judge's
probabilities of that stance, of its opposite and of neither (the term with the weight within ± ``MOST``); and *rules*
is what the reading by rules adds. All constants are chosen and none is fitted: no labelled answers of the models that
people will use exist beforehand (docs/verification.md). They are set so that one witness's opposite reading lowers a
stance and both witnesses' opposite reading drops it, while witnesses that see nothing leave it standing with less
confidence.
"""

from __future__ import annotations

import math

from consilience.reasoning.embedded.passages import Witnessed
from consilience.reasoning.embedded.witness import EPSILON
from consilience.records import Stance

MODEL_IS_RIGHT = 0.85
WEIGHT = 0.5
MOST = 1.5
DOUBT = 0.5
RULES = {"same": 1.0, "none": 0.0, "elsewhere": -1.0, "opposite": -2.0}
HOLDS = 0.5
JUDGE_DISAGREES = 0.6
"""What is left of a confidence where the judge, who saw both briefs, would have given another verdict."""


def joint(stance: Stance, seen: Witnessed) -> float:
    """The probability, to four decimals, that a passage has the stance that the model read in it."""
    x = math.log(MODEL_IS_RIGHT / (1 - MODEL_IS_RIGHT)) + RULES[_rules_on(stance, seen)]
    if seen.scores is not None:
        same = seen.scores.supports if stance is Stance.SUPPORTS else seen.scores.refutes
        opposite = seen.scores.refutes if stance is Stance.SUPPORTS else seen.scores.supports
        said = WEIGHT * math.log((same + EPSILON) / (opposite + EPSILON))
        x += max(-MOST, min(MOST, said)) - DOUBT * seen.scores.neutral
    return round(1 / (1 + math.exp(-x)), 4)


def _rules_on(stance: Stance, seen: Witnessed) -> str:
    ruled = seen.passage.ruled
    if ruled is None:
        return "none"
    if ruled is stance:
        return "same"
    return "elsewhere" if ruled is Stance.NEUTRAL else "opposite"


def disagree(seen: Witnessed) -> bool:
    """Whether the witnesses see in a passage what the model has to look at: own words not carried, or a refutation."""
    if seen.passage.own_words:
        return seen.stated.stance is not Stance.SUPPORTS
    return not seen.passage.own and seen.stated.stance is Stance.REFUTES
