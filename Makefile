.PHONY: test lint build ci bench audit audit-tools
test: ; pytest
lint: ; ruff check . && ruff format --check . && mypy
build: ; sitegen build
ci: ; .ci/run

# Times sitegen beside Hugo, Eleventy and Pelican and writes docs/benchmarks.md, which takes more than an hour.
# BENCH="--posts 2000 --tools sitegen hugo" narrows it down; `python3 -m benchmarks --help` tells of more.
BENCH = --scale 5000 50000
bench: ; python3 -m benchmarks $(BENCH)

# What browsers, a checker of HTML and parsers make of the pages; the tools come from npm, and Java by apt-get.
audit: audit-tools ; pytest tests/audit
audit-tools: ; npm install --prefix tests/audit --ignore-scripts --no-audit --no-fund --no-package-lock
