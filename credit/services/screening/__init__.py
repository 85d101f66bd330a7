"""Screening (信用核查): whom a list of bidders means, what each source says of them, and what follows."""
