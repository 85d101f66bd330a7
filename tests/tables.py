"""The tables of README as the program knows them. `python -m tests.tables` prints them to paste."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import click
from flask import Flask
from flask.cli import AppGroup

from credit import create_app
from credit.api.problems import CODES
from credit.config import SETTINGS
from credit.errors import RegisterError

Rows = list[tuple[str, ...]]
HEADS = {
    "Settings": ("setting", "default", "does"),
    "Commands": ("command", "does"),
    "Routes": ("route", "who", "answers"),
    "Error codes": ("code", "status", "means"),
}


def tables(app: Flask) -> dict[str, Rows]:
    """Every table by its heading: rows of cells, the first without its backticks."""
    return {
        "Settings": [
            (row.name, f"`{row.default}`" if row.default else "", row.help) for row in SETTINGS
        ],
        "Commands": list(_commands(app.cli.commands["credit"], "credit")),
        "Routes": sorted(_routes(app), key=lambda row: row[0].split()[::-1]),
        "Error codes": _errors(),
    }


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, ...]]:
    if isinstance(command, AppGroup | click.Group):
        for child, found in sorted(command.commands.items()):
            yield from _commands(found, f"{name} {child}")
        return
    yield name, _first_line(command.help)


def _routes(app: Flask) -> Iterator[tuple[str, ...]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        path = rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}")
        who = getattr(view, "auth_rule", None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {path}", f"`{who}`" if who else "public", _first_line(view.__doc__)


def _errors() -> Rows:
    ours = {kind.code: (kind.code, str(kind.status), kind.title) for kind in _kinds(RegisterError)}
    http = {code: (code, str(status), HTTPStatus(status).phrase) for status, code in CODES.items()}
    return sorted((http | ours).values(), key=lambda row: (row[1], row[0]))


def _kinds(kind: type[RegisterError]) -> Iterator[type[RegisterError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def printed(heading: str, rows: Rows) -> str:
    """A table of README in Markdown."""
    lines = [HEADS[heading], tuple("---" for _ in HEADS[heading])]
    lines += [(f"`{first}`", *others) for first, *others in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    for title, found in tables(create_app({"CREDIT_ENV": "test"})).items():
        print(f"## {title}\n{printed(title, found)}\n")
