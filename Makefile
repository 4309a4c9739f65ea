# Two commands are enough for a newcomer: `make run` and `make test`. Each makes what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test test-all lint bench lock clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 16

setup: $(VENV)/.run-ready ## set up, and nothing else
	@echo "Ready: $(BIN)/rulewatch --help"

run: $(VENV)/.run-ready ## set up, then play the daily cycle on the built-in copy of both sites
	@$(BIN)/python -m tests.play

test: $(VENV)/.dev-ready $(VENV)/.programs lint ## set up, then every check and every test but those that take an hour
	@$(BIN)/python -m pytest -n auto -m "not long"

test-all: $(VENV)/.dev-ready $(VENV)/.programs lint ## set up, then every check and every test, an hour or more
	@$(BIN)/python -m pytest -n auto

lint: $(VENV)/.dev-ready ## style, types and the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev-ready ## every benchmark, one table each
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

lock: $(VENV)/.dev-ready ## pin the newest allowed versions again
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--extra dev --extra browser -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what was made, but not what was watched (var/)
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rulewatch needs Python 3.11 or newer; name one with: make run PYTHON=python3.12"; exit 2; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Rulewatch needs (some minutes the first time) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock $(VENV)/.run-ready
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

$(VENV)/.programs: tests/install_programs.sh | $(VENV)/bin/python
	@sh tests/install_programs.sh
	@touch $@
