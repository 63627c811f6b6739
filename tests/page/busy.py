"""The page tests on a busy machine: ``python -m tests.page.busy`` runs them three times beside four busy loops."""

import os
import subprocess
import sys

LOOPS, TIMES = 4, 3


def main() -> int:
    """Run them; 0 where every run passed."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(LOOPS)]
    try:
        command = [sys.executable, "-m", "pytest", "-q", "tests/page"]
        failed = [subprocess.run(command, env={**os.environ, "CI": "true"}).returncode for _ in range(TIMES)]
    finally:
        for loop in loops:
            loop.kill()
    print(f"{failed.count(0)} of {TIMES} runs passed beside {LOOPS} busy loops")
    return any(failed)


if __name__ == "__main__":
    sys.exit(main())
