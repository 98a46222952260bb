"""A person's runs on disk: run folders, artifacts, transcripts and the call log."""
