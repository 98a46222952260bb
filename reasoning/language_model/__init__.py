"""Reasoning by a language model: prompts, answers that are checked, guards, and fallbacks that are told."""
