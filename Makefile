# Two commands do everything on a fresh machine: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help system demo demo-partners serve test unit lint types docs bench soak requirements pictures package clean

# Many processes are started: none has to compile what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
DATA ?= var
PORT ?= 8000
SYSTEM_PACKAGES := python3-venv chromium nginx-light default-jre-headless fonts-dejavu-core systemd openssl \
	curl
NODE_PACKAGES := nodejs npm
COMPILE := $(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
PYTEST := $(BIN)/pytest -q --timeout 300
# By file: what the tests of a file share is made once, not by each process.
PARALLEL := $(PYTEST) -n 2 --dist loadfile

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' Makefile | column -t -s '|'

system: ## install the Debian packages that tests and the browser checks need (root or sudo)
	@as=""; if [ "$$(id -u)" != 0 ]; then as=sudo; fi
	if ! command -v apt-get > /dev/null; then
		echo "This is not Debian: install the equivalents of: $(SYSTEM_PACKAGES) $(NODE_PACKAGES)"; exit 1; fi
	missing=""; for p in $(SYSTEM_PACKAGES); do
		dpkg-query -W -f '$${Status}' $$p 2> /dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done
	# Node.js is often there from elsewhere, and Debian's npm would not go with it.
	if ! command -v npm > /dev/null; then missing="$$missing $(NODE_PACKAGES)"; fi
	if [ -z "$$missing" ]; then exit 0; fi
	$$as apt-get update -q
	DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -q --no-install-recommends $$missing

# A machine that cannot run us is told what to do, in one sentence, before anything is installed.
.venv/bin/python:
	@if ! command -v $(PYTHON) > /dev/null; then
		echo "Python is missing: install Python 3.11 or newer (Debian: apt-get install python3)."; exit 1; fi
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
		echo "$$($(PYTHON) --version) is too old: maillon needs Python 3.11 or newer (make PYTHON=python3.11 …)."; exit 1; fi
	if ! $(PYTHON) -c 'import ensurepip, venv' 2> /dev/null; then
		if [ "$$(id -u)" = 0 ]; then $(MAKE) system SYSTEM_PACKAGES=python3-venv NODE_PACKAGES=; else
			echo "The package python3-venv is missing: run 'sudo make system' once, then this command again."; exit 1; fi; fi
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Setting up: the pinned libraries go into .venv (some minutes the first time)."
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@echo "Setting up what the tests need."
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

demo: .venv/run.stamp ## set up, build the graph from what the project ships, serve the portal
	@$(BIN)/maillon init --data $(DATA)
	# 1: some sources could not be used and were named; the others are there to be served.
	$(BIN)/maillon build --data $(DATA) || [ $$? = 1 ]
	exec $(BIN)/maillon serve --data $(DATA) --port $(PORT)

demo-partners: .venv/run.stamp ## two instances, France and Latvia, that exchange, edit, delete and withdraw (PORT=8000 and the next)
	@rm -rf $(DATA)-partners  # what an earlier demonstration left
	exec $(BIN)/maillon demo-partners $(DATA)-partners --port $(PORT)

serve: .venv/run.stamp ## serve the data folder (DATA=var, PORT=8000)
	@exec $(BIN)/maillon serve --data $(DATA) --port $(PORT)

test: .venv/dev.stamp ## set up and run all checks and tests; what is skipped is named
	@$(MAKE) --no-print-directory lint types unit
	$(PARALLEL) -m "slow and not service and not browser" tests
	$(PYTEST) -m "service and not browser" tests  # one at a time: these measure waiting times
	$(PYTEST) -n 2 -m browser tests/browser  # apart: the browser's driver keeps an event loop of its own

unit: .venv/dev.stamp ## the fast tests alone (under 60 seconds)
	@$(PARALLEL) -m "not slow and not service and not browser" tests

lint: .venv/dev.stamp ## style, import contracts, generated files
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	$(BIN)/python -m ontology.generate --check
	$(BIN)/python -m graph_api.reference --check

types: .venv/dev.stamp ## mypy, strict, code and tests
	@$(BIN)/mypy

docs: .venv/dev.stamp ## write the generated parts of the documentation and the ontology's constants
	@$(BIN)/python -m ontology.generate
	$(BIN)/python -m graph_api.reference

.venv/bench.stamp: .venv/dev.stamp requirements/bench.txt
	@echo "Setting up the servers that are measured beside ours."
	$(PYTHON) -m venv .venv/bench
	.venv/bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

bench: .venv/bench.stamp ## measure search, SPARQL (beside other servers: Java, Maven) and extraction
	@for piece in search sparql extraction; do echo "== $$piece"; $(BIN)/python -m tests.bench.$$piece; done

soak: .venv/dev.stamp ## the hazards and crashes of the tests, many times over (long)
	@$(PYTEST) --timeout 7200 -m "service or soak" --soak tests

pictures: .venv/dev.stamp ## make the pictures of the documentation from a running demo
	@$(BIN)/python -m tests.browser.pictures docs/pictures

package: .venv/dev.stamp ## build the sdist, and the wheel from it
	@rm -rf dist && $(BIN)/python -m build --no-isolation > .venv/build.log || { cat .venv/build.log; exit 1; }
	ls -l dist

requirements: .venv/dev.stamp ## pin again after a change of pyproject.toml or requirements/*.in
	@$(COMPILE) -o requirements/run.txt pyproject.toml
	$(COMPILE) -c requirements/run.txt -o requirements/dev.txt pyproject.toml requirements/dev.in
	$(COMPILE) -c requirements/dev.txt -o requirements/build.txt requirements/build.in
	$(COMPILE) -o requirements/bench.txt requirements/bench.in

clean: ## remove what make made (not the data folder)
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/clients/*/node_modules
