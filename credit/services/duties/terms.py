"""The shape of a duty, and its clock: working days or days, by the law of the day on which it began."""

from __future__ import annotations

from typing import Any

import polars as pl

from credit.rules.law import Law
from credit.rules.working_days import due

# One duty a row. `done_on` is null while it is open; `opens_on` where it may not be done earlier.
DUTY: dict[Any, Any] = {
    "kind": pl.String, "basis": pl.String, "department_id": pl.Int64, "enterprise_id": pl.Int64,
    "event_id": pl.Int64, "listing": pl.Int64, "began_on": pl.Date, "opens_on": pl.Date, "due_on": pl.Date,
    "provisional": pl.Boolean, "done_on": pl.Date,
}  # fmt: skip
CALENDAR = ("product-correction", "recheck", "second-recheck")  # days; all others are working days


def with_clock(duties: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Duties (with `basis`, a key of the policy, and `began_on`) in the shape DUTY.

    Under a policy that doesn't know the key there is no such duty.
    """
    parts = [pl.DataFrame(schema=DUTY)]
    for (key,), some in duties.group_by("basis", maintain_order=True):
        if key not in law.provisions:
            continue
        counted = some.with_columns(days=law.choose(str(key), pl.col("began_on")).cast(pl.Int64))
        if str(key).removeprefix("duties.").removesuffix("-days") in CALENDAR:
            ended = counted.with_columns(
                due_on=pl.col("began_on") + pl.duration(days="days"), provisional=pl.lit(value=False)
            )
        else:
            ended = due(counted)
        missing = [name for name in DUTY if name not in ended.columns]
        whole = ended.with_columns(pl.lit(None).alias(name) for name in missing)
        parts.append(whole.select(*DUTY).cast(DUTY))
    return pl.concat(parts)
