"""The rulebook: the policy in force on a day, as a page made from the data.

The service `credit.services.rulebook.rulebook(day)` gives this dict. `Words` is {"zh", "en"};
`Source` is {"title", "number", "article", "url", "certainty"} (each but title may be empty);
days are ISO strings; a list may be empty, a key may not be missing.

    id, name: Words, digest, day   which policy, and the day that it is read for
    first_day               the first day that the policy answers for
    change_days             days on which some value changed, rising
    points                  [{rule, label: Words, points: int, until: Words, limit: Words | null,
                              values: [{from, value: int, source: Source}], source: Source}]
                            gains and losses, the base first; `limit`: "at most two" and the like
    limits                  [{rule, sentence: Words, source: Source}]  merit cap, bounds
    grades                  [{grade, from_score: int | null, preconditions: [Words],
                              ceilings: [Words], source: Source}]
                            best first, N last; `ceilings` of B: what holds a grade at B or lower
    severity                [{severity, penalties: Words, publication: Words, repair: Words,
                              source: Source}]
    publication             [{label: Words, value: Words, source: Source}]  how periods are counted
    tiers                   [{tier, label: Words, grades: [str], measures: Words, source: Source}]
    lists                   [{id, name: Words, basis: Source, term: Words, conditions: [Words],
                              grounds: [{ground, name: Words, source: Source}],
                              effects: [Words], removal: [Words],
                              steps: [str]}]  steps: which the list asks a city for
    repairs, screening, draws
                            [{label: Words, values: [Words], source: Source}]
    clocks                  [{label: Words, value: Words, source: Source}]

Beside it stand the `versions` and the `changes` of the day's version to the one before it, in the
shapes of credit.services.rulebook_versions.
"""

from __future__ import annotations

from flask import render_template

from credit.clock import today
from credit.services import rulebook as policy
from credit.services import rulebook_versions
from credit.services.policies import law_on
from credit.web import state_diagram
from credit.web.asked import asked_day


def rulebook() -> str:
    """What counts, what it costs, bands, tiers, lists and deadlines, for any day."""
    day = asked_day("on") or today()
    return render_template(
        "rulebook.html",
        book=policy.rulebook(day, law_on(day)),
        versions=rulebook_versions.versions(),
        changes=rulebook_versions.changes(day),
        drawn=state_diagram.drawn,
    )
