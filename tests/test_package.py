"""The zip that Lambda runs: what is in it, that it is always the same, and what it is refused for."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.packaged import package, runtime_here, sources, unpacked
from tools import package as packaging
from tools.errors import ROOT, SourceError
from tools.package import Package, build, deployed_runtime, find_python, main, problems

LAUNCH = {"version": "1.0", "request": {"type": "LaunchRequest", "locale": "en-US"}}
SDK = {"ask_sdk_core", "ask_sdk_model", "ask_sdk_runtime", "dateutil", "six"}


def names() -> list[str]:
    with zipfile.ZipFile(package().path) as archive:
        return archive.namelist()


def test_only_the_skill_and_the_sdk_are_in_it() -> None:
    tops = {name.partition("/")[0] for name in names() if ".dist-info/" not in name}
    modules = {top.removesuffix(".py") for top in tops if top != "__pycache__"}
    assert modules == SDK | {"cramp_coach", "lambda_function"}
    assert not [name for name in names() if "test" in name.split("/") or name.endswith((".so", ".pyi"))]


def test_every_file_of_the_skill_is_in_it() -> None:
    ours = {name.removeprefix("lambda/") for name in sources("lambda")} - {"requirements.txt"}
    assert ours and ours <= set(names())


def test_every_module_has_bytecode_that_is_used_unchecked() -> None:
    tag = f"cpython-{runtime_here().removeprefix('python').replace('.', '')}"
    for name in names():
        if not name.endswith(".py"):
            continue
        path = unpacked() / name
        compiled = path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc"
        # PEP 552: the second word is 1 for a hash that nobody checks, so that no clock and no source is asked
        assert compiled.read_bytes()[4:8] == b"\x01\0\0\0", name


# Answers a launch and prints how many of the package's sources were opened on the way.
SOURCES_OPENED = """
import json, os, sys
folder, request = sys.argv[1:]
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
sys.dont_write_bytecode = True
sys.path.insert(0, folder)
import lambda_function
assert lambda_function.lambda_handler(json.loads(request), None)["response"]["outputSpeech"]
print(len([path for path in opened if path.startswith(folder) and path.endswith(".py")]))
"""


def sources_opened(folder: Path) -> int:
    command = [find_python(runtime_here()), "-I", "-S", "-c", SOURCES_OPENED, str(folder), json.dumps(LAUNCH)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_with_the_python_that_lambda_runs_no_source_is_read(tmp_path: Path) -> None:
    assert sources_opened(unpacked()) == 0
    shutil.copytree(unpacked(), tmp_path / "plain", ignore=shutil.ignore_patterns("__pycache__"))
    assert sources_opened(tmp_path / "plain") > 100


def test_it_is_the_same_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    os.utime(ROOT / "lambda" / "lambda_function.py")
    again = build(tmp_path / "elsewhere" / "again.zip", runtime_here())
    assert again.path.read_bytes() == package().path.read_bytes()


def test_what_is_left_out_is_reached_by_nothing_that_runs() -> None:
    left_out = {name.replace("-", "_") for name in packaging.NEVER_RUN}
    importers = {where for where, name in imports() if name.partition(".")[0] in left_out}
    assert importers == {"ask_sdk_core.api_client"}
    assert [where for where, name in imports() if name.startswith("ask_sdk_core.api_client")] == []


def imports() -> Iterator[tuple[str, str]]:
    """Every module of the package with each name that it imports, at its top or later, both with their dots."""
    for path in unpacked().rglob("*.py"):
        package_of = path.relative_to(unpacked()).parent.parts
        where = ".".join((*package_of, path.stem)).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from ((where, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                start = package_of[: len(package_of) + 1 - node.level] if node.level else ()
                base = ".".join((*start, node.module) if node.module else start)
                yield from ((where, f"{base}.{alias.name}") for alias in node.names)


def test_nothing_that_a_snapshot_would_freeze_is_kept() -> None:
    stale = {"random", "secrets", "uuid", "time", "datetime", "socket", "ssl", "threading", "tempfile"}
    ours = [(where, name) for where, name in imports() if where.startswith(("cramp_coach", "lambda_function"))]
    assert ours and not [use for use in ours if use[1].partition(".")[0] in stale]


def test_without_a_matching_python_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HOME", "PYENV_ROOT", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LAMBDA_PYTHON", raising=False)
    monkeypatch.delenv("WITHOUT_BYTECODE", raising=False)
    assert main(["--runtime", "python3.99", "--output", str(tmp_path / "x.zip")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no Python 3.99" in said and "uv python install 3.99" in said and "WITHOUT_BYTECODE=1" in said
    assert not (tmp_path / "x.zip").exists()


def test_a_python_that_is_named_has_to_match(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_PYTHON", sys.executable)
    assert find_python(f"python3.{sys.version_info.minor}") == sys.executable
    with pytest.raises(SourceError, match=r"is not Python 3\.99"):
        find_python("python3.99")
    monkeypatch.setenv("LAMBDA_PYTHON", "/nowhere/python")
    with pytest.raises(SourceError, match="is not Python"):
        find_python("python3.13")


def test_it_builds_without_bytecode_when_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WITHOUT_BYTECODE", "1")
    output = tmp_path / "plain.zip"
    assert main(["--output", str(output)]) == 0
    assert "no bytecode" in capsys.readouterr().out
    with zipfile.ZipFile(output) as archive:
        assert sorted(archive.namelist()) == sorted(name for name in names() if not name.endswith(".pyc"))


@pytest.mark.parametrize(
    ("limit", "what"), [("MAX_ZIPPED", "zipped, and Lambda takes"), ("MAX_UNPACKED", "unpacked, and Lambda takes")]
)
def test_more_than_lambda_takes_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, what: str) -> None:
    assert list(problems(package())) == []
    monkeypatch.setattr(packaging, limit, 1000)
    (problem,) = problems(package())
    assert what in str(problem) and "leave out" in str(problem)


def test_machine_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fast/speedups.cpython-313-x86_64-linux-gnu.so", b"")
    (problem,) = problems(Package(path, 1, 1, 0, "python3.13"))
    assert "machine code" in str(problem)


def test_a_requirement_has_to_be_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "LAMBDA", tmp_path)
    (tmp_path / "requirements.txt").write_text("# the SDK\nask-sdk-core>=1\n")
    with pytest.raises(SourceError, match=r"requirements.txt:2: ask-sdk-core>=1 has no version and hash; make lock"):
        build(tmp_path / "x.zip", "python3.13", bytecode=False)


def test_a_package_that_is_not_the_one_that_was_locked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "swapped-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("swapped-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: swapped\nVersion: 1.0\n")
        archive.writestr("swapped-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("swapped-1.0.dist-info/RECORD", "")
    monkeypatch.setattr(packaging, "LAMBDA", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    for digest, taken in ((hashlib.sha256(wheel.read_bytes()).hexdigest(), True), ("0" * 64, False)):
        (tmp_path / "requirements.txt").write_text(f"swapped==1.0 \\\n    --hash=sha256:{digest}\n")
        with nullcontext() if taken else pytest.raises(SourceError, match="pip could not install"):
            build(tmp_path / "x.zip", "python3.13", bytecode=False)


def test_what_pip_cannot_install_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "LAMBDA", tmp_path)
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "no-index").as_uri())
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    (tmp_path / "requirements.txt").write_text(f"ask-sdk-core==1.19.0 \\\n    --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SourceError) as refused:
        build(tmp_path / "x.zip", "python3.13", bytecode=False)
    assert "pip could not install" in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "file is missing"),
        ("{\n", "ask-resources.json:2: not JSON"),
        ("{}", "don't name one userConfig.runtime"),
        ("[]", "not a JSON object"),
        ('{"profiles": {}}', "don't name one userConfig.runtime"),
        ('{"profiles": {"default": {}}}', "don't name one userConfig.runtime"),
        (
            '{"profiles": {"default": {"skillInfrastructure": {"userConfig":\n{"runtime": "nodejs20.x"}}}}}',
            "ask-resources.json:2: 'nodejs20.x' is not a Python that Lambda runs",
        ),
    ],
)
def test_resources_without_a_runtime_are_refused(tmp_path: Path, text: str | None, what: str) -> None:
    path = tmp_path / "ask-resources.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SourceError, match=what):
        deployed_runtime(path)


def test_a_runtime_is_written_as_lambda_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--runtime", "3.13"])
    assert stop.value.code == 2
    assert "write it as python3.13" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_to_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--without-bytecode", "--output", str(tmp_path / "file" / "x.zip")]) == 1
    said = capsys.readouterr().err
    assert said.startswith(str(tmp_path / "file")) and "; " in said and said.count("\n") == 1


def test_ask_cli_builds_by_the_hook_of_this_repository() -> None:
    hook = ROOT / "hooks" / "build.sh"
    assert os.access(hook, os.X_OK)
    resources = json.loads((ROOT / "ask-resources.json").read_text(encoding="utf-8"))
    assert resources["profiles"]["default"]["code"]["default"]["src"] == "./lambda"
