# Everything runs in a virtual environment of its own; `make demo` and `make test` set it up.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SAMPLES := data/samples/exports
OUT := out/demo
US := --us northlight.example --clients data/samples/clients.toml
TORCH := torch==2.13.0

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The folder with the texts of the real labels; a user has none, see data/corpus/README.md.
TEXTS ?=

.PHONY: help demo test lint samples model conversations evaluate bench screenshots docs dist audit clean

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

$(VENV)/.docs: pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q -e '.[docs]'
	touch $@ $(VENV)/.core

demo: $(VENV)/.core ## Run the main job on the samples and show what it says
	$(BIN)/commsense analyze $(SAMPLES) --out $(OUT)/dataset --model default $(US)
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

samples: $(VENV)/.core ## Build the sample exports anew from their stories
	$(BIN)/python data/samples/build.py

model: $(VENV)/.dev ## Train the shipped model; needs TEXTS=FOLDER for the real part of the corpus
	@test -n "$(TEXTS)" || { echo "name the folder with the real texts: make model TEXTS=FOLDER"; exit 2; }
	$(BIN)/commsense train data/corpus --texts $(TEXTS) --hidden 64 --out models/linear-v1

conversations: $(VENV)/.dev ## Fit what conversations are judged by on the threads of data/threads
	$(BIN)/python data/threads/fit.py

evaluate: $(VENV)/.dev ## Compare the model with plain ones, held out; needs TEXTS=FOLDER
	@test -n "$(TEXTS)" || { echo "name the folder with the real texts: make evaluate TEXTS=FOLDER"; exit 2; }
	$(BIN)/pip install -q -e '.[benchmarks]'
	$(BIN)/python benchmarks/baselines.py --texts $(TEXTS)

bench: $(VENV)/.dev ## Measure speed and memory beside others; needs MAILBOXES="FILE.mbox ..."
	@test -n "$(MAILBOXES)" || { echo "name mailboxes: make bench MAILBOXES=FILE.mbox"; exit 2; }
	$(BIN)/pip install -q -e '.[benchmarks]'
	$(BIN)/python benchmarks/throughput.py $(MAILBOXES) --page docs/performance.md \
	    --plot docs/images/performance.svg

screenshots: demo ## Make the pictures of the README anew; needs Debian's chromium
	$(BIN)/python docs/screenshots.py

docs: $(VENV)/.docs ## Build the documentation site in out/site
	$(BIN)/python docs/reference.py
	$(BIN)/mkdocs build

dist: $(BIN)/python ## Build wheel and sdist, and try the wheel in an environment of its own
	rm -rf dist out/wheel
	$(BIN)/pip install -q build
	$(BIN)/python -m build -o dist .
	$(PYTHON) -m venv out/wheel && out/wheel/bin/pip install -q dist/*.whl
	cd out && wheel/bin/commsense --version
	cd out && wheel/bin/commsense analyze ../$(SAMPLES) --out wheel/dataset --us northlight.example
	cd out && wheel/bin/commsense report wheel/dataset harbourline.example > wheel/report.txt

audit: $(VENV)/.core ## Ask the vulnerability database about what is installed; needs the network
	$(BIN)/pip install -q pip-audit
	$(BIN)/pip-audit --skip-editable

clean: ## Remove what was made, the environment too
	rm -rf $(VENV) out dist build
