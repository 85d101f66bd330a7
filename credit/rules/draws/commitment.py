"""Commit and reveal: what is published before a draw, and how anybody checks it afterwards without learning a tier."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from credit.rules.draws.enterprises import INPUTS, draw
from credit.rules.draws.refusals import BadSeed
from credit.rules.draws.strata import Stratum
from credit.rules.draws.tickets import digests
from credit.rules.receipts import canonical


def seed_digest(seed: str) -> str:
    """SHA-256 of a seed, in hexadecimal digits: published before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def check_seed(seed: str, digest: str) -> None:
    """Raises BadSeed where a seed is not the one whose digest was published."""
    if not hmac.compare_digest(seed_digest(seed), digest):
        raise BadSeed("This seed has another digest than the commitment.", zh="随机种子与承诺的摘要不符")


def pseudonyms(salt: str, codes: pl.Series) -> pl.Series:
    """A name for each code that nobody without the salt can lead back: 32 hexadecimal digits, the key of its ticket.

    The salt is never published: who had it could hash every code there is.
    """
    named = [digest[:16].hex() for digest in digests(f"{salt}\npseudonym\n", codes)]
    return pl.Series("key", named, dtype=pl.String)


def opaque(inputs: pl.DataFrame, numbers: Mapping[str, str]) -> pl.DataFrame:
    """INPUTS whose strata have numbers instead of tiers and risks, in the order of keys, which tells nothing."""
    return inputs.select("key", pl.col("stratum").replace_strict(dict(numbers), return_dtype=pl.String)).sort("key")


def numbered(strata: list[str], salt: str) -> dict[str, str]:
    """The published name of each stratum, in an order that only the salt knows: s01, s02 ..."""
    mixed = sorted(strata, key=lambda name: hashlib.sha256(f"{salt}\n{name}".encode()).digest())
    return {name: f"s{place:02}" for place, name in enumerate(mixed, 1)}


def inputs_digest(inputs: pl.DataFrame, quotas: Mapping[str, int]) -> str:
    """SHA-256 over the published inputs, in hexadecimal digits: one line "stratum,quota" for each stratum by name, one
    line "key,stratum" for each candidate by key, each ended by one line feed.
    """
    head = "".join(f"{name},{quota}\n" for name, quota in sorted(quotas.items()))
    body = inputs.sort("key").select(*INPUTS).write_csv(include_header=False, line_terminator="\n")
    return hashlib.sha256((head + body).encode()).hexdigest()


def commitment(told: Mapping[str, Any]) -> str:
    """SHA-256 of what is committed to, as canonical JSON (sorted names, no spaces, UTF-8)."""
    return hashlib.sha256(canonical(dict(told))).hexdigest()


def again(inputs: pl.DataFrame, quotas: Mapping[str, int], seed: str, plan: str) -> list[str]:
    """The keys that are drawn from published inputs, by ticket: what anybody gets who follows the algorithm."""
    sizes = dict(inputs.group_by("stratum").len().iter_rows())
    return draw(inputs, as_strata(sizes, quotas), seed, plan)["key"].to_list()


def as_strata(sizes: Mapping[str, int], quotas: Mapping[str, int]) -> list[Stratum]:
    """Strata of which only sizes and quotas are known."""
    return [Stratum(name, sizes.get(name, 0), Fraction(quota), quota) for name, quota in sorted(quotas.items())]


def tells_tiers(drawn: pl.DataFrame, most: int) -> bool:
    """Whether knowing that a firm was drawn (its result is public) would, with the inputs, nearly tell its tier.

    `drawn`: tier. It would where more than `most` percent of the drawn firms are of one tier.
    """
    return not drawn.is_empty() and max(drawn["tier"].value_counts()["count"]) * 100 > most * len(drawn)


def problems(proof: Mapping[str, Any], inputs: pl.DataFrame) -> list[str]:
    """What speaks against a revealed draw, in English sentences; nothing where everything fits.

    `proof`: {commitment, statement, seed, drawn} as GET /api/v1/draws/{number}/proof tells it; `inputs`: INPUTS.
    """
    told, seed = proof["statement"], proof["seed"]
    if told is None or seed is None:
        return ["The draw isn't revealed, or its inputs are not published."]
    wrong = []
    if commitment(told) != proof["commitment"]:
        wrong.append("The statement is not the one that was committed to.")
    if told["seed_digest"] is not None and seed_digest(seed) != told["seed_digest"]:
        wrong.append("The seed is not the one that was committed to.")
    if inputs_digest(inputs, told["quotas"]) != told["inputs_digest"] or len(inputs) != told["candidates"]:
        wrong.append("The inputs are not the ones that were committed to.")
    if again(inputs, told["quotas"], seed, told["plan"]) != proof["drawn"]:
        wrong.append("The algorithm draws another list from these inputs.")
    return wrong
