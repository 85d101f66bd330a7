"""Back-test (历史回测): a draft policy against the policies in force, over the whole history on file.

Each half-year, and the last day, is graded twice from the facts that could be shown on it, as they
are known now: by the law of that day and by the draft. What followed is judged by one law for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
from flask import Flask, current_app
from sqlalchemy import func, select

from credit.db import Register, db
from credit.errors import BeforeRegister, InvalidInput, TooMuchWork
from credit.models import Enterprise, Event
from credit.rules.backtest.moves import BESIDE, beside
from credit.rules.backtest.outcomes import OUTCOMES, half_years, outcomes_within
from credit.rules.backtest.report import Report, backtest_report
from credit.rules.backtest.words import NOT_TRIED, NOT_YET
from credit.rules.dossier import Facts
from credit.rules.grading import grades
from credit.rules.law import Law
from credit.services.ages import public_facts
from credit.services.dossiers import all_ids
from credit.services.drafts import read_draft
from credit.services.known import Known
from credit.services.policies import Era, eras, law_among, law_by
from credit.services.policy_ahead import NotYet, as_if_begun
from credit.services.policy_trials import department_names, on_file, policy_named, under_each

CHUNK = 50_000
AT_ONCE = 2
MONTHS = 12
SEED = 1
MOVERS = 100  # named in a report; the command writes all of them
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """What is tried: the draft against the eras of law, on these days, on facts known so far.

    `draft` with its values to come (`not_yet`) as if they had begun.
    """

    draft: Law
    not_yet: list[NotYet]
    eras: Sequence[Era]
    days: list[date]
    known: Known

    @property
    def last(self) -> date:
        """The day that grades are compared on, and the last one whose events are known."""
        return self.days[-1]

    @cached_property
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
    movers: int | None = MOVERS,
    against: Law | None = None,
) -> Report:
    """The report of rules.backtest.report for the days `first` to `last`, asked for on `day`.

    As known at the change number `seq` (None: now). With `first`, `last`, `seq`, `enterprises`;
    `policies.old.eras` [{since, id, digest}] that held on the graded days; `policies.new.not_yet`
    [{key, from, tried}], the draft's values that begin only after `last`, and whether they were
    tried as if they had begun. `against`: a version that is enacted and not in force by `last`, to
    compare with on every day as if it were. `movers`: how many are named (None: all). `progress` is told the
    enterprises done and all.
    Raises BeforeRegister for days that either policy doesn't answer for, InvalidInput for no span,
    TooMuchWork where it asks for more than `most` gradings by each policy.
    """
    trial = _trial(draft, day, first, last, seq, against)
    _check_size(len(trial.days), most)
    ids = all_ids()
    found = [_none(), *_tried_in_parts(ids, trial, progress)]
    rows, firms, reporters = (pl.concat(frames) for frames in zip(*found, strict=True))
    departments = reporters.join(department_names(), on="department_id")
    policies = _policies(trial, draft)
    report = backtest_report(rows, last, firms, departments, policies, seed, MONTHS, most=movers)
    report["limits"] = [*limits_of(trial.not_yet), *report["limits"]]
    span = {"first": str(first), "last": str(last), "seq": trial.known.seq, "enterprises": len(ids)}
    return report | span


def backtest_asked(asked: dict[str, Any], day: date, most: int | None) -> Report:
    """The report that a form or a program asked for, in the shape schemas.backtest.BacktestIn.

    Raises DraftRefused and UnknownPolicy too.
    """
    draft = read_draft(asked["files"], day) if "files" in asked else law_by(asked["draft"])
    first, last = asked["first"] or first_day_on_file(draft), asked["last"] or day
    return backtest(draft, day, first, last, seed=asked["seed"], most=most)


def limits_of(not_yet: list[NotYet]) -> list[dict[str, str]]:
    """What is to be said of values to come: tried as if begun, or not tried at all."""
    kinds = {one["tried"] for one in not_yet}
    return [words for tried, words in ((False, NOT_TRIED), (True, NOT_YET)) if tried in kinds]


def summary(report: Report) -> dict[str, Any]:
    """A report in short, to be kept with the policy that it tried: numbers only, nobody's name.

    day, first, last, seq, enterprises, against and digest (of the two policies), not_yet, moves
    {firms, moved, up, ...}, grades, matrix, half_years, asks, all and observed {n, enterprises,
    outcomes, failed, foresight, grade, score: {auc, rank_correlation: {old, new, difference},
    tied_pairs}}, bootstrap.
    """
    told = report["prediction"]
    kept = ("n", "enterprises", "outcomes", "failed", "left_out", "foresight", "grade", "score")
    return {
        **{name: report[name] for name in ("day", "first", "last", "seq", "enterprises")},
        "against": report["policies"]["old"]["digest"],
        "digest": report["policies"]["new"]["digest"],
        "not_yet": report["policies"]["new"]["not_yet"],
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


def _trial(draft: Law, day: date, first: date, last: date, seq: int | None, against: Law | None) -> Trial:
    # Every block of enterprises is read as known at one number, whatever is reported meanwhile.
    known = db.session.scalar(select(Register.last_seq)) if seq is None else seq
    in_force = eras(known)
    if against is not None and law_among(in_force, last).digest != against.digest:
        in_force = [Era(date.min, None, against)]
    for name, asked in (("from", first), ("to", last)):
        _check_day(name, asked, (draft, law_among(in_force, first)), day)
    if first > last:
        told = "Ends before it begins."
        raise InvalidInput(f"{first} comes after {last}.", zh="起始日晚于截止日", errors={"to": [told]})
    days = [*half_years(first, last, MONTHS), last]
    tried, not_yet = as_if_begun(draft, law_among(in_force, last), last)
    return Trial(tried, not_yet, in_force, days, Known(known, committed=True))


def _check_day(name: str, asked: date, laws: Sequence[Law], day: date) -> None:
    """Raises BeforeRegister, with the name of the field, for a day that a law doesn't answer for."""
    for law in laws:
        try:
            law.check_asked(asked, day)
        except BeforeRegister as problem:
            problem.extra["errors"] = {name: [problem.detail]}
            raise


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


def _policies(trial: Trial, draft: Law) -> dict[str, Any]:
    held = {law.digest for law in trial.laws}
    told = [
        {"since": str(max(era.since, era.law.first_day)), "id": era.law.id, "digest": era.law.digest}
        for era in trial.eras
        if era.law.digest in held
    ]
    return {
        "old": policy_named(trial.law) | {"eras": told},
        "new": policy_named(draft) | {"not_yet": trial.not_yet},
    }
