"""One signed request to a receiver (the convention of Standard Webhooks). No redirect is followed.

A receiver's address must not lead into the register's own network: each name is resolved once, every
address it has is checked, and the connection goes to the one that was checked.
"""

from __future__ import annotations

import base64
import hmac
import socket
import ssl
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from credit.errors import InvalidInput

PATIENCE = 10
WHOLE = 20
# Answers that tell of the receiver's state, not of what it was sent.
UNWELL = frozenset({408, 425, 429})
EMBEDDED = tuple(map(ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Outcome(NamedTuple):
    """Whether the receiver took it; if not, whether it is well and refused just this; and why."""

    taken: bool
    well: bool
    reason: str = ""


class Forbidden(Exception):
    """The address may not be called."""


def check_url(url: str, local: bool) -> None:
    """Raises InvalidInput for an address that no receiver may have. `local`: this machine may be one."""
    parts = _parts(url)
    wrong = ""
    if parts is None or not parts.hostname or parts.username or parts.fragment or not url.isascii():
        wrong = "Give a whole address, like https://receiver.example/changes."
    elif parts.scheme != "https" and not (local and parts.scheme == "http" and parts.hostname in LOOPBACK):
        wrong = "Only https addresses are called."
    else:
        try:
            _address(parts, local)
        except Forbidden as forbidden:
            wrong = str(forbidden)
        except OSError:
            pass  # its name may be known later: each delivery asks again
    if wrong:
        raise InvalidInput(wrong, zh="接收地址须为可公开访问的 https 地址", errors={"url": [wrong]})


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _address(parts: SplitResult, local: bool) -> str:
    """The address to connect to. Raises Forbidden if any that the name has is not a public one."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    for text in found:
        if not is_public(text) and not (local and ip_address(text).is_loopback):
            raise Forbidden("The address leads into a private network.")
    return found[0]


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet, not of a private, local or translated kind."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if any(address in network for network in EMBEDDED):
            return False
    return address.is_global and not address.is_multicast


def signed(secret: bytes, message: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers that let the receiver check who sent this, that it is whole, and that it is no replay."""
    at = str(int(now.timestamp()))
    signature = base64.b64encode(hmac.digest(secret, f"{message}.{at}.".encode() + body, sha256)).decode()
    return {"Webhook-Id": message, "Webhook-Timestamp": at, "Webhook-Signature": f"v1,{signature}"}


def post(url: str, headers: dict[str, str], body: bytes, local: bool) -> Outcome:
    """Send it and see whether it is taken: any answer 2xx. Never longer than WHOLE seconds."""
    parts = urlsplit(url)
    try:
        connection = _connect(parts, _address(parts, local))
    except Forbidden:
        return Outcome(False, False, "forbidden address")
    except OSError as problem:
        return Outcome(False, False, type(problem).__name__)
    ending = Timer(WHOLE, _cut, [connection.sock])
    ending.daemon = True
    ending.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        told = {"Content-Type": "application/json", "User-Agent": "enterprise-quality-credit"}
        connection.request("POST", path, body, told | headers)
        return outcome_of(connection.getresponse().status)
    except (OSError, HTTPException) as problem:
        return Outcome(False, False, type(problem).__name__)
    finally:
        ending.cancel()
        connection.close()


def outcome_of(status: int) -> Outcome:
    """What an answer means: 2xx taken; 5xx and a few others: not now; the rest: not this."""
    if 200 <= status < 300:
        return Outcome(True, True)
    return Outcome(False, status < 500 and status not in UNWELL, f"status {status}")


def _connect(parts: SplitResult, address: str) -> HTTPConnection:
    """A connection to the checked address, under the receiver's name."""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = HTTPConnection(parts.hostname or "", port, timeout=PATIENCE)
    plain = socket.create_connection((address, port), PATIENCE)
    try:
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(plain, server_hostname=parts.hostname) if secure else plain
    except OSError:
        plain.close()
        raise
    return connection


def _cut(sock: socket.socket) -> None:
    """End a request that a slow receiver draws out."""
    with suppress(OSError):  # it may have just ended
        sock.shutdown(socket.SHUT_RDWR)
