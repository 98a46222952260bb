"""The reasoner's contract, and the reasoner that runs on rules and shipped models alone."""
