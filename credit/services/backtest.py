"""Back-test (历史回测): a draft policy against the policies in force, over the whole history on file.

Each half-year, and the last day, is graded twice from the facts that could be shown on it, as they
are known now: by the law of that day and by the draft. What followed is judged by one law for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from flask import Flask, current_app
from sqlalchemy import func, select

from credit.db import Register, db
from credit.errors import InvalidInput, TooMuchWork
from credit.models import Enterprise, Event
from credit.rules.backtest.moves import BESIDE, beside
from credit.rules.backtest.outcomes import OUTCOMES, half_years, outcomes_within
from credit.rules.backtest.report import Report, backtest_report
from credit.rules.backtest.words import NOT_YET
from credit.rules.dossier import Facts
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.services.dossiers import all_ids
from credit.services.grading import public_facts
from credit.services.known import Known
from credit.services.policies import Era, eras, law_among
from credit.services.policy_trials import department_names, on_file, policy_named, under_each

CHUNK = 50_000
AT_ONCE = 2
MONTHS = 12
SEED = 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """What is tried: the draft against the eras of law, on these days, on facts known so far."""

    draft: Law
    eras: Sequence[Era]
    days: list[date]
    known: Known

    @property
    def last(self) -> date:
        """The day that grades are compared on, and the last one whose events are known."""
        return self.days[-1]

    @property
    def laws(self) -> list[Law]:
        """The law of each of the days."""
        return [law_among(self.eras, day) for day in self.days]

    @property
    def law(self) -> Law:
        """The law that judges what followed, for old and new alike: that of the last day."""
        return self.laws[-1]


def backtest(
    draft: Law,
    day: date,
    first: date,
    last: date,
    seq: int | None = None,
    seed: int = SEED,
    progress: Progress = lambda done, total: None,
    most: int | None = None,
) -> Report:
    """The report of rules.backtest.report for the days `first` to `last`, asked for on `day`.

    As known at the change number `seq` (None: now). With `first`, `last`, `seq`, `enterprises`;
    `policies.old.eras` [{since, id, digest}] that held on the graded days; `policies.new.not_yet`
    [{key, from}], the draft's values that begin only after `last`. `progress` is told the
    enterprises done and all.
    Raises BeforeRegister for days that either policy doesn't answer for, InvalidInput for no span,
    TooMuchWork where it asks for more than `most` gradings by each policy.
    """
    trial = _trial(draft, day, first, last, seq)
    _check_size(len(trial.days), most)
    ids = all_ids()
    found = [_none(), *_tried_in_parts(ids, trial, progress)]
    rows, firms, reporters = (pl.concat(frames) for frames in zip(*found, strict=True))
    departments = reporters.join(department_names(), on="department_id")
    report = backtest_report(rows, last, firms, departments, _policies(trial), seed, MONTHS)
    if report["policies"]["new"]["not_yet"]:
        report["limits"] = [NOT_YET, *report["limits"]]
    span = {"first": str(first), "last": str(last), "seq": trial.known.seq, "enterprises": len(ids)}
    return report | span


def summary(report: Report) -> dict[str, Any]:
    """A report in short, to be kept with the policy that it tried: numbers only, nobody's name.

    day, first, last, seq, enterprises, against and digest (of the two policies), moves {firms,
    moved, up, ...}, grades, matrix, half_years, asks, all and observed {n, enterprises, outcomes,
    foresight, grade, score: {auc, rank_correlation: {old, new, difference}, tied_pairs}}, bootstrap.
    """
    told = report["prediction"]
    kept = ("n", "enterprises", "outcomes", "left_out", "foresight", "grade", "score")
    return {
        **{name: report[name] for name in ("day", "first", "last", "seq", "enterprises")},
        "against": report["policies"]["old"]["digest"],
        "digest": report["policies"]["new"]["digest"],
        "moves": report["summary"],
        "grades": report["grades"],
        "matrix": report["matrix"],
        "half_years": len(told["days"]),
        **{name: told[name] for name in ("months", "asks", "incomplete")},
        **{who: {name: told[who][name] for name in kept} for who in ("all", "observed")},
        "bootstrap": report["bootstrap"],
    }


def first_day_on_file(law: Law) -> date:
    """The day of the oldest event, not before the first that the policy answers for."""
    oldest = db.session.scalar(select(func.min(Event.occurred_on)))
    return max(law.first_day, oldest or law.first_day)


def _trial(draft: Law, day: date, first: date, last: date, seq: int | None) -> Trial:
    if first > last:
        told = "Ends before it begins."
        raise InvalidInput(f"{first} comes after {last}.", zh="起始日晚于截止日", errors={"to": [told]})
    # Every block of enterprises is read as known at one number, whatever is reported meanwhile.
    known = db.session.scalar(select(Register.last_seq)) if seq is None else seq
    in_force = eras(known)
    for law in (draft, law_among(in_force, first)):
        for asked in (first, last):
            law.check_asked(asked, day)
    return Trial(draft, in_force, [*half_years(first, last, MONTHS), last], Known(known, committed=True))


def _check_size(days: int, most: int | None) -> None:
    firms = db.session.scalar(select(func.count()).select_from(Enterprise)) or 0
    if most is not None and firms * days > most:
        raise TooMuchWork(
            f"{firms:,} enterprises on {days:,} days are more than {most:,} gradings: ask for fewer "
            "days, or run `credit backtest DRAFT_DIR --from DAY --to DAY` where the register runs.",
            zh=f"{firms:,} 家企业、{days:,} 个评价日，超过 {most:,} 次评价：请缩短期间，"
            "或在登记系统所在的机器上运行 credit backtest 命令",
            enterprises=firms,
            days=days,
            most=most,
        )


Tried = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def _tried_in_parts(ids: Sequence[int], trial: Trial, progress: Progress) -> Iterator[Tried]:
    """Part by part: one is read while another is graded. Only what is committed is seen."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def tried(some: Sequence[int]) -> Tried:
        with app.app_context():
            return _tried(some, trial)

    parts, done = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)], 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for some, found in zip(parts, pool.map(tried, parts), strict=True):
            done += len(some)
            progress(done, len(ids))
            yield found


