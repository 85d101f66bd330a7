"""How gunicorn serves the register: threads, an address, and a place for the workers' metrics.

The program is loaded once, before the workers are forked. Polars may be imported until then but
not used (its threads don't survive a fork), so that setting up is done in a child of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from multiprocessing import get_context
from threading import Thread
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "credit.polling_worker.PollingWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
loglevel = "warning"
preload_app = True

# Before prometheus_client is imported, or it counts for one process only.
metrics_folder = tempfile.mkdtemp(prefix="credit-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_folder


@atexit.register
def remove_metrics(master: int = os.getpid()) -> None:
    if os.getpid() == master:
        shutil.rmtree(metrics_folder, ignore_errors=True)


def set_up() -> None:
    """What `flask --app wsgi credit set-up` does, with the program that is loaded already."""
    from flask.cli import ScriptInfo

    from wsgi import app

    with app.app_context():
        app.cli.main(["credit", "set-up"], obj=ScriptInfo(create_app=lambda: app))


def on_starting(server: Any) -> None:
    """`make serve` asks for the database to be set up; elsewhere that is a step of its own."""
    if os.environ.get("CREDIT_SET_UP") == "1":
        child = get_context("fork").Process(target=set_up)
        child.start()
        child.join()
        if child.exitcode:
            sys.exit(child.exitcode)


def when_ready(server: Any) -> None:
    keep_background(server)
    host, port = server.cfg.address[0]
    print(f"The register answers on http://{host}:{port}", flush=True)


def keep_background(server: Any) -> None:
    """One process beside the workers serves webhooks and the calendar; it ends with this one."""
    from wsgi import app

    if app.config["CREDIT_BACKGROUND"] != "1":
        return
    server.background = os.fork()
    if server.background == 0:
        from credit import background

        for listener in server.LISTENERS:
            listener.sock.close()
        background.keep(lambda: background.run(app))
        os._exit(0)


def on_exit(server: Any) -> None:
    if background := getattr(server, "background", 0):
        with suppress(ProcessLookupError):
            os.kill(background, signal.SIGTERM)


def post_worker_init(worker: Any) -> None:
    """Make the table of pinyin initials (a second) before the first write needs it under the lock."""
    from credit.rules.names import letters_of_characters

    Thread(target=letters_of_characters, daemon=True).start()


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
