"""The lock: it fits what is wanted, is all that is installed from, and says so where it doesn't; without a network."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import changed
from tests.packaged import sources
from tools.errors import ROOT, SourceError
from tools.lock import EXPORTS, problems, requirements

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
DOCKERFILE = ROOT / "selfhost" / "deploy" / "Dockerfile"

# What the code of a folder may import: the group that is installed where it runs, and what Lambda has.
GROUPS = {"lambda": "", "simulator": "run", "selfhost": "selfhost", "tools": "dev", "tests": "aws"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", "uv.lock", *EXPORTS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def declared(group: str) -> set[str]:
    """The packages that pyproject.toml names for a group, with those of the groups in it."""
    names = set()
    for entry in PROJECT["dependency-groups"][group] if group else PROJECT["project"]["dependencies"]:
        names |= declared(entry["include-group"]) if isinstance(entry, dict) else {name_of(entry)}
    return names


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_the_lock_fits(copy: Path) -> None:
    assert list(problems(copy)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"flask==3.1.3"', '"flask==3.1.2"'),
        ('"flask==3.1.3"', '"flask==3.1.3", "attrs==26.1.0"'),
        ('requires-python = ">=3.11"', 'requires-python = ">=3.12"'),
        ('exclude-dependencies = ["docopt"]', ""),
    ],
    ids=["another version", "one more", "another Python", "nothing left out"],
)
def test_a_lock_that_does_not_fit_is_refused(old: str, new: str, copy: Path) -> None:
    changed(copy / "pyproject.toml", old, new)
    (problem,) = problems(copy)
    assert str(problem).endswith("uv.lock: does not fit pyproject.toml; make lock")


@pytest.mark.parametrize("name", EXPORTS)
def test_what_pip_installs_is_what_is_locked(name: str, copy: Path) -> None:
    changed(copy / name, "--hash=sha256:", "--hash=sha256:0")
    (problem,) = problems(copy)
    assert str(problem).endswith(f"{name}: is not what uv.lock holds; make lock")
    (copy / name).unlink()
    assert [other.path for other in problems(copy)] == [copy / name]


def test_every_package_has_a_version_a_hash_and_a_wheel() -> None:
    for name in EXPORTS:
        assert len(requirements(ROOT / name)) > 5
    # without a wheel, pip would fetch what builds it, in whatever version is newest
    others = [package for package in LOCK["package"] if package["name"] != "cramp-coach"]
    assert [package["name"] for package in others if not package.get("wheels")] == []


def test_nothing_is_compiled_on_a_mac() -> None:
    wheels = {package["name"]: [wheel["url"] for wheel in package.get("wheels", [])] for package in LOCK["package"]}
    for name in EXPORTS:
        for package, lines in requirements(ROOT / name).items():
            if "sys_platform ==" not in lines:  # it is for one system, and that is another
                assert any(re.search(r"-any\.whl$|-macosx", url) for url in wheels[package]), f"{name}: {package}"


def test_a_package_without_a_hash_is_named(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    a, b = "a==1 \\\n    --hash=sha256:0\n", "b==2 ; python_version < '3' \\\n    --hash=sha256:1\n"
    path.write_text(f"{a}    # via b\n{b}c==3\n")
    with pytest.raises(SourceError, match=r"requirements.txt:6: c==3 has no version and hash"):
        requirements(path)
    path.write_text(f"{a}    # via b\n{b}")
    assert requirements(path) == {"a": a, "b": b}


@pytest.mark.parametrize("folder", GROUPS)
def test_what_is_imported_is_declared(folder: str) -> None:
    ours = {path.stem for path in (ROOT / "lambda").iterdir()} | {path.name for path in ROOT.iterdir()}
    homes = importlib.metadata.packages_distributions()
    for source in sources(folder):
        bench = source.startswith("tools/bench/")
        known = declared("") | declared("bench" if bench else GROUPS[folder] or "web")
        if folder == "lambda":
            known = declared("")
        for module in imported(ROOT / source) - ours - sys.stdlib_module_names:
            homes_of = homes.get(module) or [module]  # what isn't installed here is called as its package, or nearly so
            assert {name_of(home) for home in homes_of} & (known | {name.replace("-", "") for name in known}), (
                f"{source} imports {module}: declare it"
            )


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    if path.suffix != ".py":
        return set()
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.append(node.module)
    return {name.partition(".")[0] for name in names}


def workflows() -> dict[str, Any]:
    return {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
    }


def test_github_runs_nothing_that_can_change_under_it() -> None:
    assert len(workflows()) == 2
    for name, workflow in workflows().items():
        assert workflow["permissions"] == {}, name  # each job says what it needs
        for job in workflow["jobs"].values():
            assert set(job["permissions"]) == {"contents"}
            for step in job["steps"]:
                action = step.get("uses", "")
                assert not action or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
                if action.startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False


def test_the_image_stands_on_a_digest_and_installs_what_is_locked() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.13\.\d+-slim-bookworm@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert len(installs) == 1 and "--require-hashes -r requirements/selfhost.txt" in installs[0]


def test_dependabot_looks_after_all_of_it() -> None:
    document = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    looked_after = {
        update["package-ecosystem"]: update.get("directories", [update.get("directory")])
        for update in document["updates"]
    }
    assert set(looked_after) == {"uv", "npm", "github-actions", "docker"}
    assert [ROOT / folder.lstrip("/") / "Dockerfile" for folder in looked_after["docker"]] == [DOCKERFILE]
    locked = {path.parent for path in (ROOT, *ROOT.glob("tests/*")) for path in path.glob("package-lock.json")}
    assert {ROOT / folder.lstrip("/") for folder in looked_after["npm"]} == locked


def test_the_renderer_alone_is_no_development_dependency() -> None:
    # `make screens` installs what isn't one, from the lock
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert set(package["dependencies"]) == {"apl-viewhost-web"}
    kept = {name: entry for name, entry in locked.items() if name and not entry.get("dev")}
    assert set(kept) == {"node_modules/apl-viewhost-web"} and "integrity" in kept["node_modules/apl-viewhost-web"]
