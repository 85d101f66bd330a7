"""One file for each step of the way. Services never commit and never read the clock."""
