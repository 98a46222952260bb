"""Text rules: pure functions over strings, with lexicons as TOML in ``lexicons/``. Nothing here reads the world."""
