"""The web door: pages for people, Chinese and English, complete without script."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.exceptions import HTTPException

from credit.errors import RegisterError
from credit.web import (
    alerts,
    assets,
    atom,
    audit,
    backtest,
    batches,
    blacklist,
    complaints,
    complaints_desk,
    delegations,
    desk,
    docs,
    draws_desk,
    enterprise,
    errors,
    facts,
    falls,
    former_listings,
    inspecting_desk,
    inspectors,
    items,
    language,
    listings_bulk,
    listings_desk,
    log,
    model_card,
    objections,
    objections_desk,
    open_data,
    outside_lists,
    pages,
    papers,
    people,
    people_one,
    quality,
    record_pdf,
    redactions,
    repairs,
    repairs_desk,
    rulebook,
    scorecards,
    screening,
    sign_in,
    suppliers,
    tiers_desk,
    verify,
    warnings_desk,
    watches,
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
    ("/enterprises/<code>.pdf", record_pdf.record_pdf),
    ("/blacklist", blacklist.blacklist),
    ("/blacklist.atom", atom.blacklist_atom),
    ("/open-data", open_data.open_data),
    ("/open-data/<name>", open_data.open_data_file),
    ("/rulebook", rulebook.rulebook),
    ("/rulebook/model-card", model_card.model_card),
    ("/items/<gtin>", items.item),
    ("/statistics/departments", scorecards.departments),
    ("/log", log.log),
    ("/help", pages.help_page),
    ("/docs", docs.docs),
)
for path, view in PAGES:
    web.add_url_rule(path, view_func=view)
web.add_url_rule("/screening", view_func=screening.screening, methods=["GET", "POST"])
web.add_url_rule("/suppliers", view_func=suppliers.suppliers, methods=["GET", "POST"])
web.add_url_rule("/suppliers/<number>/<token>.atom", view_func=suppliers.supplier_feed)
web.add_url_rule("/verify", endpoint="tender_file", view_func=verify.tender_file, methods=["GET", "POST"])
web.add_url_rule("/verify/<number>", view_func=verify.verify_receipt, methods=["GET", "POST"])
web.add_url_rule("/desk", view_func=desk.desk)
web.add_url_rule("/desk/sign-in", view_func=sign_in.sign_in, methods=["POST"])
web.add_url_rule("/desk/code", view_func=sign_in.code, methods=["GET", "POST"])
web.add_url_rule("/desk/password", view_func=sign_in.password, methods=["GET", "POST"])
web.add_url_rule("/desk/sign-out", view_func=desk.sign_out, methods=["POST"])
web.add_url_rule("/desk/what-if", view_func=what_if.what_if, methods=["GET", "POST"])
web.add_url_rule("/desk/people", view_func=people.people, methods=["GET", "POST"])
for path, one in (
    ("departments", people_one.people_department),
    ("officers", people_one.people_officer),
    ("keys", people_one.people_key),
):
    web.add_url_rule(f"/desk/people/{path}/<int:number>", view_func=one, methods=["GET", "POST"])
web.add_url_rule("/01/<gtin>", view_func=items.digital_link)
web.add_url_rule("/01/<gtin>/10/<path:lot>", view_func=items.digital_link)
web.add_url_rule("/desk/items", view_func=items.follow_up, methods=["GET", "POST"])
web.add_url_rule("/desk/scorecards", view_func=scorecards.by_month)
web.add_url_rule("/desk/alerts", view_func=alerts.alerts)
web.add_url_rule("/desk/audit", view_func=audit.audit)
web.add_url_rule("/desk/batches", view_func=batches.batches, methods=["GET", "POST"])
web.add_url_rule("/desk/batches/<int:number>", view_func=batches.batch, methods=["GET", "POST"])
web.add_url_rule("/desk/batches/<int:number>/results", view_func=batches.batch_results)
web.add_url_rule("/desk/enterprises/<code>", view_func=facts.staff_enterprise)
web.add_url_rule("/desk/events/<int:event_id>", view_func=facts.fact, methods=["GET", "POST"])
web.add_url_rule("/desk/events/<int:event_id>/correct", view_func=facts.correct_fact, methods=["GET", "POST"])
web.add_url_rule("/desk/events/<int:event_id>/redaction", view_func=redactions.redaction, methods=["GET", "POST"])
web.add_url_rule("/desk/redactions", view_func=redactions.redactions)
web.add_url_rule("/objections/new", view_func=objections.contest, methods=["GET", "POST"])
web.add_url_rule("/objections", view_func=objections.follow_case, methods=["GET", "POST"])
web.add_url_rule("/complaints/new", view_func=complaints.complain, methods=["GET", "POST"])
web.add_url_rule("/complaints", view_func=complaints.follow_complaint, methods=["GET", "POST"])
web.add_url_rule("/desk/complaints", view_func=complaints_desk.complaint_cases)
web.add_url_rule("/desk/complaints/<int:number>", view_func=complaints_desk.complaint_case, methods=["GET", "POST"])
web.add_url_rule("/repairs/new", view_func=repairs.apply_for_repair, methods=["GET", "POST"])
web.add_url_rule("/desk/repairs", view_func=repairs_desk.applications)
web.add_url_rule("/desk/repairs/new", view_func=repairs_desk.enter_application, methods=["GET", "POST"])
web.add_url_rule("/desk/repairs/<int:number>", view_func=repairs_desk.application, methods=["GET", "POST"])
web.add_url_rule(
    "/desk/repairs/<int:number>/attachments/<int:attachment>", view_func=repairs_desk.application_attachment
)
web.add_url_rule("/desk/falls", view_func=falls.falls)
web.add_url_rule("/desk/falls/<code>", view_func=falls.fall)
web.add_url_rule("/desk/listings", view_func=listings_desk.listing_cases)
web.add_url_rule("/desk/listings/many", view_func=listings_bulk.many_listings, methods=["POST"])
web.add_url_rule("/desk/listings/new", view_func=listings_desk.propose_listing, methods=["GET", "POST"])
web.add_url_rule("/desk/listings/<int:number>", view_func=listings_desk.listing_case, methods=["GET", "POST"])
web.add_url_rule("/desk/delegations", view_func=delegations.delegated, methods=["GET", "POST"])
web.add_url_rule("/desk/lists", endpoint="outside_lists", view_func=outside_lists.copies, methods=["GET", "POST"])
web.add_url_rule("/desk/watches", view_func=watches.watched, methods=["GET", "POST"])
web.add_url_rule("/statistics", view_func=quality.statistics)
web.add_url_rule("/statistics/quality.csv", view_func=quality.statistics_csv)
web.add_url_rule("/statistics/report/<quarter>.pdf", view_func=quality.statistics_report, defaults={"kind": "pdf"})
web.add_url_rule("/statistics/report/<quarter>.xlsx", view_func=quality.statistics_report, defaults={"kind": "xlsx"})
web.add_url_rule("/desk/statistics", view_func=quality.statistics_desk)
web.add_url_rule("/desk/warnings", view_func=warnings_desk.warnings)
web.add_url_rule("/desk/warnings/<int:number>", view_func=warnings_desk.warning, methods=["GET", "POST"])
web.add_url_rule("/desk/tiers", view_func=tiers_desk.tiers)
web.add_url_rule("/desk/tiers/list.csv", view_func=tiers_desk.tiers_file, defaults={"kind": "csv"})
web.add_url_rule("/desk/tiers/list.xlsx", view_func=tiers_desk.tiers_file, defaults={"kind": "xlsx"})
web.add_url_rule("/desk/draws", view_func=draws_desk.draws, methods=["GET", "POST"])
web.add_url_rule("/desk/draws/<int:number>", view_func=draws_desk.draw_case, methods=["GET", "POST"])
web.add_url_rule(
    "/desk/draws/<int:number>/sheet", view_func=inspecting_desk.inspection_sheet, methods=["GET", "POST"]
)
web.add_url_rule("/desk/inspections", view_func=inspecting_desk.inspections)
web.add_url_rule("/desk/inspections/new", view_func=inspectors.inspection_new, methods=["GET", "POST"])
web.add_url_rule("/desk/inspections/<int:number>", view_func=inspecting_desk.inspection, methods=["GET", "POST"])
web.add_url_rule("/desk/inspections/<int:number>/files/<int:file>", view_func=inspecting_desk.inspection_file)
web.add_url_rule("/desk/inspectors", view_func=inspectors.inspectors, methods=["GET", "POST"])
web.add_url_rule("/desk/archive", view_func=repairs_desk.repaired)
web.add_url_rule("/desk/objections", view_func=objections_desk.cases)
web.add_url_rule("/desk/objections/new", view_func=objections_desk.enter_case, methods=["GET", "POST"])
web.add_url_rule("/desk/objections/<int:number>", view_func=objections_desk.case, methods=["GET", "POST"])
web.add_url_rule(
    "/desk/objections/<int:number>/attachments/<int:attachment>", view_func=objections_desk.case_attachment
)
web.add_url_rule("/desk/listings/former", view_func=former_listings.former_listings)
web.add_url_rule("/desk/listings/<int:number>/documents", view_func=papers.papers)
web.add_url_rule("/desk/listings/<int:number>/documents/<kind>", view_func=papers.paper)
web.add_url_rule("/desk/listings/<int:number>/documents/<kind>.pdf", view_func=papers.paper_pdf)
web.add_url_rule("/desk/backtest", view_func=backtest.backtest, methods=["GET", "POST"])
web.add_url_rule("/desk/model-card/<digest>", view_func=model_card.desk_model_card)

web.url_defaults(language.keep_language)
web.url_defaults(assets.name_content)
web.after_app_request(language.name_language)
web.after_request(assets.keep)
web.after_request(desk.keep_private)
web.before_app_request(desk.forget)
web.record_once(desk.open_sessions)
web.app_context_processor(language.words)
web.app_context_processor(lambda: {"complaint_act": complaints.act_words})
web.app_context_processor(lambda: {"form_token": desk.form_token})
for name, write in wording.FILTERS.items():
    web.add_app_template_filter(write, name)
web.register_error_handler(RegisterError, errors.error_page)
web.register_error_handler(HTTPException, errors.error_page)
