"""Batches at the desk: a file is tried first, then confirmed; progress, what was refused, and the results."""

from __future__ import annotations

from itertools import islice
from typing import Any

from flask import Response, current_app, g, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as Answer

from credit import batch_work, spool
from credit.errors import InvalidInput, RegisterError, WrongState
from credit.services.batches import results, store, telling
from credit.services.batches.store import Sent
from credit.services.mappings import STANDARDS, Mapping, load_mapping, standard
from credit.web.desk import signed_in
from credit.web.language import t
from schemas.batch import BatchQuery

SCOPE = "events:write"
SHOWN, LISTED, EVERY = 20, 30, 3
FIELDS = ("kind", "mapping", "served_on", "publication_notice_on", "repair_notice_on", "proceedings", "strict")
Page = str | Answer | tuple[str, int]


def batches() -> Any:
    """A department's own batches, and the form that sends one. An upload may be larger than other forms."""
    request.max_content_length = int(current_app.config["CREDIT_MAX_BATCH"])
    return _batches()


batches.auth_rule = SCOPE  # type: ignore[attr-defined]


@signed_in(SCOPE)
def _batches() -> Page:
    if request.method == "GET":
        return _list("")
    try:
        return _go(_upload())
    except ValidationError as error:
        named = error.normalized_messages()  # type: ignore[no-untyped-call]
        return _list("; ".join(f"{name}: {' '.join(map(str, words))}" for name, words in named.items())), 422
    except RegisterError as refused:
        return _list(t(refused.detail_zh, refused.detail)), refused.status


def _list(wrong: str) -> str:
    before = request.args.get("before", "")
    found = store.of_department(g.department_id, LISTED + 1, int(before) if before.isdecimal() else None)
    told = [telling.told(one) for one in found[:LISTED]]
    more = told[-1]["id"] if len(found) > LISTED else None
    given = request.form
    return render_template("batches.html", batches=told, more=more, wrong=wrong, given=given, standards=STANDARDS)


def _upload() -> int:
    """The number of the trial of the uploaded file."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput("Choose a file.", zh="请选择文件", errors={"file": ["Choose a file."]})
    given = {name: request.form[name] for name in FIELDS if request.form.get(name)}
    asked: dict[str, Any] = BatchQuery().load(given | {"dry_run": True})
    suffix = batch_work.suffix_of(file.filename)
    with spool.spooled(file.stream, suffix) as path:
        sent = Sent(path, file.filename, suffix, batch_work.options_of(asked), _mapping(asked))
        number: int = batch_work.opened(sent, store.next_key(g.department_id, sent.digest())).id
    batch_work.in_background(number)
    return number


def _mapping(asked: dict[str, Any]) -> Mapping | None:
    text = request.files.get("mapping_file")
    if text is not None and text.filename:
        return load_mapping(text.stream.read().decode("utf-8-sig", errors="replace"))
    return standard(asked["mapping"]) if asked.get("mapping") else None


@signed_in(SCOPE)
def batch(number: int) -> Page:
    """One batch: how far it is, what became of its rows, what was refused first and why, what to do next."""
    found = store.find(number, g.department_id)
    if request.method == "POST":
        return _go(_acted(found))
    told = telling.told(found)
    ended = told["state"] not in store.OPEN
    refusals = list(islice(results.rejected(number), SHOWN)) if ended and told["rejected"] else []
    page = render_template(
        "batch.html", batch=told, ended=ended, refusals=refusals, shown=SHOWN, may_confirm=_may_confirm(found)
    )
    answer = current_app.make_response(page)
    if not ended:
        answer.headers["Refresh"] = str(EVERY)
    return answer


def _acted(found: Any) -> int:
    """Confirm a trial, or go on with a batch that stands still. The number of the batch to look at."""
    number: int = found.id
    if request.form.get("do") == "go-on" and found.state in store.OPEN:
        batch_work.in_background(number)
        return number
    if request.form.get("do") != "confirm" or not _may_confirm(found):
        told = "This trial can't be confirmed any more: upload the file again."
        raise WrongState(told, zh="已不能确认，请重新上传文件")
    confirmed = store.confirmed(found, spool.of(number, found.format))
    batch = batch_work.opened(confirmed, f"trial-{number}")
    opened, state = batch.id, batch.state
    if state in store.OPEN:
        batch_work.in_background(opened)
    return int(opened)


def _may_confirm(found: Any) -> bool:
    tried = found.options.get("dry_run") and found.state == "done" and found.recorded
    return bool(tried) and spool.of(found.id, found.format).exists()


@signed_in(SCOPE)
def batch_results(number: int) -> Response:
    """The results of a batch to download."""
    return batch_work.results_file(store.find(number, g.department_id), None)


def _go(number: int) -> Answer:
    return redirect(url_for("web.batch", number=number), 303)
