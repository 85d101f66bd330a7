"""Inspection tasks."""
