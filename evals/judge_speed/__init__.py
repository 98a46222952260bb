"""How fast the stance judge is, as a ratio to the time of its matrix products alone, and how much memory it takes."""
