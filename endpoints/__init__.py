"""Language models behind OpenAI-compatible endpoints: asked, bounded, counted, kept in the call log."""
