# `make demo` and `make test` need nothing but make and Python 3.11 or newer; everything else goes into .venv.
# PYTHON=/path/to/python3 chooses the interpreter, HYPOTHESIS_PROFILE=soak the number of examples.

SHELL := /bin/sh
BIN := .venv/bin
SOURCES := src drivers models tests benchmarks tools
SET_UP := tools/set_up.sh pyproject.toml

# each set of packages holds the ones before it
SETS_UP_TO_run := run
SETS_UP_TO_test := run test
SETS_UP_TO_check := run test check
SETS_UP_TO_peers := run test peers
SETS_UP_TO_train := run train

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak train train-test wheel lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.run  ## Set up, then find the duplicates in a population of synthetic fingerprints
	$(BIN)/biocapil demo

test: .venv/.test  ## Set up, then run every test on up to four cores, with branch coverage
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term:skip-covered --durations=15

check: .venv/.check  ## Lint, format, types, import rules, and the wheel's contents
	$(BIN)/ruff check $(wildcard $(SOURCES))
	$(BIN)/ruff format --check $(wildcard $(SOURCES))
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo
	$(MAKE) --no-print-directory wheel

bench: .venv/.peers  ## Run every benchmark (long), then print one table of all ratios
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done
	@$(BIN)/python benchmarks/print_table.py

soak: .venv/.test  ## Run the property tests with very many examples (long)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m "hypothesis or soak" --hypothesis-show-statistics -q

train: .venv/.train  ## Train the networks of fingerprints and eyes from nothing into out (hours; fetches PyTorch, 3 GB)
	$(BIN)/python -m biocapil_models.sidik.train --out out/sidik
	$(BIN)/python -m biocapil_models.pelangi.train --out out/pelangi

train-test: .venv/.train  ## Run the tests of training that need PyTorch
	$(BIN)/python -m pytest -q tests/unit/models/test_sidik_training.py tests/unit/models/test_pelangi_training.py

wheel: .venv/.run  ## Build the wheel into dist/ and check what is in it
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	$(BIN)/python tools/check_wheel.py dist

lock:  ## Choose package versions anew (needs uv) and write requirements/*.txt
	tools/lock.sh

clean:  ## Remove .venv, caches and everything built
	rm -rf .venv dist out htmlcov .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src drivers models tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.%: requirements/%.txt $(SET_UP)
	PYTHON="$(PYTHON)" tools/set_up.sh $*
	@touch $(addprefix .venv/.,$(SETS_UP_TO_$*))
