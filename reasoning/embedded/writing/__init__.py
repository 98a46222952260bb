"""Writing by rules: the answer from a vote of papers, a findings table told in sentences, and what is not known."""
