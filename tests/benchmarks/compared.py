"""The two routes that a look-up is compared with: a bare call of the API, and the record made on the spot."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Flask, Response, jsonify

from tests.benchmarks.naive import naive_record


def add_routes(app: Flask, today: date) -> None:
    """The bare one is registered as the API's calls are, so that both pay the same for limits and routing."""
    bare = Blueprint("bare", __name__, url_prefix="/api/v1/bare")

    @bare.route("/<code>")
    def hello(code: str) -> Response:
        return Response("hello, world", mimetype="text/plain")

    def naive(code: str) -> Response:
        return jsonify(naive_record(code, today))

    app.register_blueprint(bare)
    app.add_url_rule("/naive/<code>", "naive", naive)
