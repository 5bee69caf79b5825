# What a developer does here. Each target sets up what is missing, in a cache folder outside this tree.
PYTHON ?= python3
ARGS ?=
ONLY ?=
export ONLY

.PHONY: help run reset demo test test-quick test-long test-host lint bench screenshots package

help:
	@echo "make run          Odoo with a demo database on http://127.0.0.1:8069"
	@echo "make reset        forget the demo database"
	@echo "make demo         make the demo database anew; fails when its data cannot be loaded"
	@echo "make test         the whole suite, in a fresh database        ARGS='-k reversal'  ONLY=tests/claims"
	@echo "make test-quick   the same in the last test database, updated  ARGS=  ONLY="
	@echo "make test-long    with long random histories"
	@echo "make test-host    Odoo's own account tests, with and without this addon"
	@echo "make lint         ruff, pylint-odoo, Odoo's test_lint"
	@echo "make bench        measures, one JSON object a line             ONLY=encounter_billing"
	@echo "make screenshots  pictures of the main screens                 OUT=folder  ONLY=today"
	@echo "make package      a zip that unpacks to billing_coordinator/"

run:
	@$(PYTHON) dev/run.py

reset:
	@$(PYTHON) dev/run.py --reset

demo:
	@$(PYTHON) dev/run.py --demo

test:
	@$(PYTHON) dev/test.py $(ONLY) $(ARGS)

test-quick:
	@$(PYTHON) dev/test.py --quick $(ONLY) $(ARGS)

test-long:
	@$(PYTHON) dev/test.py --long $(ONLY) $(ARGS)

test-host:
	@$(PYTHON) dev/test_host.py

lint:
	@$(PYTHON) dev/lint.py

bench:
	@$(PYTHON) dev/bench.py $(ONLY)

screenshots:
	@$(PYTHON) dev/screenshots.py $(if $(OUT),--out $(OUT)) $(ONLY)

package:
	@$(PYTHON) dev/package.py $(OUT)
