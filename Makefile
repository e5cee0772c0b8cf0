# make lab    set everything up and start Aralify
# make test   set everything up and run every test
# For developers: make check | fix | bench | hub | translations

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests start hundreds of processes: where this is set, as in many containers, each would compile all that it loads.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lab test check fix bench hub translations clean

lab: $(READY)
	$(BIN)/aralify lab

test: check
	$(BIN)/python -m pytest -n 3 --dist loadgroup -m "not benchmark and not hub" --maxfail=20 --durations=25
	$(BIN)/python -m pytest -q -n 3 --dist loadfile -o addopts= --disable-plugin-autoload -p xdist.plugin -p pytest_timeout -p nbval.plugin --nbval-lax notebooks/courses

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --verbose | tail -n 15

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m pytest -q -s -p no:xdist -m benchmark tests/benchmarks
	$(BIN)/python -m pytest -q -s -p no:xdist tests/services/test_faults.py

hub: $(READY)
	$(BIN)/python -m pip install --quiet --editable ".[dev,hub]"
	$(BIN)/python -m pytest -q -s -p no:xdist -m hub tests/hub

translations: $(READY)
	$(BIN)/python tests/translations.py

$(READY): pyproject.toml aralify_kernel/i18n/locale/fil/LC_MESSAGES/aralify.mo aralify_kernel/widgets/aralify.css $(shell find extensions -type f -not -path 'extensions/*/tests/*' -not -path '*/node_modules/*' -not -path '*/bundle/*' -not -path '*/__pycache__/*')
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Aralify needs Python 3.11 or newer; say which with: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $(READY)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis extensions/*/node_modules extensions/*/tests/node_modules
