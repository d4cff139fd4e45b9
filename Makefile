# Everything is installed into .venv; only Python >= 3.11 with venv, cargo and gcc are taken as given.
PYTHON ?= python3
BIN := .venv/bin
RUST := $(shell find src -name '*.rs') Cargo.toml Cargo.lock
# Figures must not depend on a display.
export MPLBACKEND := agg
.DELETE_ON_ERROR:
.PHONY: help demo test test-rust test-python check verify bench fuzz notebooks stubs clean

help:  ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

.venv/made:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	touch $@

.venv/package: .venv/made pyproject.toml $(RUST)
	$(BIN)/python -m pip install -q -e '.[plot]'
	touch $@

.venv/develop: .venv/package
	$(BIN)/python -m pip install -q --group test --group check --group bench
	touch $@

demo: .venv/package  ## Choose a timeout for real heartbeats; prints a table, writes a picture
	$(BIN)/suspicion demo

test: test-rust test-python  ## Run every test, notebooks included

test-rust:
	cargo test --locked -q

test-python: .venv/develop
	$(BIN)/python -m pytest -q

check: .venv/develop  ## Check style, types and generated files
	cargo fmt --check
	cargo clippy -q --locked --all-targets -- -D warnings
	cargo clippy -q --locked --all-targets --features introspect -- -D warnings
	! cargo tree --locked --edges all,features -i num-traits | grep 'num-traits feature "std"'
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/python -m mypy.stubtest suspicion._core
	$(BIN)/maturin generate-stubs --features introspect --out target/stubs
	diff target/stubs/suspicion/_core.pyi python/suspicion/_core.pyi

verify: .venv/develop  ## Run the statistical campaigns at full size; writes their tables under docs
	$(BIN)/python tests/python/interval_campaign.py > docs/intervals.md
	$(BIN)/python tests/python/estimate_campaign.py > docs/estimates.md
	$(BIN)/python tests/python/tail_campaign.py > docs/tails.md

bench: .venv/develop  ## Measure speed beside others on the same work; writes the tables of benches
	$(BIN)/python benches/beside_peers.py > benches/README.md
	$(BIN)/python benches/fits_beside_peers.py > benches/fits.md
	$(BIN)/python benches/traces_beside_peers.py > benches/traces.md
	$(BIN)/python benches/leases_beside_peers.py > benches/leases.md

FORMAT ?= any
RUNS ?= 20000000
fuzz:  ## Fuzz a reader: make fuzz FORMAT=ping RUNS=20000000
	fuzz/run.sh $(FORMAT) $(RUNS)

notebooks: .venv/develop  ## Run the notebooks and keep their outputs
	$(BIN)/python notebooks/refresh.py

stubs: .venv/develop  ## Generate the types of the compiled module
	$(BIN)/maturin generate-stubs --features introspect --out python

clean:
	rm -rf .venv target dist
