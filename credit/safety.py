"""Safe from the start: headers, reading from other origins, secret key, proxies, limits."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from credit import quota

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
ONE_ORIGIN = (("Cross-Origin-Resource-Policy", "same-origin"),)
ANY_ORIGIN = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "ETag, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, "
        "Retry-After, X-Request-ID",
    ),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "If-None-Match, X-Request-ID"),
    ("Access-Control-Max-Age", "86400"),
)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
WEAK = ("changeme", "default", "development", "example", "insecure", "password", "secret")
SHORTEST = 32
FEWEST_SIGNS = 10


def init_app(app: Flask) -> None:
    """Guard the application. Refuses to start in production with a weak secret key."""
    if app.config["CREDIT_ENV"] not in ("development", "test"):
        refuse_weak_secret(app.config["SECRET_KEY"])
    if proxies := int(app.config["CREDIT_PROXIES"]):
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    app.after_request(_guard)
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


def _guard(response: Response) -> Response:
    headers = response.headers
    headers.extend(HEADERS)
    if request.is_secure:
        headers.add(*HTTPS_ONLY)
    if request.method in READING and request.path.startswith("/api/"):
        headers.extend(ANY_ORIGIN)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            headers.extend(PREFLIGHT)
    else:
        headers.extend(ONE_ORIGIN)
    return response
