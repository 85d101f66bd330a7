"""The clocks of complaints and reports as cases, and the table of states by properties."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from credit.errors import WrongState
from credit.models import Complaint, ComplaintAct
from credit.policy import load_policy
from credit.rules.complaints import ACTS, after, allowed
from credit.services.complaints.told import due_on
from credit.terms import ComplaintKind, ComplaintState

CASES = yaml.safe_load((Path(__file__).with_name("clocks.yaml")).read_text(encoding="utf-8"))["cases"]
OVER = (ComplaintState.REFUSED, ComplaintState.CLOSED, ComplaintState.WITHDRAWN)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_clock_ends_on_its_day(case: dict[str, Any]) -> None:
    kind, state = ComplaintKind(case["kind"]), ComplaintState.RECEIVED
    for name in case["acts"]:
        state = after(name, state, kind)
    person = None if case.get("anonymous") else "digest"
    one = Complaint(kind=str(kind), state=str(state), filed_on=case["filed_on"], person=person)
    acts = [ComplaintAct(act=name, acted_on=day) for name, day in case["acts"].items()]
    found = due_on(one, acts, load_policy())
    assert (found and found[0]) == case["due_on"]


@given(st.sampled_from(list(ComplaintKind)), st.lists(st.sampled_from(list(ACTS)), max_size=20))
def test_no_acts_lead_out_of_the_table(kind: ComplaintKind, acts: list[str]) -> None:
    state = ComplaintState.RECEIVED
    for name in acts:
        if name in allowed(state, kind):
            state = after(name, state, kind)
        else:
            with pytest.raises(WrongState) as refused:
                after(name, state, kind)
            assert refused.value.extra["allowed"] == allowed(state, kind)
        assert bool(allowed(state, kind)) == (state not in OVER)


@given(st.sampled_from(list(ComplaintKind)), st.sampled_from([one for one in ComplaintState if one not in OVER]))
def test_every_open_case_can_come_to_an_end(kind: ComplaintKind, state: ComplaintState) -> None:
    reached, before = {state}, set[ComplaintState]()
    while reached != before:
        before = set(reached)
        reached |= {after(name, one, kind) for one in before for name in allowed(one, kind)}
    assert ComplaintState.CLOSED in reached


def test_a_complaint_is_never_extended_and_day_is_an_argument() -> None:
    assert "extend" not in allowed(ComplaintState.RECEIVED, ComplaintKind.COMPLAINT)
    one = Complaint(kind="complaint", state="received", filed_on=date(2010, 1, 4), person="digest")
    assert due_on(one, [], load_policy()) is not None
