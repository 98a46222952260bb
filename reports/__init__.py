"""A run's results as a report: its schema and contract, and its JSON, Markdown and HTML."""
