"""Makes the cross-encoder: claim and sentences of one abstract to supports, refutes or not enough, and the evidence.

Two stages, each seeded and resumable (``__main__``): ``nli`` on general inference, then ``science`` on SciFact,
Citation-Integrity, trials, PubMedQA and what abstracts themselves assert, with mined negatives, opposites by rule and
a share of the first stage. ``evaluate`` measures, ``export`` writes what ships; ``all.sh`` runs one after the other.

Readers: ``nli``, ``science``, ``trials``, ``silver``. What is made of them: ``opposites``, ``mixing``, ``choosing``,
``stages``. The network and its training: ``network``, ``batches``, ``fitting``, ``judging``. Figures: ``benchmarks``,
``measures``. The model card is ``docs/cross-encoder.md``. Needs what ``training/requirements.txt`` names.
"""
