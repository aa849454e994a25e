# `make lab`, `make site` and `make test` set everything up by themselves, in .venv, from
# the locks requirements.txt, requirements-site.txt and requirements-test.txt. Nothing is
# installed elsewhere. What they do then, `partnership` does without make.

PYTHON :=                # a Python 3.11 to 3.14; empty: look for one
LAB_ARGS :=              # for `make lab`: --own-settings, or JupyterLab's --no-browser
NOTEBOOKS :=             # for `make run`: names such as 01_trade; empty: all
TEST_ARGS :=             # for `make test`: --lax reruns, but does not compare outputs
UV := uv                 # for `make lock` only
BENCH :=                 # for `make bench`: parts such as "start site"; empty: all
WORLD :=                 # for `make bench-world`: millions of rows such as "1 20"
MUTATE :=                # for `make mutate`: such as "--rows chosen --number 40"
V :=                     # V=1: show what pip does
LOCK_ARGS :=             # for `make lock`: --upgrade, or --upgrade-package NAME

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --disable-pip-version-check --no-input
PIP += $(if $(strip $(V)),,--quiet)

# The user's own settings neither disturb nor get changed.
export IPYTHONDIR := $(CURDIR)/.cache/ipython
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export PIP_USER := 0
unexport MATPLOTLIBRC MPLBACKEND
unexport PIP_PREFIX PIP_TARGET PYTHONHOME PYTHONPATH PYTHONSTARTUP

.DEFAULT_GOAL := help
.PHONY: help lab test test-long check run site wheel licences spark bench bench-world \
    mutate mutants lock clean

help: ## list the targets
	@echo 'make TARGET, where TARGET is one of'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s%s\n", $$1, $$2 }' Makefile

lab: $(VENV)/.lab ## open JupyterLab at notebooks/00_start_here.ipynb
	@$(PY) -m partnership.cli lab . $(LAB_ARGS)

test: $(VENV)/.test ## check everything, and compare every notebook with a fresh run
	@$(PY) -m partnership.cli test $(TEST_ARGS)

test-long: $(VENV)/.test ## the tests that are too long for `make test`
	@$(PY) -m partnership.cli test long

check: $(VENV)/.test ## the part of test that is quick: style, package and data
	@$(PY) -m partnership.cli test style tests

run: $(VENV)/.lab ## rerun all notebooks in place, or NOTEBOOKS="01_trade ..."
	@$(PY) -m partnership.cli run $(NOTEBOOKS)

site: $(VENV)/.site ## build the pages to send or publish, in site/
	@$(PY) -m partnership.cli site

wheel: $(VENV)/.lab ## build the package, and the notebooks as an archive, in dist/
	@$(PY) -m partnership.cli wheel

licences: $(VENV)/.test ## list the licences of the packages of all locks
	@$(PY) -m partnership.cli licences

spark: $(VENV)/.spark ## add PySpark for its tests, else skipped (needs Java 17 or 21)

bench: $(VENV)/.test ## measure what a reader waits for; writes docs/performance.md
	@$(PY) tests/benchmarks/bench.py $(BENCH)

bench-world: $(VENV)/.test ## measure indicators of 1, 20 and 100 million rows (long)
	@$(PY) tests/benchmarks/world.py $(WORLD)

mutate: $(VENV)/.test ## change rows of the data one by one, and see who notices (long)
	@MPLBACKEND=agg $(PY) tests/benchmarks/mutate.py $(MUTATE)

mutants: $(VENV)/.test ## change the code in places, and see which tests notice (long)
	@$(PY) -c 'import mutmut' 2>/dev/null || { \
	    echo 'make mutants needs mutmut: $(PY) -m pip install mutmut'; exit 1; }
	@$(PY) tests/benchmarks/mutants.py

LOCK := pip compile pyproject.toml --extra lab --group build --universal \
    --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header \
    --annotation-style line --no-config --quiet $(LOCK_ARGS)

# One version of each package for all Pythons, so that all readers see the same.
lock: ## lock the packages anew after a change of pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { \
	    echo 'make lock needs uv: pip install uv, or make lock UV=/path/to/uv'; exit 1; }
	$(UV) $(LOCK) --output-file requirements.txt
	$(UV) $(LOCK) --extra site --constraint requirements.txt \
	    --output-file requirements-site.txt
	$(UV) $(LOCK) --extra site --extra test --extra world \
	    --constraint requirements-site.txt --output-file requirements-test.txt
	$(UV) $(filter-out pyproject.toml --extra lab --group build,$(LOCK)) \
	    --group spark --output-file requirements-spark.txt

clean: ## remove .venv, caches and builds
	rm -rf $(VENV) .cache build dist site .pytest_cache .ruff_cache .hypothesis
	find src tests notebooks -name __pycache__ -prune -exec rm -rf {} +

# ---- the set-up ----

# A folder that was moved or copied, or whose Python is gone, gets a new .venv.
ifneq ($(shell [ "$$(cat $(VENV)/.root 2>/dev/null)" = "$$(pwd -P)" ] && \
    $(PY) -c '' 2>/dev/null && echo good),good)
.PHONY: $(VENV)/.root
endif

$(VENV)/.root:
	@for python in $(or $(strip $(PYTHON)),python3 python3.14 python3.13 python3.12 \
	    python3.11 python); do \
	    version=$$("$$python" -c \
	        'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	    seen="$$seen $$python is $$version;"; \
	    case $$version in 3.11|3.12|3.13|3.14) found=$$python; break;; esac; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "This project needs Python 3.11, 3.12, 3.13 or 3.14." >&2; \
	    echo "Found:$${seen:- no Python in $(or $(strip $(PYTHON)),the PATH)}" >&2; \
	    echo "Install one, or say where it is: make lab PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	fi; \
	echo "Setting up $(VENV) with Python $$version; this is done once."; \
	"$$found" -m venv --clear $(VENV) || { \
	    echo "On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@pwd -P > $@

define install
@echo 'Installing the packages of $(1) (about a minute) ...'
@$(PIP) --require-hashes -r $(1)
@$(PIP) --no-deps --no-build-isolation --editable .
@touch $@
endef

$(VENV)/.lab: $(VENV)/.root requirements.txt pyproject.toml
	$(call install,requirements.txt)

$(VENV)/.site: $(VENV)/.root requirements-site.txt pyproject.toml
	$(call install,requirements-site.txt)
	@touch $(VENV)/.lab

$(VENV)/.test: $(VENV)/.root requirements-test.txt pyproject.toml
	$(call install,requirements-test.txt)
	@touch $(VENV)/.lab $(VENV)/.site

$(VENV)/.spark: $(VENV)/.test requirements-spark.txt
	@echo 'Installing PySpark (450 MB) ...'
	@$(PIP) --require-hashes -r requirements-spark.txt
	@touch $@
