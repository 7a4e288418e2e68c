# Uses a uv that runs; where there is none, puts one under .tools/.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .tools/bin/uv; fi)

.PHONY: up bench-import bench-forecast bench-replay test test-long test-data lint types contract migrations check lock

.tools/bin/uv:
	python3 -m pip install --quiet --disable-pip-version-check --target .tools uv

# Order-only, so that a uv on the PATH needs nothing.
UV_THERE := $(filter .tools/bin/uv,$(UV))

up: | $(UV_THERE)
	@$(UV) run --no-dev manage.py up $(UP)

test: | $(UV_THERE)
	$(UV) run pytest

test-long: | $(UV_THERE)
	$(UV) run pytest -m "not data"

test-data: | $(UV_THERE)
	$(UV) run pytest -m data

bench-import: | $(UV_THERE)
	@$(UV) run python benchmarks/import/bench.py $(BENCH)

bench-forecast: | $(UV_THERE)
	@$(UV) run --project benchmarks/forecast python benchmarks/forecast/write_panel.py
	@$(UV) run --project benchmarks/forecast python benchmarks/forecast/run_autoets.py
	@$(UV) run python benchmarks/forecast/bench.py $(BENCH)

bench-replay: | $(UV_THERE)
	@mkdir -p var
	@$(UV) run --project benchmarks/m5 python benchmarks/m5/to_arrays.py --output var/m5.npz
	@$(UV) run python benchmarks/replay/bench.py $(BENCH)

lint: | $(UV_THERE)
	$(UV) run ruff check .
	$(UV) run ruff format --check .

types: | $(UV_THERE)
	$(UV) run mypy .

contract: | $(UV_THERE)
	$(UV) run lint-imports

migrations: | $(UV_THERE)
	$(UV) run manage.py makemigrations --check --dry-run

check: lint types contract migrations
	$(MAKE) test

lock: | $(UV_THERE)
	$(UV) run python tools/lock.py $(UV)
