"""Reads mappings and refuses what is not exactly as it should be, naming the key and what is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from credit.services.event_columns import places as known_places
from credit.services.mappings.checks import NAME, known_keys, one_of, refuse, text, texts, truth
from credit.services.mappings.crosswalks import read_crosswalk, with_file
from credit.services.mappings.extending import extended
from credit.services.mappings.places import read_place
from credit.services.mappings.privacy import is_private, plain
from credit.services.mappings.shapes import Mapping, Place, Skip, Words, columns_in
from credit.services.mappings.yaml_reading import file_text, read_yaml
from credit.services.registry_words import ABSENT
from schemas.event import SHAPES

KEYS = (
    "name", "title", "kind", "extends", "recognise", "unlisted", "ignored", "private", "absent", "places", "skip",
    "crosswalk",
)  # fmt: skip
SKIP_KEYS = ("columns", "is", "is_not", "contains", "lacks", "filled", "forget", "because")
TESTS = ("is", "is_not", "contains", "lacks", "filled")


def load_mapping(given: str | Path, crosswalk: Path | None = None) -> Mapping:
    """The mapping in a YAML text or file. Raises MappingRefused with key and what is allowed.

    Only a mapping read from a file may name a crosswalk file, beside it; `crosswalk` gives one anyhow.
    """
    if isinstance(given, Path):
        told, folder = file_text(given), given.parent
    else:
        told, folder = given, None
    data = known_keys("", read_yaml(told), KEYS, ("name",))
    return from_plain(with_file(extended(data), folder, crosswalk))


def from_plain(data: dict[str, Any]) -> Mapping:
    """The mapping that plain data says (a mapping's `source`). Raises MappingRefused."""
    known_keys("", data, KEYS, ("name", "title", "kind", "places"))
    name = text("name", data["name"])
    if not NAME.fullmatch(name):
        refuse("name", "名称用小写字母、数字和连字符", "use small letters, digits and hyphens.")
    kind = one_of("kind", data["kind"], list(SHAPES))
    title = known_keys("title", data["title"], ("zh", "en"), ("zh", "en"))
    places = _places(kind, data["places"])
    made = Mapping(
        name=name,
        title=Words(text("title.zh", title["zh"]), text("title.en", title["en"])),
        kind=kind,
        places=places,
        skips=tuple(_skip(f"skip.{place}", one) for place, one in enumerate(_list("skip", data.get("skip", [])))),
        crosswalk=read_crosswalk(data.get("crosswalk")),
        recognised_by=tuple(
            frozenset(map(plain, texts(f"recognise.{place}", one)))
            for place, one in enumerate(_list("recognise", data.get("recognise", [])))
        ),
        ignored=_plain_texts("ignored", data),
        private=_plain_texts("private", data),
        absent=frozenset(texts("absent", data["absent"]) if "absent" in data else ABSENT),
        ignores_unlisted=one_of("unlisted", data.get("unlisted", "refuse"), ("refuse", "ignore")) == "ignore",
        source={key: value for key, value in data.items() if key != "extends"},
        digest=hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest(),
    )
    _check_whole(made)
    return made


def _places(kind: str, given: Any) -> tuple[Place, ...]:
    known = known_places(kind)
    allowed = sorted(".".join(path) for path in set(known.values()) if path != ("kind",))
    named = known_keys("places", given, allowed)
    return tuple(read_place(kind, f"places.{name}", tuple(name.split(".")), one) for name, one in named.items())


def _skip(key: str, given: Any) -> Skip:
    found = known_keys(key, given, SKIP_KEYS, ("columns", "because"))
    if sum(test in found for test in TESTS) != 1:
        refuse(key, f"应恰有一个条件：{'、'.join(TESTS)}", f"needs exactly one test of: {', '.join(TESTS)}.")
    because = known_keys(f"{key}.because", found["because"], ("zh", "en"), ("zh", "en"))
    listed = {test: texts(f"{key}.{test}", found[test]) for test in TESTS if test in found and test != "filled"}
    if "filled" in found and truth(f"{key}.filled", found["filled"]) is False:
        refuse(f"{key}.filled", "只能为 true", "can only be true.")
    return Skip(
        columns=texts(f"{key}.columns", found["columns"]),
        because=Words(text(f"{key}.because.zh", because["zh"]), text(f"{key}.because.en", because["en"])),
        is_=frozenset(map(plain, listed["is"])) if "is" in listed else None,
        is_not=frozenset(map(plain, listed["is_not"])) if "is_not" in listed else None,
        contains=tuple(map(plain, listed.get("contains", ()))),
        lacks=tuple(map(plain, listed.get("lacks", ()))),
        filled="filled" in found,
        forget=truth(f"{key}.forget", found.get("forget", False)),
    )


def _plain_texts(key: str, data: dict[str, Any]) -> frozenset[str]:
    listed: Iterable[str] = texts(key, data[key]) if data.get(key) else ()
    return frozenset(map(plain, listed))


def _list(key: str, given: Any) -> list[Any]:
    if not isinstance(given, list) or len(given) > 100:
        refuse(key, "应为最多100项的列表", "must be a list of at most 100 entries.")
    return given


def _check_whole(mapping: Mapping) -> None:
    """What no part can say alone: required places, the crosswalk where it is used, nothing personal."""
    named = {place.path for place in mapping.places}
    shape = SHAPES[mapping.kind]().fields
    for name, one in shape.items():
        if one.required and name != "kind" and (name,) not in named:
            refuse(f"places.{name}", "该类事件必须有这一项", f"every {mapping.kind} needs this place.")
    if any(place.crosswalk for place in mapping.places) and mapping.crosswalk is None:
        refuse("crosswalk", "places 用到了对照表，但没有给出", "a place uses the crosswalk, and none is given.")
    for place in mapping.places:
        columns = [*place.columns, *(column for line in place.template for column in columns_in(line))]
        for column in columns:
            # A code may stand in a column of paper numbers; a person's number is refused there row by row.
            if plain(column) in mapping.private or (is_private(column) and place.path != ("code",)):
                refuse(f"places.{place.name}", f"“{column}”含个人信息，不能导入",
                       f"the column {column} holds personal data and can't be taken.")  # fmt: skip
        for other in filter(None, (place.or_place, place.only_with and place.only_with[0])):
            if other not in named:
                refuse(f"places.{place.name}", f"{'.'.join(other)} 没有映射", f"{'.'.join(other)} is not mapped.")
