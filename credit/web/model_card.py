"""The model card of the policy in force on a day, or of one version, as a page."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template

from credit.clock import today
from credit.errors import UnknownPolicy
from credit.services import model_card as cards
from credit.services.policies import law_on
from credit.web.asked import asked, asked_day
from credit.web.charts import matrix
from credit.web.desk import signed_in


def model_card() -> str:
    """What the policy of a day is for, what it rests on, what it can't tell, and how it was tried."""
    day, digest = today(), asked("policy")
    if digest is not None:
        return _page(_of_version(digest, to_staff=False))
    on = asked_day("on") or day
    return _page(cards.model_card(law_on(on), on, day))


@signed_in("supervise")
def desk_model_card(digest: str) -> str:
    """The card of any version, also of one that officers may still change or drop."""
    return _page(_of_version(digest, to_staff=True))


def _of_version(digest: str, to_staff: bool) -> dict[str, Any]:
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise UnknownPolicy(f"No policy {digest}.", zh=f"没有编号为 {digest} 的评价规则")
    return cards.version_card(digest, today(), to_staff)


def _page(card: dict[str, Any]) -> str:
    tried = card["backtest"]
    cells = matrix(tried["grades"], tried["matrix"]) if tried else []
    return render_template("model-card.html", card=card, cells=cells)
