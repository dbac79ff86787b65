"""Policy: what a health skill must say, and must never do."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from tools.certify.evidence import Evidence, heard
from tools.certify.rules import Finding, ToDo, rule
from tools.documents import strings, table
from tools.errors import Problem
from tools.languages import CheckedLanguage, Rules, checked

POLICY = "Policy Requirements for an Alexa Skill"

# What the description has to say, in the words of [disclaimer] in tools/languages/.
DISCLAIMER = {
    "that it is for information and education": "information",
    "that it is not medical advice": "no_advice",
    "that it is not a substitute for a professional": "no_substitute",
    "that a doctor is to be asked": "doctor",
    "what to do in an emergency": "emergency",
}
NOT_IN_A_NAME = re.compile(r"\b(cure|treat|guarantee|doctor|emergency|medical|911|alexa|amazon|echo|skill)\w*", re.I)
# Modules that keep things or send them somewhere: nothing of ours may import them.
KEEPING = {
    *("boto3", "botocore", "sqlite3", "dbm", "shelve", "socket", "http", "requests", "urllib3", "aiohttp", "smtplib"),
    *("ask_sdk_dynamodb_persistence_adapter", "ask_sdk_s3_persistence_adapter", "ask_sdk"),
}


@rule("policy", "The description says that the skill is not a substitute for a doctor's advice", POLICY)
def description_disclaims(evidence: Evidence) -> Iterator[Finding]:
    """Amazon's own example is American: it names 911, which is wrong in the four other locales."""
    said = checked(evidence.language)["disclaimer"]
    for locale, page in evidence.package.pages.items():
        for what, name in DISCLAIMER.items():
            if not re.search(said[name], page.get("description", ""), re.IGNORECASE):
                yield evidence.package.problem('"description"', f"{locale} doesn't say {what}", "add it to store/")


@rule("policy", "The skill says so aloud, once a session, after the first help and not before", POLICY)
def speech_disclaims(evidence: Evidence) -> Iterator[Finding]:
    """Played for relief and for information."""
    disclaimer = next(text for line, text in evidence.texts if line.ref == "disclaimer")
    better, tip, topic, cause = (evidence.example_of[f"{name}Intent"] for name in ("Better", "Tip", "Topic", "Cause"))
    on = evidence.built_in("Next")
    for said in ((evidence.opening, better, tip, *on), (topic, cause, *on)):
        device = evidence.device()
        spoken = [heard(device.hear(words)) for words in said]
        count = sum(words.count(disclaimer) for words in spoken)
        if count != 1:
            yield f"'{disclaimer}' was said {count} times in {', '.join(said)}"
    if disclaimer in heard(evidence.launch):
        yield "the disclaimer comes before the first step is done"


@rule("policy", "Nothing promises a cure, a treatment or a saved life", POLICY)
def no_claims(evidence: Evidence) -> Iterator[Finding]:
    """In what is spoken and on the store page, as far as lists of words can find it; the rest is for a person."""
    yield from _said(evidence, lambda language: language.promises)


@rule("policy", "No name claims to be a doctor, an emergency service or Amazon's", POLICY)
def names(evidence: Evidence) -> Iterator[Finding]:
    """The skill's name in every locale, and the name it is called by."""
    for locale, page in evidence.package.pages.items():
        for name in (page["name"], str(evidence.language_model(locale)["invocationName"])):
            if found := NOT_IN_A_NAME.search(name):
                yield evidence.package.problem('"name"', f"{locale}: '{name}' has '{found[0]}'", "choose another name")


@rule("policy", "No dose, no diagnosis, no emergency number of one country, no offer to call anybody", POLICY)
def never_said(evidence: Evidence) -> Iterator[Finding]:
    """The list that the words themselves are checked against."""
    for line, text in evidence.texts:
        for found, fix in checked(line.language).never_said(text, checked(line.language).never):
            yield line.problem(f"says '{found}'", fix)
    for locale, page in evidence.package.pages.items():
        language = checked(locale.partition("-")[0])
        if number := language.emergency_number.search(page["description"]):
            fix = language.forbidden("instead_of_a_number")
            yield evidence.package.problem(number[0], f"{locale} names {number[0]}", fix)


@rule("policy", "Asked to call for help, the skill says that it can't and what to do", POLICY)
def calls_nobody(evidence: Evidence) -> Iterator[Finding]:
    """No directive, no promise."""
    for intent in ("AmbulanceIntent", "ChestSignIntent", "CannotCallIntent"):
        said = evidence.example_of[intent]
        exchange = evidence.device().hear(said)
        spoken = heard(exchange)
        if not re.search(checked(evidence.language)["disclaimer"]["calls_nobody"], spoken, re.IGNORECASE):
            yield f"'{said}' is answered with '{spoken}'"
        if table(exchange.response, "response").get("directives"):
            yield f"'{said}' is answered with a directive"


