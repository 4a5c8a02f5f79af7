"""Times sitegen and other generators on the same made-up archive: `python -m benchmarks --help`."""
