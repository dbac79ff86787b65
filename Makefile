# Cramp Coach. `make run` and `make test` are all a newcomer needs; both set up what they use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

.PHONY: run test lint types check tests models pictograms screens docs bench clean
.DEFAULT_GOAL := run

## run: talk to the skill in the terminal (ARGS="--verbose", ARGS="--help")
run: $(VENV)/.run
	@$(BIN)/python -m simulator $(ARGS)

## test: lint, types, model checks and all tests
test: lint types check tests

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

check: $(VENV)/.dev
	@$(BIN)/python -m tools.models check
	@$(BIN)/python -m tools.words check
	@$(BIN)/python -m tools.screens check
	@$(BIN)/python -m tools.docs check

tests: $(VENV)/.dev
	@$(BIN)/python -m pytest $(ARGS)

## models: compile interaction-models/ into skill-package/
models: $(VENV)/.dev
	@$(BIN)/python -m tools.models build

## pictograms: draw the pictograms for the skill and for the docs from tools/screens/pictograms.toml
pictograms: $(VENV)/.dev
	@$(BIN)/python -m tools.screens build

## screens: draw the screens with Amazon's renderer, into docs/images/ (needs Node and Chromium)
screens: $(VENV)/.dev node_modules
	@$(BIN)/python -m tools.screens sheet

node_modules:
	@npm ci --silent --no-audit --no-fund

## docs: write the generated parts of the documentation
docs: $(VENV)/.dev
	@$(BIN)/python -m tools.docs build

## bench: measure the budgets, each as a ratio within one run
bench: $(VENV)/.dev
	@$(BIN)/python -m tools.bench

clean:
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The virtual environment. A stamp file says that a step is done, so that nothing asks the network twice.
INSTALL = @$(PIP) install $(1) >&2 || { echo "Could not install packages: the first run needs the network." >&2; exit 1; }

$(VENV)/.pip:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Cramp Coach needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": try make PYTHON=python3.13 $(MAKECMDGOALS)")'
	@echo "Setting up $(VENV), once ..." >&2
	@$(PYTHON) -m venv $(VENV)
	$(call INSTALL,pip==26.3) # older ones know no dependency groups
	@touch $@

$(VENV)/.run: pyproject.toml lambda/requirements.txt $(VENV)/.pip
	$(call INSTALL,-r lambda/requirements.txt --group run)
	@touch $@

$(VENV)/.dev: pyproject.toml lambda/requirements.txt $(VENV)/.pip
	$(call INSTALL,-r lambda/requirements.txt --group dev)
	@touch $@
