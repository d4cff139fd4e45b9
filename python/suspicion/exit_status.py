"""What the command line exits with."""

CANNOT_BE_MET = 1
"""What was asked for cannot be met."""

BAD_INPUT = 2
"""A file or an option is not right."""

INTERRUPTED = 130
"""Somebody pressed Ctrl-C."""
