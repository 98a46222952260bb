"""Owns the checks that a question passes before anything heavy is loaded."""

from __future__ import annotations

import unicodedata

from consilience.errors import QuestionError


def check_question(text: str, max_characters: int) -> str:
    """The question in NFC, on one line, without control characters.

    Raises:
        QuestionError: it is empty, holds no letter, or is longer than ``max_characters`` characters.
    """
    # Count before cleaning: normalising 100,000 characters to refuse them is wasted work.
    if len(text.strip()) > max_characters:
        raise QuestionError(
            f"the question has {len(text.strip()):,} characters; at most {max_characters:,} are read",
            "shorten it, or raise CONSILIENCE_QUESTION__MAX_CHARACTERS",
        )
    spaced = "".join(" " if c.isspace() else c for c in text)
    # "Cf" holds joiners that some scripts need, and marks that only reorder or hide text: those go.
    kept = (c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") and not _hides(c))
    question = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    if not question:
        raise QuestionError("the question is empty", 'ask one: consilience ask "Does X reduce Y in Z?"')
    if not any(c.isalpha() for c in question):
        raise QuestionError("the question holds no word", 'ask one: consilience ask "Does X reduce Y in Z?"')
    return question


def _hides(character: str) -> bool:
    joiners = "\u200c\u200d"
    return unicodedata.category(character) == "Cf" and character not in joiners
