"""Screening as a page: a list pasted or uploaded, the verdict on each bidder and why, in the order sent."""

from __future__ import annotations

from typing import Any

import polars as pl
from flask import current_app, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from credit.clock import today
from credit.errors import BeforeRegister, InvalidInput, RegisterError
from credit.identifiers import normalise
from credit.proof import proved, refuse_many
from credit.screening_files import screened_file, uploaded
from credit.services.policies import law_on
from credit.services.screening import files
from credit.services.screening.screen import DEFAULT, Screening, screen
from credit.web.asked import day_of
from credit.web.fact_words import wrong_fields
from credit.web.language import t

PASTED, SHOWN = 2_000, 2_000
Page = str | Response | tuple[str, int]


def screening() -> Page:
    """The form; with a list, what was found of each bidder, or the list back as a file."""
    request.max_content_length = int(current_app.config["CREDIT_MAX_SCREENING"])
    if request.method == "GET":
        return _page({})
    kind = request.form.get("kind") or DEFAULT
    try:
        refuse_many()
        as_of = day_of("as_of", request.form.get("as_of", ""))
        if request.form.get("as") == "file":
            return screened_file(kind, as_of)
        found = screen(_bidders(), kind, as_of or today(), today())
    except (ValidationError, InvalidInput) as refused:
        return _page(wrong_fields(refused)), 422
    except RegisterError as refused:
        place = "as_of" if isinstance(refused, BeforeRegister) else "file"
        return _page({place: t(refused.detail_zh, refused.detail)}), refused.status
    return _page({}, found, proved(found, _tender(kind)))


def _tender(kind: str) -> dict[str, str | None]:
    """What the form says of the tender, as the receipt keeps it."""
    told = {name: request.form.get(name, "").strip()[:256] or None for name in ("number", "name", "purchaser")}
    return {"kind": kind, **told}


def _bidders() -> pl.DataFrame:
    """The bidders of the uploaded file, else those that were pasted. Raises InvalidInput, FileRefused."""
    with uploaded() as path:
        if path is not None:
            return files.bidders(path)[1]
    lines = [line.strip() for line in request.form.get("list", "").splitlines() if line.strip()]
    if not lines:
        told = "Paste bidders, one a line, or choose a file."
        raise InvalidInput(told, zh="请粘贴投标人（一行一家），或选择文件", errors={"list": [told]})
    if len(lines) > PASTED:
        told = f"At most {PASTED} lines can be pasted: upload a file instead."
        raise InvalidInput(told, zh=f"一次最多粘贴 {PASTED} 行，更多请上传文件", errors={"list": [told]})
    rows = [(number, str(number + 1), *_parts(line), None) for number, line in enumerate(lines)]
    schema = {"row": pl.Int64, "ref": pl.String, "code": pl.String, "name": pl.String, "group": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parts(line: str) -> tuple[str | None, str | None]:
    """The code and the name of a pasted line, in whichever order, parted by a tab, a comma or a blank."""
    cells = [cell for part in line.replace("\t", ",").replace("，", ",").split(",") if (cell := part.strip())]
    if len(cells) == 1:
        first, _, rest = cells[0].partition(" ")
        cells = [first, rest.strip()] if rest and _is_code(first) else cells
    code = next((cell for cell in cells if _is_code(cell)), None)
    name = next((cell for cell in cells if cell != code), None)
    return code, name


def _is_code(cell: str) -> bool:
    """Whether somebody meant a code: letters and digits alone, mostly digits."""
    text = normalise(cell)
    return text.isascii() and len(text) >= 8 and sum(letter.isdigit() for letter in text) * 2 >= len(text)


def _page(wrong: dict[str, str], found: Screening | None = None, proof: dict[str, Any] | None = None) -> str:
    day = today()
    law: Any = law_on(day)
    known = law.value("screening.kinds", day) if "screening.kinds" in law.provisions else {}
    lists = law.value("screening.lists", day) if "screening.lists" in law.provisions else {}
    told = proof["results"] if proof else []
    return render_template(
        "screening.html", wrong=wrong, typed=request.form, kinds=known, lists=lists, day=day, found=found,
        receipt=proof and proof["receipt"],
        rows=list(zip(told, found.rows.iter_rows(named=True), strict=True))[:SHOWN] if found else [],
        counts=proof["summary"] if proof else {}, shown=SHOWN,
    )  # fmt: skip


