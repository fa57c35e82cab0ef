# Every verb sets up by itself what it needs. Works with GNU make 3.81 (macOS) and newer.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

# Bare surroundings, as of some build servers, have no search path at all.
ifeq ($(PATH),)
export PATH := /usr/local/bin:/usr/bin:/bin
endif

# One computing thread per process: what runs side by side here shares the cores.
demo test test-compat bench bench-console bench-control bench-engine bench-service: export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-compat check bench bench-console bench-control bench-engine bench-service serve console lock clean stale

help: ## Show this list
	@echo "Usage: make VERB [PYTHON=python3.12]"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

setup: $(STAMP) ## Make .venv from the pinned requirements; .venv/bin/dowse is then ready

# A checkout that was moved or copied has an environment that still points to the old place.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
$(STAMP): stale
endif
stale:

$(STAMP): pyproject.toml requirements/build.txt requirements/dev.txt scripts/setup scripts/find-python
	@if [ -e $(STAMP) ] && [ "`cat $(STAMP)`" != "$(CURDIR)" ]; then rm -rf $(VENV); fi
	@scripts/setup $(VENV) "$(PYTHON)"
	@echo "$(CURDIR)" > $(STAMP)

demo: setup ## Tune a real scikit-learn program with a Google AI Platform job file
	@name=digits-`date +%Y%m%d-%H%M%S`; cd examples/ai_platform/digits && \
	"$(CURDIR)/$(BIN)/dowse" run hptuning_config.yaml --name $$name \
		--module-name trainer.task --package-path trainer \
		--job-dir "$(CURDIR)/demo-output/$$name" --python "$(CURDIR)/$(BIN)/python"

test: setup ## Run the tests, as many at once as there are cores
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

test-compat: setup ## Run the programs of users with every version of every client
	@ALL_CLIENTS=1 $(BIN)/python -m pytest -q tests/compat

check: setup ## Lint, formatting, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: setup ## Measure the figures of the foundation: benchmarks/results/foundation.json
	@$(BIN)/python -m benchmarks.foundation

bench-console: setup ## Measure the console in a browser, beside its peer: benchmarks/results/console.json
	@$(BIN)/python -m benchmarks.console

bench-control: setup ## Measure early stopping and the rest of control: benchmarks/results/control.json
	@$(BIN)/python -m benchmarks.control

bench-engine: setup ## Measure the engine beside its peers: benchmarks/results/engine.json
	@$(BIN)/python -m benchmarks.engine

bench-service: setup ## Measure the service beside its peers: benchmarks/results/service.json
	@$(BIN)/python -m benchmarks.service

serve: setup ## Start the server
	@$(BIN)/dowse serve

console: setup ## Build the console's pages anew from web/ (needs node)
	@$(BIN)/python hatch_build.py --install
	@$(BIN)/python scripts/api_types.py
	@$(BIN)/python hatch_build.py

lock: setup ## Pin all requirements again (UPGRADE=1 moves them to the newest)
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	@scripts/lock $(VENV)/lock/bin/uv $(if $(UPGRADE),--upgrade)

clean: ## Remove the environment, caches and what builds left behind
	@rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
