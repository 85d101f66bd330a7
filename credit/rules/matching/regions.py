"""Compare the places of two names: left out, moved, written shorter, or other places."""

from __future__ import annotations

from dataclasses import replace

from credit.rules.matching.cores import Finding
from credit.rules.matching.parts import Parts
from credit.rules.matching.places import Place
from credit.rules.matching.reasons import reason

# Ends that are left out or added freely; 县 and 区 are not written for 市.
FREE = {"", "省", "市", "地区", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区"}


def read_beside(name: Parts, other: Parts) -> Parts:
    """The name read as the other one suggests, where its own words leave open what is a place.

    华达铜陵建材 beside 铜陵华达建材 has its place inside; 江北翠食品 beside 芜湖江北翠食品 has none.
    """
    leading = len(name.places) - name.inner
    last = name.places[leading - 1] if leading else None
    if last and not last.end and last.stem not in other.stems and other.brand.startswith(last.stem):
        name = replace(name, brand=last.stem + name.brand, places=name.places[: leading - 1] + name.places[leading:])
    return _without_places_of(name, other)


def _without_places_of(name: Parts, other: Parts) -> Parts:
    moved = [place for place in other.places if place.stem not in name.stems and place.stem in name.brand]
    for place in moved:
        found = next(p for p in (place.stem + (place.end or "市"), place.stem + "省", place.stem) if p in name.brand)
        brand = name.brand.replace(found, "", 1)
        if len(brand) > 1:
            taken = Place(place.stem, found[len(place.stem) :], place.codes)
            name = replace(name, brand=brand, places=(*name.places, taken), inner=name.inner + 1)
    return name


def compare_regions(asked: Parts, known: Parts) -> Finding:
    """None where they are equal; soft where one is a part of the other; hard where they conflict."""
    one, other = asked.stems, known.stems
    shown = ("".join(p.stem + p.end for p in asked.places), "".join(p.stem + p.end for p in known.places))
    if not (one <= other or other <= one):
        return Finding("hard", (reason("place", *shown),))
    ends = {place.stem: place.end for place in known.places}
    pairs = [(place.end, ends[place.stem]) for place in asked.places if place.stem in ends]
    if any(mine and theirs and mine != theirs and not {mine, theirs} <= FREE for mine, theirs in pairs):
        return Finding("slip", (reason("place_level", *shown),))
    told = []
    if one != other:
        told.append(reason("place_dropped", *shown))
    elif bool(asked.inner) != bool(known.inner) and one:
        told.append(reason("place_moved", *shown))
    if any(mine != theirs for mine, theirs in pairs):
        told.append(reason("place_word", *shown))
    return Finding("soft" if told else "none", tuple(told))
