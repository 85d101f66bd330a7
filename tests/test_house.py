"""The house itself: its layers, its routes, its tables of README, its one commit, its one clock."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from flask import Flask

from credit import create_app
from tests.tables import HEADS, printed, tables

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ("credit", "schemas", "seed")
LONGEST = 300
CLOCKS = {
    "credit/clock.py",
    "credit/db.py",
    "credit/logs.py",
    "credit/health.py",
    "credit/quota.py",
}
READS_CLOCK = {"now", "today", "utcnow", "time_ns"}
SQL_CLOCK = re.compile(r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bnow\(\)", re.IGNORECASE)
PUBLIC = {
    "api-docs.openapi_json": "describes the API; holds no data",
    "blacklist.beginning": "listings in force are public by law",
    "blacklist.filter_file": "fingerprints of the public listings in force",
    "blacklist.listings": "listings in force are public by law",
    "changes.changes": "public records and listings, as every other public door tells them",
    "draws.commitments": "digests alone, until inspections are over",
    "draws.inputs": "pseudonyms and numbers of strata; no firm and no tier can be read from them",
    "draws.proof": "a digest, and after the inspections the seed; no firm, no tier",
    "enterprises.find": "search over public records",
    "enterprises.grades": "grades are public; told from what may be shown today",
    "enterprises.look_up": "the public record",
    "departments.freshness": "how timely departments report; of few reports nothing is told",
    "quality.of_the_outline": "sums of many firms; small groups are not told",
    "quality.shares": "sums of many firms; small groups are not told",
    "web.statistics": "the same as a page", "web.statistics_csv": "the same as a file",
    "web.statistics_report": "the same of a quarter",
    "forecast.forecast": "told from the public record alone",
    "health.healthz": "tells only that the process answers",
    "health.metrics": "guards itself: this machine only, or the key of CREDIT_METRICS_KEY",
    "health.readyz": "tells only whether the database is ready",
    "items.trace": "what public records and open recalls say of an item",
    "receipts.receipt": "digest and signature; the body to the holder of its secret",
    "receipts.clear": "to the holder of the check's secret alone",
    "receipts.take_back": "to the holder of the check's secret alone",
    **dict.fromkeys(
        ("suppliers.save", "suppliers.followed", "suppliers.change", "suppliers.forget", "web.suppliers"),
        "to the holder of the list's secret alone; verdicts from public facts and lists",
    ),
    "web.supplier_feed": "to whoever has the feed's address; verdicts of today alone",
    "tenders.announce": "a receipt of the register's state; no bidder",
    "receipts.verify": "checks what is sent; tells nothing of the register",
    "keys.jwks": "public parts of keys",
    "web.verify_receipt": "digest and signature; the body to the holder of its secret",
    "transparency.head": "a signed root: tells nothing of any leaf",
    "transparency.all_heads": "signed roots",
    "transparency.leaves": "salted hashes: tell nothing of what they are about",
    "transparency.inclusion": "salted hashes",
    "transparency.consistency": "salted hashes",
    "transparency.listings": "what the public listings in force say, with their proof",
    "web.tender_file": "a form; the file to the holder of a check's secret",
    "web.log": "page of signed roots",
    "screenings.screenings": "verdicts from public facts and lists alone",
    "screenings.screenings_file": "verdicts from public facts and lists alone",
    "policy.policy": "the rules of grading are public",
    "policy_trials.card": "totals of public records, and the trial of a public policy; no names, no tiers",
    "policy.policy_versions": "which rules held when is public",
    "web.blacklist": "page of the public listings",
    "web.blacklist_atom": "the public blacklist for news readers",
    "web.departments": "page of how timely departments report",
    "web.digital_link": "leads to the page of an item",
    "web.desk": "asks for login and password; holds nothing until somebody is signed in",
    "web.docs": "page that describes the API",
    "web.enterprise": "page of the public record",
    "web.record_pdf": "the page of the public record as PDF",
    "web.help_page": "page of explanations",
    "web.home": "search box",
    "web.item": "page of an item's public trace",
    "web.model_card": "page of the model card: totals alone",
    "web.open_data": "page that describes the open data",
    "web.open_data_file": "files of the last export, by a list of names",
    "web.rulebook": "page of the public policy",
    "web.screening": "what anybody may ask about bidders; told from public facts and lists alone",
    "web.search": "page of search over public records",
    "web.static": "style sheets, script and mark",
}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A tool of the environment, run over the whole project."""
    program, *rest = command
    return subprocess.run(
        [str(BIN / program), *rest], cwd=ROOT, capture_output=True, text=True, check=False
    )


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the program: its path in the project and its tree."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


# A list of bidders fits into no address: it is posted, and its receipt alone is written (tests/test_screening_doors.py).
ASKING = {
    "screenings.screenings", "screenings.screenings_file", "web.screening", "receipts.verify",
    "tenders.announce", "web.tender_file", "suppliers.save", "suppliers.change", "suppliers.forget", "web.suppliers", "receipts.clear", "receipts.take_back", "web.verify_receipt",
}  # fmt: skip


