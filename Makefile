# `make lab` and `make test` set everything up by themselves, in .venv, from the locks
# requirements.txt and requirements-test.txt. Nothing is installed elsewhere.

PYTHON :=                # a Python 3.11 to 3.14; empty: look for one
LAB_ARGS :=              # more arguments for JupyterLab, such as --no-browser
NOTEBOOKS :=             # for `make run`: names such as 01_trade; empty: all
NBVAL := --nbval         # --nbval-lax: rerun, but do not compare outputs
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
export JUPYTER_CONFIG_DIR := $(CURDIR)/.cache/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.cache/jupyter/data
export JUPYTER_PREFER_ENV_PATH := 1
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export PIP_USER := 0
unexport JUPYTER_CONFIG_PATH JUPYTER_PATH MATPLOTLIBRC MPLBACKEND
unexport PIP_PREFIX PIP_TARGET PYTHONHOME PYTHONPATH PYTHONSTARTUP

.DEFAULT_GOAL := help
.PHONY: help lab test check run site spark bench bench-world mutate lock clean

help: ## list the targets
	@echo 'make TARGET, where TARGET is one of'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s%s\n", $$1, $$2 }' Makefile

# news_url stops the news, but not the question whether to fetch them; this does.
QUIET := .cache/jupyter/config/labconfig/page_config.json

# No network: no news, no look for updates, no list of extensions, no language servers
# (the search for them starts npm). The kernels talk over ipc, whose sockets need a
# folder with a short path.
lab: $(VENV)/.lab ## open JupyterLab at notebooks/00_start_here.ipynb
	@mkdir -p $(dir $(QUIET)) # IPython expects .cache
	@[ -e $(QUIET) ] || echo '{"disabledExtensions":' \
	    '{"@jupyterlab/apputils-extension:announcements": true}}' >$(QUIET)
	@runtime=$$(TMPDIR=/tmp mktemp -d -t jupyter-XXXXXX 2>/dev/null || \
	    mktemp -d -t jupyter-XXXXXX) && trap 'rm -rf "$$runtime"' EXIT && \
	transport=ipc && { [ $${#runtime} -lt 50 ] || transport=tcp; } && \
	JUPYTER_RUNTIME_DIR=$$runtime $(PY) -m jupyterlab \
	    --ServerApp.root_dir="$(CURDIR)" \
	    --KernelManager.transport=$$transport \
	    --LabApp.news_url=None \
	    --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	    --LabApp.extension_manager=readonly \
	    --LanguageServerManager.autodetect=False \
	    $(LAB_ARGS) notebooks/00_start_here.ipynb

test: check ## check everything, and compare every notebook with a fresh run
	PYTHONPATH=tests $(PY) -m pytest -p nbval_kernels $(NBVAL) --nbval-current-env \
	    --nbval-cell-timeout=300 notebooks

check: $(VENV)/.test ## the part of test that is quick: style, package and data
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	MPLBACKEND=agg $(PY) -m pytest tests

run: $(VENV)/.lab ## rerun all notebooks in place, or NOTEBOOKS="01_trade ..."
	@$(PY) -m partnership.cli run $(NOTEBOOKS)

site: $(VENV)/.lab ## build the pages to send or publish, in site/
	@$(PY) -m partnership.cli site

spark: $(VENV)/.spark ## add PySpark for its tests, else skipped (needs Java 17 or 21)

bench: $(VENV)/.test ## measure what a reader waits for; writes docs/performance.md
	@$(PY) tests/benchmarks/bench.py $(BENCH)

bench-world: $(VENV)/.test ## measure indicators of 1, 20 and 100 million rows (long)
	@$(PY) tests/benchmarks/world.py $(WORLD)

mutate: $(VENV)/.test ## change rows of the data one by one, and see who notices (long)
	@MPLBACKEND=agg $(PY) tests/benchmarks/mutate.py $(MUTATE)

LOCK := pip compile pyproject.toml --extra lab --extra site --group build --universal \
    --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header \
    --annotation-style line --no-config --quiet $(LOCK_ARGS)

# One version of each package for all Pythons, so that all readers see the same.
lock: ## lock the packages anew after a change of pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { \
	    echo 'make lock needs uv: pip install uv, or make lock UV=/path/to/uv'; exit 1; }
	$(UV) $(LOCK) --output-file requirements.txt
	$(UV) $(LOCK) --extra test --extra world --constraint requirements.txt \
	    --output-file requirements-test.txt
	$(UV) $(filter-out pyproject.toml --extra lab site --group build,$(LOCK)) \
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

$(VENV)/.lab: $(VENV)/.root requirements.txt pyproject.toml
	@echo 'Installing the packages of requirements.txt (about a minute) ...'
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.root requirements-test.txt pyproject.toml
	@echo 'Installing the packages of requirements-test.txt (about a minute) ...'
	@$(PIP) --require-hashes -r requirements-test.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.lab $@

$(VENV)/.spark: $(VENV)/.test requirements-spark.txt
	@echo 'Installing PySpark (450 MB) ...'
	@$(PIP) --require-hashes -r requirements-spark.txt
	@touch $@
