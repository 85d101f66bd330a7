"""The crowd around the stories: firms with ordinary dossiers, drawn once and for all.

Everything comes from one seeded random number generator; days are relative, as in the stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from seed.codes import fictional_code

SEED = 2026
FIRST_NUMBER = 101
YEARS_BACK = 11
SMALL_FINES_ARE_SHOWN = "《市场监督管理行政处罚信息公示规定》第十三条"
WAYS = ("random_draw", "random_draw", "supervised_sampling", "special", "complaint")
Given = dict[str, Any]


class Trade(NamedTuple):
    """A line of business: its name in a firm's name, its GB/T 4754 class, and its products."""

    name: str
    industry: str
    products: tuple[str, ...]


TRADES = (
    Trade("茶业", "C1530", ("绿茶", "红茶", "茉莉花茶")),
    Trade("米业", "C1311", ("粳米", "籼米", "糯米")),
    Trade("水产食品", "C1361", ("速冻鱼丸", "熏鱼", "调味小龙虾")),
    Trade("铜材", "C3251", ("铜杆", "铜排", "铜带")),
    Trade("管业", "C2922", ("给水用PE管材", "排水用PVC管材", "电工套管")),
    Trade("阀门", "C3443", ("闸阀", "球阀", "减压阀")),
    Trade("家纺", "C1771", ("床单", "被套", "枕芯")),
    Trade("文具", "C2411", ("水彩笔", "课业簿册", "橡皮擦")),
    Trade("车业", "C3770", ("电动自行车", "充电器", "头盔")),
    Trade("涂料", "C2641", ("内墙涂料", "木器漆", "防水涂料")),
    Trade("建设", "E4720", ("教学楼工程", "厂房工程", "市政管网工程")),
    Trade("商贸", "F5212", ("休闲食品", "洗涤用品", "儿童服装")),
)
BRANDS = (
    "望溪", "梨雨", "半夏坡", "松间月", "远帆渡", "稻香桥", "白鹭湾", "云外山", "拂晓", "石榴巷",
    "青团", "麦浪坡", "墨竹轩", "听泉", "一叶舟", "晚枫林", "银杏里", "朝露", "南窗", "霜降",
    "雁回", "画眉", "鹿鸣坡", "枕河", "采薇", "扶摇", "渔火",
)  # fmt: skip
SLIPS = (
    ("labelling", "产品标识内容不全。", "《中华人民共和国产品质量法》第五十四条"),
    ("metrology", "在用衡器超过检定周期。", "《中华人民共和国计量法》"),
    ("product_quality", "一批次产品质量不符合标准。", "《中华人民共和国产品质量法》第四十九条"),
    ("advertising", "宣传内容没有依据。", "《中华人民共和国广告法》第五十五条"),
)


def firms() -> Iterator[Given]:
    """Each firm in the shape of a story, without a story to tell."""
    luck = Random(SEED)
    for place, brand in enumerate(BRANDS):
        trade = TRADES[place % len(TRADES)]
        years = luck.choice([0, 2, 5, 8, 9, 11, 12, 14, 15, 17, 18, 19])
        yield {
            "code": fictional_code(FIRST_NUMBER + place),
            "name": f"铜都{brand}{trade.name}有限公司",
            "short_name": f"{brand}{trade.name}",
            "industry": trade.industry,
            "registered_on": f"-{years}y-{luck.randint(30, 300)}d",
            "quality_officer": luck.random() < 0.6,
            "events": list(_events(luck, trade, FIRST_NUMBER + place, min(years, YEARS_BACK))),
        }


def _events(luck: Random, trade: Trade, number: int, years: int) -> Iterator[Given]:
    """A dossier of so many years, the latest first: routine, and now and then a slip."""
    careful, visited = luck.random() < 0.6, luck.choice([0.0, 0.8, 0.9, 0.95])
    for year in range(years):
        serial, past = f"{number}{year}", year * 12
        for half in range(2):
            if luck.random() < visited:
                yield _pass(luck, trade, f"{serial}{half}", past + half * 6 + luck.randint(1, 5))
        if luck.random() < (0.8 if careful else 0.2):
            yield _award("pledge", f"示诺〔年〕{serial}号", f"-{past + luck.randint(0, 11)}mo")
        if careful and year % 3 == 1:
            start = f"-{past + luck.randint(0, 6)}mo"
            yield _award("certification", f"示认质-{serial}", start, until=f"{start}+36mo")
        if luck.random() < (0.1 if careful else 0.5):
            yield _slip(luck, serial, past + luck.randint(1, 9))
        if luck.random() < (0.04 if careful else 0.25):
            yield from _failure(luck, trade, serial, past + luck.randint(4, 11))


def _award(category: str, document: str, start: str, until: str | None = None) -> Given:
    return {
        "kind": "award",
        "document_no": document,
        "category": category,
        "valid_from": start,
        "valid_until": until,
    }


def _inspection(trade: Trade, document: str, occurred: str, product: str) -> Given:
    return {
        "kind": "inspection",
        "document_no": document,
        "occurred_on": occurred,
        "level": "municipal",
        "role": "seller" if trade.industry.startswith("F") else "producer",
        "item": {"product": product},
        "laboratory": "示范市产品检验中心",
    }


def _pass(luck: Random, trade: Trade, serial: str, months: int) -> Given:
    occurred = f"-{months}mo+{luck.randint(0, 25)}d"
    product, how = luck.choice(trade.products), luck.choice(WAYS)
    whole = _inspection(trade, f"示市监抽〔年〕{serial}号", occurred, product)
    return {**whole, "type": how, "result": "pass"}


def _slip(luck: Random, serial: str, months: int) -> Given:
    """A minor violation in three of five cases, or a general one."""
    category, facts, basis = luck.choice(SLIPS)
    minor = luck.random() < 0.6
    shown = luck.random() < 0.6
    decided = f"-{months}mo+{luck.randint(0, 15)}d"
    return {
        "kind": "violation",
        "document_no": f"示市监罚〔年〕{serial}号",
        "occurred_on": f"{decided}-30d",
        "decided_on": decided,
        "published_on": f"{decided}+7d",
        "category": category,
        "penalties": ["fine"],
        "fine": f"{luck.randint(2, 40) * 500 if minor else luck.randint(50, 160) * 1000}.00",
        "publication_basis": SMALL_FINES_ARE_SHOWN if minor and shown else None,
        "facts": facts,
        "basis": basis,
    }


def _failure(luck: Random, trade: Trade, serial: str, months: int) -> Iterator[Given]:
    """A failed sample, mended by a re-check in two of three cases."""
    occurred = f"-{months}mo+{luck.randint(0, 15)}d"
    first = _inspection(trade, f"示市监抽〔年〕{serial}9号", occurred, luck.choice(trade.products))
    first |= {"type": "supervised_sampling", "producer_confirmed": True}
    yield {
        **first,
        "final_on": f"{occurred}+15d",
        "result": "fail",
        "safety_item": luck.random() < 0.2,
        "failed_items": [{"item": "标识"}],
    }
    if luck.random() < 0.67:
        yield {
            **first,
            "document_no": f"示市监复查〔年〕{serial}9号",
            "occurred_on": f"{occurred}+75d",
            "result": "pass",
            "stage": "recheck",
            "related_to": [{"document_no": first["document_no"]}],
        }
