"""The interface (API) as a reading page, made from its own OpenAPI document and the tree of errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import current_app, render_template, request

from credit.errors import RegisterError

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
EXAMPLE_CODE, EXAMPLE_DAY = "91340799MA00000010", "2026-04-01"
EXAMPLES = {"code": EXAMPLE_CODE, "name": "示例电子有限公司", "document_no": "示例罚〔2026〕1号"}
HTTP = (
    ("bad-request", 400, "请求有误", "The request can't be read"),
    ("not-found", 404, "没有这个地址", "There is no such address"),
    ("method-not-allowed", 405, "这个地址不接受这种方法", "This address doesn't take this method"),
    ("not-acceptable", 406, "没有您要的格式", "Not available in the format asked for"),
    ("too-large", 413, "发送的内容太大", "What was sent is too large"),
    ("too-long", 414, "地址太长", "The address is too long"),
    ("unsupported-media-type", 415, "不接受这种内容格式", "Content of this type is not taken"),
    ("internal-error", 500, "系统出错", "Something broke here"),
)


class Field(NamedTuple):
    """A parameter or a field: `shape` names the object that it holds, `allowed` closed words, `form` its bounds."""

    name: str
    kind: str
    shape: str | None
    required: bool
    allowed: list[str]
    form: str
    description: str


class Answer(NamedTuple):
    """An answer of a call, with the shape of its body where it has one."""

    status: str
    description: str
    shape: str | None


class Call(NamedTuple):
    """One call: `key` tells whether a department's key is needed, `bodies` names shapes."""

    method: str
    path: str
    sentence: str
    key: bool
    parameters: list[tuple[str, Field]]
    bodies: list[str]
    answers: list[Answer]
    example: list[str]


class Shape(NamedTuple):
    """A JSON object that calls take or answer."""

    name: str
    fields: list[Field]


class Fault(NamedTuple):
    """A stable error code, its HTTP status and what it says."""

    code: str
    status: int
    zh: str
    en: str


def docs() -> str:
    """Every call of the interface, the objects that it takes and gives, and every error code."""
    spec = _spec()
    calls = {tag["name"]: list(_calls(spec, tag["name"])) for tag in spec["tags"]}
    return render_template(
        "docs.html",
        tags=spec["tags"],
        calls=calls,
        shapes=_shapes(spec, [call for part in calls.values() for call in part]),
        faults=sorted(
            [*_faults(RegisterError), *(Fault(*row) for row in HTTP)],
            key=lambda f: (f.status, f.code),
        ),
    )


def _spec() -> Json:
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    spec: Json = api.spec.to_dict()
    return spec


def _faults(parent: type[RegisterError]) -> Iterator[Fault]:
    for error in parent.__subclasses__():
        yield Fault(error.code, error.status, error.zh, error.title)
        yield from _faults(error)


def _calls(spec: Json, tag: str) -> Iterator[Call]:
    for path, methods in spec["paths"].items():
        for method in METHODS:
            if tag in methods.get(method, {}).get("tags", ()):
                yield _call(
                    spec, path, method, methods[method] | {"path": methods.get("parameters", [])}
                )


def _call(spec: Json, path: str, method: str, given: Json) -> Call:
    stated = [*given["path"], *given.get("parameters", ())]
    parameters = [(p["in"], _field(p["name"], p["schema"] | p, p)) for p in stated]
    body = _content(given.get("requestBody", {}))
    named = [_named(part) for part in body.get("oneOf", [body])] if body else []
    bodies = [name for name in named if name]
    file = next(iter(given["requestBody"]["content"])) if body and not bodies else None
    answers = [
        _answer(spec, status, answer) for status, answer in sorted(given["responses"].items())
    ]
    key = bool(given.get("security"))
    names = {field.name for _, field in parameters}
    return Call(
        method=method.upper(),
        path=path,
        sentence=given.get("summary", ""),
        key=key,
        parameters=parameters,
        bodies=bodies,
        answers=answers,
        example=_curl(
            method, path + ("?limit=5" if "limit" in names else ""), key, _example(spec, bodies), file
        ),
    )


