"""sitegen: front-matter Markdown in, a searchable archive out."""

__version__ = "0.1.0"
