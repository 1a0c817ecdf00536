# make demo   sets everything up and trains the quickstart recipe
# make test   the same set-up with the development tools, and all tests
# make lint   style, types, and that no import runs up
# make speedrun  seconds of training until a model counts, 20 seeds; docs/speedrun.md
# make docs   the documentation as a site, in docs/_build/html; every warning is an error
# make docs-links   looks whether links to other sites still lead somewhere; needs a network
# make clean  removes what these made, but never a run

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint speedrun docs docs-links clean

demo: $(VENV)/.installed
	$(BIN)/objcentric train quickstart

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

speedrun: $(VENV)/.installed
	$(BIN)/python -P tests/benchmarks/speedrun.py --seeds 20

docs: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

docs-links: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -W --keep-going -b linkcheck docs docs/_build/links

clean:
	rm -rf .venv build dist docs/_build docs/generated .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "objcentric needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Editable: what is changed in a checkout counts at once. The stamps spare a second installation.
$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --upgrade 'pip>=25.1'  # the first that knows dependency groups
	$(BIN)/python -m pip install --editable .
	@touch $@

$(VENV)/.installed-dev: constraints-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --group dev --constraint constraints-dev.txt
	@touch $@

$(VENV)/.installed-docs: constraints-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --group docs --constraint constraints-dev.txt
	@touch $@
