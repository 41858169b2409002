# `make run` is all that a new user needs: Python 3.11 or 3.12 (with venv) and make; everything else goes into .venv.

# The first interpreter of a supported version; `make run PYTHON=/path/to/python3.12` names another.
SUPPORTED := "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))"
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	if "$$p" -c $(SUPPORTED) >/dev/null 2>&1; then echo "$$p"; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
LOCKTOOL := .locktool
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

SCENARIO ?= basque_machine_tools
ARGS ?=

.PHONY: help setup run test campaign lint benchmark words lock clean

help:
	@echo "make run        simulate a scenario and draw its figures (SCENARIO=$(SCENARIO))"
	@echo "make test       run the tests, side by side (ARGS=\"-m 'not slow'\" leaves out the slow ones)"
	@echo "make campaign   attack what is promised of results: kills, full disks, damage, nonsense (ARGS=--long takes hours)"
	@echo "make lint       run ruff and mypy, and check that imports keep to the floors of the house"
	@echo "make benchmark  measure the speed of the simulator on this machine"
	@echo "make words      collect the texts of the program, and compile their translations"
	@echo "make setup      only create $(VENV); the targets above do so by themselves"
	@echo "make lock       renew requirements.lock from pyproject.toml (ARGS=--upgrade takes newer versions)"
	@echo "make clean      remove environments, caches and build output; results/ stays"

setup: $(READY)

# The pinned packages, in a new environment each time that the lock has changed. The lock is complete, so nothing is resolved:
# older pips would ask for the newest release of a package that another one needs with an extra, and find no hash for it.
$(LOCKED): requirements.lock
	@python="$(PYTHON)"; \
	if [ -z "$$python" ] || ! "$$python" -c $(SUPPORTED) 2>/dev/null; then \
		echo "clustersim needs Python 3.11 or 3.12; found: $$("$${python:-python3}" --version 2>/dev/null || echo none)." >&2; \
		echo "Install one of them, or name it: make run PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi; \
	if [ -L $(VENV) ]; then \
		echo "$(VENV) is a link: setting up would empty what it leads to. Remove the link first." >&2; exit 1; \
	fi; \
	echo "Setting up (once, about three minutes)…"; \
	"$$python" -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --no-deps -r requirements.lock
	@touch $@

# The project itself, editable; nothing is downloaded.
$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

run: $(READY)
	@touch $(VENV)/.run-began
	@$(BIN)/clustersim run $(SCENARIO) $(ARGS)
	@pictures=$$(find results -name '*.png' -newer $(VENV)/.run-began 2>/dev/null | sort); \
	if [ -z "$$pictures" ]; then echo "The output is in results/."; exit 0; fi; \
	echo; \
	echo "Pictures:"; \
	echo "$$pictures" | sed 's/^/  /'; \
	first=$$(echo "$$pictures" | head -n 1); \
	if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && command -v xdg-open >/dev/null 2>&1; then \
		xdg-open "$$first" >/dev/null 2>&1 & \
	elif [ "$$(uname)" = Darwin ]; then \
		open "$$first" >/dev/null 2>&1 & \
	fi; \
	true

test: $(READY)
	@$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder $(ARGS)

campaign: $(READY)
	@$(BIN)/python -m tests.campaign $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

benchmark: $(READY)
	@$(BIN)/clustersim benchmark $(ARGS)

# New texts enter the Spanish catalogue untranslated, and are listed.
words: $(READY)
	@$(BIN)/python tools/words.py $(ARGS)

# Pins everything that running, testing, checking and building need, with the hashes of the files for all platforms;
# one version of each package for all of them. Pins that still fit stay as they are, unless ARGS=--upgrade.
lock:
	@test -x $(LOCKTOOL)/bin/uv || { "$(PYTHON)" -m venv --clear $(LOCKTOOL) && \
		$(LOCKTOOL)/bin/python -m pip --disable-pip-version-check --no-input -qq install "uv>=0.8,<1"; }
	@$(LOCKTOOL)/bin/uv pip compile pyproject.toml --extra test --extra dev --extra build \
		--extra report --extra experiments --extra netcdf --extra xarray --extra dask --extra registers \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--quiet --output-file requirements.lock $(ARGS)

clean:
	@rm -rf $(VENV) .venv312 $(LOCKTOOL) build dist htmlcov .coverage .coverage.* coverage.xml \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis .campaign docs/_build
	@find src tests benchmarks experiments -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
