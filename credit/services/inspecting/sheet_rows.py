"""One row of the sheet of tasks: whose it is, what it says of the visit and the result, and what is wrong with it."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError

from credit.errors import InvalidInput, RegisterError
from credit.identifiers import normalise
from credit.models import Draw, InspectionTask
from credit.rules.inspecting import checklists
from credit.terms import Result

Told = dict[str, Any]
TASK, PLAN, CODE, TEAM = "任务号", "计划编号", "统一社会信用代码", "检查人员（删去未到场者）"
DAY, NOTE, GTIN, LOT, PRODUCT = "检查日期", "情况说明", "商品条码", "批号", "产品"
RESULT, SAFETY, FAILED = "检查结果", "涉及安全项目", "不合格项目"
FIXED = (TASK, PLAN, CODE, "企业名称", "完成期限", TEAM, DAY)
AFTER = (NOTE, GTIN, LOT, PRODUCT, RESULT, SAFETY, FAILED)
YES, NO, NA = "是", "否", "不适用"
ANSWERS = {YES: "yes", NO: "no", NA: "na"}
RESULTS = [one.zh for one in Result]
FIELDS = {
    "inspected_on": DAY, "inspectors": TEAM, "samples": GTIN, "found": NOTE, "results": RESULT, "answers": "检查表",
    "notes": NOTE, "item": GTIN, "failed_items": FAILED, "result": RESULT,
}  # fmt: skip



def header_of(name: str, words: dict[str, str]) -> str:
    """The column of a question."""
    return f"{name} {words['zh']}"


def task_of(row: Told, draw: Draw, tasks: dict[int, InspectionTask], seen: set[int]) -> InspectionTask:
    """The task of a row: one of this draw, about this enterprise, once."""
    if row[PLAN] != draw.plan_id:
        told = f"The row is of the plan {row[PLAN] or '-'}, not of {draw.plan_id}."
        raise _wrong(PLAN, told, f"不是计划 {draw.plan_id} 的任务")
    number = int(row[TASK]) if re.fullmatch(r"[0-9]{1,18}", row[TASK]) else 0
    task = tasks.get(number)
    if task is None:
        raise _wrong(TASK, f"This draw has no task {row[TASK] or '-'}.", f"本次抽取没有任务 {row[TASK] or '（空）'}")
    if normalise(row[CODE]) != task.code:
        told = f"Task {number} is about {task.code}: {row[CODE]} wasn't drawn for it."
        raise _wrong(CODE, told, f"任务 {number} 的企业是 {task.code}")
    if number in seen:
        raise _wrong(TASK, f"Task {number} stands twice.", f"任务 {number} 重复")
    seen.add(number)
    return task


def visit_of(row: Told, asked: checklists.Questions, team: list[int]) -> Told:
    """What a row says of the visit, in the shape of VisitIn."""
    given = {name: row.get(header_of(name, words), "") for name, words in asked.items()}
    note = row.get(NOTE, "")
    present = [int(found) for found in re.findall(r"(?:^|[；;,，、\s])\s*([0-9]{1,18})", row.get(TEAM, ""))]
    sample = {"gtin": row.get(GTIN, ""), "lot": row.get(LOT, ""), "product": row.get(PRODUCT, "")}
    filled = {name: text for name, text in sample.items() if text}
    return {
        "inspected_on": row[DAY][:10].replace("/", "-"), "inspectors": present or team, "found": note,
        "answers": {name: ANSWERS.get(answer, answer) for name, answer in given.items() if answer},
        "notes": {name: note for name, answer in given.items() if answer == NO and note},
        "samples": [filled] if filled else [],
    }  # fmt: skip


def result_of(row: Told) -> Told:
    """What a row says of the result, in the shape of ResultOne."""
    failed = [{"item": part} for part in re.split(r"[；;]\s*", row.get(FAILED, "")) if part.strip()]
    return {"result": row[RESULT], "safety_item": row.get(SAFETY, "") == YES, "failed_items": failed}


def _wrong(field: str, told: str, zh: str) -> InvalidInput:
    return InvalidInput(told, zh=zh, errors={field: [told]})


def mistakes(line: int, refused: ValidationError | RegisterError) -> list[Told]:
    """What is wrong in a row, by the column's own name."""
    if isinstance(refused, RegisterError):
        errors = refused.extra.get("errors") or {TASK: [refused.detail]}
        return [
            {"line": line, "field": _column(name), "told": texts[0], "zh": refused.detail_zh}
            for name, texts in errors.items()
        ]
    found = refused.messages if isinstance(refused.messages, dict) else {"row": refused.messages}
    return [{"line": line, "field": _column(name), "told": str(told), "zh": "填写有误"} for name, told in found.items()]


def _column(field: str) -> str:
    name, _, rest = field.partition(".")
    return f"{FIELDS.get(name, name)} {rest}".strip()
