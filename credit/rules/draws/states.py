"""The way of a draw: which act may follow which state."""

from __future__ import annotations

from typing import NamedTuple

from credit.errors import WrongState
from credit.rules.draws.refusals import DrawnAlready
from credit.terms import DrawState


class Act(NamedTuple):
    """An act on a plan: from which states, to which one, in words."""

    begins: tuple[DrawState, ...]
    ends: DrawState
    zh: str
    en: str


ACTS = {
    "make": Act((), DrawState.PLANNED, "编制计划", "plan made"),
    "approve": Act((DrawState.PLANNED,), DrawState.APPROVED, "审批计划", "plan approved"),
    "commit": Act((DrawState.APPROVED, DrawState.COMMITTED), DrawState.COMMITTED, "公布承诺", "commitment published"),
    "draw": Act((DrawState.COMMITTED,), DrawState.DRAWN, "抽取", "drawn"),
    "reveal": Act((DrawState.DRAWN,), DrawState.REVEALED, "公开种子", "seed revealed"),
}


def state_after(acts: list[str]) -> DrawState:
    """The state that these acts, in their order, led to."""
    return ACTS[acts[-1]].ends


def check(act: str, state: DrawState) -> None:
    """Raises DrawnAlready for a second draw or commitment after it, else WrongState with `state` and `allowed`."""
    if state in ACTS[act].begins:
        return
    if act in ("commit", "draw") and state in (DrawState.DRAWN, DrawState.REVEALED):
        raise DrawnAlready(state=str(state))
    allowed = [name for name, one in ACTS.items() if state in one.begins]
    raise WrongState(
        f"The draw is {state.en}: it can't be followed by {act}.", zh=f"当前状态为{state.zh}，不能{ACTS[act].zh}",
        state=str(state), allowed=allowed,
    )  # fmt: skip
