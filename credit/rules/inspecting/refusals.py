"""What an inspection task refuses, each by its own name."""

from __future__ import annotations

from credit.errors import RegisterError


class UnknownTask(RegisterError):
    code, status, title = "unknown-task", 404, "No such inspection task"
    zh = "没有这项检查任务"


class UnknownChecklist(RegisterError):
    """`known`: the names of those that the policy in force has."""

    code, status, title = "unknown-checklist", 422, "The policy knows no such checklist"
    zh = "政策没有这份检查表"


class TakenUp(RegisterError):
    """`task`: its number."""

    code, status, title = "task-taken-up", 409, "There is a task for this already"
    zh = "已经有对应的检查任务"


class SheetRefused(RegisterError):
    """`lines`: each with `line`, `field`, `told` and `zh`. Nothing of the sheet was kept."""

    code, status, title = "sheet-refused", 422, "Rows of the sheet are wrong: nothing was kept"
    zh = "表格有误，未保存任何一行"
