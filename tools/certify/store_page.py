"""The store page: what people read before they enable the skill."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.certify.evidence import Evidence
from tools.certify.rules import Finding, rule, rule_of_package
from tools.store import checks
from tools.store.manifest import CAN_FULFILL, SCREENS
from tools.store.skill_package import quoted

MANIFEST = "Skill Manifest Schema"
METADATA = "Troubleshoot Certification Failures: Metadata"

# field of a store page -> most characters
LENGTHS = {"name": 50, "summary": 160, "description": 4000}
MAX_KEYWORDS, MAX_KEYWORD = 30, 150
MAX_PHRASE = 200
MAX_INSTRUCTIONS = 4000


@rule("store page", "Every text is there, in every locale, and short enough", MANIFEST)
def lengths(evidence: Evidence) -> Iterator[Finding]:
    """Amazon's own limits."""
    package = evidence.package
    for locale, page in package.pages.items():
        for field, most in LENGTHS.items():
            if not 2 <= len(page.get(field, "")) <= most:
                count = len(page.get(field, ""))
                yield package.problem(
                    f'"{field}"', f"{locale}: the {field} has {count} characters", f"write 2 to {most}"
                )
        keywords = page.get("keywords", [])
        if not 1 <= len(keywords) <= MAX_KEYWORDS or any(len(word) > MAX_KEYWORD for word in keywords):
            yield package.problem('"keywords"', f"{locale}: {len(keywords)} keywords", f"give 1 to {MAX_KEYWORDS}")
        for phrase in page.get("examplePhrases", []):
            if len(phrase) > MAX_PHRASE:
                yield package.problem(phrase, f"{locale}: '{phrase}' is too long", "shorten it")
    instructions = package.manifest["publishingInformation"].get("testingInstructions", "")
    if not 0 < len(instructions) <= MAX_INSTRUCTIONS:
        yield package.problem(
            '"testingInstructions"', f"{len(instructions)} characters", f"write 1 to {MAX_INSTRUCTIONS}"
        )


@rule("store page", "The summary is one short sentence, and names no other brand", METADATA)
def summary(evidence: Evidence) -> Iterator[Finding]:
    """One sentence, and not the name once more."""
    for locale, page in evidence.package.pages.items():
        if not re.fullmatch(r"[A-Z][^.!?]+\.", page["summary"]):
            yield evidence.package.problem('"summary"', f"{locale}: the summary is not one sentence", "fix store/")


@rule("store page", "The description has the wake word and the right name, and whole sentences", METADATA)
def description(evidence: Evidence) -> Iterator[Finding]:
    """How to start it is said in words that start it."""
    for locale, page in evidence.package.pages.items():
        name = evidence.language_model(locale)["invocationName"]
        if not any(phrase.startswith("Alexa, ") and name in phrase for phrase in quoted(page["description"])):
            yield evidence.package.problem('"description"', f"{locale} doesn't say how to open it", "quote the phrase")
        for found in re.findall(r"  +|\.\.+|\( | \)|\s,|[a-z]\.[A-Z]", page["description"]):
            yield evidence.package.problem('"description"', f"{locale} has '{found}'", "fix the sentence")


@rule("store page", "The category is one that Amazon has, and the right one", MANIFEST)
def category(evidence: Evidence) -> Iterator[Finding]:
    """There is none for medicine."""
    found = evidence.package.manifest["publishingInformation"].get("category")
    if found != "HEALTH_AND_FITNESS":
        yield evidence.package.problem('"category"', f"the category is {found}", "set HEALTH_AND_FITNESS")


rule_of_package("store page", "Icons have the right sizes, and come from the one drawing", MANIFEST, checks.icons)


@rule("store page", "Only interfaces that the skill uses are declared, and all of them", MANIFEST)
def interfaces(evidence: Evidence) -> Iterator[Finding]:
    """Screens if the code has screens; asking beforehand if the code answers that."""
    declared = {interface.get("type") for interface in evidence.package.custom.get("interfaces", [])}
    used = {CAN_FULFILL} if (evidence.code / "cramp_coach" / "handlers" / "can_fulfill.py").exists() else set()
    if (evidence.code / "cramp_coach" / "screens").is_dir():
        used.add(SCREENS)
    for name in sorted(declared - used):
        yield evidence.package.problem(f'"{name}"', f"{name} is declared, and the code doesn't use it", "drop it")
    for name in sorted(used - declared):
        yield evidence.package.problem('"interfaces"', f"{name} is used and not declared", "declare it")


rule_of_package(
    "store page",
    "Custom tasks are defined as Amazon has it, with a title in every locale",
    "Implement Custom Tasks in Your Skill",
    checks.tasks,
)
rule_of_package(
    "store page",
    "No placeholder is left, and every address is one that Amazon takes",
    "Policy Certification Tips",
    checks.placeholders,
)
rule_of_package("store page", "What is submitted is what the sources make", MANIFEST, checks.drift)
