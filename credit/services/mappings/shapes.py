"""What a mapping is: places of the event shape, and where each gets its value from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from credit.services.event_columns import Path
from credit.services.mappings.privacy import is_private, plain

# Not written as a number: a cell without its unit is refused.
TOLD = "told"


class Words(NamedTuple):
    """The same sentence twice."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


class Fault(NamedTuple):
    """What is wrong with a cell: a stable reason, and what to do about it."""

    column: str
    reason: str
    told: Words


@dataclass(frozen=True)
class Place:
    """How one place of the document gets its value: from columns, a template, a constant or the crosswalk."""

    path: Path
    columns: tuple[str, ...] = ()
    template: tuple[str, ...] = ()
    constant: Any = None
    crosswalk: bool = False
    values: dict[str, str | None] = field(default_factory=dict)
    contains: tuple[tuple[str, str], ...] = ()
    unless: tuple[str, ...] = ()
    unclear: frozenset[str] = frozenset()
    otherwise: str | None = None
    split: str = ""
    dates: tuple[str, ...] = ()
    scale: Decimal | None = None
    unit_told: bool = False
    or_place: Path | None = None
    only_with: tuple[Path, frozenset[str]] | None = None

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class Skip:
    """Rows that are no event of this register, and why. `forget`: nothing of such a row is kept."""

    columns: tuple[str, ...]
    because: Words
    is_: frozenset[str] | None = None
    is_not: frozenset[str] | None = None
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    filled: bool = False
    forget: bool = False


@dataclass(frozen=True)
class Crosswalk:
    """Codes of enterprises by somebody else's number for them."""

    column: str
    table: dict[str, str]


@dataclass(frozen=True)
class Mapping:
    """One mapping. `source` is the same as plain data, with all that it extends or names inside: it can be stored."""

    name: str
    title: Words
    kind: str
    places: tuple[Place, ...]
    skips: tuple[Skip, ...]
    crosswalk: Crosswalk | None
    recognised_by: tuple[frozenset[str], ...]
    ignored: frozenset[str]
    private: frozenset[str]
    absent: frozenset[str]
    ignores_unlisted: bool
    source: dict[str, Any]
    digest: str

    @property
    def read(self) -> dict[str, str]:
        """Each column that is read, by its plain name."""
        named = [column for place in self.places for column in place.columns]
        named += [column for place in self.places for line in place.template for column in columns_in(line)]
        named += [column for skip in self.skips for column in skip.columns]
        named += [self.crosswalk.column] if self.crosswalk else []
        return {plain(column): column for column in named}

    def is_private(self, header: str) -> bool:
        """Whether the cells of this column are dropped unread."""
        name = plain(header)
        return name in self.private or (is_private(header) and name not in self.read)


def columns_in(line: str) -> list[str]:
    """The columns that a template names in braces."""
    return [part.split("}")[0] for part in line.split("{")[1:]]
