"""The server of the page tests: ``python server.py PORT``. Sent SIGUSR1, it prints the names of its threads."""

import signal
import sys
import threading


def tell(*_: object) -> None:
    """Print the first word of every thread's name."""
    print("threads", *[thread.name.split()[0] for thread in threading.enumerate()], flush=True)


if __name__ == "__main__":
    from app import serve  # not where a process beside the server imports this file

    signal.signal(signal.SIGUSR1, tell)
    serve.main("127.0.0.1", int(sys.argv[1]), open_browser=False, compile_ahead=False)
