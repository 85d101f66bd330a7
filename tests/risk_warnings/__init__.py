"""Risk warning."""
