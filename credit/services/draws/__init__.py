"""The draw: candidates read from the register, plans, commitments, and what is published."""
