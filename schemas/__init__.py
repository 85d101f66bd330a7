"""Shapes of the documents that cross a door. Public and internal shapes are different classes."""
