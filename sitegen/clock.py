"""What time it is: the one thing that goes into a build and is no file."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from sitegen.errors import Problem, SiteError


def now() -> datetime:
    """The now of this run: SOURCE_DATE_EPOCH if it is set (reproducible-builds.org), else the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch) if epoch else time.time(), UTC)
    except (ValueError, OverflowError, OSError):
        message = f'SOURCE_DATE_EPOCH is "{epoch[:40]}", which is no time'
        hint = "set it to whole seconds since 1970, like 1700000000, or unset it"
        raise SiteError([Problem(message=message, hint=hint)]) from None
