"""Public benchmarks: a small module a set, which reads its cases and names the published figures beside ours."""
