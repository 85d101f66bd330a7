"""The desk's back-test: a form for a draft policy and the days to try it on, and the result with charts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import orjson
from flask import current_app, render_template, request
from marshmallow import ValidationError

from credit.clock import today
from credit.errors import DraftRefused, InvalidInput, RegisterError, UnknownPolicy
from credit.services import enactment
from credit.services.backtest import backtest_asked
from credit.web.charts import charts
from credit.web.desk import signed_in
from credit.web.language import t
from schemas.backtest import BacktestIn

FIELDS = ("draft", "files", "from", "to")
Errors = dict[str, str]


@signed_in("supervise")
def backtest() -> str | tuple[str, int]:
    """A draft policy against the policy in force: who would move, and which foresees better."""
    if request.method != "POST":
        return _form({})
    try:
        most = int(current_app.config["CREDIT_BACKTEST_MOST"])
        report = backtest_asked(BacktestIn().load(_given()), today(), most)
    except (RegisterError, ValidationError) as problem:
        return _form(_errors(problem)), 422
    kept = b64encode(orjson.dumps(report, option=orjson.OPT_INDENT_2)).decode()
    return render_template("backtest.html", report=report, charts=charts(report), kept=kept)


def _given() -> dict[str, Any]:
    """The form as the API would have it; an empty field is left out."""
    given: dict[str, Any] = {
        name: value for name in FIELDS if name != "files" and (value := request.form.get(name, "").strip())
    }
    files = dict(_uploaded())
    return given | ({"files": files} if files else {})


def _uploaded() -> Iterator[tuple[str, str]]:
    for file in request.files.getlist("files"):
        if file.filename:
            try:
                yield file.filename, file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise InvalidInput(
                    f"{file.filename} is not written in UTF-8.",
                    zh=f"{file.filename} 不是 UTF-8 编码",
                    errors={"files": ["Not UTF-8."]},
                ) from None


def _form(errors: Errors) -> str:
    versions = list(reversed(enactment.listed()))
    return render_template("backtest-form.html", errors=errors, versions=versions, asked=request.form)


def _errors(problem: RegisterError | ValidationError) -> Errors:
    """What is wrong by field; what concerns no field alone stands at the last day."""
    if isinstance(problem, ValidationError):
        told = problem.messages_dict
        return {name: _sentence(name, told[name]) for name in FIELDS if name in told}
    if isinstance(problem, DraftRefused | UnknownPolicy):
        field = "files" if request.files.get("files") else "draft"
    else:
        field = next((name for name in FIELDS if name in problem.extra.get("errors", {})), "to")
    return {field: t(problem.detail_zh, problem.detail)}


def _sentence(name: str, told: Any) -> str:
    if name in ("from", "to"):
        return t("请写成 2026-06-30 的样子。", "Write a day like 2026-06-30.")
    if name == "files" and isinstance(told, list):
        return t("请上传草案文件，或者选择一个版本，二者选一。", "Upload files or choose a version: one of the two.")
    return t(f"请检查：{_flat(told)}", f"Look again: {_flat(told)}")


def _flat(told: Any) -> str:
    if isinstance(told, dict):
        return "; ".join(f"{name}: {_flat(rest)}" for name, rest in told.items())
    return " ".join(map(str, told)) if isinstance(told, list) else str(told)
