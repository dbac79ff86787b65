"""`python -m tools.stress`: all tests in random order, again and again, while every core is kept busy beside them.

What hangs on luck (an order, a pause that is long enough here, two threads that never met) fails here first.
Arguments go to pytest. Exit code 1 if any run failed; each names the seed with which its order comes again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import subprocess
import sys

from tools.errors import ROOT

ROUNDS = 10


def main(given: list[str]) -> int:
    """Run them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.stress", description=__doc__, epilog="The rest is pytest's.")
    _, arguments = parser.parse_known_args(given)
    busy = [multiprocessing.Process(target=keep_busy, daemon=True) for _ in range(os.cpu_count() or 1)]
    for process in busy:
        process.start()
    failed = []
    for number in range(1, ROUNDS + 1):
        seed = str(random.randrange(10**6))  # noqa: S311 - an order, no secret
        print(f"Round {number} of {ROUNDS}, --random-order-seed={seed}", flush=True)
        order = ["--random-order", f"--random-order-seed={seed}"]
        workers = ["--numprocesses", "auto", "--maxprocesses", "4", "--dist", "worksteal"]
        if subprocess.run([sys.executable, "-m", "pytest", *workers, *order, *arguments], cwd=ROOT).returncode:
            failed.append(seed)
    for process in busy:
        process.kill()
    print(f"{ROUNDS - len(failed)} of {ROUNDS} rounds passed" + "".join(f", not seed {seed}" for seed in failed))
    return 1 if failed else 0


def keep_busy() -> None:
    """One core's worth of work without end."""
    while True:
        sum(range(10_000))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
