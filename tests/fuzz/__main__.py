"""Attack Everlearn as its enemies would: `python -m tests.fuzz [KIND ...] [--seed N] [--cases N] [--only CASE]`.

A seed gives the same cases again, and `--only` tries a single one in this process, with its whole traceback.
"""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

from tests.fuzz import commands, messages, saves, signals
from tests.fuzz.workers import try_all

KINDS = {
    "saves": (saves.attempts, 5_000),
    "commands": (commands.attempts, 10_000),
    "messages": (messages.attempts, 1_000),
    "signals": (signals.attempts, 100),
}


def main() -> int:
    """Try all; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], default=list(KINDS), metavar="KIND")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, help="of each kind")
    parser.add_argument("--only", type=int, metavar="CASE")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    failed = 0
    for kind in given.kinds:
        begin, number = KINDS[kind]
        with tempfile.TemporaryDirectory() as folder:
            attempt = begin(given.seed, Path(folder))
            if given.only is not None:
                print(attempt(given.only))
                continue
            told = try_all(attempt, range(given.cases or number), Path(folder, "errors"))
        print(f"{kind}, seed {given.seed}: {told}", flush=True)
        for cases in told.faults.values():
            print(f"-- {len(cases)} cases alike, such as {cases[:5]}")
        failed += len(told.faults)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
