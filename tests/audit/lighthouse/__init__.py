"""Lighthouse on each kind of page of the sample archive: `make lighthouse`. It flickers, and is no test."""
