"""Names told apart and told together: precision and recall by kind, beside WRatio and logic-v2."""

from __future__ import annotations

import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np
from rapidfuzz import fuzz, process

from credit.rules.matching import compare
from tests.benchmarks.measure import Row
from tests.benchmarks.register import registry
from tests.screening_pairs import REGISTRY, SAME_FIRM, Pair, made_pairs, real_rows, written_pairs

Scorer = Callable[[str, str], float]
MOST_NAMES = 400
RECALL, APART = 97.0, 99.8


def quality(size: int) -> list[Row]:
    """On the written pairs, those made of invented names, and those of real ones where they are at hand."""
    firms = list(dict.fromkeys(registry(min(size, MOST_NAMES))["企业名称"]))
    real = [row["企业名称"] for row in real_rows()] if REGISTRY.exists() else []
    rows: list[Row] = []
    for what, pairs in (
        ("written pairs", written_pairs()),
        ("variations of invented names", made_pairs(firms)),
        ("variations of real names", made_pairs(dict.fromkeys(real))),
    ):
        if pairs:
            rows.append(_recall(what, pairs))
            rows += [_precision(what, pairs)] if what == "written pairs" else []
    bidders = list(dict.fromkeys(real)) or firms
    return [*rows, _apart("unrelated bidders", bidders[:MOST_NAMES])]


def _recall(what: str, pairs: list[Pair]) -> Row:
    one_firm = [pair for pair in pairs if pair.one_firm]
    found = sum(_ours(pair) for pair in one_firm)
    _print_confusion(what, pairs)
    theirs = _rivals(pairs)
    told = ", ".join(f"{name} {recall:.1f}% at {precision:.1f}%" for name, (recall, precision) in theirs.items())
    share = 100 * found / len(one_firm)
    return Row(f"{what}: recall", "97%", share, RECALL, f"{found:,} of {len(one_firm):,}", f"recall at precision: {told}",
               unit="%", notes={name: list(both) for name, both in theirs.items()})  # fmt: skip


def _precision(what: str, pairs: list[Pair]) -> Row:
    """Of what is told to be one firm, or perhaps one, how much is."""
    told = [pair for pair in pairs if _ours(pair)]
    right = sum(pair.one_firm for pair in told)
    return Row(f"{what}: precision", "97%", 100 * right / len(told), RECALL, f"{right:,} of {len(told):,}", "-", unit="%")


def _apart(what: str, names: list[str]) -> Row:
    """The share of bidders that nobody would have to review beside all the others."""
    near = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=50, dtype=np.uint8)
    reviewed = {
        one for one, other in zip(*np.triu(near, 1).nonzero(), strict=True)
        if compare(names[one], names[other]).relation in SAME_FIRM
    }  # fmt: skip
    loose = np.triu(process.cdist(names, names, scorer=fuzz.WRatio, score_cutoff=86, dtype=np.uint8), 1)
    theirs = len({one for one, _ in zip(*loose.nonzero(), strict=True)})
    share = 100 * (1 - len(reviewed) / len(names))
    return Row(f"{what}: kept apart", "99.8%", share, APART, f"{len(reviewed)} of {len(names)} to review",
               f"WRatio at 86: {theirs}", unit="%")  # fmt: skip


def _ours(pair: Pair) -> bool:
    return compare(pair.asked, pair.known).relation in SAME_FIRM


def _print_confusion(what: str, pairs: list[Pair]) -> None:
    """What each kind of pair was told to be."""
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        told[f"{pair.kind} ({pair.relations[0]})"][compare(pair.asked, pair.known).relation] += 1
    print(f"\n{what}:", file=sys.stderr)
    for kind, found in told.items():
        print(f"  {kind}: {', '.join(f'{word} {count}' for word, count in found.most_common())}", file=sys.stderr)


def _rivals(pairs: list[Pair]) -> dict[str, tuple[float, float]]:
    """Recall and precision (in per cent) of other matchers, each at its best threshold for these pairs."""
    scorers: dict[str, Scorer] = {"WRatio": lambda one, other: fuzz.WRatio(one, other)} | _logic_v2()
    truth = np.array([pair.one_firm for pair in pairs])
    return {
        name: _at_best(np.array([score(pair.asked, pair.known) for pair in pairs]), truth) for name, score in scorers.items()
    }


def _at_best(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    best = (0.0, 0.0, 0.0)
    for threshold in np.unique(scores):
        told = scores >= threshold
        right = (told & truth).sum()
        recall, precision = right / truth.sum(), right / told.sum()
        best = max(best, (2 * recall * precision / (recall + precision or 1), recall, precision))
    return 100 * float(best[1]), 100 * float(best[2])


def _logic_v2() -> dict[str, Scorer]:
    """nomenklatura's matcher, where the extra `bench` is installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from followthemoney import EntityProxy
            from nomenklatura.matching import get_algorithm
            from nomenklatura.matching.types import ScoringConfig
    except ImportError:
        print("nomenklatura isn't installed (extra: bench): logic-v2 is left out", file=sys.stderr)
        return {}
    logic, config = get_algorithm("logic-v2"), ScoringConfig.defaults()

    def entity(number: str, name: str) -> object:
        return EntityProxy.from_dict({"id": number, "schema": "Company", "properties": {"name": [name]}})

    return {"logic-v2": lambda one, other: float(logic.compare(entity("a", one), entity("b", other), config).score)}
