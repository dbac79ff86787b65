"""`python -m tools.deploy`: check what `ask deploy` needs, each thing at once, then run it.

ask-cli finds out about a missing account or setting one at a time, some only after the models are built. `--check`
stops before anything is sent; what else is given goes to ask-cli. Exit code 1 if something is missing (one line
each: what, and the fix), else ask-cli's own.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.documents import read_json, table
from tools.errors import ROOT, Problem, SourceError, complain, line_of
from tools.package import RESOURCES, deployed_runtime, find_python

# What ask-cli calls the profile whose credentials are in the environment (its lib/utils/constants.js).
ENVIRONMENT_PROFILE = "__ENVIRONMENT_ASK_PROFILE__"
ENVIRONMENT_CREDENTIALS = "__AWS_CREDENTIALS_IN_ENVIRONMENT_VARIABLE__"

PACKAGE_JSON = ROOT / "package.json"
DEPLOYER = "@ask-cli/cfn-deployer"
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def problems(profile: str, resources: Path = RESOURCES) -> Iterator[Problem]:
    """What `ask deploy` would want for a profile of ask-resources.json: tools, settings, accounts."""
    for check in (_tools(), _settings(profile, resources), _accounts(profile)):
        try:
            yield from check
        except SourceError as error:
            yield error.problem


def environment_profile() -> bool:
    """Whether ask-cli would take its credentials from the environment."""
    tokens = os.environ.get("ASK_REFRESH_TOKEN") or os.environ.get("ASK_ACCESS_TOKEN")
    others = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ASK_VENDOR_ID")
    return bool(tokens) and all(os.environ.get(name) for name in others)


def ask_command() -> str | None:
    """The path of ask-cli: the pinned one of this repository, else one that is installed."""
    ours = ROOT / "node_modules" / ".bin" / "ask"
    return str(ours) if ours.exists() else shutil.which("ask")


def _tools() -> Iterator[Problem]:
    if not shutil.which("node"):
        yield Problem(PACKAGE_JSON, 0, "Node.js is not installed, and ask-cli runs on it", "install Node 20 or newer")
    if not ask_command():
        yield Problem(PACKAGE_JSON, 0, "ask-cli is not installed", "run npm ci")
    if os.environ.get("WITHOUT_BYTECODE", "") in ("", "0"):
        find_python(deployed_runtime())


def _settings(profile: str, path: Path) -> Iterator[Problem]:
    document, text = read_json(path)
    profiles = table(document, "profiles")
    if profile not in profiles:
        there = ", ".join(profiles) or "none"
        fix = 'copy "default" under that name' if "default" in profiles else "restore the profile"
        yield Problem(path, line_of(text, '"profiles"'), f'no profile "{profile}" (there is {there})', fix)
        return

    line = line_of(text, f'"{profile}"')
    settings = table(profiles, profile)
    sources = {
        "skillMetadata.src": table(settings, "skillMetadata").get("src"),
        "code.default.src": table(settings, "code", "default").get("src"),
    }
    infrastructure = table(settings, "skillInfrastructure")
    config = table(infrastructure, "userConfig")
    sources["userConfig.templatePath"] = config.get("templatePath")
    for name, source in sources.items():
        if not isinstance(source, str) or not (path.parent / source).exists():
            what = f"{name} is {json.dumps(source)}, which is missing"
            yield Problem(path, line, what, "write a path from the folder of this file, such as ./lambda")
    if infrastructure.get("type") != DEPLOYER:
        yield Problem(path, line, f"skillInfrastructure.type is not {DEPLOYER}", f'set it to "{DEPLOYER}"')
    if not isinstance(config.get("handler"), str) or "." not in config["handler"]:
        yield Problem(
            path, line, "userConfig.handler does not name a function", 'write "lambda_function.lambda_handler"'
        )
    if not REGION.fullmatch(str(config.get("awsRegion"))):
        what = f"userConfig.awsRegion is {json.dumps(config.get('awsRegion'))}, which is not a region of AWS"
        yield Problem(path, line, what, 'write one that Alexa calls Lambda in, such as "us-east-1" or "eu-west-1"')


def _accounts(profile: str) -> Iterator[Problem]:
    if profile == ENVIRONMENT_PROFILE:
        if not environment_profile():
            fix = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ASK_VENDOR_ID and ASK_REFRESH_TOKEN, all four"
            yield Problem(RESOURCES, 0, f"{profile} takes credentials from the environment, and it lacks some", fix)
        return
    path = Path.home() / ".ask" / "cli_config"
    configure = f"run npx ask configure --profile {profile}"
    if not path.exists():
        yield Problem(path, 0, "ask-cli knows no Amazon account", configure)
        return
    try:
        account = table(read_json(path)[0], "profiles").get(profile)
    except SourceError as error:
        yield error.problem._replace(fix=configure)
        return
    if not isinstance(account, dict):
        yield Problem(path, 0, f'ask-cli has no profile "{profile}"', configure)
        return
    for name, what in (("token", "is not signed in"), ("vendor_id", "has no vendor id")):
        if not account.get(name):
            yield Problem(path, 0, f'the profile "{profile}" {what}', configure)
    linked = account.get("aws_profile")
    if not linked:
        yield Problem(
            path, 0, f'the profile "{profile}" is linked to no AWS account', f"{configure}, and say yes to AWS"
        )
    elif linked != ENVIRONMENT_CREDENTIALS and linked not in _aws_profiles():
        what = f'there is no AWS profile "{linked}", which "{profile}" is linked to'
        yield Problem(
            Path.home() / ".aws" / "credentials", 0, what, f"{configure}, or aws configure --profile {linked}"
        )


def _aws_profiles() -> set[str]:
    """The profiles in ~/.aws, whose config file calls them "profile NAME"."""
    found: set[str] = set()
    for name, variable in (("credentials", "AWS_SHARED_CREDENTIALS_FILE"), ("config", "AWS_CONFIG_FILE")):
        parser = configparser.RawConfigParser(default_section="")
        try:
            parser.read(os.environ.get(variable) or Path.home() / ".aws" / name, encoding="utf-8")
        except configparser.Error:
            continue
        found |= {section.removeprefix("profile ") for section in parser.sections()}
    return found


def main(arguments: list[str] | None = None) -> int:
    """Check, then deploy; returns the exit code."""
    usual = ENVIRONMENT_PROFILE if environment_profile() else os.environ.get("ASK_DEFAULT_PROFILE") or "default"
    parser = argparse.ArgumentParser(prog="python -m tools.deploy", description=__doc__.partition("\n")[2])
    parser.add_argument("--check", action="store_true", help="stop before anything is sent")
    parser.add_argument("-p", "--profile", default=usual, help="of ask-resources.json (%(default)s)")
    options, more = parser.parse_known_args(arguments)
    failed = complain(lambda: problems(options.profile))
    if failed:
        return failed
    if options.check:
        print(f"ask deploy --profile {options.profile} has what it needs")
        return 0
    return subprocess.run(
        [str(ask_command()), "deploy", "--profile", options.profile, *more], cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
