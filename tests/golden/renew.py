"""Write all traces anew: `python -m tests.golden.renew`. Read the diff before you commit it."""

import scenarios
from tests.golden.trace import path, trace

if __name__ == "__main__":
    for domain in scenarios.domains():
        path(domain).write_text(trace(domain), encoding="utf-8")
        print(path(domain))
