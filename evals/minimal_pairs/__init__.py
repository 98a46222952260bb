"""Claims that differ in one small thing, beside one passage: which changes does a judge of stances notice?

``pairs.jsonl`` holds them, written by hand for this project: the passages are invented findings of no real paper.
"""
