.PHONY: test lint build ci bench audit audit-tools lighthouse search-speed
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
NPM = npm install --ignore-scripts --no-audit --no-fund --no-package-lock
audit-tools:
	$(NPM) --prefix tests/audit
# In an environment of its own, since it pins an older Pygments.
	python3 -m venv tests/audit/pelican && tests/audit/pelican/bin/pip install -q 'pelican[markdown]>=4.12,<5'

# Scores that flicker, and so are no test. PAGES="search missing" narrows them down.
lighthouse:
	$(NPM) --prefix tests/audit/lighthouse
	python3 -m tests.audit.lighthouse $(PAGES)

# How soon, and for how many bytes, a reader has a first result among 1,000 posts.
search-speed: ; python3 -m tests.audit.search_speed
