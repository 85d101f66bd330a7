"""States of a listing and the acts between them (SAMR Order 44). No act outside this table, by any door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from credit.errors import InvalidInput, WrongState
from credit.terms import ListingState, OfficerRole

WORKSHEET = ("intent", "frequency", "duration", "penalty_kind", "amount", "value", "harm", "loss", "effect")
DECISION = ("document_no", "facts", "basis", "measures", "removal_conditions", "remedies")
# Steps that a list may ask for or not; which ones it does on a day, its terms say.
FACTOR_TEST, UPPER_CONSENT = "factor_test", "requires_upper_consent"
LEGAL_REVIEW, SECRECY_REVIEW, CREDIT_UNIT = "legal_review", "secrecy_review", "credit_unit"


class Act(NamedTuple):
    """An act: by whom, which fields its document must hold, and which others' acts its officer can't confirm."""

    name: str
    zh: str
    en: str
    role: OfficerRole
    fields: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    by_credit_unit: bool = False

    def roles(self, asked: Iterable[str]) -> tuple[OfficerRole, ...]:
        """Who may: the credit unit too where it is its business, and it alone where the list asks for that."""
        if not self.by_credit_unit:
            return (self.role,)
        return (OfficerRole.CREDIT,) if CREDIT_UNIT in asked else (self.role, OfficerRole.CREDIT)


class Edge(NamedTuple):
    """An act leads from one state to another.

    `switch`: only where the list asks for this step, or (`on` false) doesn't. `given`: only where
    the document holds this field.
    """

    before: ListingState
    act: str
    after: ListingState
    switch: str | None = None
    on: bool = True
    given: str | None = None


OPINION = ("opinion", "reason")
S, SUPERVISOR, DECIDER = ListingState, OfficerRole.SUPERVISOR, OfficerRole.DECIDER
ACTS = {
    act.name: act
    for act in (
        Act("assess", "综合考量", "weigh the circumstances", SUPERVISOR, WORKSHEET),
        Act("notify", "告知", "give notice", SUPERVISOR, ("document_no", "facts", "basis", "served_on")),
        Act("state", "陈述申辩", "state and defend", SUPERVISOR, ("statement", "stated_on")),
        Act("ask_hearing", "申请听证", "ask for a hearing", SUPERVISOR, ("asked_on",)),
        Act("hear", "举行听证", "hold the hearing", SUPERVISOR, ("document_no", "announced_on", "held_on")),
        Act("waive", "放弃陈述申辩和听证", "waive statement and hearing", SUPERVISOR, ("document_no",)),
        Act("lapse", "告知期满未申请听证", "let the days of the notice run out", SUPERVISOR),
        Act(
            "legal_review", "法制审核", "review the law", OfficerRole.LEGAL, OPINION,
            other_than=("propose", "assess", "notify"),
        ),
        Act("consent", "上级同意", "consent from above", DECIDER, ("document_no",)),
        Act("decide", "决定", "decide", DECIDER, DECISION),
        Act("confirm", "复核", "confirm", DECIDER, other_than=("decide", "restore")),
        Act("secrecy_review", "保密审查", "review for secrecy", OfficerRole.SECRECY, OPINION),
        Act("publish", "公示", "publish", SUPERVISOR, by_credit_unit=True),
        Act(
            "apply_removal", "申请提前移出", "apply for early removal", SUPERVISOR,
            ("applied_on", "performed", "harm_removed", "pledge"),
        ),
        Act("accept_removal", "受理", "accept the application", SUPERVISOR, ("document_no",), by_credit_unit=True),
        Act(
            "reject_removal", "不予受理", "not accept the application", SUPERVISOR, ("document_no", "reason"),
            by_credit_unit=True,
        ),
        Act(
            "grant_removal", "准予提前移出", "grant early removal", DECIDER, ("document_no", "reason"),
            other_than=("apply_removal", "accept_removal"),
        ),
        Act("refuse_removal", "驳回申请", "refuse early removal", DECIDER, ("document_no", "reason")),
        Act("expire", "期满移出", "expire", SUPERVISOR, by_credit_unit=True),
        Act("revoke", "撤销列入", "revoke", DECIDER, ("document_no", "reason")),
        Act("restore", "恢复列入", "restore the listing", DECIDER, (*DECISION, "reason")),
        Act("drop", "不予列入", "drop", DECIDER, ("reason",)),
    )
}  # fmt: skip
OPEN = (S.PROPOSED, S.ASSESSED, S.EXCUSED, S.NOTIFIED, S.STATED, S.HEARING, S.HEARD, S.CONSENTED, S.DECIDED)
ON_THE_LIST = (S.PUBLISHED, S.REMOVAL_ASKED, S.REMOVAL_ACCEPTED)
EDGES = (
    Edge(S.PROPOSED, "assess", S.EXCUSED, FACTOR_TEST, given="no_intent"),
    Edge(S.PROPOSED, "assess", S.ASSESSED, FACTOR_TEST),
    Edge(S.PROPOSED, "notify", S.NOTIFIED, FACTOR_TEST, on=False),
    Edge(S.ASSESSED, "notify", S.NOTIFIED),
    Edge(S.NOTIFIED, "state", S.STATED),
    Edge(S.STATED, "state", S.STATED),
    *(Edge(before, "ask_hearing", S.HEARING) for before in (S.NOTIFIED, S.STATED)),
    *(Edge(before, "waive", S.HEARD) for before in (S.NOTIFIED, S.STATED, S.HEARING)),
    *(Edge(before, "lapse", S.HEARD) for before in (S.NOTIFIED, S.STATED)),
    Edge(S.HEARING, "hear", S.HEARD),
    *(Edge(state, "legal_review", state, LEGAL_REVIEW) for state in (S.HEARD, S.CONSENTED, S.REMOVED)),
    Edge(S.HEARD, "consent", S.CONSENTED, UPPER_CONSENT),
    Edge(S.HEARD, "decide", S.DECIDED, UPPER_CONSENT, on=False),
    Edge(S.CONSENTED, "decide", S.DECIDED),
    Edge(S.DECIDED, "confirm", S.CONFIRMED),
    Edge(S.CONFIRMED, "secrecy_review", S.CONFIRMED, SECRECY_REVIEW),
    Edge(S.CONFIRMED, "publish", S.PUBLISHED),
    Edge(S.PUBLISHED, "apply_removal", S.REMOVAL_ASKED),
    Edge(S.REMOVAL_ASKED, "accept_removal", S.REMOVAL_ACCEPTED),
    Edge(S.REMOVAL_ASKED, "reject_removal", S.PUBLISHED),
    Edge(S.REMOVAL_ACCEPTED, "grant_removal", S.REMOVED),
    Edge(S.REMOVAL_ACCEPTED, "refuse_removal", S.PUBLISHED),
    Edge(S.REMOVED, "restore", S.DECIDED),
    *(Edge(before, "expire", S.EXPIRED) for before in ON_THE_LIST),
    *(Edge(before, "revoke", S.REVOKED) for before in (S.CONFIRMED, *ON_THE_LIST, S.REMOVED)),
    *(Edge(before, "drop", S.DROPPED) for before in OPEN),
)


def edges(state: ListingState, asked: Iterable[str]) -> list[Edge]:
    """What may follow a state where the list asks for these steps."""
    steps = set(asked)
    return [
        edge
        for edge in EDGES
        if edge.before == state and (edge.switch is None or (edge.switch in steps) == edge.on)
    ]  # fmt: skip


def allowed(state: ListingState, asked: Iterable[str]) -> list[str]:
    """The acts that are possible in a state."""
    return list(dict.fromkeys(edge.act for edge in edges(state, asked)))


def check(name: str, state: ListingState, fields: Mapping[str, Any], asked: Iterable[str]) -> tuple[Act, ListingState]:
    """The act and the state that it leads to, if this state allows it and its document is whole.

    Raises WrongState or InvalidInput naming each missing field.
    """
    possible = edges(state, asked)
    found = [edge for edge in possible if edge.act == name]
    if not found:
        acts = list(dict.fromkeys(edge.act for edge in possible))
        raise WrongState(
            f"A listing that is {state.en} allows: {', '.join(acts) or 'nothing more'}.",
            zh=f"当前状态为“{state.zh}”，不能办理此事项",
            state=str(state),
            allowed=acts,
        )
    act = ACTS[name]
    missing = [field for field in act.fields if not _told(fields.get(field))]
    if missing:
        raise InvalidInput(
            "The document is not whole.",
            zh="文书内容不完整",
            errors={field: ["Must not be empty."] for field in missing},
        )
    return act, next(edge.after for edge in found if edge.given is None or _told(fields.get(edge.given)))


def _told(value: Any) -> bool:
    return isinstance(value, date) or bool(str(value or "").strip())
