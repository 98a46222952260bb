"""The models that the package ships: the sentence encoder, the stance judge, and how a probability is calibrated."""
