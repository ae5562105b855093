# Everything runs in a virtual environment of this tree's own, made on first use; nothing outside the tree changes.
#
#   make demo     what tp-fix says about the example repository, examples/release
#   make test     the suite, ruff, mypy
#   make docs     docs/ again, from the rules and their examples; the suite fails when it is stale
#   make fuzz     10,000 mangled repositories (minutes)
#   make bench    time and memory beside zizmor (minutes; on a quiet machine)
#   make clean    remove the environment, caches and builds
#
# PYTHON chooses the interpreter, 3.11 or newer, when the environment is made: make clean test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test docs fuzz bench clean

help:
	@sed -n 's/^#   //p' Makefile

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("tp-fix needs Python 3.11 or newer; choose one with PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@echo 'Setting up $(VENV), once ...' >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@

# The example lies inside our own repository, so a copy becomes a repository of its own first. What git inherits (from
# a hook, or from the user's configuration) stays out of it. Findings are exit status 1, and what the demo is there to show.
demo: $(READY)
	@unset $$(git rev-parse --local-env-vars); \
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1; \
	tree=$$(mktemp -d) && trap 'rm -rf "$$tree"' EXIT && trap 'exit 130' INT TERM && \
	cp -R examples/release/. "$$tree" && \
	git -C "$$tree" -c init.defaultBranch=main init --quiet && \
	git -C "$$tree" remote add origin https://github.com/octo-org/left-pad-plus.git && \
	git -C "$$tree" config user.name 'tp-fix demo' && \
	git -C "$$tree" config user.email demo@example.invalid && \
	git -C "$$tree" add --all && \
	git -C "$$tree" commit --quiet --message 'The example' || exit 2; \
	status=0; program="$$PWD/$(BIN)/tp-fix"; \
	(cd "$$tree" && "$$program" --dry-run) || status=$$?; \
	test $$status -le 1 || exit $$status

test: $(READY)
	@$(BIN)/python -m pytest -n auto
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict

docs: $(READY)
	@$(BIN)/python tools/docs.py

fuzz: $(READY)
	@$(BIN)/python -m pytest tests/test_fuzz.py --hypothesis-profile=fuzz --hypothesis-show-statistics

bench: $(READY)
	@$(BIN)/python tools/bench.py

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
