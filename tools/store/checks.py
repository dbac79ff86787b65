"""What must not be deployed: each check yields problems, each problem names file, line and fix.

Sources: Amazon's "Skill Manifest Schema" and "Implement Custom Tasks in Your Skill"; its own classes for manifests and
models (ask-smapi-model), which must read what we wrote and write the same again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ask_sdk_model_runtime import DefaultSerializer
from ask_sdk_model_runtime.exceptions import SerializationException
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from ask_smapi_model.v1.skill.manifest.interface import Interface
from ask_smapi_model.v1.skill.manifest.interface_type import InterfaceType
from ask_smapi_model.v1.skill.manifest.skill_manifest_envelope import SkillManifestEnvelope
from openapi_spec_validator import OpenAPIV30SpecValidator

from tools.documents import Json, read_json, strings, table
from tools.errors import ROOT, Problem, SourceError, line_of
from tools.store.icons import draw_icons
from tools.store.manifest import (
    ICONS,
    PLACEHOLDER,
    PRIVACY,
    TERMS,
    compile_manifest,
    refused_address,
    without_deployment,
)
from tools.store.skill_package import SkillPackage, png_size

ASSETS = "file://assets/"
TASK_FILE = re.compile(r"[A-Za-z]+\.[1-9]\d*")
MAKE = "edit store/, run make store and commit it"


def check_all(package: SkillPackage) -> Iterator[Problem]:
    """Every reason not to deploy."""
    yield from locales(package)
    yield from schema(package)
    yield from icons(package)
    yield from placeholders(package)
    yield from tasks(package)
    yield from drift(package)


def locales(package: SkillPackage) -> Iterator[Problem]:
    """Every locale of the manifest has a model, and every model a locale."""
    for locale in package.pages.keys() - package.models.keys():
        yield package.problem(
            f'"{locale}"', f"{locale} has a store page and no interaction model", "add it to language.toml, make models"
        )
    for locale in package.models.keys() - package.pages.keys():
        yield Problem(package.model_path(locale), 0, f"{locale} has an interaction model and no store page", MAKE)
    for locale in table(package.privacy, "locales").keys() ^ package.pages.keys():
        if "locales" in package.privacy:
            yield package.problem(
                '"privacyAndCompliance"', f"{locale} has a store page or a privacy page, not both", MAKE
            )


def schema(package: SkillPackage) -> Iterator[Problem]:
    """Amazon's own classes read the manifest and the models, and know every field in them."""
    envelope, _ = read_json(package.manifest_path)
    for interface in _interfaces_without_class(envelope):
        if set(interface) != {"type"} or interface["type"] not in {kind.value for kind in InterfaceType}:
            yield package.problem('"interfaces"', f"Amazon knows no interface {json.dumps(interface)}", MAKE)
    if why := _unlike(envelope, SkillManifestEnvelope):
        yield Problem(package.manifest_path, 0, f"not a manifest: {why}", MAKE)
    for locale, model in package.models.items():
        if why := _unlike(model, InteractionModelData):
            yield Problem(package.model_path(locale), 0, f"not an interaction model: {why}", "run make models")


def _interfaces_without_class(envelope: Json) -> list[Json]:
    """Takes out of a manifest the interfaces for which Amazon has a name and no class of fields."""
    custom = table(envelope, "manifest", "apis", "custom")
    found = [table(interface) for interface in custom.get("interfaces", [])]
    classes = Interface.discriminator_value_class_map
    custom["interfaces"] = [interface for interface in found if interface.get("type") in classes]
    return [interface for interface in found if interface.get("type") not in classes]


def _unlike(document: Json, kind: type) -> str:
    """Where `document` differs from what Amazon's class makes of it; "" if it doesn't."""
    serializer = DefaultSerializer()
    try:
        read = serializer.serialize(serializer.deserialize(json.dumps(document), kind))
    except (SerializationException, ValueError, TypeError, AttributeError) as error:
        return str(error).partition("\n")[0] or type(error).__name__
    return _difference(document, read, "")


def _difference(wrote: Any, read: Any, where: str) -> str:
    if isinstance(wrote, dict) and isinstance(read, dict):
        for key, value in wrote.items():
            if key not in read:
                return f"unknown field {where}{key}"
            if found := _difference(value, read[key], f"{where}{key}."):
                return found
        return ""
    if isinstance(wrote, list) and isinstance(read, list) and len(wrote) == len(read):
        pairs = enumerate(zip(wrote, read, strict=True))
        return next((found for at, (one, other) in pairs if (found := _difference(one, other, f"{where}{at}."))), "")
    return "" if wrote == read else f"{where.rstrip('.')} is {json.dumps(wrote)[:40]}"


