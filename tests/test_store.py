"""The store page's tools: what is in store/ is what Amazon gets, and what must not be deployed is named in one line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.devices import DEVICES
from tests.conftest import changed
from tools.errors import SourceError, found_by
from tools.store import checks
from tools.store.__main__ import main
from tools.store.icons import draw_icons, write_icons
from tools.store.manifest import compile_manifest, public_address, write_manifest
from tools.store.skill_package import PACKAGE, STORE, png_size, read_package

ADDRESS = "https://cramps.health.nz/skill"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package to spoil, with short models, so that a check takes no time."""
    copy = Path(shutil.copytree(PACKAGE, tmp_path / "skill-package"))
    for path in (copy / "interactionModels" / "custom").glob("*.json"):
        model = json.loads(path.read_text())
        for intent in model["interactionModel"]["languageModel"]["intents"]:
            del intent["samples"][3:]
        path.write_text(json.dumps(model, indent=1))
    return copy


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A copy of its sources to spoil."""
    return Path(shutil.copytree(STORE, tmp_path / "store"))


def complaints(package: Path) -> list[str]:
    return [str(problem) for problem in found_by(lambda: checks.check_all(read_package(package)))]


def manifest(edit: Callable[[Any], object]) -> Callable[[Path], None]:
    """Change the manifest: a function of what stands under "manifest"."""

    def apply(package: Path) -> None:
        path = package / "skill.json"
        document = json.loads(path.read_text())
        edit(document["manifest"])
        path.write_text(json.dumps(document, indent=2))

    return apply


def file(name: str, edit: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def apply(package: Path) -> None:
        (package / name).write_bytes(edit((package / name).read_bytes()))

    return apply


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    return file(name, lambda text: text.replace(old.encode(), new.encode(), 1))


def remove(name: str) -> Callable[[Path], None]:
    return lambda package: (package / name).unlink()


def page(**fields: str) -> Callable[[Path], None]:
    """Change the British store page."""
    return manifest(lambda document: document["publishingInformation"]["locales"]["en-GB"].update(fields))


def urls(address: str) -> Callable[[Any], object]:
    def edit(document: Any) -> None:
        pages = document["publishingInformation"]["locales"]
        both = {"privacyPolicyUrl": f"{address}/PRIVACY.md", "termsOfUseUrl": f"{address}/TERMS.md"}
        document["privacyAndCompliance"]["locales"] = dict.fromkeys(pages, both)

    return edit


SMALL = "assets/images/icon-108.png"
LARGE = "assets/images/icon-512.png"
TASK = "tasks/CrampNow.1.json"
GB = "interactionModels/custom/en-GB.json"


def test_the_package_as_it_is_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["build"]) == 0
    assert capsys.readouterr().out == "store: nothing changed\n"


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (remove(GB), r"skill\.json:\d+: en-GB has a store page and no interaction model; add"),
        (
            manifest(lambda document: document["publishingInformation"]["locales"].pop("en-GB")),
            r"en-GB\.json: en-GB has an interaction model and no store page; ",
        ),
        (lambda package: shutil.copy(package / LARGE, package / SMALL), r"icon-108\.png: 512 by 512 pixels.*108; run"),
        (remove(LARGE), r"icon-512\.png: file is missing; run make store"),
        (file(SMALL, lambda _: b"GIF89a"), r"icon-108\.png: not a PNG image; run make store"),
        (file(SMALL, lambda png: png + b"\0"), r"icon-108\.png: is not what store/icon.svg draws; run"),
        (page(smallIconUri="https://cramps.nz/icon.png"), r"skill\.json:\d+: en-GB has no smallIconUri in assets/; "),
        (manifest(urls("https://example.com")), r"privacyPolicyUrl of en-\w+ is a placeholder \('example\.com'\); fix"),
        (manifest(urls("https://<your address>")), r"privacyPolicyUrl of en-\w+ is a placeholder"),
        (manifest(urls("http://cramps.nz")), r"termsOfUseUrl of en-\w+ is not an https address; fix"),
        (page(description="TODO: describe it"), r"skill\.json:\d+: 'TODO' is a placeholder; "),
        (page(sumary="A typo."), r"unknown field manifest\.publishingInformation\.locales\.en-GB\.sumary"),
        (
            manifest(lambda document: document["publishingInformation"].update(distributionMode="SECRET")),
            r"skill\.json: not a manifest: ",
        ),
        (
            manifest(lambda document: document["apis"]["custom"]["interfaces"].append({"type": "TELEPATHY"})),
            r'skill\.json:\d+: Amazon knows no interface \{"type": "TELEPATHY"\}; ',
        ),
        (replace(GB, '"synonyms"', '"synonims"'), r"en-GB\.json: not an interaction model: "),
        (file("skill.json", lambda text: text[:-20]), r"skill\.json:\d+: not JSON: .*; fix"),
        (file("skill.json", lambda _: b"[]"), r"skill\.json:1: not a JSON object; restore"),
        (remove("skill.json"), r"skill\.json: file is missing; restore"),
        (remove(TASK), r"skill\.json:\d+: the task CrampNow\.1 has no file in tasks/; "),
        (
            lambda package: shutil.copy(package / TASK, package / "tasks/Levitate.1.json"),
            r"Levitate\.1\.json: is not in the manifest; run make store",
        ),
        (
            lambda package: (package / TASK).rename(package / "tasks/CrampNow.json"),
            r"CrampNow\.json: is not named after",
        ),
        (replace(TASK, '"3.0.0"', '"2"'), r"CrampNow\.1\.json: not OpenAPI 3\.0: "),
        (replace(TASK, '"post"', '"get"'), r"CrampNow\.1\.json: must have exactly one path"),
        (replace(TASK, '"en-GB"', '"fr-FR"'), r"CrampNow\.1\.json: has no title in en-GB; add"),
        (replace(TASK, '"public"', '"vendor-private"'), r"CrampNow\.1\.json: is not public; set"),
        (replace(TASK, '"Input"', '"Inputs"'), r"CrampNow\.1\.json: has 0 inputs"),
        (
            page(summary="Edited by hand."),
            r"skill\.json: is not what store/ makes \(.*en-GB\.summary is .*\); run make store",
        ),
    ],
)
def test_what_must_not_be_deployed_is_named(package: Path, spoil: Callable[[Path], Any], complaint: str) -> None:
    spoil(package)
    found = complaints(package)
    assert any(re.search(complaint, line) for line in found), found
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("\nsummary = ", '\ncolor = "red"\nsummary = ', r"en\.toml:4: unknown field 'color'; use name, summary"),
        ("\nsummary = ", "\nsumary = ", r"en\.toml:4: unknown field 'sumary'; use name, summary"),
        ("\n[reviewed]\n", "\n[reviwed]\n", r"en\.toml:\d+: unknown field 'reviwed'; use name"),
        ('\nname = "Cramp Coach"\n', "\n", r"en\.toml: name is missing; write name = "),
    ],
)
def test_a_stray_or_missing_field_of_the_store_page_is_named(store: Path, old: str, new: str, complaint: str) -> None:
    changed(store / "en.toml", old, new)
    with pytest.raises(SourceError, match=complaint):
        compile_manifest(store)


def test_a_refusal_is_an_exit_code(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (package / LARGE).unlink()
    monkeypatch.setattr("tools.store.__main__.read_package", lambda: read_package(package))
    assert main(["check"]) == 1
    assert "icon-512.png: file is missing" in capsys.readouterr().err


def test_building_twice_changes_nothing_and_gives_the_same_bytes(package: Path) -> None:
    assert draw_icons() == draw_icons()
    assert write_icons(draw_icons(), package) == []
    assert not write_manifest(compile_manifest(), package)
    for pixels in (108, 512):
        assert png_size(package / f"assets/images/icon-{pixels}.png") == (pixels, pixels)


def test_what_a_deployment_wrote_is_kept_and_is_no_drift(package: Path) -> None:
    endpoint = {"uri": "arn:aws:lambda:us-east-1:123456789012:function:cramp-coach"}
    manifest(lambda document: document["apis"]["custom"].update(endpoint=endpoint))(package)
    assert complaints(package) == []
    write_manifest(compile_manifest(), package)
    assert read_package(package).custom["endpoint"] == endpoint


def test_a_development_deploy_points_nowhere(store: Path) -> None:
    (store / "owner.toml").write_text('public_address = ""\n')
    assert "locales" not in compile_manifest(store)["manifest"]["privacyAndCompliance"]


def test_one_setting_gives_every_locale_its_pages(store: Path) -> None:
    (store / "owner.toml").write_text(f'public_address = "{ADDRESS}/"\n')
    made = compile_manifest(store)["manifest"]
    pages = made["privacyAndCompliance"]["locales"]
    assert pages.keys() == made["publishingInformation"]["locales"].keys()
    for found in pages.values():
        assert found == {"privacyPolicyUrl": f"{ADDRESS}/PRIVACY.md", "termsOfUseUrl": f"{ADDRESS}/TERMS.md"}


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ('"https://example.com/skill"', "is a placeholder"),
        ('"https://<you>.github.io"', "is a placeholder"),
        ('"https://your-domain.nz"', "is a placeholder"),
        ('"https://localhost:8000"', "is a placeholder"),
        ('"http://cramps.nz"', "is not an https address"),
        ('"cramps.nz/skill"', "is not an https address"),
        ('"https://cramps"', "is not an https address"),
        ('"https://cramps.nz/a page"', "is not an https address"),
        ('"https://cramps.nz/?page=1"', "is not an https address"),
        ('"https://[cramps.nz"', "is not an address"),
        ('"https://93.184.216.34"', "is an IP address"),
        ('"https://alexa.cramps.nz"', "has 'alexa' in its host"),
        ("7", "is not text"),
    ],
)
def test_an_address_that_amazon_would_refuse_is_refused(store: Path, address: str, why: str) -> None:
    (store / "owner.toml").write_text(f"# mine\npublic_address = {address}\n")
    with pytest.raises(SourceError, match=rf"owner\.toml:2: public_address {re.escape(why)}.*; write"):
        public_address(store / "owner.toml")


def test_an_address_may_name_amazon_in_its_path(store: Path) -> None:
    (store / "owner.toml").write_text('public_address = "https://cramps.nz/alexa/skill"\n')
    assert public_address(store / "owner.toml") == "https://cramps.nz/alexa/skill"


def test_a_drawing_that_is_none_is_named(store: Path) -> None:
    (store / "icon.svg").write_text("<svg")
    with pytest.raises(SourceError, match=r"icon\.svg: not an SVG: .*; fix the drawing"):
        draw_icons(store)
    (store / "icon.svg").unlink()
    with pytest.raises(SourceError, match=r"icon\.svg: file is missing; restore"):
        draw_icons(store)


@pytest.mark.parametrize("name", [name for name, device in DEVICES.items() if device.screen])
def test_every_screen_of_the_simulator_is_one_that_the_manifest_declares(name: str) -> None:
    screen = DEVICES[name].screen
    assert screen
    declared = compile_manifest()["manifest"]["apis"]["custom"]["interfaces"][0]["supportedViewports"]
    fitting = [
        each
        for each in declared
        if (each["mode"], each["shape"]) == (screen.mode, screen.shape)
        and each["minWidth"] <= screen.width <= each["maxWidth"]
        and each["minHeight"] <= screen.height <= each["maxHeight"]
    ]
    assert len(fitting) == 1
