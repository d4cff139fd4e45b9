"""``python -m suspicion``: the command line."""

from .cli import main

main()