def icons(package: SkillPackage) -> Iterator[Problem]:
    """Every store page has its two icons, in Amazon's sizes, drawn from the one drawing."""
    used = {}
    for locale, page in package.pages.items():
        for field, pixels in ICONS.items():
            uri = page.get(field, "")
            if not isinstance(uri, str) or not uri.startswith(ASSETS):
                yield package.problem(f'"{field}"', f"{locale} has no {field} in assets/", MAKE)
            else:
                used[uri.removeprefix("file://")] = pixels
    for name, pixels in used.items():
        path = package.folder / name
        try:
            width, height = png_size(path)
        except SourceError as error:
            yield error.problem
            continue
        if (width, height) != (pixels, pixels):
            what = f"{width} by {height} pixels, where Amazon wants {pixels} by {pixels}"
            yield Problem(path, 0, what, "run make store")


def placeholders(package: SkillPackage) -> Iterator[Problem]:
    """Nothing is left to fill in, and every address is one that Amazon takes."""
    for text in strings(package.manifest):
        if not text.startswith(("http:", "https:")) and (found := PLACEHOLDER.search(text)):
            yield package.problem(found[0], f"'{found[0]}' is a placeholder", MAKE)
    for locale, page in table(package.privacy, "locales").items():
        for field in ("privacyPolicyUrl", "termsOfUseUrl"):
            if why := refused_address(table(page).get(field) or "?"):
                yield package.problem(
                    f'"{field}"', f"{field} of {locale} {why}", "fix store/owner.toml, run make store"
                )
    for path in (ROOT / PRIVACY, ROOT / TERMS):
        if not path.is_file():
            yield Problem(path, 0, "file is missing", "restore it: the store page points there")
        elif found := PLACEHOLDER.search(text := path.read_text(encoding="utf-8")):
            yield Problem(path, line_of(text, found[0]), f"'{found[0]}' is a placeholder", "write what belongs there")


def tasks(package: SkillPackage) -> Iterator[Problem]:
    """Every custom task is defined as Amazon has it, and declared in the manifest."""
    declared = {f"{task.get('name')}.{task.get('version')}" for task in package.custom.get("tasks", [])}
    for name in declared - package.tasks.keys():
        yield package.problem('"tasks"', f"the task {name} has no file in tasks/", MAKE)
    for name in package.tasks.keys() - declared:
        yield Problem(package.folder / "tasks" / f"{name}.json", 0, "is not in the manifest", "run make store")
    for name, task in package.tasks.items():
        path = package.folder / "tasks" / f"{name}.json"
        if not TASK_FILE.fullmatch(name):
            yield Problem(path, 0, "is not named after a task and its version", "rename it, like CrampNow.1.json")
        for error in OpenAPIV30SpecValidator(task).iter_errors():
            yield Problem(path, 0, f"not OpenAPI 3.0: {error.message}", "fix it")
        paths = table(task, "paths")
        if list(paths) != [f"/{name.partition('.')[0]}"] or any(list(path) != ["post"] for path in paths.values()):
            yield Problem(path, 0, "must have exactly one path, named after the task, with only a post", "fix it")
        inputs = table(task, "components", "schemas", "Input", "properties")
        if len(inputs) != 1:  # quick links want at least one, routines take at most one
            yield Problem(path, 0, f"has {len(inputs)} inputs in components.schemas.Input", "give it exactly one")
        if table(task, "info").get("x-amzn-alexa-access-scope") != "public":
            yield Problem(path, 0, "is not public", 'set "x-amzn-alexa-access-scope" to "public", or nobody can use it')
        titles = table(task, "info", "x-amzn-display-details")
        for locale in package.pages.keys() - titles.keys():
            yield Problem(path, 0, f"has no title in {locale}", "add it to x-amzn-display-details")


def drift(package: SkillPackage) -> Iterator[Problem]:
    """What is committed is what the sources make."""
    committed, _ = read_json(package.manifest_path)
    made, deployed = compile_manifest(package=package.folder), without_deployment(committed)
    if where := _difference(made, deployed, "") or _difference(deployed, made, ""):
        yield Problem(package.manifest_path, 0, f"is not what store/ makes ({where})", "run make store and commit it")
    for name, png in draw_icons().items():
        path = package.folder / name
        if not path.is_file() or path.read_bytes() != png:
            yield Problem(path, 0, "is not what store/icon.svg draws", "run make store and commit it")
