# One door to every task. `make test` needs only Python >= 3.11 with venv; `make system` brings what a browser and Spark test need.
PYTHON ?= python3
SCALE ?= 0.01
VENV := .venv
BIN := $(VENV)/bin
# two at a time, each file on one of them, so that what a file needs is made once
TWO := -n 2 --dist loadfile --no-loadscope-reorder
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
MESSAGES := $(wildcard ../shared/data/appeals/replies.csv)

.PHONY: setup demo test test-long lint types format bench docs system lock clean

setup: $(VENV)/.core

# uv is brought into the project's own environment; packages come by hash from the lock
$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.core: requirements.lock pyproject.toml examples/reply_times/pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e . -e examples/reply_times
	$(BIN)/python -m compileall -q src examples
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.core
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-test.lock
	@touch $@

demo: $(VENV)/.core
	$(BIN)/yunnao demo --home demo-home --scale $(SCALE) $(if $(MESSAGES),--messages $(MESSAGES))

test: $(VENV)/.test
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest $(TWO)

test-long: $(VENV)/.test
	$(BIN)/python -m pytest $(TWO) -m "" --hypothesis-profile=searching

lint: $(VENV)/.test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.test
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

bench: $(VENV)/.core
	$(PYTHON) -m venv .bench-venv
	$(BIN)/uv pip install --quiet --python .bench-venv/bin/python --require-hashes -r bench/requirements.lock
	$(BIN)/uv pip install --quiet --python .bench-venv/bin/python --no-deps -e .
	.bench-venv/bin/python bench/run.py

docs: $(VENV)/.core
	$(BIN)/python docs/generate.py

system:
	$(SUDO) apt-get update -qq
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv chromium fonts-noto-cjk openjdk-17-jre-headless

# locks hold hashes and no index addresses
lock: $(BIN)/uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --extra test pyproject.toml -o requirements-test.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 bench/requirements.in -o bench/requirements.lock

clean:
	rm -rf $(VENV) .bench-venv demo-home build dist
