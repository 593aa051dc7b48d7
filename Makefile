# Everything a developer types. `make help` reads the ## comments.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
NODE := node_modules/.bin
NODE_READY := node_modules/.ready
SCRIPTS := addon infra/local/desk/static infra/local/desk/static/apps_script

# make demo DATA=orders.csv.gz ONCE=1 QUOTA=off
DEMO := $(if $(DATA),--data $(DATA)) $(if $(ONCE),--once) $(if $(QUOTA),--quota $(QUOTA))

.PHONY: help demo up test unit check format conformance bench load soak first-use screenshots clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): pyproject.toml uv.lock
	@echo "installing the locked packages into .venv ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tabkeeper needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --locked --quiet --inexact --extra webhooks --python $(BIN)/python
	@touch $(READY)

$(NODE_READY): package.json package-lock.json
	@echo "installing the locked tools of the add-on into node_modules ..."
	@node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null && command -v npm >/dev/null || { echo "To check the add-on, install Node.js 20 or newer with npm; nothing else of Tabkeeper needs it"; exit 1; }
	@npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $(NODE_READY)

demo: $(READY) ## See a shop's orders arrive in a spreadsheet (ONCE=1 ends after the run, DATA=file.csv.gz, QUOTA=off)
	@$(BIN)/python -m infra.local demo $(DEMO)

up: $(READY) ## Start every service and the backend on this machine
	@$(BIN)/python -m infra.local up

test: $(READY) ## Run all tests
	$(BIN)/pytest

unit: $(READY) ## Run the unit tests only (no sockets, seconds)
	$(BIN)/pytest tests/unit

check: $(READY) $(NODE_READY) ## Lint, types, who may import whom, unused and missing dependencies; the add-on's scripts too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(NODE)/biome check --error-on-warnings
	for scripts in $(SCRIPTS); do $(NODE)/tsc -p $$scripts; done
	$(BIN)/python -m infra.tools.page_scripts

conformance: $(READY) ## Hold the local services against the real ones' tests, recordings and schemas
	@$(BIN)/python -m tests.conformance

bench: $(READY) ## Measure the write path: rows a second, memory, calls; a tenth against the whole
	@$(BIN)/python -m tests.bench

load: $(READY) ## Measure 1,000 tenants at once: runs a minute, delays, fairness (LOAD="--tenants 100 --automations 500")
	@$(BIN)/python -m tests.load $(LOAD)

soak: $(READY) ## Try random shops, edits, faults and kills for a while (MINUTES=10)
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),10)

first-use: $(READY) ## Count the clicks, keys and seconds from an empty spreadsheet to orders in it
	@$(BIN)/python -m tests.browser.sidebar.first_use

screenshots: $(READY) ## Take the pictures of docs/sidebar.md: every screen of the sidebar, and the desk
	@$(BIN)/python -m tests.browser.screenshots

format: $(READY) $(NODE_READY) ## Format and mend what ruff and biome can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NODE)/biome check --write

clean: ## Remove what was installed, caches and local state
	rm -rf .venv node_modules .state .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
