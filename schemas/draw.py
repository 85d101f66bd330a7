"""Plans of draws and their inspectors, as people write them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from credit.terms import Level, Risk, Tier
from schemas.fields import Text, Word
from schemas.query import REGION

STRATA = tuple(f"{tier}-{risk}" for tier in Tier for risk in Risk)
MOST = 10_000_000
LINE = validate.Regexp(r"\A[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+\Z", error="One line.")
PRODUCT = validate.Regexp(r"\A[0-9]{4,13}\Z", error="The first 4 to 13 digits of an item code (GTIN-13).")
INDUSTRY = validate.Regexp(r"\A[A-T][0-9]{0,4}\Z", error="A letter and up to 4 digits of GB/T 4754-2017.")


def lines(like: validate.Regexp | None = None, most: int = 100) -> fields.List[Any]:
    """Short texts, none by default."""
    return fields.List(Text(64, 1, like), load_default=list, validate=validate.Length(max=most))


class Percent(fields.Decimal):
    """A percentage, exact: 3 or "0.5"."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"minimum": 0, "maximum": 100, "type": ["number", "string"]}
        super().__init__(allow_nan=False, as_string=True, metadata=told, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        percent = super()._deserialize(value, attr, data, **kwargs)
        if not 0 <= percent <= 100:
            raise ValidationError("Must be between 0 and 100.")
        return percent


class PlanIn(Schema):
    """A plan: whom it is about, how many, when. What is left out is as the policy says, or everything."""

    id = Text(64, 1, LINE, required=True)
    title = Text(shortest=1, required=True)
    months = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 12)), required=True, validate=validate.Length(1, 12)
    )
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    level = Word(Level, load_default=Level.MUNICIPAL)
    departments = lines()
    regions = lines(REGION)
    industries = lines(INDUSTRY)
    products = lines(PRODUCT)
    items = lines(LINE)
    checklist = Text(64, 1, LINE, load_default="general")
    shares = fields.Dict(fields.String(validate=validate.OneOf([*Tier, *STRATA])), Percent(), load_default=None)
    size = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0, MOST))
    quotas = fields.Dict(
        fields.String(validate=validate.OneOf(STRATA)), fields.Integer(strict=True, validate=validate.Range(0, MOST)),
        load_default=None,
    )  # fmt: skip
    key_item = fields.Boolean(load_default=False)
    qualification = Text(64, 1, load_default=None, allow_none=True)
    each = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(2, 20))

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        if data["ends_on"] < data["starts_on"]:
            raise ValidationError("Ends before it starts.", "ends_on")
        if len(set(data["months"])) < len(data["months"]):
            raise ValidationError("Each month once.", "months")
        if data["size"] is not None and data["quotas"] is not None:
            raise ValidationError("Give size or quotas, not both.", "quotas")


class InspectorIn(Schema):
    """An inspector of a plan's file: an id, where and for what he or she may go, and from whom to stay away."""

    id = Text(64, 1, LINE, required=True)
    regions = lines(REGION)
    qualifications = lines()
    tasks = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 10_000))
    recused = lines(most=10_000)


class PlanFile(PlanIn):
    """A plan with its inspectors, as `credit draw` reads it."""

    inspectors = fields.List(fields.Nested(InspectorIn), required=True, validate=validate.Length(max=10_000))

    @validates_schema
    def _each_once(self, data: dict[str, Any], **_: Any) -> None:
        known = [one["id"] for one in data["inspectors"]]
        if len(set(known)) < len(known):
            raise ValidationError("Each inspector once.", "inspectors")
