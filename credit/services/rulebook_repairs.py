"""Credit repair in the rulebook: what may be repaired, on which conditions, with which pledge, and what is kept."""

from __future__ import annotations

from datetime import date

from credit.rules.law import Law
from credit.services.rulebook_grades import Rows, held, labels, source, words
from credit.terms import Kind, Penalty

CONDITIONS = (
    words("最短公示期已满，法定限制期限已满", "the shortest publication is over, and every restriction by law"),
    words("决定的义务已全部履行，并有证明", "every duty of the decision is performed, with proof"),
    words("此后没有受到较重行政处罚", "no heavier penalty since"),
    words("据此作出的列入已经移出", "a listing that rested on it is removed"),
    words("作出守信承诺，办理期间公示", "the pledge is given, and shown while the case is open"),
)


def repairs(law: Law, day: date) -> Rows:
    """Rows of label, values and source; none under a policy without repair."""
    found = held(law, "repairs", day)
    if not {"kinds", "excluded-penalties", "pledge"} <= set(found):
        return []
    (kinds, of_kinds), (excluded, of_excluded), (pledge, of_pledge) = (
        found[name] for name in ("kinds", "excluded-penalties", "pledge")
    )
    rows = [
        {
            "label": words(kinds.zh, kinds.en),
            "values": [labels(Kind, of_kinds.value), words("列入（提前移出）", "listings (early removal)")],
            "source": source(of_kinds),
        },
        {"label": words("条件", "conditions"), "values": list(CONDITIONS), "source": source(of_pledge)},
        {"label": words(pledge.zh, pledge.en), "values": [of_pledge.value], "source": source(of_pledge)},
    ]
    if of_excluded.value:
        label = words(excluded.zh, excluded.en)
        rows.append(
            {"label": label, "values": [labels(Penalty, of_excluded.value)], "source": source(of_excluded)}
        )
    return rows
