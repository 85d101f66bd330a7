"""Speed, always as a ratio within one run: see the table of the README."""
