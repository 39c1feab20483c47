# The two commands of the README, and what a contributor runs. Everything happens inside .venv.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
RESET ?=

.PHONY: demo test check bench lock messages docs pictures clean

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Réséda needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Catalogues are compiled, never committed: without them the site speaks French alone.
.venv/.compiled: .venv/.installed scripts/messages.py $(wildcard reseda/*/locale/en/LC_MESSAGES/*.po)
	$(BIN)/python -m scripts.messages compile
	touch $@

# The product with a complete, invented school: http://127.0.0.1:$(PORT)
demo: .venv/.compiled
	PORT=$(PORT) exec $(BIN)/reseda demo $(if $(RESET),--reset)

# Every test on SQLite and on PostgreSQL, then the browser.
test: .venv/.installed-dev .venv/.compiled
	$(BIN)/python -m scripts.run_tests

check: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy config reseda scripts
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint reseda
	$(BIN)/python -m scripts.check

bench: .venv/.installed-dev
	$(BIN)/python -m scripts.bench

# After a change of dependencies: needs uv. The lock files carry hashes and no address of any index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml --group build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

# Bring the English catalogues up to date with the French source strings.
messages: .venv/.installed-dev
	$(BIN)/python -m scripts.messages update
	$(BIN)/python -m scripts.messages compile

# What is generated in docs/: rights, law, glossary's check.
docs: .venv/.installed-dev
	$(BIN)/reseda people rights --write
	$(BIN)/reseda law document

# The pictures of the README, taken from the demo.
pictures: .venv/.installed-dev
	$(BIN)/python -m scripts.pictures

clean:
	rm -rf .venv var
