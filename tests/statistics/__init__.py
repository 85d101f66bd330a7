"""Macro quality statistics."""
