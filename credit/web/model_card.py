"""The model card of the policy in force on a day, as a page."""

from __future__ import annotations

from flask import render_template

from credit.clock import today
from credit.services import model_card as cards
from credit.services.policies import law_on
from credit.web.asked import asked_day
from credit.web.charts import matrix


def model_card() -> str:
    """What the policy of a day is for, what it rests on, what it can't tell, and how it was tried."""
    day = today()
    on = asked_day("on") or day
    card = cards.model_card(law_on(on), on, day)
    tried = card["backtest"]
    cells = matrix(tried["grades"], tried["matrix"]) if tried else []
    return render_template("model-card.html", card=card, cells=cells)
