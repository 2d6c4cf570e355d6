# The two commands: `make demo` and `make test`. Each sets everything up first and works alone.
PYTHON ?= $(firstword $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p; done) python3)
BIN := .venv/bin
# Where this says not to keep them, pytest makes the modules of all tests anew each time: 12 s of 20.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-unit test-full chaos lint lock

setup:
	@$(PYTHON) robots/ops/setup.py

demo: setup
	@$(BIN)/cargofijo demo $(ARGS)

# Two files at a time, the long ones first: tests of one file share their runs of the robot.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: setup
	$(PYTEST) $(ARGS)

# What needs no browser, no process, no server, and not the durable engine, which works in real time.
test-unit: setup
	$(PYTEST) -m "not (browser or process or server or postgres or libreoffice or engine)" $(ARGS)

# All of them, in hours; PART=3/8 is the third of eight parts. A part begins no test after 55 minutes.
# Stopped, it goes on with what has not passed on these sources; `rm -r var/test-full` begins anew.
test-full: setup
	CARGOFIJO_TEST_FULL=1 CARGOFIJO_TEST_PART=$(PART) $(PYTEST) -p tests.resume $(ARGS)

# Stopped, it goes on where it was at the next call; `rm -r var/chaos` begins anew.
chaos: setup
	$(BIN)/python -m tests.chaos.run $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# For every platform and Python at once; hashes, and no address of an index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		pyproject.toml --group dev -o requirements-dev.txt
