"""Makes the cross-encoder: claim and sentences of one abstract to supports, refutes or not enough, and the evidence."""
