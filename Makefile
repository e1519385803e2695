# Island Desk. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DIR ?= /opt/island-district

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench simulate build district lock schemas manual clean

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

$(STAMP): requirements/dev.txt tools/make_venv.sh pyproject.toml
	@sh tools/make_venv.sh "$(PYTHON)" "$(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP) ## A district, an enrolled desk and its window, with invented cases
	@$(BIN)/python -m tools.demo

test: $(STAMP) ## Every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(STAMP) ## Format, lint, types, floors
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP) ## Put the code into its one form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(STAMP) ## Medians, and ratios to named rivals
	@$(BIN)/python -m bench

simulate: $(STAMP) ## Desks, a district, a bad line: SEED=1 DAYS=100 DESKS=2 ALL_KINDS=1, or PUBLISH=page
	@$(BIN)/python -m tests.simulation --seed $(or $(SEED),1) --days $(or $(DAYS),100) \
	  --desks $(or $(DESKS),2) $(if $(ALL_KINDS),--all-kinds) $(if $(PUBLISH),--publish $(PUBLISH))

build: $(STAMP) ## The desk as one folder that needs nothing installed, in dist/
	@$(BIN)/python -m PyInstaller --noconfirm --log-level WARN --workpath build/program build.spec

district: $(STAMP) ## The district's programs in DIR (/opt/island-district), for a server
	@$(PYTHON) -m venv "$(DIR)"
	@"$(DIR)/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/district.txt
	@rm -rf build/wheel
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir build/wheel .
	@"$(DIR)/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall build/wheel/*.whl
	@rm -f "$(DIR)/bin/island-desk"
	@"$(DIR)/bin/island-district" --help >/dev/null && echo "$(DIR)/bin/island-district"

schemas: $(STAMP) ## Export the JSON Schemas and wire vectors to docs
	@$(BIN)/python -m tools.export_schemas
	@$(BIN)/python -m tools.make_vectors

manual: $(STAMP) ## The pictures of every screen and document in docs/manual, anew
	@$(BIN)/python -m tools.paper_pictures
	@$(BIN)/python -m tools.screen_pictures

lock: $(STAMP) ## Pin every dependency again, with hashes
	@for name in desk district dev; do $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -o requirements/$$name.txt requirements/$$name.in; done

clean: ## Remove what was built (never a vault)
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
