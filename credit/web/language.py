"""Which language the reader gets: the one asked for, else the browser's, else Chinese."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from credit import terms

LANGUAGES = {"zh": "zh-CN", "en": "en"}


def language() -> str:
    """`zh` or `en`; only the primary tag is compared, so that zh-Hans-CN is Chinese."""
    if request.args.get("lang") in LANGUAGES:
        return request.args["lang"]
    for tag, quality in request.accept_languages:
        primary = tag.partition("-")[0].lower()
        if quality and primary in LANGUAGES:
            return primary
    return "zh"


def t(zh: str, en: str) -> str:
    """The wording in the reader's language: both stand side by side where they are used."""
    return zh if language() == "zh" else en


def say(words: dict[str, str] | str) -> str:
    """The reader's half of a `{zh, en}` pair; plain text has only one half."""
    return words if isinstance(words, str) else words[language()]


def term(vocabulary: str, value: str) -> str:
    """The label of a term: `term("Penalty", "fine")` is 罚款."""
    word = getattr(terms, vocabulary)(value)
    return t(word.zh, word.en)


def in_language(other: str) -> str:
    """This page's address in the other language."""
    return f"{request.path}?{urlencode(request.args.to_dict() | {'lang': other})}"


def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links between pages keep a language that was asked for."""
    if endpoint != "web.static" and request.args.get("lang") in LANGUAGES:
        values.setdefault("lang", request.args["lang"])


def name_language(response: Response) -> Response:
    """Caches must not hand a Chinese page to an English reader."""
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = LANGUAGES[language()]
        response.vary.add("Accept-Language")
    return response


def words() -> dict[str, Any]:
    """What every template may use."""
    return {
        "lang": language(),
        "lang_tag": LANGUAGES[language()],
        "asked_lang": request.args.get("lang") if request.args.get("lang") in LANGUAGES else None,
        "in_language": in_language,
        "say": say,
        "t": t,
        "term": term,
        "terms": terms,
    }
