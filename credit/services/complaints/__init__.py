"""Complaints (投诉) and reports (举报): taken in, sealed, triaged, answered. No event; they never change a grade."""
