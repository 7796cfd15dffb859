# make run    everything, on http://127.0.0.1:8000/ (ARGS="--port 8001" to say more)
# make test   all tests, on an embedded PostgreSQL (ARGS="tests/api -k cursor" for some)
# make lint   what CI checks besides
# make fuzz   schemathesis, some 16,000 cases, reads and writes; the tests run a part of it (ARGS="--seed 7")
# make soak   minutes of slow clients and load behind a real nginx (ARGS="--seconds 600"); not in CI
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
ARGS ?=

.PHONY: run test lint fuzz soak lock messages schema fixtures

run: $(RUNTIME)
	@exec $(BIN)/python manage.py up $(ARGS)

test: $(DEVELOPMENT)
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

lint: $(DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	ARCHIVE_DATA_DIR=$(VENV)/lint $(BIN)/python manage.py makemigrations --check --dry-run
	ARCHIVE_DATA_DIR=$(VENV)/lint $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m fixtures.build_countries --check
	$(BIN)/python -m fixtures.build_lexicon --check
	$(BIN)/python -m tests.tools.schema --check
	$(BIN)/python -m tests.tools.messages --check

fuzz: $(DEVELOPMENT)
	$(BIN)/python -m tests.tools.fuzz $(ARGS)

soak: $(RUNTIME)
	$(BIN)/python -m bench.soak $(ARGS)

$(RUNTIME): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

# --- What is made from something else, and checked in --------------------------------------

# The pins, from the short lists in pyproject.toml. Needs uv.
lock:
	uv pip compile --universal --generate-hashes --no-header --upgrade -q pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-header --upgrade -q -c requirements.txt --group pyproject.toml:dev -o requirements-dev.txt

schema: $(DEVELOPMENT)
	$(BIN)/python -m tests.tools.schema

messages: $(DEVELOPMENT)
	$(BIN)/python -m tests.tools.messages

fixtures: $(DEVELOPMENT)
	$(BIN)/python -m fixtures.build_countries
	$(BIN)/python -m fixtures.build_lexicon
