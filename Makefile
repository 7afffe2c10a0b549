# Everything runs from $(VENV), built from the hashed constraints.txt; a second call of a target finds it ready.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$candidate; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= auto
PORTFOLIOS ?= $(sort $(basename $(notdir $(wildcard portfolios/*.yaml portfolios/*.csv))))

.PHONY: help setup stress test test-long test-browser lint docs bench schemas build lock peers

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

setup: $(VENV)/.package ## Build the virtual environment (.venv) and install the package into it

stress: setup ## Set up and run the main job: every shipped portfolio under every shipped shock
	$(BIN)/stresstest run $(PORTFOLIOS)

test: setup ## Set up and run the whole test suite
	$(BIN)/python -m pytest -n $(WORKERS)

test-long: setup ## Set up and run what takes too long for every day: 200 kills, all shipped reports
	$(BIN)/python -m pytest -m long -o faulthandler_timeout=7200

test-browser: setup ## Set up and run the tests in Chromium; fails where none is installed
	REQUIRE_BROWSER=1 $(BIN)/python -m pytest tests/browser

lint: setup ## Set up and run the static checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: setup ## Build the documentation site into docs/_build/html; a warning is an error
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

bench: setup ## Set up and print the table of ratios to the peers
	$(BIN)/python -m pytest benches --benchmark-only

schemas: setup ## Write docs/schemas, which shipped files name for editors
	@mkdir -p docs/schemas
	for kind in portfolio scenario scenario_set network market hedge_policy job result hedge network_show reverse sweep query diff replay origin; do $(BIN)/stresstest schema $$kind > docs/schemas/$$kind.json; done

build: setup ## Build the wheel and the source archive into dist/
	$(BIN)/python -m build --no-isolation

lock: .venv-lock/.uv ## Resolve pyproject.toml anew into constraints.txt
	.venv-lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --quiet \
		--extra xlsx --extra sklearn --extra query --extra dask --extra explore \
		--group test --group static --group docs \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --output-file constraints.txt
	.venv-lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --quiet \
		--group peers --constraint constraints.txt \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --output-file benches/peers.txt

peers: setup ## Add the heavy peers of tests and benches, from the hashed benches/peers.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r benches/peers.txt

$(VENV)/.environment: constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "==> $(VENV): $$($(PYTHON) --version) and the packages of constraints.txt, each checked against its hash"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints.txt
	@touch $@

$(VENV)/.package: $(VENV)/.environment pyproject.toml
	@echo "==> $(VENV): stresstest, from src/"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv-lock/.uv:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@
