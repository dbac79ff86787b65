"""`make certify`: nothing fails here, and every rule fails where it is broken."""

from __future__ import annotations

import copy
import dataclasses
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cramp_coach.words import default_language, words_for
from simulator.skill import LAMBDA, local_skill
from tests.conftest import changed
from tools.certify.__main__ import main, table
from tools.certify.evidence import Evidence
from tools.certify.rules import FAILED, FOR_A_PERSON, PASSED, RULES, Row, rows
from tools.languages import checked
from tools.store.skill_package import PACKAGE, SkillPackage, read_package

Json = dict[str, Any]
Break = Callable[[Path], Evidence]

# So few that a walk takes no time, and enough to break every rule about conversations.
NONSENSE = "what's the capital of france"
EXAMPLES = ["help", "not yet", "it's gone", "next", "yes", "my calf is cramping", "start my bedtime stretch", NONSENSE]


@pytest.fixture(scope="module")
def found() -> list[Row]:
    return list(rows(Evidence(read_package())))


def test_no_rule_fails(found: list[Row]) -> None:
    assert [row for row in found if row.status == FAILED] == []
    computed = {rule.text for rule in RULES}
    undecided = {row.rule for row in found if row.status == FOR_A_PERSON} & computed
    assert undecided <= {
        "Privacy policy and terms have a public address",
        "Only this skill may call the Lambda function",
    }


def test_what_is_for_a_person_says_what_to_do(found: list[Row]) -> None:
    for row in found:
        assert bool(row.notes) == (row.status != PASSED)
        assert all(len(note) > 20 for note in row.notes)
        assert row.source


def test_the_table_has_every_row_and_counts_them(found: list[Row]) -> None:
    text = table(found)
    for row in found:
        assert f"  {row.status:<7} {row.rule} [{row.source}]\n" in text
    assert re.search(
        rf"\d+ passed, \d failed, {sum(row.status == FOR_A_PERSON for row in found)} for a person\.$", text
    )


def test_a_failure_is_an_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failed = Row("policy", "Nothing is wrong", "A page", FAILED, ["something is"])
    monkeypatch.setattr("tools.certify.__main__.rows", lambda *evidence: [failed])
    assert main([]) == 1
    assert "failed  Nothing is wrong [A page]\n          - something is" in capsys.readouterr().out


def test_a_package_that_cannot_be_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tools.certify.__main__.read_package", lambda: read_package(tmp_path))
    assert main([]) == 1
    assert capsys.readouterr().err.count("\n") == 1


# How to break things. Each gives evidence in which one thing is wrong.


def evidence_of(package: SkillPackage, **more: Any) -> Evidence:
    evidence = Evidence(package, **more)
    evidence.examples = EXAMPLES
    return evidence


def manifest(edit: Callable[[Any], object]) -> Break:
    """Change what stands under "manifest"."""

    def breaks(tmp_path: Path) -> Evidence:
        package = read_package()
        document = copy.deepcopy(package.manifest)
        edit(document)
        return evidence_of(dataclasses.replace(package, manifest=document))

    return breaks


def setting(table: str, **fields: Any) -> Break:
    """Set fields of one table of the manifest."""
    return manifest(lambda document: document[table].update(fields))


def page(**fields: Any) -> Break:
    """Change the British store page."""
    return manifest(lambda document: document["publishingInformation"]["locales"]["en-GB"].update(fields))


def describe(old: str, new: str) -> Break:
    """Change words of the British description."""

    def edit(document: Any) -> None:
        british = document["publishingInformation"]["locales"]["en-GB"]
        assert old in british["description"], "the test is out of date"
        british["description"] = british["description"].replace(old, new, 1)

    return manifest(edit)


def model(edit: Callable[[Any], object]) -> Break:
    """Change the language model of one locale."""

    def breaks(tmp_path: Path) -> Evidence:
        package = read_package()
        models = {**package.models, "en-GB": copy.deepcopy(package.models["en-GB"])}
        edit(models["en-GB"]["interactionModel"]["languageModel"])
        return evidence_of(dataclasses.replace(package, models=models))

    return breaks


def sample(text: str, intent: str = "SlowerIntent") -> Break:
    """Add a sample to an intent."""

    def edit(language: Any) -> None:
        next(each for each in language["intents"] if each["name"] == intent)["samples"].append(text)

    return model(edit)


