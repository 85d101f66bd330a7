"""Markets under sampling: farms, factories and builders whose lots were tested every quarter for five years.

They make the statistics and the monitors show something true: shares that rise year by year, one product of one trade
that fails again and again of late, a firm that only just passes, and every way a test can end. One seeded generator.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from seed.codes import fictional_code

SEED = 20261
FIRST_NUMBER = 301
QUARTERS = 20
# The share of lots that fail, by year, the latest first.
FAILING = (0.05, 0.06, 0.08, 0.10, 0.12)
TYPES = (*("supervised_sampling",) * 12, *("random_draw",) * 5, "special", "complaint", "requested")
Given = dict[str, Any]


class Market(NamedTuple):
    """A trade: its name in a firm's name, class of GB/T 4754, products, whose samples, how likely to fail (of all)."""

    name: str
    industry: str
    products: tuple[str, ...]
    department: str
    risk: float
    firms: tuple[str, ...]


MARKET, FARMS, WORKS = "示范市市场监督管理局", "示范市农业农村局", "示范市住房和城乡建设局"
MARKETS = (
    Market(
        "蔬菜专业合作社", "A0141", ("菠菜", "番茄", "豇豆"), FARMS, 0.25,
        ("青禾", "田垄", "晨露", "丰穗", "绿畦", "春犁"),
    ),
    Market("水产养殖有限公司", "A0412", ("草鱼", "河蟹", "鳜鱼"), FARMS, 0.3, ("清波", "芦荡", "渔歌", "莲塘")),
    Market(
        "塑料制品有限公司", "C2927", ("塑料餐盒", "保鲜膜", "食品包装袋"), MARKET, 1.2,
        ("凌云", "鸿图", "星火", "宏愿", "海纳", "百川"),
    ),
    Market(
        "玩具有限公司", "C2451", ("毛绒玩具", "塑胶玩具", "电动玩具"), MARKET, 1.3, ("童心", "乐园", "小鹿", "彩虹"),
    ),
    Market("照明有限公司", "C3872", ("LED灯管", "台灯", "应急灯"), MARKET, 1.0, ("明轩", "辉映", "启明", "晨曦")),
    Market("铜合金有限公司", "C3252", ("黄铜棒", "铜箔", "铜带坯"), MARKET, 0.6, ("鼎铸", "赤冶", "金声", "铄石")),
    Market(
        "建筑工程有限公司", "E4710", ("住宅楼主体结构", "商品混凝土", "钢筋连接"), WORKS, 0.1,
        ("磐石", "立基", "筑梦"),
    ),
)  # fmt: skip
CLUSTER, CLUSTER_FIRMS = "塑料餐盒", 4  # fails of late at so many firms of its market
NEAR_MISS = "童心"


def firms() -> Iterator[Given]:
    """Each firm in the shape of a story, without a story to tell."""
    luck = Random(SEED)
    number = FIRST_NUMBER
    for market in MARKETS:
        for place, brand in enumerate(market.firms):
            yield {
                "code": fictional_code(number),
                "name": f"铜都{brand}{market.name}", "short_name": f"{brand}{market.name[:2]}",
                "industry": market.industry, "registered_on": f"-{luck.randint(7, 15)}y-{luck.randint(30, 300)}d",
                "quality_officer": luck.random() < 0.7,
                "events": [*_tests(luck, market, number, brand, place)],
            }  # fmt: skip
            number += 1


def _tests(luck: Random, market: Market, number: int, brand: str, place: int) -> Iterator[Given]:
    """One lot a quarter, some quarters none; the latest first."""
    for quarter in range(QUARTERS):
        if luck.random() < 0.3:
            continue
        months = 3 * quarter + luck.randint(2, 4)
        product, how = luck.choice(market.products), luck.choice(TYPES)
        serial = f"{number}{quarter:02d}"
        failing = luck.random() < FAILING[quarter // 4] * market.risk
        lot = _lot(luck, market, serial, f"-{months}mo+{luck.randint(0, 20)}d", product, how)
        if failing and how != "requested":
            yield from _failed(luck, lot, serial)
        else:
            yield lot | {"result": luck.choice(["refused", "invalid"]) if luck.random() < 0.015 else "pass"}
    if market.industry == "C2927" and place < CLUSTER_FIRMS:
        when = f"-{2 + 2 * place}mo+{luck.randint(0, 9)}d"
        yield from _failed(luck, _lot(luck, market, f"{number}90", when, CLUSTER, "supervised_sampling"), f"{number}90")
    if brand == NEAR_MISS:
        for again in range(3):
            lot = _lot(luck, market, f"{number}8{again}", f"-{3 + 4 * again}mo", "电动玩具", "special")
            yield from _failed(luck, lot, f"{number}8{again}", mended=True)


def _lot(luck: Random, market: Market, serial: str, occurred: str, product: str, how: str) -> Given:
    return {
        "kind": "inspection", "document_no": f"示样〔年〕{serial}号", "occurred_on": occurred, "type": how,
        "level": "provincial" if luck.random() < 0.1 else "municipal", "role": "producer",
        "item": {"product": product, "lot": f"L{serial}"}, "laboratory": "示范市产品检验中心",
        "department": market.department,
    }  # fmt: skip


def _failed(luck: Random, lot: Given, serial: str, mended: bool = False) -> Iterator[Given]:
    """A failure: overturned, mended by a re-check, or left so."""
    occurred = lot["occurred_on"]
    first = lot | {
        "result": "fail", "producer_confirmed": True, "safety_item": not mended and luck.random() < 0.25,
        "failed_items": [{"item": luck.choice(["标识", "限量指标", "物理性能"])}],
    }  # fmt: skip
    linked = {"related_to": [{"document_no": first["document_no"]}]}
    if not mended and luck.random() < 0.12:
        yield first | {"objected_on": f"{occurred}+5d"}
        yield lot | linked | {
            "document_no": f"示复检〔年〕{serial}号", "occurred_on": f"{occurred}+12d", "stage": "reinspection",
            "result": "pass",
        }  # fmt: skip
        return
    yield first | {"final_on": f"{occurred}+15d"}
    if mended or luck.random() < 0.6:
        yield lot | linked | {
            "document_no": f"示复查〔年〕{serial}号", "occurred_on": f"{occurred}+38d", "stage": "recheck",
            "result": "pass",
        }  # fmt: skip
