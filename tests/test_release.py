"""Releasing: tag, version and changelog agree, and GitHub runs the checks that gate a change here."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from tools.errors import ROOT
from tools.release import main, notes, problems

CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n- Later.\n\n## 1.2.0 (2026-02-01)\n\n- Two.\n- Three.\n\n## 1.2.0.1\n\n- No.\n"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    changelog, pyproject = tmp_path / "CHANGELOG.md", tmp_path / "pyproject.toml"
    changelog.write_text(CHANGELOG)
    pyproject.write_text('[project]\nversion = "1.2.0"\n')
    return changelog, pyproject


def test_a_release_is_what_the_changelog_says_of_it(files: tuple[Path, Path]) -> None:
    assert list(problems("v1.2.0", *files)) == []
    assert notes("v1.2.0", files[0]) == "- Two.\n- Three."
    assert notes("v1.2", files[0]) == "" and notes("v9", files[0]) == ""


def test_a_tag_that_is_not_the_version_is_refused(files: tuple[Path, Path]) -> None:
    version, changelog = problems("v1.3.0", *files)
    assert "pyproject.toml:2: the version is 1.2.0 and the tag v1.3.0; tag it v1.2.0" in str(version)
    assert "CHANGELOG.md: it says nothing about v1.3.0" in str(changelog)


def test_this_repository_says_what_is_missing_for_its_release(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "v99.0.0"]) == 1
    assert "CHANGELOG.md: it says nothing about v99.0.0" in capsys.readouterr().err
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_github_runs_the_same_checks_on_every_python() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["checks"]
    assert "bash .ci/run" in [step.get("run") for step in job["steps"]]
    pythons = job["strategy"]["matrix"]["python"]
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]
    least = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert least == f">={pythons[0]}"
    release = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    assert any(step.get("run") == "make package" for step in release["jobs"]["release"]["steps"])
