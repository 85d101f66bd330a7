"""The last export, where one stands in the configured folder: what it holds, and its files by name."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
from flask import current_app

from credit.services.export import LICENCE, MANIFEST, PACKAGE, SUMS
from credit.services.export_data import columns
from credit.services.export_files import FORMATS
from credit.services.export_words import DATASETS, words

NAMES = frozenset({MANIFEST, PACKAGE, SUMS} | {f"{name}.{kind}" for name in DATASETS for kind in FORMATS})


def folder(day: date) -> Path | None:
    """Where the export stands; None where none is offered, or it holds what may not be shown any more on `day`."""
    given = str(current_app.config["CREDIT_OPEN_DATA"])
    found = Path(given).resolve() if given else None
    return found if found and (found / MANIFEST).is_file() and str(day) < _expires_on(found) else None


def _expires_on(place: Path) -> str:
    """The first day on which the export is no longer true; one that doesn't say is true on its own day alone."""
    manifest = orjson.loads((place / MANIFEST).read_bytes())
    following = date.fromisoformat(manifest["day"]) + timedelta(days=1)
    return str(manifest.get("expires_on", following))


def data_sets() -> list[dict[str, Any]]:
    """What the data sets are: name, words, and each column with its type and words."""
    return [
        {
            "name": name, "words": dict(zip(("zh", "en"), DATASETS[name], strict=True)),
            "columns": [
                {"name": column.name, "type": column.type, "zh": words(column.name)[0], "en": words(column.name)[1]}
                for column in fields
            ],
        }
        for name, fields in columns().items()
    ]  # fmt: skip


def last_export(day: date) -> dict[str, Any] | None:
    """The manifest of the export that is offered, with its files (name, bytes, data set); None where there is none."""
    place = folder(day)
    if place is None:
        return None
    manifest: dict[str, Any] = orjson.loads((place / MANIFEST).read_bytes())
    files = [(name, place / name) for name in sorted(NAMES) if (place / name).is_file()]
    return manifest | {"files": [_file(name, path) for name, path in files]}


def _file(name: str, path: Path) -> dict[str, Any]:
    stem = name.partition(".")[0]
    return {"name": name, "bytes": path.stat().st_size, "set": stem if stem in DATASETS else ""}


def licence() -> dict[str, str]:
    """Under which licence the data may be used."""
    return LICENCE
