"""The tests of sitegen."""

from hypothesis import settings

# How long one example takes depends on what else the machine does.
settings.register_profile("sitegen", deadline=None)
settings.load_profile("sitegen")
