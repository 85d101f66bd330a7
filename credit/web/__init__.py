"""The web door: pages for people, Chinese and English, complete without script."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.exceptions import HTTPException

from credit.errors import RegisterError
from credit.web import (
    assets,
    audit,
    backtest,
    blacklist,
    desk,
    docs,
    enterprise,
    errors,
    language,
    model_card,
    pages,
    rulebook,
    what_if,
    wording,
)

web = Blueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)

PAGES = (
    ("/", pages.home),
    ("/enterprises", pages.search),
    ("/enterprises/<code>", enterprise.enterprise),
    ("/blacklist", blacklist.blacklist),
    ("/rulebook", rulebook.rulebook),
    ("/rulebook/model-card", model_card.model_card),
    ("/help", pages.help_page),
    ("/docs", docs.docs),
)
for path, view in PAGES:
    web.add_url_rule(path, view_func=view)
web.add_url_rule("/desk", view_func=desk.desk)
web.add_url_rule("/desk/sign-in", view_func=desk.sign_in, methods=["POST"])
web.add_url_rule("/desk/sign-out", view_func=desk.sign_out, methods=["POST"])
web.add_url_rule("/desk/what-if", view_func=what_if.what_if, methods=["GET", "POST"])
web.add_url_rule("/desk/audit", view_func=audit.audit)
web.add_url_rule("/desk/backtest", view_func=backtest.backtest, methods=["GET", "POST"])

web.url_defaults(language.keep_language)
web.url_defaults(assets.name_content)
web.after_app_request(language.name_language)
web.after_request(assets.keep)
web.after_request(desk.keep_private)
web.record_once(desk.open_sessions)
web.app_context_processor(language.words)
web.app_context_processor(lambda: {"form_token": desk.form_token})
for name, write in wording.FILTERS.items():
    web.add_app_template_filter(write, name)
web.register_error_handler(RegisterError, errors.error_page)
web.register_error_handler(HTTPException, errors.error_page)
