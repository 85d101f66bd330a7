"""Blueprints that read a query strictly and document what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from flask import Request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from credit.api.problems import PROBLEM, Problem


def json_body(schema: Any) -> dict[str, Any]:
    """How a body of this shape is described: JSON, and needed."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


class StrictParser(FlaskParser):
    """A parameter that nobody knows is refused by its name, as an unknown field of a body is."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": None}

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_: Any) -> NoReturn:
        """The program's own handler answers."""
        raise error


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A part of the API."""

    ARGUMENTS_PARSER = StrictParser()

    def refuses(self, status: int, description: str) -> Callable[[Any], Any]:
        """Document a refusal: a problem with this status."""
        found: Callable[[Any], Any] = self.alt_response(
            status, schema=Problem, content_type=PROBLEM, description=description
        )
        return found
