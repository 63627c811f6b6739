# Needs Python >= 3.11 with pip and venv. Another interpreter: make PYTHON=python3.12 ...
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PYTHON_312 = $(firstword $(wildcard $(HOME)/.pyenv/versions/3.12*/bin/python) $(shell command -v python3.12))

# Compiled code is the same; the interpreter, Mesa and the texts of errors are not.
DIFFERS = tests/golden tests/mirrors tests/contracts/test_slips.py tests/test_cli.py tests/test_study_command.py

PARALLEL = -n auto --dist worksteal  # one worker per core; most of the time goes into compiling

.PHONY: help install run test quick core script check bench mutants papers

help:  ## list what make can do
	@sed -nE 's/^([a-z]+):.*  ## (.*)/  make \1\t\2/p' Makefile | expand -t 16

install: $(VENV)/.installed  ## install everything into .venv

run: install  ## open the page
	$(BIN)/everlearn page

test: $(VENV)/.installed-test  ## run all tests
	$(BIN)/python -m pytest $(PARALLEL)

quick: $(VENV)/.installed-test  ## run what is quick: no browser, no papers, no lessons, and pairs of worlds and learners that cover
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow and not product" --ignore=tests/page --ignore=tests/papers --ignore=tests/test_notebooks.py

core: $(VENV)/.installed-test  ## run all tests that need no browser, or those that TESTS names
	$(BIN)/python -m pytest $(PARALLEL) --ignore=tests/page $(TESTS)

script: node_modules/.installed  ## check the page's JavaScript: types, lint, form and node's tests (needs node 18 or newer)
	npm run --silent check

check: $(VENV)/.installed-test script  ## what CI runs: ruff, mypy, the page's JavaScript, all tests, and again on Python 3.12 what may differ there
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(MAKE) test
ifneq ($(PYTHON_312),)
	$(MAKE) core VENV=.venv312 PYTHON=$(PYTHON_312) TESTS="$(DIFFERS)"
endif

bench: $(VENV)/.installed-test  ## run every benchmark
	@set -e; for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py); done

mutants: $(VENV)/.installed-test  ## put faults into learners and rules, one at a time, and count those that the tests notice (half an hour)
	$(BIN)/python -m tests.mutants

papers: install  ## reproduce the published results
	$(BIN)/everlearn papers

# The stamps are older than their sources when the dependencies changed: then, and only then, pip runs again.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Everlearn needs Python 3.11 or newer: make PYTHON=..." if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -e . -c constraints.txt
	$(BIN)/python -m app.assets
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/pip install --quiet -e '.[test]' -c constraints.txt
	@touch $@

node_modules/.installed: package.json
	npm install --no-audit --no-fund --loglevel=error
	@touch $@
