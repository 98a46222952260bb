"""Owns the checks that a question passes before anything heavy is loaded."""

from __future__ import annotations

from consilience.errors import QuestionError
from consilience.reasoning.given import one_line


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
    question = one_line(text)
    if not question:
        raise QuestionError("the question is empty", 'ask one: consilience ask "Does X reduce Y in Z?"')
    if not any(c.isalpha() for c in question):
        raise QuestionError("the question holds no word", 'ask one: consilience ask "Does X reduce Y in Z?"')
    return question
