"""Mappings: how the columns of somebody else's file become events, as data in small YAML files.

`load_mapping` reads one, `standard` gives a built-in one, `recognise` finds the built-in one that
a file's headers ask for; `Reader` makes documents in the API's shape out of chunks of rows.
"""

from __future__ import annotations

from credit.services.mappings.loader import from_plain, load_mapping
from credit.services.mappings.privacy import is_private
from credit.services.mappings.reader import Made, Reader, apply
from credit.services.mappings.shapes import Fault, Mapping
from credit.services.mappings.standards import STANDARDS, recognise, standard, text_of

__all__ = [
    "STANDARDS",
    "Fault",
    "Made",
    "Mapping",
    "Reader",
    "apply",
    "from_plain",
    "is_private",
    "load_mapping",
    "recognise",
    "standard",
    "text_of",
]
