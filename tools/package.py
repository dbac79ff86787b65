"""`python -m tools.package`: build the zip that Lambda runs, the same for `make package` and for `ask deploy`.

Lambda's folder is read-only, so a module without bytecode is compiled again at every cold start. The
bytecode is therefore compiled here, by the minor version of Python that Lambda runs (the `runtime` of
ask-resources.json). The same sources, Python and zlib make the same zip, byte for byte.

Exit code 0 if the zip is built, 1 if it can't be (one line each: what, and the fix), 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.documents import read_json, table
from tools.errors import ROOT, Problem, SourceError, line_of
from tools.lock import requirements as locked

LAMBDA = ROOT / "lambda"
RESOURCES = ROOT / "ask-resources.json"
OUTPUT = ROOT / "build" / "lambda.zip"

# Where Lambda unpacks the zip: the file names in its tracebacks.
TASK_ROOT = "/var/task"

# Amazon's limits for a function's code (developer guide, "Lambda quotas"): the zip as uploaded, and unpacked.
MAX_ZIPPED = 50 * 1024 * 1024
MAX_UNPACKED = 250 * 1024 * 1024

# What the SDK asks for and this skill never runs: two clients for Alexa's web services, which nothing imports, are
# all that import these. They would be one module in eight, and the only machine code. A test sees to it that no
# module of the package comes to need them.
NEVER_RUN = frozenset({"ask-sdk-model-runtime", "requests", "urllib3", "certifi", "idna", "charset-normalizer"})

# Of the distributions: what tools read, not programs. Licences stay, as they ask to be.
NEVER_READ = re.compile(
    r"(^|/)(bin|tests?|__pycache__)/|\.pyi$|(^|/)py\.typed$|\.dist-info/(?!licen[cs]e|copying|notice)", re.I
)

# Of lambda/: what is for pip, and what editors and interpreters leave behind.
NOT_OURS = re.compile(r"(^|/)(__pycache__/|\.)|^requirements\.txt$|~$|\.pyc$")

# Compiles a folder's modules, in order; run by the Python that Lambda runs.
COMPILE = """
import pathlib, py_compile, sys
folder, task_root = sys.argv[1:]
for path in sorted(pathlib.Path(folder).rglob("*.py")):
    name = task_root + "/" + path.relative_to(folder).as_posix()
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(path), dfile=name, doraise=True, invalidation_mode=mode)
"""


@dataclass(frozen=True)
class Package:
    """A zip that was built. Sizes in bytes; `modules` are those with bytecode; `runtime` is e.g. "python3.13"."""

    path: Path
    zipped: int
    unpacked: int
    modules: int
    runtime: str

    def __str__(self) -> str:
        bytecode = f"bytecode of {self.runtime} for {self.modules} modules" if self.modules else "no bytecode"
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        megabytes = f"{self.zipped / 1e6:.1f} MB, {self.unpacked / 1e6:.1f} MB unpacked"
        return f"{path}: {megabytes}, {bytecode}\nsha256 {digest}"


def build(output: Path, runtime: str, *, bytecode: bool = True, source: Path = LAMBDA) -> Package:
    """Build the zip of the Python files in `source` and of what lambda/requirements.txt pins.

    `runtime` is Lambda's name for its Python, such as "python3.13". Raises SourceError if a tool or
    a package can't be had, or the zip is more than Lambda takes.
    """
    python = find_python(runtime) if bytecode else ""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _install(folder, runtime)
        for path in list(_files(folder)):
            if NEVER_READ.search(path.relative_to(folder).as_posix()):
                path.unlink()
        for path in _files(source):
            name = path.relative_to(source)
            if not NOT_OURS.search(name.as_posix()):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, folder / name)
        if python:
            _compile(folder, python)
        _write(folder, output)
        package = Package(
            output,
            output.stat().st_size,
            sum(path.stat().st_size for path in _files(folder)),
            sum(path.suffix == ".pyc" for path in _files(folder)),
            runtime,
        )
    for problem in problems(package):
        output.unlink()
        raise SourceError(*problem)
    return package


def problems(package: Package) -> Iterator[Problem]:
    """Why Lambda would not take a zip."""
    fix = "leave out what never runs: see NEVER_RUN in tools/package.py"
    sizes = (("zipped", package.zipped, MAX_ZIPPED), ("unpacked", package.unpacked, MAX_UNPACKED))
    for how, size, most in sizes:
        if size > most:
            yield Problem(package.path, 0, f"{size:,} bytes {how}, and Lambda takes {most:,}", fix)
    with zipfile.ZipFile(package.path) as archive:
        for name in archive.namelist():
            if name.endswith((".so", ".pyd")):
                what = f"{name} is machine code, and the zip is built for any processor"
                yield Problem(package.path, 0, what, "pin a pure Python release of it in lambda/requirements.txt")


def deployed_runtime(path: Path = RESOURCES) -> str:
    """The runtime that ask-cli gives Lambda, such as "python3.13". Raises SourceError if there is none."""
    document, text = read_json(path)
    profiles = table(document, "profiles")
    named = [table(profiles, name, "skillInfrastructure", "userConfig").get("runtime", "") for name in profiles]
    runtimes = set(map(str, named))
    if len(runtimes) != 1 or "" in runtimes:
        what = "the profiles don't name one userConfig.runtime"
        raise SourceError(path, 0, what, 'give every profile the same, "python3.13"')
    (runtime,) = runtimes
    if not re.fullmatch(r"python3\.\d+", runtime):
        what = f"{runtime!r} is not a Python that Lambda runs"
        raise SourceError(path, line_of(text, '"runtime"'), what, 'write it as "python3.13"')
    return runtime


def find_python(runtime: str) -> str:
    """The path of an interpreter of that minor version. Raises SourceError, saying how to get one, if there is none."""
    version = runtime.removeprefix("python")
    named = os.environ.get("LAMBDA_PYTHON")
    if named:
        if _version_of(named) == version:
            return named
        what = f"LAMBDA_PYTHON={named} is not Python {version}, which Lambda runs"
        raise SourceError(LAMBDA, 0, what, f"name one that is, or unset it to have Python {version} looked for")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local" / "share" / "uv" / "python"))
    candidates = [
        sys.executable,
        shutil.which(runtime) or "",
        *map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)),
        *map(str, sorted(uv.glob(f"cpython-{version}.*/bin/python{version}"), reverse=True)),
    ]
    for candidate in candidates:
        if candidate and _version_of(candidate) == version:
            return candidate
    what = f"there is no Python {version} here to compile the bytecode that Lambda's {runtime} reads"
    fix = (
        f"get it (uv python install {version}, pyenv install {version} or your system's python{version}) or name it in "
        "LAMBDA_PYTHON; WITHOUT_BYTECODE=1 builds without, and every cold start then compiles"
    )
    raise SourceError(LAMBDA, 0, what, fix)


def _version_of(python: str) -> str:
    """Its "3.13"; "" if it doesn't run, as a shim of pyenv may not."""
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        run = subprocess.run([python, "-I", "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return run.stdout.strip()


def _install(folder: Path, runtime: str) -> None:
    requirements = LAMBDA / "requirements.txt"
    wanted = [lines for name, lines in locked(requirements).items() if name not in NEVER_RUN]
    # Wheels for Lambda, whatever this machine is.
    wheels = ["--only-binary=:all:", "--implementation=cp", "--platform=manylinux2014_aarch64"]
    version = f"--python-version={runtime.removeprefix('python')}"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    with tempfile.TemporaryDirectory() as temporary:
        listed = Path(temporary) / requirements.name
        listed.write_text("".join(wanted), encoding="utf-8")
        exactly = ["--no-deps", "--require-hashes", "--requirement", str(listed)]
        run = subprocess.run(
            [*pip, "--no-compile", "--target", str(folder), *wheels, version, *exactly],
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        said = run.stderr.strip().splitlines()
        what = f"pip could not install: {said[-1] if said else 'it said nothing'}"
        raise SourceError(requirements, 0, what, "the build needs pip and the network; fix what pip names")


def _compile(folder: Path, python: str) -> None:
    # Hashes are seeded so that the order of what bytecode holds doesn't change from run to run.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [python, "-s", "-S", "-c", COMPILE, str(folder), TASK_ROOT]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if run.returncode:
        what = f"{python} can't compile it: {run.stderr.strip().splitlines()[-1]}"
        raise SourceError(LAMBDA, 0, what, "write what that Python reads")


def _write(folder: Path, output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(_files(folder)):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # dated 1980, as zip files begin
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the permissions count: Lambda runs as another user
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, path.read_bytes())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def main(arguments: list[str] | None = None) -> int:
    """Build once; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.package", description=__doc__.partition("\n")[2])
    parser.add_argument("--output", type=Path, default=OUTPUT, help="the zip to write (%(default)s)")
    parser.add_argument("--runtime", help="Lambda's Python, such as python3.13 (the one in ask-resources.json)")
    parser.add_argument(
        "--without-bytecode",
        action="store_true",
        default=os.environ.get("WITHOUT_BYTECODE", "") not in ("", "0"),
        help="build even so; the same as WITHOUT_BYTECODE=1",
    )
    options = parser.parse_args(arguments)
    if options.runtime and not re.fullmatch(r"python3\.\d+", options.runtime):
        parser.error(f"--runtime {options.runtime}: write it as python3.13")
    try:
        runtime = options.runtime or deployed_runtime()
        print(build(options.output.absolute(), runtime, bytecode=not options.without_bytecode))
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        what = str(error.strerror or error).lower()
        problem = Problem(Path(error.filename or options.output), 0, what, "fix that, or name another --output")
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
