"""The evals room: what the product is measured by, apart from the tests that say whether it works.

``registry`` names the tasks; ``PROTOCOL.md`` says how gold reports are written. Importing this package is
light.
"""
