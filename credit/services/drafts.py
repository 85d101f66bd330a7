"""Drafts of a policy as somebody sends them: some YAML files, the others as they are in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import yaml

from credit.errors import DraftRefused, PolicyError, UnknownPolicy
from credit.policy import FOLDER, policy_texts, read_policy
from credit.rules.law import Law
from credit.services.policies import files_of, law_on

DEEPEST = 20
FILE = re.compile(r"([\w-]+\.yaml)\b")
# A dotted key wherever it is named, else the word that stands before a colon.
KEY = re.compile(r"\b([a-z]+\.[A-Za-z0-9][\w-]*(?:\.[\w-]+)*)")
WORD = re.compile(r"^: ([\w-]+): (?!line)")


def read_draft(files: Mapping[str, str], day: date) -> Law:
    """The policy of these files, by name; any that is left out is that of the law in force on `day`.

    Raises DraftRefused with the file, the key and what is allowed.
    """
    try:
        for name, text in files.items():
            _check(name, text)
        return read_policy(_in_force(day) | dict(files))
    except PolicyError as problem:
        raise refused(problem) from problem


def refused(problem: PolicyError) -> DraftRefused:
    """What is wrong with a policy as what is wrong with a draft: its file and key by themselves."""
    file = FILE.search(problem.detail)
    rest = problem.detail.replace(file[1], "", 1) if file else problem.detail
    key = KEY.search(FILE.sub("", rest)) or WORD.search(rest)
    named = {"file": file and file[1], "key": key and key[1]}
    return DraftRefused(problem.detail, zh=f"政策草案有误：{problem.detail}", **named)


def file_of(key: str, files: Mapping[str, str]) -> str:
    """The file of a policy that holds a key, or the one that holds others of its kind."""
    family = key.partition(".")[0]
    for start in (f"{key}:", f"{family}."):
        for name, text in sorted(files.items()):
            if f"\n{start}" in f"\n{text}":
                return name
    return f"{family}.yaml"


def _check(name: str, text: str) -> None:
    """Refuse what would take the reader's stack or memory: deep nesting, and texts used many times."""
    depth = 0
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise PolicyError(f"{name}: line {line}: write it out, without *{event.anchor}.")
            if depth > DEEPEST:
                raise PolicyError(f"{name}: line {line}: nested deeper than {DEEPEST}.")
    except (yaml.YAMLError, ValueError) as problem:
        raise PolicyError(f"{name}: {problem}") from problem


def _in_force(day: date) -> dict[str, str]:
    try:
        return files_of(law_on(day).digest)
    except UnknownPolicy:  # nothing was entered yet: the program's own policy is in force
        return policy_texts(FOLDER)
