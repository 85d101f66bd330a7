"""Reads the policy files and refuses what is not exactly as it should be, naming file and key."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import yaml

from credit.errors import PolicyError
from credit.policy.checks import (
    INDUSTRIES,
    SENTENCES,
    check_industries,
    check_sentences,
    check_shape,
    check_value,
    known_entry,
)  # fmt: skip
from credit.policy.shapes import SOURCE, TEXT, WORDS, Shape
from credit.policy.whole import check_whole
from credit.rules.law import Dated, Law, Provision, Source

FOLDER = Path(__file__).parent
HEAD = "policy.yaml"
PROVISION_KEYS = {"title", "law_of", "values"}
VALUE_KEYS = {"from", "value", "source"}


class StrictLoader(yaml.CSafeLoader):
    """YAML whose keys are texts, none of them given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        place = f"{node.start_mark.name}, line {node.start_mark.line + 1}"
        found = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise PolicyError(f"{place}: the key {key!r} must be text (in quotes).")
            if key in found:
                raise PolicyError(f"{place}: the key {key!r} stands twice.")
            found.add(key)
        return super().construct_mapping(node, deep)


@cache
def load_policy(folder: Path = FOLDER) -> Law:
    """The policy in `folder`. Raises PolicyError with file, key and what is allowed."""
    return read_policy(policy_texts(folder))


def policy_texts(folder: Path) -> dict[str, str]:
    """The files of a policy by name, as they are written. Raises PolicyError for one that isn't there."""
    names = {HEAD, SENTENCES, INDUSTRIES} | {file.name for file in folder.glob("*.yaml")}
    return {name: _text(folder / name) for name in sorted(names)}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as problem:
        raise PolicyError(f"{file.name}: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise PolicyError(f"{file.name}: {problem}") from problem


def read_policy(texts: dict[str, str]) -> Law:
    """The policy that these files say, by their names. Raises PolicyError as `load_policy`."""
    given = {name: _read(name, text) for name, text in sorted(texts.items())}
    head, sentences, industries = given[HEAD], given[SENTENCES], given[INDUSTRIES]
    sources = _head(head)
    provisions: dict[str, Provision] = {}
    files: dict[str, str] = {}
    for name in sorted(set(given) - {HEAD, SENTENCES, INDUSTRIES}):
        for key, value in given[name].items():
            if key in provisions:
                raise PolicyError(f"{name}: {key} stands in two files, also in {files[key]}.")
            provisions[key], files[key] = _provision(name, key, value, sources), name
    check_whole(provisions, files, head["first_day"])
    check_sentences(sentences, provisions)
    check_industries(industries)
    return Law(
        id=head["id"],
        zh=head["title"]["zh"],
        en=head["title"]["en"],
        first_day=head["first_day"],
        digest=_digest(given),
        provisions=provisions,
        sentences=sentences,
        industries=industries,
    )


def _digest(given: dict[str, dict[str, Any]]) -> str:
    """SHA-256 over the meaning of all files: a comment changes nothing, a value does."""
    return hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest()


class _Named(io.StringIO):
    """A text whose name stands in the messages of YAML."""

    name = ""


def _read(name: str, text: str) -> dict[str, Any]:
    try:
        stream = _Named(text)
        stream.name = name
        given = yaml.load(stream, StrictLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise PolicyError(f"{name}: {problem}") from problem
    if not isinstance(given, dict):
        raise PolicyError(f"{name}: must hold keys and values.")
    return given


def _keys(where: str, given: Any, allowed: set[str]) -> None:
    found = set(given) if isinstance(given, dict) else set()
    if found != allowed:
        raise PolicyError(f"{where}: has {sorted(map(str, found))}, must have {sorted(allowed)}.")


def _head(head: dict[str, Any]) -> dict[str, Source]:
    """The sources by name; checks what else the head holds."""
    _keys(HEAD, head, {"id", "title", "first_day", "sources"})
    check_shape(f"{HEAD}: id", head["id"], TEXT)
    check_shape(f"{HEAD}: title", head["title"], WORDS)
    _day(f"{HEAD}: first_day", head["first_day"])
    if not isinstance(head["sources"], dict):
        raise PolicyError(f"{HEAD}: sources must hold each source by its name.")
    for name, given in head["sources"].items():
        check_shape(f"{HEAD}: sources.{name}", given, SOURCE)
    return {name: Source(**given) for name, given in head["sources"].items()}


def _provision(file: str, key: str, given: Any, sources: dict[str, Source]) -> Provision:
    where = f"{file}: {key}"
    entry = known_entry(where, key)
    _keys(where, given, PROVISION_KEYS)
    check_shape(f"{where}.title", given["title"], WORDS)
    if given["law_of"] not in entry.law_of:
        raise PolicyError(f"{where}: law_of is {given['law_of']!r}; allowed: {' or '.join(entry.law_of)}.")
    values = given["values"]
    if not isinstance(values, list) or not values:
        raise PolicyError(f"{where}: needs at least one dated value.")
    dated = tuple(_dated(where, key, value, entry.shape, sources) for value in values)
    for earlier, later in pairwise(dated):
        if later.start <= earlier.start:
            raise PolicyError(f"{where}: {later.start} does not come after {earlier.start}.")
    return Provision(key, given["title"]["zh"], given["title"]["en"], given["law_of"], dated)


def _dated(where: str, key: str, given: Any, shape: Shape, sources: dict[str, Source]) -> Dated:
    _keys(where, given, VALUE_KEYS)
    _day(where, given["from"])
    source = given["source"]
    if not isinstance(source, str) or source not in sources:
        raise PolicyError(f"{where}: unknown source {source!r}; known: {sorted(sources)}.")
    check_value(where, key, given["value"], shape)
    return Dated(given["from"], given["value"], sources[source])


def _day(where: str, given: Any) -> None:
    if type(given) is not date:
        raise PolicyError(f"{where}: {given!r} is no day like 2026-04-01.")
