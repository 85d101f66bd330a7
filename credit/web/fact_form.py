"""The form of a correction: every field of a document that may be corrected, filled in as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from credit.services.event_columns import HEADERS, document
from credit.terms import Term
from schemas.event import SHAPES
from schemas.fields import PARAGRAPH, Word

FIXED = ("kind", "code", "name", "document_no", "source_ref")
FIXED_LABELS = dict(zip(FIXED, ("类型", "统一社会信用代码", "企业名称", "文书号", "来源标识"), strict=True))
TRUTH = (("true", "是", "yes"), ("false", "否", "no"))
PARTS = ("item", "limit", "value")
Choice = tuple[str, str, str]


class Input(NamedTuple):
    """One field: `name` is its path in the document, `kind` day, text, money, paragraph, lines, choice or ticks."""

    name: str
    kind: str
    zh: str
    en: str
    required: bool
    choices: tuple[Choice, ...] = ()

    @property
    def id(self) -> str:
        """Its id in the page."""
        return self.name.replace(".", "-")


def inputs(kind: str) -> list[Input]:
    """The fields of a kind of events that may be corrected, in the order of its shape."""
    return [one for name, field in SHAPES[kind]().fields.items() if name not in FIXED for one in _of(name, field)]


def labels(kind: str) -> dict[str, tuple[str, str]]:
    """What each field is called, by its path, in both languages."""
    fixed = {name: (FIXED_LABELS[name], name.replace("_", " ")) for name in FIXED}
    return fixed | {one.name: (one.zh, one.en) for one in inputs(kind)}


def _of(name: str, field: Any) -> Iterator[Input]:
    if isinstance(field, fields.Nested):
        for part, held in field.schema.fields.items():
            yield from _of(f"{name}.{part}", held)
        return
    inner = field.inner if isinstance(field, fields.List) else None
    zh = HEADERS.get(name, [name])[0]
    en = name.rpartition(".")[2].replace("_", " ")
    vocabulary = inner if isinstance(inner, Word) else field
    choices = tuple((str(term), term.zh, term.en) for term in _terms(vocabulary))
    if isinstance(field, fields.Boolean):
        choices = TRUTH
    yield Input(name, _kind(field, inner, bool(choices)), zh, en, bool(field.required), choices)


def _terms(field: Any) -> tuple[Term, ...]:
    return tuple(term for term in field.enum if isinstance(term, Term)) if isinstance(field, Word) else ()


def _kind(field: Any, inner: Any, chosen: bool) -> str:
    if inner is not None:
        return "ticks" if chosen else "lines"
    if chosen:
        return "choice"
    if isinstance(field, fields.Date):
        return "day"
    if isinstance(field, fields.Decimal):
        return "money"
    longest = [rule.max for rule in field.validators if isinstance(rule, validate.Length)]
    return "paragraph" if PARAGRAPH in longest else "text"


def as_typed(kind: str, told: dict[str, Any]) -> MultiDict[str, str]:
    """A document as the form shows it."""
    found: MultiDict[str, str] = MultiDict()
    for one in inputs(kind):
        outer, _, inner = one.name.partition(".")
        value = told.get(outer, {}).get(inner) if inner else told.get(outer)
        if one.kind == "ticks":
            found.setlist(one.name, [str(word) for word in value or ()])
        elif one.kind == "lines":
            found[one.name] = "\n".join(_line(row) for row in value or ())
        elif value is not None:
            found[one.name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _line(row: dict[str, Any]) -> str:
    return " | ".join(str(row.get(part) or "") for part in PARTS).rstrip(" |") if "item" in row else row["document_no"]


def as_sent(kind: str, form: MultiDict[str, str], fixed: dict[str, Any]) -> dict[str, Any]:
    """What was typed as the API takes it; `fixed` are the fields that make it this event."""
    row: dict[str, Any] = {}
    for one in inputs(kind):
        if one.kind == "ticks":
            row[one.name] = form.getlist(one.name) or None
        elif one.kind == "lines":
            lines = [text for text in form.get(one.name, "").splitlines() if text.strip()]
            row[one.name] = [_row(one.name, text) for text in lines] or None
        elif text := form.get(one.name, "").strip():
            row[one.name] = {"true": True, "false": False}.get(text, text) if one.choices == TRUTH else text
    said = {"reason": form.get("reason", "").strip(), "version": int(form.get("version", "0") or 0) or None}
    rests = {"no": form.get("rests-no", "").strip(), "day": form.get("rests-day", "").strip()}
    return document(kind, row) | fixed | said | {"document": rests}


def _row(name: str, text: str) -> dict[str, str]:
    if name == "related_to":
        return {"document_no": text.strip()}
    parts = [part.strip() for part in text.split("|")]
    return {part: value for part, value in zip(PARTS, parts, strict=False) if value}
