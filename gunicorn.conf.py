"""How gunicorn serves the register: threads, an address, and a place for the workers' metrics."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
loglevel = "warning"
# Each worker loads the program itself: Polars' threads don't survive a fork.
preload_app = False

# Before prometheus_client is imported, or it counts for one process only.
metrics_folder = tempfile.mkdtemp(prefix="credit-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_folder


def when_ready(server: Any) -> None:
    print(f"The register answers on http://{bind}", flush=True)


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(metrics_folder, ignore_errors=True)
