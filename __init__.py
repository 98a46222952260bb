"""Consilience answers a research question from the literature and shows its work."""
