"""The literature that a person already has: reading, merging, keeping and writing it.

``library`` owns a person's library (SQLite, one lock each), ``sample`` the one that comes with the project,
``bibtex``, ``ris``, ``csl``, ``table`` and ``jsonlines`` one file format each, ``merging`` what counts as one
work, ``base`` what a source is.
"""
