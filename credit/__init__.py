"""The enterprise quality credit register: `create_app` is the one place where all parts meet."""

from __future__ import annotations

from typing import Any

from flask import Flask


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """The application. `overrides` win over the environment (tests).

    The parts are imported here, so that importing a rule doesn't import the whole program.
    """
    from flask_migrate import Migrate

    from credit import api, cli, config, health, logs, refusals, safety, web
    from credit.db import db

    app = Flask(__name__, instance_path=str(config.INSTANCE), static_folder=None)
    app.config.from_mapping(config.settings(overrides))
    config.INSTANCE.mkdir(exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(config.INSTANCE.parent / "migrations"), render_as_batch=True)
    for part in (logs, safety, health, api, cli, refusals):
        part.init_app(app)
    app.register_blueprint(web.web)
    return app
