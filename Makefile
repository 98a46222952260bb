# The project's commands. `make ask` and `make test` need git, make, Python 3.11 or newer and pip, nothing else:
# uv is taken from the machine where it is there, and brought into .uv/ (inside this folder only) where it is not.
#
#   make ask Q="Do stimulants reduce the symptoms of ADHD in adults?"     a report in out/
#   make test        the tests                    make test ARGS="tests/runs -x"
#   make test-llm    the tests with a real small language model (minutes)
#   make check       lint, format, types, import contracts
#   make docs        rewrites the generated parts of the README and of docs/
#   make examples    makes the reports of docs/examples/ anew, then the docs

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The Python at hand is the one that is used: uv downloads none.
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export UV_PROJECT_ENVIRONMENT := .venv

# Handed to the recipes through the environment, so that quotes and spaces in them stay what they are.
Q ?= Are triptans more effective than placebo for the relief of acute migraine?
LIBRARY ?= sample
OUT ?= out
export Q LIBRARY OUT
ARGS ?=

BIN := .venv/bin

# Sets $$uv to a uv that runs, or installs one. Plain `pip --target` works also where pip refuses to touch the
# system's packages and where the venv module is not installed.
define FIND_UV
if uv --version >/dev/null 2>&1; then uv=uv; else \
  uv=.uv/bin/uv; \
  if ! "$$uv" --version >/dev/null 2>&1; then \
    echo "uv is not here: installing it into .uv/" >&2; \
    mkdir -p .uv && echo '*' > .uv/.gitignore && \
    python3 -m pip install --quiet --disable-pip-version-check --upgrade --target .uv uv || { \
      echo "uv could not be installed: this needs python3 with pip, and the package registry" >&2; exit 1; }; \
  fi; \
fi
endef

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-16s %s\n", $$1, $$2 }'

.PHONY: ask
ask: .venv/.ready ## Answer Q="..." from LIBRARY=sample; the report goes to OUT=out
	@code=0; $(BIN)/consilience ask "$$Q" --library "$$LIBRARY" --out "$$OUT" || code=$$?; \
	case $$code in \
	  0) echo "The report: $$OUT/report.html (also report.md, report.json and transcript.jsonl there)";; \
	  3) echo "The report is partial (its gaps say why): $$OUT/report.html";; \
	  *) exit $$code;; \
	esac

.PHONY: test
test: .venv/.ready-dev links ## Run the tests (ARGS="tests/runs -x")
	$(BIN)/pytest $(ARGS)

.PHONY: test-llm
test-llm: .venv/.ready-llm links ## Run whole questions on a real small language model (minutes)
	CONSILIENCE_LLM_TESTS=required $(BIN)/pytest tests/llm $(ARGS)

.PHONY: check
check: lint types imports ## Everything that is checked without running: lint, format, types, imports

.PHONY: lint
lint: .venv/.ready-dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: .venv/.ready-dev links ## pyright, strict
	$(BIN)/pyright

.PHONY: imports
imports: .venv/.ready-dev ## The import contracts of .importlinter
	$(BIN)/lint-imports

.PHONY: format
format: .venv/.ready-dev ## Fix what ruff can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: docs
docs: .venv/.ready-dev ## Rewrite the generated parts of README.md and docs/
	$(BIN)/python -P docs/generate.py

.PHONY: examples
examples: .venv/.ready-dev ## Make the reports of docs/examples/ anew (then the docs, which quote them)
	$(BIN)/python -P docs/examples/generate.py
	$(BIN)/python -P docs/generate.py

.PHONY: wheel
wheel: ## Build the wheel into dist/
	@$(FIND_UV); "$$uv" build --wheel --out-dir dist

.PHONY: links
links: .links/consilience ## .links/consilience -> .. : lets analysers see the root as the package

.links/consilience:
	@mkdir -p .links
	ln -sfn .. .links/consilience

# The environment is made again when what it is made from changes. Without the development tools it is left
# inexact, so that `make ask` after `make test` takes nothing away.
.venv/.ready: pyproject.toml uv.lock
	@$(FIND_UV); "$$uv" sync --frozen --compile-bytecode --no-dev --inexact
	@touch .venv/.ready

.venv/.ready-dev: pyproject.toml uv.lock
	@$(FIND_UV); "$$uv" sync --frozen --compile-bytecode --group dev
	@touch .venv/.ready-dev .venv/.ready

.venv/.ready-llm: pyproject.toml uv.lock
	@$(FIND_UV); "$$uv" sync --frozen --compile-bytecode --group dev --group llm
	@touch .venv/.ready-llm .venv/.ready-dev .venv/.ready
