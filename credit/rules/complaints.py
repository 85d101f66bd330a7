"""The way of a complaint (投诉) or report (举报): which act may follow which state. None of it touches a grade."""

from __future__ import annotations

from typing import NamedTuple

from credit.errors import WrongState
from credit.terms import ComplaintKind, ComplaintState

S = ComplaintState
UNDER_WAY = (S.ACCEPTED, S.INSPECTION, S.CHECKED)
OPEN = (S.RECEIVED, *UNDER_WAY, S.ANSWERED)


class Act(NamedTuple):
    """An act: from which states, to which one (None: the state stays), in words, for which kinds."""

    begins: tuple[ComplaintState, ...]
    ends: ComplaintState | None
    zh: str
    en: str
    kinds: tuple[ComplaintKind, ...] = tuple(ComplaintKind)


ACTS = {
    "accept": Act(
        (S.RECEIVED,), S.ACCEPTED, "受理（举报：立案）", "accept (a report: file a case)"
    ),
    "refuse": Act((S.RECEIVED,), S.REFUSED, "不予受理（举报：不予立案）", "refuse, with reasons"),
    "transfer": Act((S.RECEIVED,), S.RECEIVED, "移送其他部门", "transfer to another department"),
    "extend": Act(
        (S.RECEIVED,), None, "延长核查期限", "extend the time to decide", (ComplaintKind.REPORT,)
    ),
    "join": Act((S.RECEIVED, *UNDER_WAY), None, "并案", "join to another case"),
    "lead": Act(
        (S.ACCEPTED, S.CHECKED), S.INSPECTION, "转为检查线索", "hand over to an inspection"
    ),
    "check": Act((S.ACCEPTED, S.INSPECTION), S.CHECKED, "核查完毕", "checked"),
    "tell": Act(
        (*UNDER_WAY, S.ANSWERED), None, "告知举报人", "tell the reporter", (ComplaintKind.REPORT,)
    ),
    "answer": Act(UNDER_WAY, S.ANSWERED, "答复", "answer"),
    "close": Act((S.ANSWERED,), S.CLOSED, "办结", "close"),
    "withdraw": Act((S.RECEIVED, *UNDER_WAY), S.WITHDRAWN, "撤回", "withdrawn by whoever sent it"),
}
# What nobody can take back: it is asked about once more.
ENDING = ("refuse", "close", "withdraw", "transfer", "answer", "lead", "join")


def allowed(state: ComplaintState, kind: ComplaintKind) -> list[str]:
    """The acts that may follow now."""
    return [name for name, act in ACTS.items() if state in act.begins and kind in act.kinds]


def after(act: str, state: ComplaintState, kind: ComplaintKind) -> ComplaintState:
    """The state after an act. Raises WrongState with `state` and `allowed`."""
    may = allowed(state, kind)
    if act not in may:
        raise WrongState(
            f"The case is {state.en}: it can't be followed by {act}.",
            zh=f"当前状态为{state.zh}，不能{ACTS[act].zh}",
            state=str(state), allowed=may,
        )  # fmt: skip
    return ACTS[act].ends or state
