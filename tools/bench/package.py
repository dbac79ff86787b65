"""The package as it is deployed: its cold start beside a do-nothing skill's, without bytecode, and at each memory size.

All are built by `tools.package`, unpacked, and started by the Python that Lambda runs, in turn.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tools.bench import REQUEST, print_budget
from tools.errors import SourceError
from tools.package import LAMBDA, build, deployed_runtime, find_python

RUNS = 15

# At 1,769 MB a function has one processor for itself, and in proportion below (Lambda developer guide, "Configure
# Lambda function memory").
MEGABYTES_OF_ONE_PROCESSOR = 1769
SIZES = (128, 256, 512, 1024, 1769)

# Run in a new interpreter. Milliseconds of import and of import with the first answer; processor milliseconds of
# both and of a warm answer; megabytes at the most.
COLD_START = """
import json, pathlib, re, sys, time
folder, module, request = sys.argv[1:]
request = json.loads(request)
sys.dont_write_bytecode = True
sys.path.insert(0, folder)
start, processor = time.perf_counter(), time.process_time()
handler = __import__(module).lambda_handler
imported = time.perf_counter()
handler(request, None)
first, cold = time.perf_counter(), time.process_time()
for _ in range(100):
    handler(request, None)
warm = (time.process_time() - cold) / 100
seconds = [imported - start, first - start, cold - processor, warm]
try:
    most = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
except FileNotFoundError:
    most = "nan"  # not Linux
print(*(1000 * each for each in seconds), float(most) / 1024)
"""


@dataclass(frozen=True)
class Start:
    """One cold start, in milliseconds, processor milliseconds and megabytes."""

    imported: float
    first: float
    processor: float
    warm_processor: float
    megabytes: float


def main() -> None:
    """Measure and print, or say what is missing."""
    try:
        runtime = deployed_runtime()
        find_python(runtime)
    except SourceError as error:
        print(f"the package's cold start: not measured. {error}")
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours = _unpacked(folder / "ours", runtime)
        plain = folder / "plain"
        shutil.copytree(ours, plain, ignore=shutil.ignore_patterns("__pycache__"))
        nothing = folder / "nothing"
        nothing.mkdir()
        shutil.copy(Path(__file__).with_name("do_nothing.py"), nothing)
        theirs = _unpacked(folder / "theirs", runtime, nothing)
        installations = [(ours, "lambda_function"), (theirs, "do_nothing"), (plain, "lambda_function")]
        python = find_python(runtime)
        for each in installations:
            _start(python, *each)  # files into the system's cache, for all alike
        rounds = [tuple(_start(python, *each) for each in installations) for _ in range(RUNS)]

    cold = statistics.median(mine.first / other.first for mine, other, _ in rounds)
    saved = statistics.median(without.imported / mine.imported for mine, _, without in rounds)
    print_budget("package: import and first launch, beside a do-nothing one", 1.2, cold, over=cold > 1.2)
    print_budget("package: import without bytecode, beside with, at least", 2.5, saved, over=saved < 2.5)
    mine = [each[0] for each in rounds]
    medians = [statistics.median(getattr(start, name) for start in mine) for name in ("imported", "first")]
    without = statistics.median(each[2].imported for each in rounds)
    other = statistics.median(each[1].first for each in rounds)
    print(
        f"    medians of {RUNS}, {runtime}: import {medians[0]:.1f} ms ({without:.1f} ms without bytecode), "
        f"with the first launch {medians[1]:.1f} ms (a do-nothing skill {other:.1f} ms)"
    )
    _print_memory(mine)


def _print_memory(starts: list[Start]) -> None:
    """What the measured processor time would take with the share of a processor that goes with each memory size."""
    cold = statistics.median(start.processor for start in starts)
    warm = statistics.median(start.warm_processor for start in starts)
    most = max(start.megabytes for start in starts)
    print(f"memory: {most:.0f} MB at the most; with a processor's share, on a processor like this one:")
    for size in SIZES:
        share = min(1.0, size / MEGABYTES_OF_ONE_PROCESSOR)
        print(f"    {size:>5} MB: {cold / share:>6.0f} ms without a snapshot, {warm / share:>5.1f} ms warm")


def _unpacked(folder: Path, runtime: str, source: Path = LAMBDA) -> Path:
    zipped = folder.with_suffix(".zip")
    build(zipped, runtime, source=source)
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
    return folder


def _start(python: str, folder: Path, module: str) -> Start:
    command = [python, "-I", "-S", "-c", COLD_START, str(folder), module, json.dumps(REQUEST)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return Start(*map(float, run.stdout.split()))
