"""The site while it is being written: watched, kept in memory, rendered when it is asked for."""
