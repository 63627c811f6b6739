"""Where `everlearn` starts: imports take seconds, and Ctrl-C is quiet from the first of them."""

import sys


def main() -> None:
    """Entry point of the command line."""
    try:
        from app import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit(130)
