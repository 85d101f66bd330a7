"""Entry point of gunicorn and of the `flask` command."""

from __future__ import annotations

from credit import create_app

app = create_app()
