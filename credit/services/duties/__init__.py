"""Duties (办理期限): what must be done by when, judged at reading; no job keeps them, none can forget them."""
