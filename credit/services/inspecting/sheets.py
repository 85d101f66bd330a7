"""The tasks of a draw as a workbook for days without a network, and back: all of its rows, or none.

One row is one task, one sample at most. A row without a day wasn't inspected yet; one with a result is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from marshmallow import ValidationError
from sqlalchemy import select

from credit.db import Change, db
from credit.errors import FileRefused, RegisterError
from credit.models import InspectionAct, InspectionTask
from credit.rules.inspecting import checklists
from credit.rules.inspecting.refusals import SheetRefused
from credit.rules.inspecting.states import after
from credit.services import intake, way, workbooks
from credit.services.access import person_of
from credit.services.departments import Bearer
from credit.services.draws.acts import find, own_or_joint
from credit.services.inspecting import acts, told
from credit.services.inspecting import sheet_rows as of
from credit.services.policies import law_on
from credit.terms import TaskState
from schemas.inspecting import ResultsIn, VisitIn

Told = dict[str, Any]
Results = list[tuple[int, InspectionTask, list[Told]]]
MOST = 5_000


def write(path: Path, number: int, day: date) -> None:
    """The open tasks of a draw as a workbook with choices in its cells. Raises UnknownDraw, FileRefused."""
    draw = find(number)
    rows = [one for one in told.of_draw(number, day) if one["state"] in (TaskState.OPEN, TaskState.VISITED)]
    if not rows:
        raise FileRefused("No task of this draw is open.", zh="没有待检查的任务")
    if len(rows) > MOST:
        raise FileRefused(f"More than {MOST} tasks: take them by the API.", zh=f"任务超过 {MOST} 项")
    asked = checklists.questions(rows[0]["checklist"], law_on(day), day)
    headers = [*of.FIXED, *(of.header_of(name, words) for name, words in asked.items()), *of.AFTER]
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet("检查任务"), book.add_format({"bold": True, "text_wrap": True})
        sheet.freeze_panes(1, 4)
        sheet.set_column(0, len(headers) - 1, 16)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for line, one in enumerate(rows, 1):
            team = "；".join(f"{person['number']} {person['name']}" for person in one["inspectors"])
            cells = (str(one["number"]), draw.plan_id, one["code"], one["name"], str(one["due_on"]), team)
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell)
        first = len(of.FIXED)
        _choose(sheet, range(first, first + len(asked)), len(rows), [of.YES, of.NO, of.NA])
        _choose(sheet, [headers.index(of.RESULT)], len(rows), of.RESULTS)
        _choose(sheet, [headers.index(of.SAFETY)], len(rows), [of.YES, of.NO])


def _choose(sheet: Any, columns: Any, rows: int, choices: list[str]) -> None:
    for column in columns:
        sheet.data_validation(1, column, rows, column, {"validate": "list", "source": choices})


def read(change: Change, number: int, bearer: Bearer, path: Path, day: date) -> Told:
    """Visits and results of a draw's tasks from a workbook, in the shape of schemas.inspecting.SheetReceipt.

    Raises UnknownDraw, NotAllowed, FileRefused, SheetRefused naming every row that is wrong: nothing is kept then.
    """
    draw, person, law = find(number), person_of(bearer), law_on(day)
    own_or_joint(bearer, draw)
    wanted = select(InspectionTask).where(InspectionTask.draw_id == number)
    tasks = {task.id: task for task in db.session.scalars(wanted)}
    teams = {one["number"]: [person["number"] for person in one["inspectors"]] for one in told.of_draw(number, day)}
    visits, seen = _visits(number), set[int]()
    counts = dict.fromkeys(("visited", "results", "left", "on_file"), 0)
    results: Results = []
    wrong: list[Told] = []
    for line, row in _rows(path):
        try:
            task = of.task_of(row, draw, tasks, seen)
            open_still = task.state == TaskState.OPEN
            if task.state == TaskState.DONE:
                counts["on_file"] += 1
            elif open_still and not row[of.DAY] and not row[of.RESULT]:
                counts["left"] += 1
            else:
                if open_still:
                    asked = checklists.questions(task.checklist, law, day)
                    given = VisitIn().load(of.visit_of(row, asked, teams[task.id]))
                    visits[task.id] = acts.visited(change, task, teams[task.id], person, given, law, day)
                    counts["visited"] += 1
                if row[of.RESULT]:
                    after("result", TaskState(task.state))
                    one = ResultsIn().load({"results": [of.result_of(row)]})["results"]
                    results.append((line, task, acts.events_of(task, visits[task.id]["samples"], one, draw, day)))
        except (ValidationError, RegisterError) as refused:
            wrong += of.mistakes(line, refused)
    counts["results"] = len(results)
    _refuse(wrong)
    _record(change, bearer, results, person, day)
    return counts


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that isn't empty by its line, its cells by their headers. Raises FileRefused."""
    rows = list(workbooks.rows(path))
    if len(rows) > MOST:
        raise FileRefused(f"More than {MOST} rows.", zh=f"超过 {MOST} 行")
    needed = (of.TASK, of.PLAN, of.CODE, of.DAY, of.RESULT)
    if missing := [name for name in needed if not rows or name not in rows[0][1]]:
        raise FileRefused(
            f"The columns {', '.join(missing)} are missing: fill in the sheet that this draw gave.",
            zh=f"缺少列：{'、'.join(missing)}。请使用本次抽取导出的表格填写",
        )
    for line, headers, cells, _ in rows:
        if any(cell.strip() for cell in cells):
            yield line, dict(zip(headers, (cell.strip() for cell in cells), strict=True))


def _record(change: Change, bearer: Bearer, results: Results, person: int, day: date) -> None:
    """All events at once, by the ordinary intake. Raises SheetRefused for what it refuses."""
    given = [event for _, _, events in results for event in events]
    taken = iter(intake.record_many(change, bearer.department_id, given, law_on(day)) if given else ())
    wrong, firms = [], []
    for line, task, events in results:
        mine = [next(taken) for _ in events]
        wrong += [fault for one in mine if one.refused is not None for fault in of.mistakes(line, one.refused)]
        acts.finished(change, task, [one.event_id for one in mine if one.event_id], person, day)
        firms += [one.enterprise_id for one in mine if one.enterprise_id]
    _refuse(wrong)
    db.session.flush()
    if firms:
        way.advance(change, firms, day)


def _refuse(wrong: list[Told]) -> None:
    if wrong:
        raise SheetRefused(
            "; ".join(f"row {one['line']}, {one['field']}: {one['told']}" for one in wrong[:5]),
            zh="；".join(f"第 {one['line']} 行 {one['field']}：{one['zh']}" for one in wrong[:5]), lines=wrong,
        )  # fmt: skip


def _visits(number: int) -> dict[int, Told]:
    """What the visits of a draw's tasks said."""
    rows = db.session.execute(
        select(InspectionAct.task_id, InspectionAct.fields)
        .join(InspectionTask, InspectionTask.id == InspectionAct.task_id)
        .where(InspectionTask.draw_id == number, InspectionAct.act == "visit")
    )
    return {row.task_id: row.fields for row in rows}
