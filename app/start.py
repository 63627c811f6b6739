"""Where `everlearn` starts: imports take seconds, and Ctrl-C is quiet from the first of them.

Who ends it with SIGTERM (a batch system, a shutdown) is heard as Ctrl-C is: what there is of a run is kept.
"""

import signal
import sys


def main() -> None:
    """Entry point of the command line."""
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from app import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit(130)
