"""Bars of an indicator with their intervals: where they stand. Templates draw them, tables say the numbers."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
WIDTH, HEIGHT, LEFT, FOOT, TOP = 720, 240, 44, 34, 12


def bars(rows: list[Row], target: float | None = None, latest: int = 20) -> Row | None:
    """The chart of the last `latest` groups that are told: bars {x, y, width, height, low, high, label, row}, lines of
    the scale {y, label}, `target` y, `cut`: the scale doesn't begin at nought, where a bar's length would mislead and a
    point is drawn. None without any number.
    """
    shown = [row for row in rows if row["value"] is not None][-latest:]
    if not shown:
        return None
    bottom, top = _scale(shown, target)
    step = (WIDTH - LEFT) / len(shown)
    wide = min(step * 0.6, 48)

    def down(value: float) -> float:
        return round(TOP + (HEIGHT - FOOT - TOP) * (top - min(max(value, bottom), top)) / (top - bottom), 1)

    drawn = [
        {
            "x": round(LEFT + step * (place + 0.5) - wide / 2, 1), "middle": round(LEFT + step * (place + 0.5), 1),
            "y": down(row["value"]), "width": round(wide, 1), "height": round(down(bottom) - down(row["value"]), 1),
            "low": down(row["low"]), "high": down(row["high"]), "row": row,
            "label": row["group"] if len(shown) <= 12 or place % 2 == len(shown) % 2 else "",
        }
        for place, row in enumerate(shown)
    ]  # fmt: skip
    lines = [{"y": down(value), "label": f"{value:g}%"} for value in _ticks(bottom, top)]
    return {
        "bars": drawn, "lines": lines, "target": None if target is None else down(target), "width": WIDTH,
        "height": HEIGHT, "left": LEFT, "cut": bottom > 0,
    }  # fmt: skip


def _scale(rows: list[Row], target: float | None) -> tuple[float, float]:
    """A shares' scale never cuts a bar's interval; above 50 it begins at a ten below the lowest."""
    lowest = min([*(row["low"] for row in rows), *([target] if target else [])])
    highest = max([*(row["high"] for row in rows), *([target] if target else [])])
    bottom = lowest // 10 * 10 if lowest > 50 else 0.0
    return bottom, min(100.0, -(-highest // 10) * 10) or 10.0


def _ticks(bottom: float, top: float) -> list[float]:
    step = 10 if top - bottom <= 50 else 20
    return list(range(int(bottom), int(top) + 1, step))
