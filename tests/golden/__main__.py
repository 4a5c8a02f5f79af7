"""Renew the golden output: `python -m tests.golden`, then look at `git diff` before you commit it."""

import tempfile
from pathlib import Path

from tests.golden import SITES, renew

for golden in SITES:
    with tempfile.TemporaryDirectory() as place:
        renew(golden, Path(place))
