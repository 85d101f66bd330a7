"""Batches of reports: received whole, worked in committed parts, resumed where they stopped."""
