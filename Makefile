.PHONY: test lint build ci
test: ; pytest
lint: ; ruff check . && ruff format --check . && mypy
build: ; sitegen build
ci: ; .ci/run
