"""Items: who holds a prefix, what is recalled, and the trace of one item."""
