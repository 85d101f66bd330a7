"""The way of a task: made, visited, its result recorded; or given up, with the reason."""

from __future__ import annotations

from typing import NamedTuple

from credit.errors import WrongState
from credit.terms import TaskState


class Act(NamedTuple):
    """An act on a task: from which states, to which one, in words."""

    begins: tuple[TaskState, ...]
    ends: TaskState | None
    zh: str
    en: str


ACTS = {
    "make": Act((), TaskState.OPEN, "下达任务", "task given"),
    "reassign": Act((TaskState.OPEN,), None, "更换检查人员", "other inspectors"),
    "visit": Act((TaskState.OPEN,), TaskState.VISITED, "现场检查", "visited"),
    "result": Act((TaskState.VISITED,), TaskState.DONE, "录入结果", "result recorded"),
    "cancel": Act((TaskState.OPEN, TaskState.VISITED), TaskState.CANCELLED, "取消任务", "given up"),
}


def after(act: str, state: TaskState) -> TaskState:
    """The state that an act leads to. Raises WrongState with `state` and `allowed`."""
    found = ACTS[act]
    if state not in found.begins:
        raise WrongState(
            f"The task is {state.en}: it can't be followed by {act}.", zh=f"任务{state.zh}，不能{found.zh}",
            state=str(state), allowed=able(state),
        )  # fmt: skip
    return found.ends or state


def able(state: TaskState) -> list[str]:
    """The acts that may follow a state."""
    return [name for name, one in ACTS.items() if state in one.begins]