def files(edit: Callable[[Path], object]) -> Break:
    """Change files of a copy."""

    def breaks(tmp_path: Path) -> Evidence:
        folder = Path(shutil.copytree(PACKAGE, tmp_path / "skill-package"))
        edit(folder)
        return evidence_of(read_package(folder))

    return breaks


def file(name: str, old: str, new: str) -> Break:
    """Change a text in a file of a copy."""

    return files(lambda folder: changed(folder / name, old, new))


def words(text: str, ref: str = "tip.water") -> Break:
    """Say something else in one line of the words."""

    def breaks(tmp_path: Path) -> Evidence:
        evidence = Evidence(read_package())
        line = next(line for line in evidence.lines if line.ref == ref)
        evidence.texts.append((line, text))
        return evidence

    return breaks


def skill(edit: Callable[[Json, Json], object]) -> Break:
    """Change what the skill answers: a function of the request and of the envelope that it answered with."""

    def breaks(tmp_path: Path) -> Evidence:
        return walking(lambda envelope, answer: edit(envelope["request"], answer) if envelope else None)

    return breaks


def walking(edit: Callable[[Any, Json], object]) -> Evidence:
    honest = local_skill()

    def dishonest(envelope: Any) -> Any:
        answer = honest(envelope)
        edit(envelope, answer)
        return answer

    return evidence_of(read_package(), skill=dishonest)


def speech(change: Callable[[str], str]) -> Break:
    """Change every speech."""

    def edit(request: Json, answer: Json) -> None:
        if spoken := answer["response"].get("outputSpeech"):
            spoken["ssml"] = change(spoken["ssml"])

    return skill(edit)


def respond(to: str = "", **fields: Any) -> Break:
    """Set fields of every spoken response, or of those to one intent or type of request."""

    def edit(request: Json, answer: Json) -> None:
        asked = (request["type"], request.get("intent", {}).get("name"))
        if to in asked or (not to and "outputSpeech" in answer["response"]):
            answer["response"].update(fields)

    return skill(edit)


def fail(at: str) -> Break:
    """Break at one intent or type of request."""

    def edit(request: Json, answer: Json) -> None:
        if at in (request["type"], request.get("intent", {}).get("name")):
            raise RuntimeError("broken")

    return skill(edit)


def answers_everyone(tmp_path: Path) -> Evidence:
    honest = local_skill()

    def careless(envelope: Any) -> Any:
        try:
            return honest(envelope)
        except Exception:
            return {}

    return Evidence(read_package(), skill=careless)


def diary(code: str) -> Break:
    """Add a module that keeps things."""

    def breaks(tmp_path: Path) -> Evidence:
        copied = Path(shutil.copytree(LAMBDA, tmp_path / "lambda"))
        (copied / "cramp_coach" / "diary.py").write_text(code)
        return Evidence(read_package(), code=copied)

    return breaks


def has_a_loose_template(tmp_path: Path) -> Evidence:
    (tmp_path / "stack.yaml").write_text("Principal: alexa-appkit.amazon.com\n")
    return Evidence(read_package(), infrastructure=tmp_path)


def for_submission(tmp_path: Path) -> Evidence:
    return Evidence(read_package(), submit=True)


def unread(language: str, readers: dict[str, str]) -> Break:
    """A language that not everybody has read."""

    def breaks(tmp_path: Path) -> Evidence:
        folder = tmp_path / language
        folder.mkdir()
        text = "".join(f'[{role}]\nname = "{name}"\non = 2026-12-31\n' for role, name in readers.items())
        (folder / "readers.toml").write_text(text)
        (folder / "lines.json").write_text("{}")
        return Evidence(read_package(), language=language, submit=True, translations=tmp_path)

    return breaks


def ssml_of(text: str) -> Json:
    return {"type": "SSML", "ssml": f"<speak>{text}</speak>"}


DISCLAIMER = words_for("en-US")["disclaimer"]
GB = "interactionModels/custom/en-GB.json"
ASKED = "CanFulfillIntentRequest"

