"""The vectorstore room."""
