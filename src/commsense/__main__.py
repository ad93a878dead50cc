"""Run the command line with ``python -m commsense``."""

from commsense.cli import main

main()
