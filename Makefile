# Touchstone. `make` alone lists the verbs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-bench
PIP := $(PYTHON) -m pip --python $(BIN)/python --quiet --disable-pip-version-check
STATIC := src/touchstone_web/static/touchstone/app.js
FRONTEND := $(wildcard frontend/src/*) frontend/build.mjs frontend/package-lock.json frontend/.npmrc
WEB_TESTS := tests/web
# Two workers share the processors: linear algebra takes one thread in each, and threads that wait sleep.
LIBRARY_TESTS := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -q -n 2 -p no:django tests/unit tests/architecture
check test soak: export OMP_WAIT_POLICY := PASSIVE
export NO_MKDOCS_2_WARNING := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Python keeps what it has compiled, so that the next run starts in half the time.
unexport PYTHONDONTWRITEBYTECODE
.DELETE_ON_ERROR:
SOAK_ROUNDS := 20
.PHONY: help install demo test check lint soak bench docs lock frontend system-packages clean

help: ## List the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(VENV)/dev.stamp $(STATIC) ## Install everything that work on the code needs into .venv
frontend: $(STATIC) ## Build the scripts and styles of the pages

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Touchstone needs Python 3.11 or newer; found $$($(PYTHON) --version). Try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

# What the product runs on, and what builds it.
$(VENV)/build.stamp: requirements/build.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Touchstone into $(VENV); the first time takes some minutes."
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/build.stamp
	@echo "Installing what the tests need into $(VENV)."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(STATIC): $(FRONTEND) | $(VENV)/build.stamp
	@echo "Building the scripts and styles of the pages."
	@cd frontend && npm ci --silent && node build.mjs > build.log || { cat build.log; exit 1; }
	@rm -f frontend/build.log && touch $@

demo: $(VENV)/build.stamp $(STATIC) ## Load three packs with real data, assess them, and serve the result
	@exec $(BIN)/touchstone demo

check: lint ## Lint, types, floors and the quick unit tests, in under a minute
	@TOUCHSTONE_EXAMPLES=few $(LIBRARY_TESTS) -m "not slow"

lint: $(VENV)/dev.stamp $(STATIC) ## Lint, types and floors
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

test: system-packages lint ## All tests, on both databases and in a real browser
	@$(LIBRARY_TESTS)
	@$(BIN)/pytest -q -n 2 --ds=touchstone_web.settings $(WEB_TESTS)
	@TOUCHSTONE_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 --ds=touchstone_web.settings $(WEB_TESTS)
	@$(BIN)/pytest -q -n 2 -p no:django tests/packs tests/reference tests/journeys tests/docs
	@$(BIN)/pytest -q --ds=touchstone_web.settings tests/browser
	@$(BIN)/mkdocs build --quiet --strict

soak: install ## Try the properties with fresh examples, many times over
	@for round in $$(seq $(SOAK_ROUNDS)); do echo "Round $$round of $(SOAK_ROUNDS)"; \
	  TOUCHSTONE_EXAMPLES=fresh $(LIBRARY_TESTS) -m hypothesis || exit 1; done

system-packages: ## Install the browser and the database that the tests need (Debian)
	@sh scripts/system_packages.sh

bench: install $(PEERS)/bench.stamp ## Measure speed and memory against peers
	@$(BIN)/python -m bench

# Other packages, measured in the same run; they never come together with what Touchstone runs on.
$(PEERS)/bench.stamp: requirements/bench.txt
	@echo "Installing the peers of the benchmarks into $(PEERS)."
	@$(PYTHON) -m venv --without-pip $(PEERS)
	@$(PYTHON) -m pip --python $(PEERS)/bin/python --quiet --disable-pip-version-check \
	  install --require-hashes -r requirements/bench.txt
	@touch $@

docs: $(VENV)/dev.stamp ## Write the generated pages anew and build the documentation into site/
	@$(BIN)/python scripts/command_pages.py
	@$(BIN)/mkdocs build --quiet --strict && echo "The documentation stands in site/index.html"

lock: $(VENV)/dev.stamp ## Lock the dependencies anew, with hashes
	@bash scripts/lock.sh

clean: ## Remove what was installed and built; var/ with your data stays
	@rm -rf $(VENV) $(PEERS) frontend/node_modules src/touchstone_web/static site dist build
