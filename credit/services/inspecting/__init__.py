"""Inspection tasks: given by draws or by hand, visited, and their results recorded by the ordinary intake."""