# rule -> how to break it, and what must then be said about it
BREAKS: dict[str, list[tuple[Break, str]]] = {
    "The description says that the skill is not a substitute": [
        (describe("educational purposes", "fun"), "en-GB doesn't say that it is for information and education"),
        (describe("call your local emergency number", "call 911"), "en-GB doesn't say what to do in an emergency"),
    ],
    "Every language has been read": [
        (unread("fr", {}), r"fr/readers\.toml: fr is a draft and needs a native reader; enter who"),
        (unread("fr", {"native": "A. Reader"}), "fr is a draft and needs a clinician for the medical lines"),
    ],
    "The skill says so aloud": [
        (speech(lambda ssml: ssml.replace(DISCLAIMER, "")), "was said 0 times in open"),
        (speech(lambda ssml: ssml.replace("<speak>", f"<speak>{DISCLAIMER} ")), "was said [45] times"),
    ],
    "Nothing promises a cure": [
        (words("Magnesium cures cramps."), r"words/en/tip\.toml:\d+: tip.water says 'cures'; promise nothing"),
        (words("It wipes cramps out."), "tip.water says 'wipes cramps out'; promise nothing"),
        (
            describe("No screen", "It gets rid of cramps. No screen"),
            "en-GB says 'gets rid of'; promise nothing",
        ),
        (page(summary="A guaranteed end to cramps."), r"en-GB says 'guaranteed'"),
    ],
    "No name claims": [(page(name="Cramp Doctor"), "'Cramp Doctor' has 'Doctor'")],
    "No dose": [
        (words("Take 400 mg at night."), "tip.water says '400 mg'"),
        (describe("your local emergency number", "911"), "en-GB names 911"),
    ],
    "Asked to call for help": [
        (
            respond(outputSpeech=ssml_of("I'm calling them. Okay?")),
            "'call an ambulance' is answered with 'I'm calling them. Okay\\?'",
        ),
        (respond(directives=[{"type": "Connections.StartConnection"}]), "is answered with a directive"),
    ],
    "No advertising": [
        (words("Buy our socks."), "tip.water says 'Buy'"),
        (words("Alexa, open sleep sounds."), "tip.water says 'Alexa, open '; lead to no other skill"),
        (describe("No screen", "Better than Tylenol. No screen"), "en-GB says 'Tylenol'; name no product or brand"),
    ],
    "No health information is collected": [
        (manifest(lambda document: document.update(permissions=[])), "the manifest has permissions"),
        (diary("import sqlite3\n"), r"diary\.py:1: imports sqlite3"),
        (diary("from urllib import request\n"), r"diary\.py:1: imports urllib.request"),
        (diary("def keep():\n    open('diary', mode='a')\n"), r"diary\.py:2: writes a file"),
    ],
    "A session carries ids and numbers": [
        (
            skill(lambda request, answer: answer.get("sessionAttributes", {}).update(note="my calf hurts")),
            "leaves 'my calf hurts' in the session",
        )
    ],
    "The manifest tells the truth": [
        (setting("privacyAndCompliance", usesHealthInfo=True), "usesHealthInfo is not"),
        (
            manifest(lambda document: document["privacyAndCompliance"].pop("isExportCompliant")),
            r"^store/skill\.toml:\d+: isExportCompliant is not",
        ),
    ],
    "Privacy policy and terms": [
        (for_submission, "no public address: write the address"),
        (setting("privacyAndCompliance", locales={"en-US": {}}), "en-GB, .*has no privacyPolicyUrl"),
    ],
    "A request for another skill": [(answers_everyone, "a request with another application id was answered")],
    "Only this skill may call": [(has_a_loose_template, "no EventSourceToken")],
    "Whatever arrives is answered": [
        (lambda tmp_path: walking(lambda envelope, answer: answer.pop("response")), "has no response object")
    ],
    "Nothing that was said": [
        (skill(lambda request, answer: print("they said", request)), "logged: they said"),
        (
            lambda tmp_path: walking(lambda envelope, answer: answer.update(user=envelope and envelope.get("session"))),
            "is answered with the user's id",
        ),
    ],
    "Opening the skill": [
        (
            respond(outputSpeech=ssml_of("Welcome! What would you like?")),
            "en-GB, .*: opening is answered with 'Welcome!",
        ),
        (respond(shouldEndSession=True), "en-GB, .*: a question, but the session closes"),
    ],
    "Every example phrase": [
        (page(examplePhrases=["Alexa, cramp coach"]), "isn't 'Alexa, open cramp coach'"),
        (
            page(examplePhrases=["Alexa, open cramp coach", "Alexa, ask cramp coach to sing"]),
            "is not a sample of the model",
        ),
        (page(examplePhrases=["Alexa, open cramp coach", "foot"]), "isn't 'Alexa, ask cramp coach'"),
        (page(examplePhrases=["Alexa, open cramp coach"] * 2), "is answered like opening the skill"),
        (page(examplePhrases=[]), "en-GB has 0 phrases"),
    ],
    "Every phrase that the description quotes": [
        (describe('"it\'s gone"', '"it has vamoosed"'), "en-GB: 'it has vamoosed' is not a sample"),
    ],
    "The testing instructions work": [
        (setting("publishingInformation", testingInstructions='Say "a tip".'), "they never reach .*stretch"),
        (setting("publishingInformation", testingInstructions='"sing a song"'), "'sing a song' is not a sample"),
    ],
    "Every intent of the model": [
        (fail("AMAZON.NextIntent"), "'next' at .*: the skill failed: RuntimeError"),
        (
            model(lambda language: language["intents"].append({"name": "DanceIntent", "samples": ["dance"]})),
            "no example",
        ),
    ],
    "The session stays open": [
        (respond(shouldEndSession=True), "a question, but the session closes"),
        (respond(outputSpeech=ssml_of("Well done.")), "the session stays open, but nothing was asked"),
        (respond(reprompt=None), "the session stays open without a reprompt"),
    ],
    "Help says what to do": [
        (respond("AMAZON.HelpIntent", shouldEndSession=True), "'help' at .* ends the session"),
        (respond("AMAZON.HelpIntent", outputSpeech=ssml_of("Need help?")), "which does not help"),
    ],
    "Stop, cancel and going home": [
        (respond("AMAZON.CancelIntent", shouldEndSession=False), "'cancel' at .* doesn't end the session")
    ],
    "What isn't understood": [
        (respond("AMAZON.FallbackIntent", outputSpeech=ssml_of("Pardon?")), "is answered the same both times")
    ],
    "Next, back, repeat": [
        (fail("AMAZON.PreviousIntent"), "'go back, go back' at .*: the skill failed"),
        (fail("SessionEndedRequest"), "silence at"),
    ],
    "Custom tasks start": [
        (
            skill(lambda request, answer: answer["response"].pop("directives", None)),
            "the task CrampNow is never completed",
        ),
        (
            skill(
                lambda request, answer: answer["response"].update(shouldEndSession=True) if "task" in request else None
            ),
            "the task CrampNow is answered with",
        ),
        (
            manifest(lambda document: document["apis"]["custom"]["tasks"].append({"name": "Fly", "version": "1"})),
            "Fly is",
        ),
    ],
    "Asked whether it could answer": [
        (respond(ASKED, canFulfillIntent={"canFulfill": "YES"}), "'next' is not answered with NO"),
        (respond(ASKED, outputSpeech=ssml_of("Yes!")), f"speech in answer to {ASKED}"),
    ],
    "The invocation name": [
        (model(lambda language: language.update(invocationName="cramps")), "'cramps' is one word"),
        (model(lambda language: language.update(invocationName="ask the coach")), "has 'ask', which is reserved"),
        (model(lambda language: language.update(invocationName="Cramp Coach 2")), "has more than small letters"),
        (page(name="Leg Helper"), "the store calls it 'Leg Helper', and people 'cramp coach'"),
    ],
    "Speech, card and response": [
        (speech(lambda ssml: ssml.replace("<speak>", "<speak>" + "ow " * 3000)), "outputSpeech has \\d+ characters"),
        (skill(lambda request, answer: answer.update(padding="x" * 25000)), "the response has \\d+ bytes"),
        (speech(lambda ssml: ssml.replace("<speak>", '<speak><break time="11s"/>')), "a break of 11s, more than 10 s"),
    ],
    "Speech is SSML": [
        (speech(lambda ssml: ssml.replace("<speak>", "<speak><blink/>")), "has <blink>, which Alexa doesn't know"),
        (speech(lambda ssml: ssml.replace("</speak>", "")), "not well-formed"),
    ],
    "A reprompt says something else": [
        (
            skill(
                lambda request, answer: (
                    answer["response"].get("reprompt", {}).update(outputSpeech=answer["response"].get("outputSpeech"))
                )
            ),
            "a reprompt that is the prompt",
        )
    ],
    "Answers are brief": [
        (speech(lambda ssml: ssml.replace("<speak>", "<speak>" + "well then " * 40)), "is answered with \\d+ words")
    ],
    "Alexa isn't told": [(words("Say stop to leave."), "tip.water says 'Say stop'")],
    "Every locale has a store page": [
        (files(lambda folder: (folder / GB).unlink()), "en-GB has a store page and no interaction model"),
    ],
    "The intents that every skill needs": [
        (
            model(
                lambda language: language["intents"].remove(next(i for i in language["intents"] if "Stop" in i["name"]))
            ),
            r"contract\.toml:\d+: AMAZON.StopIntent is missing; declare it",
        ),
        (
            model(lambda language: language["intents"].append({"name": "DanceIntent"})),
            r"contract\.toml: DanceIntent has no handler; drop it",
        ),
    ],
    "The models are what": [
        (file(GB, '"slower"', '"slowest"'), r"en-GB\.json:\d+: is not what interaction-models/ makes; run make models"),
    ],
    "Models are within Amazon's limits": [
        (
            sample("slow " * 50),
            r"en-GB\.json: 250 characters in the sample 'slow slow .*, more than 200, and no",
        ),
        (
            model(lambda language: language["intents"].extend([{"name": "More"}] * 200)),
            r"contract\.toml: 3\d\d intents, more than",
        ),
    ],
    "Samples have only the characters": [
        (
            sample("slow down 2 times"),
            r"en-GB\.json: 'slow down 2 times' has '2', and no template makes it; run",
        ),
        (sample("alexa slow down"), "'alexa slow down' has a wake word"),
    ],
    "No sample belongs to two intents": [
        (sample("faster"), r"en-GB\.json:\d+: 'faster' is in SlowerIntent and in FasterIntent"),
        (sample("help me"), "'help me' is in SlowerIntent and in AMAZON.HelpIntent"),
    ],
    "No slot takes any phrase": [
        (
            model(lambda language: language["intents"][0].update(slots=[{"name": "x", "type": "AMAZON.SearchQuery"}])),
            r"contract\.toml: \S+ has AMAZON.SearchQuery; give",
        )
    ],
    "Amazon's own classes": [
        (file(GB, '"synonyms"', '"synonims"'), r"en-GB.json: not an interaction model"),
    ],
    "Every text is there": [
        (page(summary="Calm " * 40), "en-GB: the summary has 200 characters"),
        (page(keywords=[]), "en-GB: 0 keywords"),
        (page(examplePhrases=["Alexa, " + "x" * 200]), "is too long"),
    ],
    "The summary is one short sentence": [
        (page(summary="Calm. Hands-free."), "en-GB: the summary is not one sentence")
    ],
    "The description has the wake word": [
        (describe('"Alexa, open cramp coach"', "Open it"), r"^store/en\.toml:\d+: en-GB doesn't say how to open it"),
        (describe(". It does not", ".It does not"), "en-GB has 'y.I'"),
    ],
    "The category is one": [(setting("publishingInformation", category="LIFESTYLE"), "the category is LIFESTYLE")],
    "Icons have the right sizes": [
        (
            files(
                lambda folder: shutil.copy(folder / "assets/images/icon-512.png", folder / "assets/images/icon-108.png")
            ),
            "512 by 512 pixels, where Amazon wants 108 by 108",
        )
    ],
    "Only interfaces that the skill uses": [
        (
            manifest(lambda document: document["apis"]["custom"]["interfaces"].append({"type": "AUDIO_PLAYER"})),
            "AUDIO_PLAYER is declared, and the code doesn't use it",
        ),
        (
            manifest(lambda document: document["apis"]["custom"].update(interfaces=[])),
            "CAN_FULFILL_INTENT_REQUEST is used and not declared",
        ),
    ],
    "Custom tasks are defined": [
        (file("tasks/CrampNow.1.json", '"en-GB"', '"fr-FR"'), "CrampNow.1.json: has no title in en-GB"),
    ],
    "No placeholder is left": [
        (page(description="Lorem ipsum."), "'Lorem ipsum' is a placeholder"),
    ],
    "What is submitted": [
        (file("skill.json", "Calm, hands-free", "Quick, hands-free"), "is not what store/ makes"),
    ],
}


