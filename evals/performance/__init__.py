"""How long a run takes, where the time goes, and how it grows with the library."""