def _tried(ids: Sequence[int], trial: Trial) -> Tried:
    """Gradings with what followed, firms and reporters, of these enterprises."""
    file = on_file(ids, trial.law, trial.known)
    facts = under_each(file, [*trial.laws, trial.draft])
    pairs = []
    for day, law in zip(trial.days, trial.laws, strict=True):
        sides = (_graded(facts[one.digest], one, day) for one in (law, trial.draft))
        pairs.append(beside(*sides))
    rows = pl.concat(pairs)
    after = outcomes_within(facts[trial.law.digest].events, rows, trial.last, MONTHS)
    followed = rows.hstack(after.drop("enterprise", "day"))
    return followed, file.firms_on(trial.last), file.reporters()


def _graded(facts: Facts, law: Law, day: date) -> pl.DataFrame:
    asks = facts.firms.select("enterprise").unique().with_columns(day=pl.lit(day))
    return grades(asks, public_facts(facts, day), law)


def _none() -> Tried:
    """Of no enterprise: so that an empty register has a report too."""
    texts = dict.fromkeys(("code", "name", "region", "industry"), pl.String)
    return (
        pl.DataFrame(schema=BESIDE | {name: pl.Boolean for name in OUTCOMES if name not in BESIDE}),
        pl.DataFrame(schema=texts | {"enterprise": pl.Int64}),
        pl.DataFrame(schema={"department_id": pl.Int64, "enterprise": pl.Int64}),
    )


def _policies(trial: Trial) -> dict[str, Any]:
    held = {law.digest for law in trial.laws}
    told = [
        {"since": str(max(era.since, era.law.first_day)), "id": era.law.id, "digest": era.law.digest}
        for era in trial.eras
        if era.law.digest in held
    ]
    return {
        "old": policy_named(trial.law) | {"eras": told},
        "new": policy_named(trial.draft) | {"not_yet": _not_yet(trial)},
    }


def _not_yet(trial: Trial) -> list[dict[str, str]]:
    """Values of the draft that begin after the last day, and that the law in force hasn't."""

    def later(law: Law) -> list[tuple[str, date, Any]]:
        return [
            (key, dated.start, dated.value)
            for key, provision in law.provisions.items()
            for dated in provision.values
            if dated.start > trial.last
        ]

    known = later(trial.law)
    return [{"key": one[0], "from": str(one[1])} for one in later(trial.draft) if one not in known]
