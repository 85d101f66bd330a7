"""Mappings that say only what they do otherwise than a built-in one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from credit.services.mappings.checks import one_of
from credit.services.mappings.places import ORIGINS
from credit.services.mappings.yaml_reading import file_text, read_yaml

FOLDER = Path(__file__).parent
# What a mapping adds to the one that it extends; the rest takes the other's place.
ADDED = ("ignored", "private", "skip")


def extended(data: dict[str, Any]) -> dict[str, Any]:
    """The data with what it extends: places are added or replaced one by one, lists are added to."""
    if "extends" not in data:
        return data
    names = sorted(file.stem for file in FOLDER.glob("*.yaml"))
    base = extended(read_yaml(file_text(FOLDER / f"{one_of('extends', data['extends'], names)}.yaml")))
    whole: dict[str, Any] = base | {key: value for key, value in data.items() if key != "extends"}
    if isinstance(data.get("places", {}), dict):
        given = data.get("places", {})
        whole["places"] = base["places"] | {name: _merged(base["places"].get(name), one) for name, one in given.items()}
    for key in ADDED:
        whole[key] = [*base.get(key, []), *_listed(data.get(key))]
    # Columns that the base knows stay known, though nothing may be taken from them any more.
    known = [_columns(one) for one in base["places"].values()]
    whole["ignored"] = [*whole["ignored"], *(column for columns in known for column in columns)]
    # A file recognised without being told is that of the mapping which says so itself.
    return {key: value for key, value in whole.items() if key != "recognise" or "recognise" in data}


def _merged(base: Any, given: Any) -> Any:
    """A place that extends another: what it says, and the rest as it was, unless the value comes from elsewhere."""
    if not isinstance(given, dict) or not isinstance(base, dict):
        return {"columns": base} | given if _keeps_origin(base, given) else given
    elsewhere = any(origin in given and origin not in base for origin in ORIGINS)
    return given if elsewhere else base | given


def _columns(place: Any) -> list[str]:
    return _listed(place.get("columns") if isinstance(place, dict) else place)


def _listed(given: Any) -> list[Any]:
    """A list as it is, one thing alone as a list."""
    return given if isinstance(given, list) else [] if given is None else [given]


def _keeps_origin(base: Any, given: Any) -> bool:
    return isinstance(given, dict) and isinstance(base, (str, list)) and not any(one in given for one in ORIGINS)
