"""The public record as an A4 PDF: what the page says of today or a past day, and where to check it."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import Any

import segno
from flask import request, url_for
from werkzeug.wrappers import Response

from credit.clock import now, seconds_left, today
from credit.services import look_up, typeset
from credit.web.asked import asked_day
from credit.web.language import language, say, t, term
from credit.web.record import reasons, timeline
from credit.web.wording import day as written
from credit.web.wording import instant, signed, yuan

Pairs = list[tuple[str, str]]
FRESH = 300


def record_pdf(code: str) -> Response:
    """The record as PDF; no cache keeps it past the day. `as_of`: a past day, as on the page."""
    day, as_of = today(), asked_day("as_of")
    record = look_up.public_record(code, day, as_of=as_of).as_dict()
    place = url_for("web.enterprise", code=record["code"], as_of=as_of, lang=request.args.get("lang"), _external=True)
    body = typeset.pdf("record", content(record, place, as_of or day), day)
    response = Response(body, content_type="application/pdf")
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    response.cache_control.public = True
    response.cache_control.max_age = min(FRESH, seconds_left(day, now()))
    response.vary.add("Accept-Language")
    response.headers["Content-Language"] = "zh-CN" if language() == "zh" else "en"
    response.headers["Content-Disposition"] = f'inline; filename="{record["code"]}.pdf"'
    return response.make_conditional(request)


def content(record: dict[str, Any], place: str, day: date) -> dict[str, Any]:
    """What the template sets, all of it text: nothing that the public record doesn't hold."""
    why = reasons(record["findings"])
    grade = record["grade"]
    return {
        "language": language(),
        "title": t("企业质量信用公示记录", "Public quality credit record"),
        "name": record["name"],
        "head": _head(record),
        "grade": [grade or t("不评级", "No grade"), term("Grade", grade) if grade else ""],
        "state": _state(record, day),
        "listings": [_listing(one) for one in record["listings"]],
        "notices": [say(one) for one in record["notices"]],
        "why": t("为什么", "Why"),
        "sum": [[say(one["sentence"]), signed(one["points"]), str(one["total"])] for one in why["sum"]],
        "score": [t("得分", "Score"), "" if record["score"] is None else str(record["score"])],
        "conditions": [f"{term('Outcome', one['outcome'])}：{say(one['sentence'])}" for one in why["conditions"]],
        "records": t("公示记录", "Public records"),
        "none": t("没有可公示的记录。", "There are no public records."),
        "events": [_event(one) for one in timeline(record)],
        "foot": _foot(record),
        "check": t("扫码或访问此地址核对，以网页当日所示为准：", "Check it here; what the page shows prevails: "),
        "place": place,
        "picture": segno.make(place, error="m").svg_inline(border=2, light="#fff", scale=4),
    }


def _pairs(*rows: tuple[str, str | None]) -> Pairs:
    return [(name, text) for name, text in rows if text]


def _head(record: dict[str, Any]) -> Pairs:
    former = [f"{one['name']}（{t('至 ', 'until ')}{written(one['until'])}）" for one in record["former_names"]]
    return _pairs(
        (t("统一社会信用代码", "Unified code"), record["code"]),
        (t("曾用名", "Former names"), "；".join(former)),
        (t("登记状态", "Status"), term("Status", record["status"])),
        (t("地区", "Region"), record["region_name"]),
        (t("行业", "Industry"), record["industry_name"]),
    )


def _state(record: dict[str, Any], day: date) -> Pairs:
    pending, repair = record.get("grade_pending"), record["repair"]["earliest"]
    return _pairs(
        (t("查询日期", "As of"), written(day)),
        (t("等级自", "Grade since"), record["grade_since"] and written(record["grade_since"])),
        (t("新等级待公布", "New grade pending"), pending and written(pending["shown_from"])),
        (t("最早可申请修复", "Repair possible from"), repair and written(repair)),
    )


def _listing(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": t("列入", "Listed: ") + say(one["list_name"]),
        "ground": say(one["ground_name"]),
        "facts": one["facts"] or "",
        "pairs": _pairs(
            (t("决定机关", "Authority"), one["authority"]),
            (t("决定书文号", "Decision"), one["document_no"]),
            (t("列入日期", "Listed on"), written(one["listed_on"])),
            (t("期满移出", "Ends"), written(one["ends_on"])),
            (t("最早可申请移出", "Early removal from"), written(one["earliest_removal"])),
            (t("依据", "Basis"), say(one["basis"])),
            (t("怎样移出", "How to get off"), say(one["removal_conditions"])),
            (t("救济途径", "Remedies"), say(one["remedies"])),
            *_beside(one),
        ),
    }


def _event(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": f"{written(one['day'])}　{EVENTS[one['kind']](one)}",
        "facts": one.get("facts") or one.get("product") or "",
        "pairs": _pairs(
            (t("机关", "Authority"), one["authority"]),
            (t("文书号", "Document"), one["document_no"]),
            (t("计分", "Points"), signed(one["points"]) if one["points"] else None),
            (t("公示至", "Shown until"), one.get("shown_until") and written(one["shown_until"])),
            *_beside(one),
        ),
    }


def _violation(one: dict[str, Any]) -> str:
    fine = f" {yuan(one['fine'])}" if one.get("fine") else ""
    named = (term("Penalty", name) + (fine if name == "fine" else "") for name in one["penalties"])
    kind = f"{term('Category', one['category'])}（{term('Severity', one['severity'])}）"
    return t("违法：", "Violation: ") + kind + t("；", "; ").join(named)


def _inspection(one: dict[str, Any]) -> str:
    return f"{term('InspectionType', one['type'])}{t('：', ': ')}{term('Result', one['result'])}"


def _award(one: dict[str, Any]) -> str:
    return t("荣誉：", "Award: ") + term("Award", one["category"])


EVENTS = {"violation": _violation, "inspection": _inspection, "award": _award}


def _beside(one: dict[str, Any]) -> Pairs:
    """What stands beside an entry: that it is contested, the firm's own words, a pledge."""
    contested, said, pledge = (one.get(name) for name in ("objection", "statement", "pledge"))
    return _pairs(
        (t("异议处理中，自", "Under objection since"), contested and written(contested["since"])),
        (t("企业声明", "The enterprise's statement"), said and said["text"]),
        (t("信用修复办理中，自", "Repair under way since"), pledge and written(pledge["since"])),
    )


def _foot(record: dict[str, Any]) -> Pairs:
    policy = record["policy"]
    return _pairs(
        (t("数据截至", "Data as of"), instant(record["data_as_of"])),
        (t("评价政策", "Policy"), f"{policy['id']} {policy['digest'][:12]}"),
        (t("变更序号", "Change number"), str(record["seq"])),
    )