@rule("policy", "No advertising, no product, no other skill", POLICY)
def sells_nothing(evidence: Evidence) -> Iterator[Finding]:
    """Neither spoken nor on the store page, as far as lists of names can find it; the rest is for a person."""
    yield from _said(evidence, lambda language: language.brands | language.advertising)


def _said(evidence: Evidence, rules: Callable[[CheckedLanguage], Rules]) -> Iterator[Finding]:
    """What some rules of its language forbid, in a line of the words or a text of a store page."""
    for line, text in evidence.texts:
        language = checked(line.language)
        for found, fix in language.never_said(text, rules(language)):
            yield line.problem(f"says '{found}'", fix)
    for locale, page in evidence.package.pages.items():
        language = checked(locale.partition("-")[0])
        for text in strings(page):
            for found, fix in language.never_said(text, rules(language)):
                yield evidence.package.problem(found, f"{locale} says '{found}'", fix)


@rule("policy", "No health information is collected: nothing is kept, sent or asked permission for", POLICY)
def collects_nothing(evidence: Evidence) -> Iterator[Finding]:
    """No permission and no skill event in the manifest, and no code that could keep or send anything."""
    for field in ("permissions", "events"):
        if field in evidence.package.manifest:
            yield evidence.package.problem(f'"{field}"', f"the manifest has {field}", "ask for nothing")
    for path in sorted([*evidence.code.glob("*.py"), *(evidence.code / "cramp_coach").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if why := _keeps(node):
                yield Problem(path, node.lineno, why, "keep nothing")  # type: ignore[attr-defined]  # it has a line
    requirements = (evidence.code / "requirements.txt").read_text(encoding="utf-8")
    if found := re.search(r"^(boto3|ask-sdk-(dynamodb|s3)\S*|ask-sdk)(?==|\s|$)", requirements, re.MULTILINE):
        yield f"requirements.txt has {found[0]}"


def _keeps(node: ast.AST) -> str:
    """What a piece of code does that could keep or send something; "" if it does neither."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        names = []
    for name in names:
        if name.partition(".")[0] in KEEPING or name.startswith("urllib.request"):
            return f"imports {name}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
        modes = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
        if any(isinstance(mode, ast.Constant) and re.search(r"[wax+]", str(mode.value)) for mode in modes):
            return "writes a file"
    return ""


@rule("policy", "A session carries ids and numbers of this conversation only, never what was said", POLICY)
def session_holds_ids(evidence: Evidence) -> Iterator[Finding]:
    """Free text has spaces; ids have none."""
    for visit in evidence.visits:
        for text in strings((visit.exchange.response or {}).get("sessionAttributes")):
            if re.search(r"\s", text):
                yield f"{visit} leaves '{text}' in the session"


@rule("policy", "The manifest tells the truth about privacy, money, children and health data", POLICY)
def flags(evidence: Evidence) -> Iterator[Finding]:
    """The flag for health data is for HIPAA-covered entities, and not for a skill about health."""
    true = {"isExportCompliant"}
    false = {"allowsPurchases", "usesPersonalInfo", "isChildDirected", "containsAds", "usesHealthInfo"}
    for flag in sorted(true | false):
        if evidence.package.privacy.get(flag) is not (flag in true):
            yield evidence.package.problem(f'"{flag}"', f"{flag} is not {str(flag in true).lower()}", "fix store/")


@rule("policy", "Privacy policy and terms have a public address", "Certification Requirements: Privacy URLs")
def public_pages(evidence: Evidence) -> Iterator[Finding]:
    """Left out while developing; a submission has to have it, in every locale."""
    pages = table(evidence.package.privacy, "locales")
    if not pages:
        fix = "write the address of your PRIVACY.md into store/owner.toml, then run make store"
        yield f"no public address: {fix}" if evidence.submit else ToDo(f"Before you submit, {fix}.")
        return
    for locale in evidence.package.pages:
        for field in ("privacyPolicyUrl", "termsOfUseUrl"):
            if not table(pages, locale).get(field):
                yield evidence.package.problem('"privacyAndCompliance"', f"{locale} has no {field}", "run make store")
    for address in sorted(set(strings(pages))):
        yield ToDo(f"Open {address} in a private window: it has to show this page, without signing in.")
