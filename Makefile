# Cramp Coach. `make run` and `make test` are all a newcomer needs; both set up what they use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=
# every tool that has a check, the longest first
CHECKS := models ids words store docs review languages lock screens triage

.PHONY: help run ask-simulator replays test lint types check tests stress aws lock models docs serve store certify package deploy screens language pictograms contact-sheet bench voice review clean
.DEFAULT_GOAL := run

## run: talk to the skill in the terminal and in the browser (ARGS="--verbose", ARGS="--page", ARGS="--help")
run: $(VENV)/.run
	@$(BIN)/python -m simulator $(ARGS)

## help: what there is to make
help:
	@awk -F': ' '/^## / { printf "%-15s %s\n", substr($$1, 4), $$2 }' $(MAKEFILE_LIST)

## screens: fetch Amazon's renderer, with which the page in the browser draws screens (needs npm, once)
screens:
	@command -v npm > /dev/null || { echo "make screens needs npm: install Node 20 or newer." >&2; exit 1; }
	@mkdir -p build/screens && cp package.json package-lock.json build/screens/
	@npm ci --silent --no-audit --no-fund --omit=dev --prefix build/screens >&2
	@echo "Screens are drawn now: load the page again." >&2

## ask-simulator: let Amazon's own command line talk to the simulator, docs/simulator.md
ask-simulator: $(VENV)/.run
	@$(BIN)/python -m simulator --ask $(ARGS)

## replays: the dialogs and utterances in Amazon's formats, into build/ask/
replays: $(VENV)/.dev
	@$(BIN)/python -m tools.exports build

## test: lint, types, check and tests, which every change has to pass
test: lint types check tests

## lint: style and formatting, by ruff and, once npm ci has been, eslint
lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@if [ -x node_modules/.bin/eslint ]; then npx eslint .; else echo "Left out eslint: run npm ci." >&2; fi

## types: types, by mypy
types: $(VENV)/.dev
	@$(BIN)/mypy

## check: hold models, words, screens, docs and store page to their rules
check: $(VENV)/.dev
	@$(MAKE) --no-print-directory --keep-going --jobs 2 $(CHECKS:%=check-%)

check-%: $(VENV)/.dev
	@$(BIN)/python -m tools.$* check

## tests: the tests alone (ARGS="tests/test_words.py", ARGS="-k launch")
tests: $(VENV)/.dev $(VENV)/.wheels $(if $(LEAVE_OUT_NOTHING),$(VENV)/.aws)
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

## stress: the tests in random order, ten times, with every core kept busy beside them (an hour and a half on two cores)
stress: $(VENV)/.dev $(VENV)/.wheels
	@$(BIN)/python -m tools.stress $(ARGS)

## aws: fetch what the tests of the deployment need to stand in for AWS
aws: $(VENV)/.aws

## lock: fit the lock, and what pip installs of it, to pyproject.toml (ARGS=--upgrade takes what is newest)
lock: $(VENV)/.dev
	@$(BIN)/python -m tools.lock build $(ARGS)

## models: compile interaction-models/ into skill-package/
models: $(VENV)/.dev
	@$(BIN)/python -m tools.models build

## language: begin a language, or say what it lacks, docs/languages.md (ARGS=fr, ARGS="fr --all")
language: $(VENV)/.dev
	@$(BIN)/python -m tools.languages show $(ARGS)

## pictograms: draw the pictograms for the skill and for the docs from tools/screens/pictograms.toml
pictograms: $(VENV)/.dev
	@$(BIN)/python -m tools.screens build

## contact-sheet: draw the screens with Amazon's renderer, into docs/images/ (needs Node and Chromium)
contact-sheet: $(VENV)/.dev node_modules
	@$(BIN)/python -m tools.screens sheet

node_modules:
	@npm ci --silent --no-audit --no-fund

## docs: write the generated parts of the documentation
docs: $(VENV)/.dev
	@$(BIN)/python -m tools.docs build

## serve: the skill as a web service on this machine (SKILL_ID=..., or VERIFY=off to try it), docs/self-hosting.md
serve: $(VENV)/.selfhost
	@exec $(BIN)/python -m selfhost

## bench: measure the budgets, each as a ratio within one run
bench: $(VENV)/.bench
	@$(BIN)/python -m tools.bench

## voice: time the words with a speech synthesizer, so that screens know when a hold begins (needs espeak-ng)
voice: $(VENV)/.dev
	@$(BIN)/python -m tools.bench.voice

## review: everything that can be said, on one page for a clinician to read and print, build/review.html
review: $(VENV)/.dev
	@$(BIN)/python -m tools.review build

## store: make the store page, skill-package/skill.json and the icons, from store/
store: $(VENV)/.dev
	@$(BIN)/python -m tools.store build

## certify: Amazon's rules for a skill, each passed, failed, or for a person to do (ARGS=--submit before submitting)
certify: $(VENV)/.dev
	@$(BIN)/python -m tools.certify $(ARGS)

## package: build the zip that Lambda runs into build/lambda.zip (ARGS="--runtime python3.12", ARGS="--help")
package: $(VENV)/.pip
	@$(BIN)/python -m tools.package $(ARGS)

## deploy: check what ask deploy needs, then run it (ARGS="--check" stops there, ARGS="--profile NAME")
deploy: $(VENV)/.dev check
	@$(BIN)/python -m tools.package
	@$(BIN)/python -m tools.deploy $(ARGS)

## clean: delete what was installed and built here
clean:
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The virtual environment. A stamp file says that a step is done, so that nothing asks the network twice.
# Everything that is needed is in the file, with its hash: pip has nothing to choose, and any pip will do.
# Bytecode is made of what is imported, when it is: of all that is installed it would be a quarter of the whole.
$(VENV)/.pip:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Cramp Coach needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": try make PYTHON=python3.13 $(MAKECMDGOALS)")'
	@echo "Setting up $(VENV), once ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run $(VENV)/.selfhost $(VENV)/.dev $(VENV)/.aws $(VENV)/.bench: $(VENV)/.%: requirements/%.txt $(VENV)/.pip
	@$(PIP) install --no-deps --no-compile --require-hashes --requirement $< >&2 \
	  || { echo "Could not install $<: the first run needs the network." >&2; exit 1; }
	@touch $@

# What tests install for the Python that Lambda runs, or else for this one: fetched here, so that no test asks the network.
$(VENV)/.wheels: requirements/runtime.txt ask-resources.json $(VENV)/.dev
	@for python in "" $$(sed -n 's/.*"runtime": "python\(3[.0-9]*\)".*/--python-version=\1/p' ask-resources.json); do \
	  $(PIP) download --no-deps --only-binary=:all: $$python --require-hashes --requirement $< --dest $(VENV)/wheels >&2 \
	    || { echo "Could not fetch $<: the first run needs the network." >&2; exit 1; }; \
	done
	@touch $@
