"""Supplier lists: saved by buyers, screened again when register or day have moved, told of by feed or webhook."""
