"""Making skill.json of `store/`: the same sources always give the same bytes."""

from __future__ import annotations

import copy
import ipaddress
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.documents import Json, read_fields, read_json, read_toml, table, write_changed
from tools.errors import ROOT, SourceError, line_of
from tools.review import share
from tools.store.skill_package import PACKAGE, STORE

MODELS = ROOT / "interaction-models"

# The interfaces beside speech; Amazon's names for them.
SCREENS = "ALEXA_PRESENTATION_APL"
CAN_FULFILL = "CAN_FULFILL_INTENT_REQUEST"

PRIVACY = "PRIVACY.md"
TERMS = "TERMS.md"

# What stands on a store page, how much of it has been reviewed, and the disclaimer for each of these.
PAGE = ("name", "summary", "example_phrases", "keywords", "description", "reviewed", "spoken")

ICONS = {"smallIconUri": 108, "largeIconUri": 512}  # pixels, square: what Amazon's store asks for

# What ask-cli writes into the manifest when it deploys. It is not ours to make, and not ours to lose.
DEPLOYED = ("endpoint", "regions")

# What stands where somebody still has to write something.
PLACEHOLDER = re.compile(
    r"\b(todo|fixme|tbd|xxx+|lorem ipsum|changeme|placeholder)\b|<[a-z][a-z _-]*>"
    r"|\byour[-.](name|domain|site|company)\b|\bexample\.(com|org|net)\b|\blocalhost\b|\.(example|invalid|test|local)\b",
    re.IGNORECASE,
)
# Names that a publisher's own address may not use (Amazon's policy tips on its intellectual property).
AMAZONS_NAMES = re.compile(r"amazon|alexa|\baws\b|echo", re.IGNORECASE)


def compile_manifest(store: Path = STORE, models: Path = MODELS, package: Path = PACKAGE) -> Json:
    """The manifest, but for what a deployment adds. Raises SourceError.

    Locales are those of the languages in `models`, tasks those that are defined in `package`.
    """
    skill = read_fields(store / "skill.toml", "category", "testing_instructions", "privacy", "viewports")
    pages: dict[str, Json] = {}
    for path in sorted(models.glob("*/language.toml")):
        language, _ = read_toml(path)
        page = read_fields(store / f"{path.parent.name}.toml", *PAGE)
        reviewed = share(path.parent.name)
        pages |= {locale: _page(page, reviewed) for locale in language["locales"]}
    privacy: Json = dict(skill["privacy"])
    address = public_address(store / "owner.toml")
    if address:
        urls = {"privacyPolicyUrl": f"{address}/{PRIVACY}", "termsOfUseUrl": f"{address}/{TERMS}"}
        privacy["locales"] = dict.fromkeys(sorted(pages), urls)
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "category": skill["category"],
                "distributionMode": "PUBLIC",
                "isAvailableWorldwide": True,
                "testingInstructions": skill["testing_instructions"].strip(),
                "locales": dict(sorted(pages.items())),
            },
            "privacyAndCompliance": privacy,
            "apis": {
                "custom": {
                    "interfaces": [
                        {"type": SCREENS, "supportedViewports": skill["viewports"]},
                        {"type": CAN_FULFILL},
                    ],
                    "tasks": _tasks(package),
                }
            },
        }
    }


def _tasks(package: Path) -> list[Json]:
    tasks = (path.stem.partition(".") for path in sorted((package / "tasks").glob("*.json")))
    return [{"name": name, "version": version} for name, _, version in tasks]


def _page(page: dict[str, Any], reviewed: str) -> Json:
    return {
        "name": page["name"],
        "summary": page["summary"],
        "description": page["description"].strip().replace("{reviewed}", page["reviewed"][reviewed]),
        "examplePhrases": page["example_phrases"],
        "keywords": page["keywords"],
        **{field: f"file://assets/images/icon-{pixels}.png" for field, pixels in ICONS.items()},
    }


def public_address(path: Path) -> str:
    """The owner's public address without a slash at its end; "" if there is none yet.

    Raises SourceError for an address that Amazon would refuse.
    """
    document, text = read_toml(path)
    address = document.get("public_address", "")
    if why := refused_address(address):
        line = line_of(text, "public_address")
        raise SourceError(
            path, line, f"public_address {why}", 'write "https://..." as anybody can open it, or leave it empty'
        )
    return str(address).rstrip("/")


def refused_address(address: object) -> str:
    """Why Amazon would refuse an address of the owner's; "" if it would not, or if there is none yet."""
    if not isinstance(address, str):
        return "is not text"
    if not address:
        return ""
    if found := PLACEHOLDER.search(address):
        return f"is a placeholder ('{found[0]}')"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address"
    if parts.scheme != "https" or "." not in host or re.search(r"\s", address) or parts.query or parts.fragment:
        return "is not an https address"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return "is an IP address"
    if found := AMAZONS_NAMES.search(host):
        return f"has '{found[0]}' in its host, which Amazon refuses"
    return ""


def without_deployment(manifest: Json) -> Json:
    """A manifest without what ask-cli wrote into it."""
    kept = copy.deepcopy(manifest)
    custom = table(kept, "manifest", "apis", "custom")
    for field in DEPLOYED:
        custom.pop(field, None)
    return kept


def write_manifest(manifest: Json, folder: Path = PACKAGE) -> bool:
    """Write skill.json, keeping what a deployment wrote into it; returns whether anything changed."""
    path = folder / "skill.json"
    if path.exists() and path.stat().st_size:
        deployed = table(read_json(path)[0], "manifest", "apis", "custom")
        manifest["manifest"]["apis"]["custom"] |= {field: deployed[field] for field in DEPLOYED if field in deployed}
    return write_changed(path, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
