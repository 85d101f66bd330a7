"""The rules as a parcel for the executors, so that none of them grades by another release."""

from __future__ import annotations

import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
PARTS = ("rules", "policy", "spark", "terms")
MODULES = ("errors", "identifiers")


def pack(file: Path) -> Path:
    """Write a zip that holds the pure part of the package `credit`: rules, policy loader, kernel.

    The package itself is empty in it: an executor has no use for the application.
    """
    sources = [PACKAGE / f"{name}.py" for name in MODULES]
    sources += [source for part in PARTS for source in sorted((PACKAGE / part).rglob("*.py"))]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr(f"{PACKAGE.name}/__init__.py", "")
        for source in sources:
            parcel.write(source, f"{PACKAGE.name}/{source.relative_to(PACKAGE).as_posix()}")
    return file
