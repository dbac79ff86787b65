"""`python -m tools.bench`: the budgets, measured. Times only ever as ratios within one run."""

import json
import time
from collections.abc import Callable
from pathlib import Path

REQUEST = json.loads(Path(__file__).with_name("launch_request.json").read_text(encoding="utf-8"))


def milliseconds(call: Callable[[], object], times: int = 1) -> float:
    """How long a call takes, on average of so many in a row."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) * 1000 / times


def print_budget(name: str, budget: float, measured: float, *, over: bool, digits: int = 2) -> None:
    """Print a budget beside what was measured, and whether that is too much, or too little."""
    print(f"{name:<58}{budget:>10.{digits}f}{measured:>12.{digits}f}{'  OVER' if over else ''}")