def _answer(spec: Json, status: str, given: Json) -> Answer:
    if "$ref" in given:
        given = spec["components"]["responses"][_named(given)]
    return Answer(status, given.get("description", ""), _named(_content(given)))


def _content(given: Json) -> Json:
    """The schema of a body, whatever its media type; empty without one."""
    schemas: list[Json] = [media.get("schema", {}) for media in given.get("content", {}).values()]
    return schemas[0] if schemas else {}


def _named(schema: Json) -> str | None:
    """The name of the shape that a schema refers to."""
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


def _field(name: str, schema: Json, given: Json) -> Field:
    kind, shape = _kind(schema)
    allowed = [word for word in schema.get("items", schema).get("enum", ()) if word is not None]
    form = (
        f"{schema['minimum']}–{schema['maximum']}" if {"minimum", "maximum"} <= set(schema) else ""
    )
    return Field(
        name=name,
        kind=kind,
        shape=shape,
        required=given.get("required") is True,
        allowed=allowed,
        form=schema.get("pattern", form),
        description=schema.get("description", ""),
    )


def _kind(schema: Json) -> tuple[str, str | None]:
    """What a value is, in JSON's words, and the shape that it holds."""
    options = schema.get("anyOf") or schema.get("allOf")
    if options:
        return _kind(next(option for option in options if option != {"type": "null"}))
    if named := _named(schema):
        return "object", named
    kinds = schema.get("type", "string" if "enum" in schema else "any")
    kind = next(k for k in kinds if k != "null") if isinstance(kinds, list) else kinds
    if kind == "array":
        of, shape = _kind(schema.get("items", {}))
        return f"list of {of}", shape
    return schema.get("format", kind), None


def _shapes(spec: Json, calls: list[Call]) -> list[Shape]:
    """The shapes that calls name, and those that stand in these, each once, in the order of naming."""
    schemas = spec["components"]["schemas"]
    waiting = [
        name
        for call in calls
        for name in (*call.bodies, *(answer.shape for answer in call.answers))
        if name
    ]
    found: dict[str, Shape] = {}
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        required = schemas[name].get("required", ())
        fields = [
            _field(field, schema, {"required": field in required})
            for field, schema in schemas[name].get("properties", {}).items()
        ]
        found[name] = Shape(name, fields)
        waiting = [field.shape for field in fields if field.shape] + waiting
    return list(found.values())


def _example(spec: Json, bodies: list[str]) -> Json | None:
    """The least body that the first shape takes."""
    if not bodies:
        return None
    schema = spec["components"]["schemas"][bodies[0]]
    fields = schema["properties"].items()
    return {
        name: _sample(name, field) for name, field in fields if name in schema.get("required", ())
    }


def _sample(name: str, schema: Json) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    kind, _ = _kind(schema)
    samples = {"date": EXAMPLE_DAY, "integer": 1, "number": 1, "boolean": True, "object": {}}
    if kind.startswith("list of"):
        return [_sample(name, schema["items"])]
    return EXAMPLES.get(name) or samples.get(kind, "…")


def _curl(method: str, path: str, key: bool, body: Json | None, file: str | None) -> list[str]:
    """The call as lines for a shell; `file` is the media type of a body that is a file."""
    address = request.url_root.rstrip("/") + path.replace("{code}", EXAMPLE_CODE)
    lines = [f"curl{'' if method == 'get' else f' -X {method.upper()}'} '{address}'"]
    if key:
        lines.append("-H 'Authorization: Bearer KEY'")
    if body is not None:
        lines += [
            "-H 'Content-Type: application/json'",
            f"-d '{json.dumps(body, ensure_ascii=False)}'",
        ]
    if file:
        lines += [f"-H 'Content-Type: {file}'", "--data-binary @FILE"]
    return [f"{line} \\" for line in lines[:-1]] + lines[-1:]
