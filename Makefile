# make serve | make test | make bench | make lock | make clean. Needs Python 3.11 and make.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LINES := 2

.DEFAULT_GOAL := help
.PHONY: help serve test bench lock clean environment environment-dev

help:
	@echo "make serve   environment, database, seed, then http://127.0.0.1:8000 (PORT, DATABASE_URL)"
	@echo "make test    environment, then the whole suite"
	@echo "make bench   the measurements that README shows"
	@echo "make lock    new versions of the dependencies of setup.cfg"
	@echo "make clean   remove the environment and the caches; the data in instance/ stays"

serve: environment
	@CREDIT_SET_UP=1 exec $(BIN)/gunicorn --config gunicorn.conf.py wsgi:app

# The lines share the cores: Polars needs no threads of its own in each.
test: environment-dev
	@POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n $(LINES) --dist loadfile $(ARGS)

bench: environment-dev
	@$(BIN)/python -m tests.benchmarks $(ARGS)

# Everything comes as a wheel but pyspark, which is published as source only: its jars are packed anew.
# The environment holds a copy of the lock that it was built from, and is built anew if they differ.
environment:
	@cmp -s requirements.lock $(VENV)/requirements.lock \
	  || $(MAKE) --no-print-directory $(VENV)/built LOCK=requirements.lock

environment-dev:
	@cmp -s requirements-dev.lock $(VENV)/requirements-dev.lock \
	  || $(MAKE) --no-print-directory $(VENV)/built LOCK=requirements-dev.lock
	@cp requirements.lock $(VENV)/requirements.lock

.PHONY: $(VENV)/built
$(VENV)/built:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@echo "building the environment from $(LOCK) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps \
	  --require-hashes --only-binary :all: --no-binary pyspark --requirement $(LOCK)
	@cp $(LOCK) $(VENV)/$(LOCK)

lock: environment-dev
	@for kind in "requirements-dev.lock --extra dev --extra spark" "requirements.lock --constraint requirements-dev.lock"; do \
	  $(BIN)/uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --custom-compile-command "make lock" \
	    --output-file $$kind $(ARGS) || exit 1; \
	done
	@rm -rf *.egg-info

clean:
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
