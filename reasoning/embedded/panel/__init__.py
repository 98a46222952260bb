"""How the embedded reviewers judge: what they measure, the ladder they climb, what they object to."""
