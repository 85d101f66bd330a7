"""Settings: one row each (name, default, help), read from the environment once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """One setting: its name in the environment, its default as text, and what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "sqlite:///instance/credit.db",
        "database of every command: SQLite file or postgresql://",
    ),
    Setting(
        "SECRET_KEY",
        "",
        "signs sessions; made at set-up in instance/secret_key, at least 32 characters",
    ),
    Setting(
        "CREDIT_ENV",
        "production",
        "`production` refuses a weak secret key; `development` and `test` don't",
    ),
    Setting("CREDIT_LIMIT_KEY", "6000 per minute", "requests for each department key"),
    Setting("CREDIT_LIMIT_ADDRESS", "600 per minute", "requests for each address without a key"),
    Setting(
        "CREDIT_LIMIT_OBJECTIONS",
        "20 per hour",
        "objections and statements that an address may send, the wrong ones counted too",
    ),
    Setting(
        "CREDIT_LIMIT_STORE",
        "memory://",
        "where limits are counted: `memory://` for each process, `redis://...` for all",
    ),
    Setting("CREDIT_MAX_BODY", "8388608", "largest request body in bytes"),
    Setting("CREDIT_MAX_BATCH", "268435456", "largest body of a batch of events in bytes"),
    Setting("CREDIT_LIMIT_SCREENINGS", "60 per minute", "lists of bidders that an address may send"),
    Setting("CREDIT_MAX_SCREENING", "33554432", "largest file of bidders over HTTP in bytes; the command takes any"),
    Setting("CREDIT_BATCH_ROWS", "100000", "most rows of a batch over HTTP; the command takes any number"),
    Setting("CREDIT_BATCH_SECONDS", "45", "seconds after which a request answers that its batch is to be resumed"),
    Setting("CREDIT_SPOOL", "", "folder where uploads wait until their batch is done; empty: instance/spool"),
    Setting("CREDIT_KEYS", "", "folder of the private keys that sign receipts; empty: instance/keys"),
    Setting("CREDIT_SITE", "", "address of the register as receipts name it, such as https://credit.example.cn"),
    Setting("CREDIT_ATTACHMENTS", "", "folder of what came with objections; empty: instance/attachments"),
    Setting("CREDIT_ATTACHMENT_MOST", "5242880", "largest attachment of an objection in bytes"),
    Setting(
        "CREDIT_METRICS_KEY",
        "",
        "bearer key for /metrics from elsewhere; empty: local addresses only",
    ),
    Setting(
        "CREDIT_BACKTEST_MOST",
        "200000",
        "most gradings (enterprises times days) of a back-test over HTTP; beyond it the command",
    ),
    Setting("CREDIT_KEY_DAYS", "365", "days that a new department key holds unless it is told otherwise"),
    Setting("CREDIT_SESSION_HOURS", "8", "hours after which a session at the desk ends, whatever is done in it"),
    Setting("CREDIT_SESSION_IDLE", "30", "minutes after which a session ends in which nothing is done"),
    Setting("CREDIT_LOCK_AFTER", "5", "wrong passwords or codes after which an officer is locked out"),
    Setting("CREDIT_LOCK_MINUTES", "15", "minutes for which an officer is locked out"),
    Setting("CREDIT_BACKGROUND", "1", "1: gunicorn keeps one process for webhooks and the daily run; 0: elsewhere"),
    Setting("CREDIT_WEBHOOK_TRIES", "12", "tries after which a change that a receiver doesn't take is given up"),
    Setting("CREDIT_OPEN_DATA", "", "folder of the last `credit export`, offered at /open-data; empty: none"),
    Setting("CREDIT_PROXIES", "0", "trusted reverse proxies in front, for the caller's address"),
    Setting("CREDIT_LOG_LEVEL", "INFO", "least level that is logged"),
)
INSTANCE = Path(__file__).resolve().parents[1] / "instance"


def settings(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """The settings as Flask wants them; `overrides` (tests) win over the environment."""
    given = {row.name: os.environ.get(row.name, row.default) for row in SETTINGS}
    given.update(overrides or {})
    url = database_url(str(given["DATABASE_URL"]))
    return given | {
        "DATABASE_URL": url,
        "SECRET_KEY": given["SECRET_KEY"] or kept_secret(),
        "SQLALCHEMY_DATABASE_URI": url,
        "MAX_CONTENT_LENGTH": int(given["CREDIT_MAX_BODY"]),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_NAME": "desk",
        "SESSION_COOKIE_PATH": "/desk",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": int(given["CREDIT_SESSION_HOURS"]) * 3600,
        "WTF_CSRF_FIELD_NAME": "token",
        "WTF_CSRF_TIME_LIMIT": None,
        "API_TITLE": "Enterprise quality credit register",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }


def database_url(text: str) -> str:
    """psycopg 3 for any PostgreSQL URL; a relative SQLite path starts at the project."""
    for prefix in ("postgresql://", "postgres://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text.removeprefix(prefix)
    path = text.removeprefix("sqlite:///")
    if path != text and not path.startswith("/"):
        return f"sqlite:///{INSTANCE.parent / path}"
    return text


def kept_secret() -> str:
    """The secret key of this installation, made once and readable by its owner only."""
    file = INSTANCE / "secret_key"
    if not file.exists():
        INSTANCE.mkdir(exist_ok=True)
        made = file.with_name(f"secret_key.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()
