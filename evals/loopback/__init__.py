"""An OpenAI-compatible server on loopback that answers by a script: for tests, and to measure without a model."""
