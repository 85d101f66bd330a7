"""The open data: what there is, how to follow it, and the files of the last export."""

from __future__ import annotations

from flask import Response, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from credit.clock import now, seconds_left, today
from credit.services import open_data as data

FRESH = 300


def open_data() -> str:
    """Data sets with their columns, the change feed, how to check the files, and the last export."""
    last = data.last_export(today())
    return render_template("open-data.html", sets=data.data_sets(), last=last, licence=data.licence())


def open_data_file(name: str) -> Response:
    """A file of the last export, as long as nothing in it has ended."""
    day = today()
    folder = data.folder(day)
    if folder is None or name not in data.NAMES:
        raise NotFound
    fresh = min(FRESH, seconds_left(day, now()))
    return send_from_directory(folder, name, as_attachment=True, conditional=True, max_age=fresh)
