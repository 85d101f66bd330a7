"""Back-test: what a draft policy would change over the history on file, and whether it foresees better."""
