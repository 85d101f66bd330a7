"""Safe from the start: headers, reading from other origins, secret key, proxies, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from credit import quota

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Given = list[tuple[str, str]]
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
HEADERS = [
    ("Content-Security-Policy", CONTENT_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
ONE_ORIGIN = [("Cross-Origin-Resource-Policy", "same-origin")]
ANY_ORIGIN = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID",
    ),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
]
PREFLIGHT = [
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "If-None-Match, X-Request-ID"),
    ("Access-Control-Max-Age", "86400"),
]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WEAK = ("changeme", "default", "development", "example", "insecure", "password", "secret")
SHORTEST = 32
FEWEST_SIGNS = 10


def init_app(app: Flask) -> None:
    """Guard the application. Refuses to start in production with a weak secret key."""
    if app.config["CREDIT_ENV"] not in ("development", "test"):
        refuse_weak_secret(app.config["SECRET_KEY"])
    program: WSGIApplication = guarded(app.wsgi_app)
    if proxies := int(app.config["CREDIT_PROXIES"]):
        program = ProxyFix(program, x_for=proxies, x_proto=proxies, x_host=proxies)
    app.wsgi_app = program  # type: ignore[method-assign, assignment]
    quota.init_app(app)


def refuse_weak_secret(key: str) -> None:
    """Raise RuntimeError unless the key is long and looks random."""
    known = next((word for word in WEAK if word in key.lower()), None)
    if len(key) < SHORTEST:
        reason = f"it has {len(key)} characters, at least {SHORTEST} are needed"
    elif known:
        reason = f"it holds the word '{known}'"
    elif len(set(key)) < FEWEST_SIGNS:
        reason = f"it has only {len(set(key))} different characters"
    else:
        return
    raise RuntimeError(
        f"SECRET_KEY is weak: {reason}. Leave it unset, and one is made at set-up in "
        "instance/secret_key, or set one: python -c 'import secrets; print(secrets.token_hex(32))'"
    )


def guarded(program: WSGIApplication) -> WSGIApplication:
    """The program with its headers on every answer, whoever in it made the answer.

    Around the program rather than in after_request: there 14 headers cost 30 us a request.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        extra = headers_for(environ)

        def start(status: str, headers: Given, *error: Any) -> Callable[[bytes], object]:
            return start_response(status, headers + extra, *error)

        return program(environ, start)

    return answer


def headers_for(environ: WSGIEnvironment) -> Given:
    """What an answer to this request says beside its own headers."""
    found = list(HEADERS)
    if environ["wsgi.url_scheme"] == "https":
        found.append(HTTPS_ONLY)
    method = environ["REQUEST_METHOD"]
    if method not in READING or not environ.get("PATH_INFO", "").startswith("/api/"):
        return found + ONE_ORIGIN
    if method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
        found += PREFLIGHT
    return found + ANY_ORIGIN