@pytest.mark.parametrize(
    ("text", "breaks", "complaint"),
    [(text, breaks, complaint) for text, cases in BREAKS.items() for breaks, complaint in cases],
)
def test_a_broken_rule_fails(text: str, breaks: Break, complaint: str, tmp_path: Path) -> None:
    (rule,) = [rule for rule in RULES if rule.text.startswith(text)]
    row = rule.row(breaks(tmp_path))
    assert row.status == FAILED, row
    assert any(re.search(complaint, note) for note in row.notes), row.notes


def test_every_rule_is_broken_somewhere() -> None:
    unbroken = [rule.text for rule in RULES if not any(rule.text.startswith(text) for text in BREAKS)]
    assert unbroken == []


def test_a_finding_of_an_answer_names_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a contributor finds it: the line to make shorter, not only what was said where."""
    monkeypatch.setattr("tools.certify.voice.MAX_WORDS", 10)
    (rule,) = (rule for rule in RULES if rule.text == "Answers are brief")
    notes = rule.row(Evidence(read_package())).notes
    at_a_line = r"lambda/cramp_coach/words/en/\w+\.toml:\d+: '.*' at .* words; fix"
    named = [note for note in notes if re.match(at_a_line, note)]
    assert len(named) > 0.9 * len(notes), set(notes) - set(named)


def test_a_finding_in_every_locale_is_one_note() -> None:
    def edit(document: Any) -> None:
        for page in document["publishingInformation"]["locales"].values():
            page["summary"] = "Calm. Hands-free."

    (rule,) = [rule for rule in RULES if rule.text.startswith("The summary is one")]
    assert rule.row(manifest(edit)(Path())).notes == [
        "store/en.toml:4: en-AU, en-CA, en-GB, en-IN, en-US: the summary is not one sentence; fix store/"
    ]


def test_a_finding_of_a_model_names_its_template_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.certify.model.refused_in", lambda letters: re.compile("louder"))
    (rule,) = [rule for rule in RULES if rule.text.startswith("Samples have only")]
    notes = rule.row(Evidence(read_package())).notes
    assert len(notes) == len(set(notes))
    for note in notes:
        assert re.match(r"interaction-models/en/intents/\w+\.toml:\d+: '.*' has 'louder'; fix the template", note), note


def test_what_the_store_page_may_not_say_is_named_where_it_stands_once(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = {re.compile("counts the holds"): ("promise nothing", True)}
    monkeypatch.setattr(checked(default_language()), "promises", forbidden)
    (rule,) = [rule for rule in RULES if rule.text.startswith("Nothing promises")]
    (note,) = rule.row(Evidence(read_package())).notes
    locales = "en-AU, en-CA, en-GB, en-IN, en-US"
    assert re.fullmatch(rf"store/en\.toml:\d+: {locales} says 'counts the holds'; promise nothing", note)


def test_what_stops_many_rules_is_one_failed_row(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Evidence):
        @property
        def visits(self) -> Any:
            raise RuntimeError("the walk stopped")

    needing = [rule for rule in RULES if rule.area == "voice"]
    monkeypatch.setattr("tools.certify.rules.RULES", needing)
    found = list(rows(Stopped(read_package())))
    (failed,) = [row for row in found if row.status == FAILED]
    (note,) = failed.notes
    assert re.fullmatch(r"could not be checked: RuntimeError at tests/test_certify\.py:\d+: the walk stopped", note)
    waiting = [row for row in found if row.notes == [f"Fix what stopped '{failed.rule}', then run this again."]]
    assert len(waiting) > 1 and all(row.status == FOR_A_PERSON for row in waiting)


def test_a_public_address_is_left_for_a_person_to_open() -> None:
    both = {"privacyPolicyUrl": "https://cramps.nz/PRIVACY.md", "termsOfUseUrl": "https://cramps.nz/TERMS.md"}
    (rule,) = [rule for rule in RULES if rule.text.startswith("Privacy policy and terms")]
    row = rule.row(setting("privacyAndCompliance", locales=dict.fromkeys(read_package().pages, both))(Path()))
    assert row.status == FOR_A_PERSON
    assert [note.split()[1] for note in row.notes] == sorted(both.values())
