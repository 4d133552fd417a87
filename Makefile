# Everything sets itself up: `make test` and `make dataset` work on a fresh clone with only Python, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# exact versions, so that the shipped release comes out byte for byte; without the hashes, which a folder has none of, and
# so that an index may give builds of its own (of torch, for a machine without a GPU). The GitHub Action takes the hashes.
VERSIONS := $(VENV)/versions.txt
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(VERSIONS)

# what `make check` compares with: the last commit, or `make check SINCE=main`
SINCE ?= HEAD
SOURCES = find front render schemas builders eval pyproject.toml -name __pycache__ -prune -o -type f -print | sort

# no finding above low; what it may not see has its reason behind `nosec` in the line
BANDIT = $(BIN)/bandit --quiet --recursive --severity-level medium front render schemas builders eval

.PHONY: help setup setup-test dev check dataset news lint types types-base test test-all tools fuzz docs clean

help: ## show this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VERSIONS): constraints.txt | $(BIN)/python
	sed 's/ --hash=.*//' constraints.txt > $@

# a wheel, not an editable install: that is what users get, and it shows a package missing from the list
$(VENV)/.base: pyproject.toml $(VERSIONS)
	$(INSTALL) --upgrade pip setuptools wheel
	$(INSTALL) .
	touch $@

$(VENV)/.test: $(VENV)/.base requirements-test.txt
	# seqeval asks for setuptools_scm in a way that only works when it is there already
	$(INSTALL) setuptools_scm
	$(INSTALL) --no-build-isolation seqeval
	$(INSTALL) -r requirements-test.txt
	touch $@

setup: $(VENV)/.base ## make the environment with allegedly in it
	@$(INSTALL) --no-deps --force-reinstall .
	@rm -f $(VENV)/.dev

setup-test: $(VENV)/.test
	@$(INSTALL) --no-deps --force-reinstall .
	@rm -f $(VENV)/.dev

dev: $(VENV)/.test ## an editable install to work on: edits count at once, new files with the next `make dev` or `check`
	@$(SOURCES) | cmp -s - $(VENV)/.dev || { \
		$(INSTALL) --no-deps --config-settings editable_mode=strict -e . && $(SOURCES) > $(VENV)/.dev; }

check: dev ## lint, types, security and the tests that a change touches, nearest first, in under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BANDIT)
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 -p tests.touched --since $(SINCE) --seconds 40

dataset: setup ## build the shipped release in dataset/
	$(BIN)/python -m allegedly build --recipe dataset/recipe.toml --out dataset
	$(BIN)/python -m allegedly.datasheet dataset DATASHEET.md

# a folder with your own copies of the corpora that dataset/news/README.md names
CORPORA ?= ../shared/corpora
news: setup ## build the gold on real news into build/news, from your own copies, CORPORA=../shared/corpora
	$(BIN)/python bench/news.py $(CORPORA)

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BANDIT)

types: setup-test
	$(BIN)/mypy

$(VENV)-base/.base: pyproject.toml $(VERSIONS)
	$(PYTHON) -m venv $(VENV)-base
	$(VENV)-base/bin/python -m pip install --quiet --disable-pip-version-check -c $(VERSIONS) --upgrade pip wheel
	$(VENV)-base/bin/python -m pip install --quiet --disable-pip-version-check -c $(VERSIONS) . mypy
	touch $@

types-base: $(VENV)-base/.base ## types of the wheel where only the base install and mypy are
	@$(VENV)-base/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	$(VENV)-base/bin/mypy

test: lint types ## lint, types and the whole suite, on the installed wheel
	$(BIN)/python -m pytest -n 2

# annotation tools that slow tests start, each in an environment of its own; doccano's own requirements let in versions with which
# it answers no page
$(VENV)-label-studio/.ready: | $(BIN)/python
	$(PYTHON) -m venv $(VENV)-label-studio
	$(VENV)-label-studio/bin/python -m pip install --quiet --disable-pip-version-check "label-studio>=1.23"
	touch $@

$(VENV)-doccano/.ready: | $(BIN)/python
	$(PYTHON) -m venv $(VENV)-doccano
	$(VENV)-doccano/bin/python -m pip install --quiet --disable-pip-version-check "doccano>=1.8.4" "marshmallow<4" "numpy<2"
	touch $@

tools: $(VENV)-label-studio/.ready $(VENV)-doccano/.ready ## Label Studio and doccano, for the slow tests

test-all: lint types tools ## the slow tests too
	$(BIN)/python -m pytest -n 2 -m "slow or not slow"

# seconds for each of the targets of fuzzing
SECONDS ?= 600
fuzz: setup-test ## readers, labellers and importers over texts and files that nobody wrote, SECONDS=600 for each
	$(BIN)/python bench/fuzz.py --seconds $(SECONDS)

$(VENV)-docs/.ready: pyproject.toml docs/requirements.txt $(VERSIONS)
	$(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/python -m pip install --quiet --disable-pip-version-check -c $(VERSIONS) . -r docs/requirements.txt
	touch $@

docs: $(VENV)-docs/.ready ## the documentation in docs/_build, its notebooks run, warnings are errors
	@$(VENV)-docs/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	$(VENV)-docs/bin/python -m sphinx -W --keep-going -q -b html docs docs/_build
	@echo "open docs/_build/index.html"

clean: ## remove the environment and what was built
	rm -rf $(VENV) $(VENV)-base $(VENV)-docs $(VENV)-label-studio $(VENV)-doccano build dist docs/_build *.egg-info
