"""Delegation (委托): who may let whom act in which role, and for how long.

Order 44 leaves it to a department's own rules of work.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from credit.errors import InvalidInput
from credit.terms import OfficerRole

# What touches cases may be delegated; nobody lets others audit or administer in his or her name.
UNLENT = (OfficerRole.REPORTER, OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR)
DELEGABLE = tuple(role for role in OfficerRole if role not in UNLENT)
LONGEST = timedelta(days=92)  # an absence; for longer, an administrator gives the role itself


class Person(NamedTuple):
    """An officer as far as a delegation asks."""

    id: int
    department_id: int
    role: str
    works: bool


def check(officer: Person, deputy: Person | None, since: date, until: date, day: date) -> None:
    """Raises InvalidInput naming deputy, since or until."""
    if officer.role not in DELEGABLE:
        raise _wrong("deputy", "Your role can't be delegated.", "您的岗位不能委托他人")
    if deputy is None or not deputy.works or deputy.department_id != officer.department_id or deputy.id == officer.id:
        raise _wrong("deputy", "Choose a colleague of your department who can sign in.", "请选择本部门可以登录的同事")
    if deputy.role in (OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR):
        raise _wrong("deputy", "Who audits or administers decides no cases.", "审计、管理人员不能受托办理案件")
    if since < day:
        raise _wrong("since", f"From {day} on: a delegation reaches no day that is over.", f"不早于{day}，不能追溯")
    if not since <= until <= since + LONGEST:
        raise _wrong("until", f"Between {since} and {since + LONGEST}.", f"应在{since}至{since + LONGEST}之间")


def _wrong(field: str, en: str, zh: str) -> InvalidInput:
    return InvalidInput(en, zh=zh, errors={field: [en]})
