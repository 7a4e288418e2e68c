# Uses a uv that runs; where there is none, puts one under .tools/.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo "env PYTHONPATH=.tools python3 -m uv"; fi)

.PHONY: tools test test-long test-data lint types contract migrations check lock

tools:
	@$(UV) --version >/dev/null 2>&1 || python3 -m pip install --quiet --target .tools uv

test: tools
	$(UV) run pytest

test-long: tools
	$(UV) run pytest -m "not data"

test-data: tools
	$(UV) run pytest -m data

lint: tools
	$(UV) run ruff check .
	$(UV) run ruff format --check .

types: tools
	$(UV) run mypy .

contract: tools
	$(UV) run lint-imports

migrations: tools
	$(UV) run manage.py makemigrations --check --dry-run

check: lint types contract migrations test

lock: tools
	$(UV) run python tools/lock.py $(UV)
