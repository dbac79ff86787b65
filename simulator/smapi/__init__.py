"""A stand-in for the part of Amazon's Skill Management API that testing and deploying call.

| module | serves |
|---|---|
| `simulations` | simulations, invocations, profile-nlu: `ask dialog`, `ask smapi simulate-skill` |
| `nlu` | NLU annotation sets and evaluations |
| `packages` | manifest, enablement, and the upload of a skill package |
| `validations` | skill validation, by the checks of `make certify` |
| `account` | what an account has besides: the token, the vendor, its skills, the interaction model |
| `etags` | ETag and If-Match, for what is read and changed |
"""

from __future__ import annotations

import json

from flask import Flask

from simulator.envelope import APPLICATION_ID
from simulator.model import ROOT
from simulator.skill import Skill
from simulator.smapi import account, nlu, packages, simulations, validations
from simulator.smapi.etags import heed_etags
from simulator.smapi.packages import MANIFEST
from simulator.smapi.packages import Skill as ImportedSkill

PACKAGE = ROOT / "skill-package"


def serve_smapi(app: Flask, skill: Skill) -> None:
    """Let `app` answer as Amazon's interface does, with the skill of this checkout imported and enabled."""
    app.extensions["simulations"] = simulations.Simulations(skill)
    packages.serve_packages(app, **{APPLICATION_ID: own_package()})
    heed_etags(app)
    for module in (simulations, nlu, validations, account):
        app.register_blueprint(module.routes)


def how_to_use(address: str) -> str:
    """What somebody types to have Amazon's own command line talk to the simulator at `address`."""
    settings = "\n".join(f"export {name}={value}" for name, value in environment(address).items())
    return f"""\
# Amazon's command line, talking to this simulator until Ctrl-C. In another terminal:
{settings}
npx ask dialog --skill-id {APPLICATION_ID} --locale en-US

# ask-cli 2.30.7 starts only with one of its packages held back: `npm ci` here does it; elsewhere, a package.json:
# {{"devDependencies": {{"ask-cli": "2.30.7"}}, "overrides": {{"antlr4ts": "0.5.0-alpha.4"}}}}"""


def environment(address: str) -> dict[str, str]:
    """The variables that turn ask-cli to `address`, without an account or a file of its own."""
    return {
        "ASK_SMAPI_SERVER_BASE_URL": address,
        "ASK_LWA_TOKEN_HOST": address,
        "ASK_REFRESH_TOKEN": "offline",
        "ASK_ACCESS_TOKEN": "offline",
        "ASK_VENDOR_ID": account.VENDOR,
        "AWS_ACCESS_KEY_ID": "offline",
        "AWS_SECRET_ACCESS_KEY": "offline",
        "ASK_SHARE_USAGE": "false",
        "ASK_SKIP_NEW_VERSION_REMINDER": "true",
    }


def own_package() -> ImportedSkill:
    """The skill package of this checkout, as if it had been deployed."""
    files = {str(path.relative_to(PACKAGE)): path.read_bytes() for path in PACKAGE.rglob("*") if path.is_file()}
    return ImportedSkill(files, json.loads(files[MANIFEST]), enabled=True)