@pytest.fixture(scope="module")
def program() -> Flask:
    """The application without a database of its own: enough to ask what it has."""
    return create_app({"CREDIT_ENV": "test", "DATABASE_URL": "sqlite://"})


@pytest.mark.slow
def test_imports_point_down() -> None:
    found = run("lint-imports", "--no-cache")
    assert found.returncode == 0, found.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", [("ruff", "check", "."), ("mypy",)], ids=["ruff", "mypy"])
def test_the_checks_find_nothing(command: tuple[str, ...]) -> None:
    found = run(*command)
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_route_asks_for_a_key_or_is_public_for_a_reason(program: Flask) -> None:
    open_routes = {
        endpoint
        for endpoint, view in program.view_functions.items()
        if not getattr(view, "auth_rule", None)
    }
    assert open_routes == set(PUBLIC)
    assert all(PUBLIC.values())


def test_no_public_route_writes(program: Flask) -> None:
    writing = [
        rule.rule
        for rule in program.url_map.iter_rules()
        if rule.endpoint in set(PUBLIC) - ASKING and (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]
    assert writing == []


@pytest.mark.parametrize("heading", HEADS)
def test_a_table_of_readme_equals_the_program(program: Flask, heading: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = tables(program)[heading]
    wanted = f"as `python -m tests.tables` prints it:\n{printed(heading, rows)}"
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", readme, re.DOTALL | re.MULTILINE)
    assert section, f"README lacks the heading {heading!r} with a table, {wanted}"
    found = [
        tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        for line in section[1].splitlines()
        if line.startswith("| `")
    ]
    assert found == [(f"`{first}`", *others) for first, *others in rows], wanted


def test_only_the_transaction_commits() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert len(found) == 1
    assert found[0].startswith("credit/db.py:")


def test_nobody_reads_the_clock_but_those_who_may() -> None:
    found = [
        f"{path}:{line}"
        for path, tree in sources()
        if path not in CLOCKS
        for line in clock_reads(tree)
    ]
    assert found == []


def clock_reads(tree: ast.Module) -> Iterator[int]:
    """Lines that read the clock: by a call, by an import of time.time, or inside SQL."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="clock"))):
                pass
            case ast.Call(func=ast.Attribute(attr=name)) if name in READS_CLOCK:
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="time")):
                yield node.lineno
            case ast.ImportFrom(module="time", names=names) if any(
                one.name == "time" for one in names
            ):
                yield node.lineno
            case ast.Constant(value=str(text)) if SQL_CLOCK.search(text):
                yield node.lineno


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now()",
        "import datetime\ndatetime.date.today()",
        "import time\ntime.time()",
        "from time import time",
        "text('SELECT now()')",
        "text('DEFAULT CURRENT_TIMESTAMP')",
    ],
)
def test_a_reading_of_the_clock_is_noticed(code: str) -> None:
    assert list(clock_reads(ast.parse(code)))


def test_the_given_day_is_no_reading_of_the_clock() -> None:
    assert not list(clock_reads(ast.parse("clock.today()\ntoday()\ntime.perf_counter()")))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the threads' names")
def test_loading_the_program_starts_no_thread_that_a_fork_would_lose() -> None:
    """gunicorn forks its workers after loading: Polars may be imported until then, but not used."""
    code = (
        "import os, wsgi; "
        "print([open(f'/proc/self/task/{t}/comm').read() for t in os.listdir('/proc/self/task')])"
    )
    found = run("python", "-c", code)
    assert found.returncode == 0, found.stderr
    assert not re.search(r"polars-\d|tokio|async-exec", found.stdout)


def test_every_module_says_what_it_is() -> None:
    assert [path for path, tree in sources() if tree.body and not ast.get_docstring(tree)] == []


def test_no_file_is_long() -> None:
    long = {
        file.relative_to(ROOT).as_posix(): lines
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.suffix in {".py", ".html", ".css", ".js"}
        and (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def names(lines: str) -> set[str]:
    """Names of the packages that a list of requirements asks for, one a line."""
    found = (re.match(r"[\w.-]+", line.strip()) for line in lines.splitlines() if line.strip())
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in found if name}


def pins(file: str) -> list[tuple[str, str]]:
    """Package and version of each pin; a package has two where the Python version decides."""
    return re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text().lower(), re.MULTILINE)


def locked(file: str) -> dict[str, str]:
    """Versions by package as a lock file pins them."""
    return dict(pins(file))


def test_the_locks_hold_what_the_program_needs() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    run_time, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert names(setup["options"]["install_requires"]) <= set(run_time)
    assert names(setup["options.extras_require"]["dev"]) <= set(dev)
    assert run_time.items() <= dev.items()


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_by_hash_and_names_no_registry(file: str) -> None:
    text = (ROOT / file).read_text()
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(file))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|index-url|find-links", text)
