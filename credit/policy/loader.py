"""Reads the policy files and refuses what is not exactly as it should be, naming file and key."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from credit.errors import PolicyError
from credit.policy.checks import check_references
from credit.rules.law import Dated, Law, Provision, Source

FOLDER = Path(__file__).parent
HEAD = "policy.yaml"
PLAIN = ("sentences.yaml", "industries.yaml")
PROVISION_KEYS = {"title", "law_of", "values"}
VALUE_KEYS = {"from", "value", "source"}
CERTAINTIES = {"V", "S", "R", "own"}


class StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]  # type: ignore[no-untyped-call]
        for key in keys:
            if keys.count(key) > 1:
                raise PolicyError(f"{node.start_mark.name}: the key {key!r} stands twice.")
        return super().construct_mapping(node, deep)


@cache
def load_policy(folder: Path = FOLDER) -> Law:
    """The policy in `folder`. Raises PolicyError with file, key and what is allowed."""
    head = _read(folder / HEAD)
    _keys(HEAD, head, {"id", "title", "first_day", "sources"})
    sources = {name: _source(name, given) for name, given in head["sources"].items()}
    provisions: dict[str, Provision] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name in (HEAD, *PLAIN):
            continue
        for key, given in _read(file).items():
            if key in provisions:
                raise PolicyError(f"{file.name}: {key} stands in two files.")
            provisions[key] = _provision(file.name, key, given, sources)
    sentences, industries = (_read(folder / name) for name in PLAIN)
    check_references(provisions, sentences)
    return Law(
        id=head["id"],
        zh=head["title"]["zh"],
        en=head["title"]["en"],
        first_day=head["first_day"],
        digest=_digest(folder),
        provisions=provisions,
        sentences=sentences,
        industries=industries,
    )


def _digest(folder: Path) -> str:
    """SHA-256 over the meaning of all files: a comment changes nothing, a value does."""
    whole = {file.name: _read(file) for file in sorted(folder.glob("*.yaml"))}
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open(encoding="utf-8") as stream:
            loader = StrictLoader(stream)
            loader.name = file.name
            given = loader.get_single_data()
    except (OSError, yaml.YAMLError, ValueError) as problem:
        raise PolicyError(f"{file.name}: {problem}") from problem
    if not isinstance(given, dict):
        raise PolicyError(f"{file.name}: must hold keys and values.")
    return given


def _keys(where: str, given: Any, allowed: set[str]) -> None:
    found = set(given) if isinstance(given, dict) else set()
    if found != allowed:
        raise PolicyError(f"{where}: has {sorted(map(str, found))}, must have {sorted(allowed)}.")


def _source(name: str, given: Any) -> Source:
    where = f"{HEAD}: sources.{name}"
    _keys(where, given, set(Source._fields))
    if given["certainty"] not in CERTAINTIES:
        raise PolicyError(f"{where}: certainty must be one of {sorted(CERTAINTIES)}.")
    return Source(**{key: str(value) for key, value in given.items()})


def _provision(file: str, key: str, given: Any, sources: dict[str, Source]) -> Provision:
    where = f"{file}: {key}"
    _keys(where, given, PROVISION_KEYS)
    _keys(f"{where}.title", given["title"], {"zh", "en"})
    if given["law_of"] not in ("event_day", "grading_day"):
        raise PolicyError(f"{where}: law_of must be event_day or grading_day.")
    values = given["values"]
    if not isinstance(values, list) or not values:
        raise PolicyError(f"{where}: needs at least one dated value.")
    dated = tuple(_dated(where, value, sources) for value in values)
    for earlier, later in zip(dated, dated[1:], strict=False):
        if later.start <= earlier.start:
            raise PolicyError(f"{where}: {later.start} does not come after {earlier.start}.")
    return Provision(key, given["title"]["zh"], given["title"]["en"], given["law_of"], dated)


def _dated(where: str, given: Any, sources: dict[str, Source]) -> Dated:
    _keys(where, given, VALUE_KEYS)
    if type(given["from"]) is not date:
        raise PolicyError(f"{where}: {given['from']!r} is no day like 2026-04-01.")
    if given["source"] not in sources:
        raise PolicyError(f"{where}: unknown source {given['source']!r}; known: {sorted(sources)}.")
    return Dated(given["from"], given["value"], sources[given["source"]])
