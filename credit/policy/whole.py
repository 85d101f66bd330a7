"""What the loader checks across keys: nothing is missing, and every grade and condition can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from credit.errors import PolicyError
from credit.policy.keys import BANDED, ENTRIES, OPTIONAL
from credit.rules.law import Provision

Provisions = Mapping[str, Provision]
Files = Mapping[str, str]
KINDS = [f"severity.{kind}-kinds" for kind in ("serious", "light")]
FINES = ["severity.serious-fine", "severity.small-fine", "severity.small-fine-individual"]
PUBLISHED = ["publication.months", "publication.repair-months"]
PASSES = ["passes.scored", "passes.filed"]


def check_whole(provisions: Provisions, files: Files, first_day: date) -> None:
    """Every key that the program reads is there from the first day on, and on each day they fit."""
    for key in [key for key in ENTRIES if key not in OPTIONAL]:
        if key not in provisions:
            family = key.split(".")[0] + "."
            home = next(
                (file for known, file in files.items() if known.startswith(family)), "the policy"
            )
            raise PolicyError(f"{home}: {key} is missing.")
        start = provisions[key].values[0].start
        if start > first_day:
            raise PolicyError(
                f"{files[key]}: {key} begins on {start}, after the policy's first day {first_day}."
            )
    for day in sorted(
        {
            first_day,
            *(d.start for p in provisions.values() for d in p.values if d.start > first_day),
        }
    ):
        held = {key: p.on(day).value for key, p in provisions.items() if p.values[0].start <= day}
        wrong = next((found for check in CHECKS if (found := check(held))), None)
        if wrong:
            raise PolicyError(f"{files[wrong[0]]}: {wrong[0]}: on {day} {wrong[1]}.")
    if "listed" in _ever(provisions["grounds.D"]) and not any(
        key.startswith("lists.") for key in provisions
    ):
        raise PolicyError(
            f"{files['grounds.D']}: grounds.D: listed can never hold: there is no key lists.<name>."
        )


def _ever(provision: Provision) -> set[Any]:
    return {word for dated in provision.values for word in dated.value}


Held = dict[str, Any]
Wrong = tuple[str, str] | None


def _bounds(held: Held) -> Wrong:
    lowest, highest = held["bounds.lowest"], held["bounds.highest"]
    if lowest < highest:
        return None
    return "bounds.highest", f"{highest} leaves no room for a score above the lowest, {lowest}"


def _bands(held: Held) -> Wrong:
    """Bands fall from grade to grade, between the lowest score and the best that merits can make."""
    bands = [held[f"bands.{grade}"] for grade in BANDED]
    best = min(held["points.base"] + held["caps.merit"], held["bounds.highest"])
    if sorted(set(bands), reverse=True) != bands:
        return (
            "bands.AAA",
            f"the bands {bands} of {', '.join(BANDED)} must fall, else a grade is out of reach",
        )
    if bands[0] > best:
        return (
            "bands.AAA",
            f"{bands[0]} is out of reach: base, merits and bounds allow at most {best}",
        )
    if bands[-1] <= held["bounds.lowest"]:
        return (
            "bands.B",
            f"{bands[-1]} leaves C out of reach: must be above the lowest score, {held['bounds.lowest']}",
        )
    return None


def _preconditions(held: Held) -> Wrong:
    """Whatever a grade asks for, some enterprise can have."""
    asked = {word for grade in BANDED[:3] for word in held[f"preconditions.{grade}"]}
    years, most = held["preconditions.clean-years"], held["caps.clean-year"]
    if "clean_years" in asked and years > most:
        return (
            "preconditions.clean-years",
            f"{years} can never hold: caps.clean-year counts at most {most}",
        )
    if "valid_prize" in asked:
        for level in held["preconditions.prize-levels"]:
            if f"points.quality-prize-{level}" not in held:
                return (
                    "preconditions.prize-levels",
                    f"{level} can never hold: no points.quality-prize-{level}",
                )
    if "pass_on_file" in asked and not held["passes.filed"]:
        return (
            "passes.filed",
            "pass_on_file can never hold: must name at least one kind of inspection",
        )
    return None


def _passes(held: Held) -> Wrong:
    scored, filed = (held[key] for key in PASSES)
    off = [kind for kind in scored if kind not in filed]
    if not off:
        return None
    return (
        "passes.scored",
        f"{', '.join(off)} must stand in passes.filed too: what scores is on file",
    )


def _severity(held: Held) -> Wrong:
    """No penalty is serious and minor at once."""
    serious, light = (held[key] for key in KINDS)
    large, *small = (held[key] for key in FINES)
    both = [kind for kind in serious if kind in light]
    if both:
        return (
            "severity.light-kinds",
            f"{', '.join(both)} must not also stand in severity.serious-kinds",
        )
    over = [(key, fine) for key, fine in zip(FINES[1:], small, strict=True) if fine > large]
    return (
        (over[0][0], f"{over[0][1]} must not exceed severity.serious-fine, {large}")
        if over
        else None
    )


def _repair(held: Held) -> Wrong:
    """Repair can be applied for before publication ends by itself."""
    longest, shortest = (held[key] for key in PUBLISHED)
    for kind, months in shortest.items():
        if months > longest[kind]:
            return PUBLISHED[
                1
            ], f"{months} months of {kind} must not exceed publication.months, {longest[kind]}"
    return None


CHECKS = (_bounds, _bands, _preconditions, _passes, _severity, _repair)
