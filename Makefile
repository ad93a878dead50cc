# Everything runs in a virtual environment of its own; `make demo` and `make test` set it up.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SAMPLES := data/samples/exports
OUT := out/demo
US := --us northlight.example --clients data/samples/clients.toml
TORCH := torch==2.13.0

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint samples model evaluate notebooks screenshots clean

help: ## Show what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q -e .
	touch $@

# torch first and pinned: left to itself pip may take a build with gigabytes of CUDA libraries.
$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q $(TORCH)
	$(BIN)/pip install -q -e '.[dev,transformers,distributed]'
	touch $@ $(VENV)/.core

demo: $(VENV)/.core ## Run the main job on the samples and show what it says
	$(BIN)/commsense analyze $(SAMPLES) --out $(OUT)/dataset $(US)
	$(BIN)/commsense clients $(OUT)/dataset
	$(BIN)/commsense clients $(OUT)/dataset --to html -o $(OUT)/portfolio.html
	$(BIN)/commsense report $(OUT)/dataset harbourline.example
	$(BIN)/commsense report $(OUT)/dataset harbourline.example --html $(OUT)/harbourline.html
	@echo "The reports as pages: $(OUT)/portfolio.html and $(OUT)/harbourline.html"

test: $(VENV)/.dev ## Install what the tests need and run them
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean: ## Remove what was made, the environment too
	rm -rf $(VENV) out dist build
