"""What a department is told of its batch: how far it is, what became of the rows, what to do next."""

from __future__ import annotations

from typing import Any

from credit.db import instant
from credit.models import Batch
from credit.services.batches.store import OPEN

STEPS = {
    "go-on": (
        "批次尚未办完：继续办理，或用同一幂等键重新发送",
        "It isn't done yet: resume it, or send it again with the same key.",
    ),
    "mend": ("下载结果，按说明改正被拒绝的行后另行报送", "Get the results, mend the rejected rows and send those."),
    "send": ("试运行未保留任何内容：去掉 dry_run 再次发送", "Nothing was kept: send it again without dry_run."),
}


def told(batch: Batch) -> dict[str, Any]:
    """What its department is told of a batch."""
    tried = bool(batch.options.get("dry_run")) or batch.state == "refused"
    return {
        "id": batch.id,
        "state": batch.state,
        "file_name": batch.file_name,
        "received_at": instant(batch.received_at),
        "idempotency_key": batch.idempotency_key,
        "digest": batch.digest,
        "kind": batch.options.get("kind"),
        "mapping": (batch.options.get("mapping") or {}).get("name"),
        "strict": bool(batch.options.get("strict")),
        "dry_run": bool(batch.options.get("dry_run")),
        "rows": batch.rows,
        "done": batch.done,
        "recorded": 0 if tried else batch.recorded,
        "would_record": batch.recorded if tried else None,
        "on_file": batch.on_file,
        "rejected": batch.rejected,
        "skipped": batch.done - batch.recorded - batch.on_file - batch.rejected,
        "enterprises": batch.firms,
        "graded": batch.graded,
        "results": f"/api/v1/events/batch/{batch.id}/results",
        "next": _next(batch),
    }


def _next(batch: Batch) -> list[dict[str, str]]:
    """What the department does next."""
    path, steps = f"/api/v1/events/batch/{batch.id}", []
    if batch.state in OPEN:
        steps.append(_step("go-on", f"POST {path}/resume"))
    elif batch.rejected:
        steps.append(_step("mend", f"GET {path}/results"))
    if batch.options.get("dry_run") and batch.recorded:
        steps.append(_step("send", "POST /api/v1/events/batch"))
    return steps


def _step(word: str, call: str) -> dict[str, str]:
    zh, en = STEPS[word]
    return {"call": call, "zh": zh, "en": en}
