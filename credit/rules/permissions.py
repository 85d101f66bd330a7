"""What each role may do, as a table. Nothing follows from what isn't written here."""

from __future__ import annotations

from collections.abc import Iterable

from credit.terms import OfficerRole

SCOPES = ("events:write", "enterprises:write", "supervise", "review", "decide", "audit", "administer", "complaints")
# What a key may do unless something else is asked for: all that a reporting department needs.
OF_DEPARTMENTS = ("events:write", "enterprises:write", "supervise")

REPORTING = ("events:write", "enterprises:write")
OF_ROLE: dict[str, tuple[str, ...]] = {
    OfficerRole.REPORTER: REPORTING,
    OfficerRole.SUPERVISOR: (*REPORTING, "supervise"),
    OfficerRole.DECIDER: ("supervise", "decide"),
    OfficerRole.HANDLER: ("supervise", "complaints"),
    OfficerRole.LEGAL: ("review",),
    OfficerRole.SECRECY: ("review",),
    OfficerRole.CREDIT: ("supervise",),
    OfficerRole.AUDITOR: ("audit",),
    OfficerRole.ADMINISTRATOR: ("administer",),
}
# Whoever decides about others, or about who may decide, shows a second factor.
SECOND_FACTOR = frozenset({OfficerRole.DECIDER, OfficerRole.ADMINISTRATOR})
# Who reads what other departments reported: to supervise, to decide, to audit.
READS_ALL = frozenset({"supervise", "decide", "audit"})


def opens(scopes: Iterable[str], rule: str) -> bool:
    """Whether these scopes meet the rule of a route: a scope, or several of which one will do ("a or b")."""
    return not set(rule.split(" or ")).isdisjoint(scopes)


def scopes_of(role: str) -> tuple[str, ...]:
    """What an officer with this role may do; nothing where the role is unknown."""
    return OF_ROLE.get(role, ())


def needs_second_factor(role: str) -> bool:
    """Whether a password alone doesn't let this role in."""
    return role in SECOND_FACTOR
