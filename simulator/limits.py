"""What Alexa refuses in a response, and what certification would: checked on every turn.

These limits are written down once more on purpose, and not imported from the skill: a limit that the skill has wrong
is found here. Sources: Amazon's "JSON Reference for request and response" (8,000 characters of speech; the older,
stricter 24 KB for the whole), "SSML Reference" (a break lasts at most 10 seconds), and "Manage the skill session": the
session stays open if and only if the user was asked for something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from simulator import ssml

MAX_SPEECH = 8000  # characters of one outputSpeech
MAX_CARD = 8000  # characters of title and text
MAX_BYTES = 24 * 1024
MAX_BREAK = 10.0  # seconds

# The tags of Amazon's SSML reference.
AMAZON_TAGS = {"amazon:domain", "amazon:effect", "amazon:emotion"}
W3C_TAGS = {
    *("audio", "break", "emphasis", "lang", "p", "phoneme", "prosody"),
    *("s", "say-as", "speak", "sub", "voice", "w"),
}

# A prompt asks if it ends in a question or says what to say next.
ASKS = re.compile(r"\?\s*$|\b(say|tell me)\b[^?]*$", re.IGNORECASE)

# What is no turn of a conversation, by Amazon's page on each interface: the skill is told, and can't speak.
SPEECHLESS = re.compile(
    r"""(SessionEnded|CanFulfillIntent)Request
    | (System|AudioPlayer|PlaybackController|AlexaSkillEvent|AlexaHouseholdListEvent|Messaging|Reminders)\..*
    | Alexa\.(Advertisement|Authorization|DataStore)\..*
    | Alexa\.Presentation\..*\.(RuntimeError|LoadIndexListData|LoadTokenListData)""",
    re.VERBOSE,
)

# failure: the skill broke; form: not the JSON that Alexa reads; size: over a limit; markup: not SSML that Alexa
# speaks; session: open without a question, or the other way round.
Kind = Literal["failure", "form", "size", "markup", "session"]


class Refusal(str):
    """Why a response is refused, in words; `kind` says what sort of rule it breaks."""

    kind: Kind

    def __new__(cls, kind: Kind, text: str) -> Refusal:
        """A refusal is its text, so that it prints, compares and serialises as one."""
        refusal = super().__new__(cls, text)
        refusal.kind = kind
        return refusal


def problems(envelope: Any, request_type: str = "IntentRequest") -> list[Refusal]:
    """Why Alexa, or a certification reviewer, would refuse this response envelope; empty if they would not."""
    if not isinstance(envelope, dict) or not isinstance(envelope.get("response"), dict):
        return [Refusal("form", "the response envelope has no response object")]
    try:
        size = len(json.dumps(envelope, allow_nan=False).encode())
    except ValueError:  # NaN and infinity are Python's own
        return [Refusal("form", "the response is not JSON: it has a number that JSON has no name for")]
    response = envelope["response"]
    found = [*_size("the response", size, MAX_BYTES, "bytes"), *_form(envelope)]
    if SPEECHLESS.fullmatch(request_type):
        return [*found, *_speechless(response, request_type)]
    prompt, wrong_prompt = _speech(response.get("outputSpeech"), "outputSpeech")
    asked_again = response.get("reprompt")
    if isinstance(asked_again, dict):
        asked_again = asked_again.get("outputSpeech")
    reprompt, wrong_reprompt = _speech(asked_again, "reprompt")
    session = _session(response.get("shouldEndSession"), prompt, reprompt)
    return [*found, *wrong_prompt, *wrong_reprompt, *_card(response.get("card")), *session]


def _size(name: str, size: int, most: int, unit: str) -> Iterator[Refusal]:
    if size > most:
        yield Refusal("size", f"{name} has {size} {unit}, more than {most}")


def _form(envelope: dict[str, Any]) -> Iterator[Refusal]:
    if envelope.get("version") != "1.0":
        yield Refusal("form", "version is not 1.0")
    if not isinstance(envelope.get("sessionAttributes") or {}, dict):
        yield Refusal("form", "sessionAttributes is not an object")
    directives = envelope["response"].get("directives") or []
    if not isinstance(directives, list) or not all(isinstance(each, dict) and each.get("type") for each in directives):
        yield Refusal("form", "directives is not a list of objects with a type")


def _speechless(response: dict[str, Any], request_type: str) -> Iterator[Refusal]:
    if response.get("outputSpeech") or response.get("reprompt") or response.get("directives"):
        yield Refusal("form", f"speech in answer to {request_type}")
    if request_type == "CanFulfillIntentRequest" and not response.get("canFulfillIntent"):
        yield Refusal("form", "no verdict in answer to CanFulfillIntentRequest")


def _session(ends: Any, prompt: str, reprompt: str) -> Iterator[Refusal]:
    if ends is False:
        if not ASKS.search(prompt):
            yield Refusal("session", "the session stays open, but nothing was asked")
        if not reprompt:
            yield Refusal("session", "the session stays open without a reprompt")
        elif not ASKS.search(reprompt):
            yield Refusal("session", "the reprompt asks nothing")
    elif ends is True:
        if "?" in prompt:
            yield Refusal("session", "a question, but the session closes")
        if reprompt:
            yield Refusal("session", "a reprompt, but the session closes")
    else:
        yield Refusal("session", "shouldEndSession is not set: what happens then depends on the device")


def _speech(speech: Any, name: str) -> tuple[str, list[Refusal]]:
    """The words of an outputSpeech, and what is wrong with it."""
    if not speech:
        return "", []
    if not isinstance(speech, dict):
        return "", [Refusal("form", f"{name} is not an object")]
    field = "ssml" if speech.get("type") == "SSML" else "text"
    text = speech.get(field)
    if not isinstance(text, str):
        return "", [Refusal("form", f"{name} has no {field}")]
    found = list(_size(name, len(text), MAX_SPEECH, "characters"))
    if field == "text":
        return text, found
    try:
        return ssml.words(text), [*found, *_markup(text, name)]
    except ssml.SsmlError as error:
        return "", [*found, Refusal("markup", f"{name}: {error}")]


def _markup(text: str, name: str) -> Iterator[Refusal]:
    """Raises SsmlError for what can't be read at all."""
    for element in ssml.parse_ssml(text).iter():
        tag = element.tag.replace("{" + ssml.AMAZON_NAMESPACE + "}", "amazon:")
        if tag not in AMAZON_TAGS | W3C_TAGS:
            yield Refusal("markup", f"{name} has <{tag}>, which Alexa doesn't know")
        if tag == "break" and ssml.break_seconds(element) > MAX_BREAK:
            yield Refusal("size", f"{name} has a break of {element.get('time')}, more than {MAX_BREAK:g} s")


def _card(card: Any) -> Iterator[Refusal]:
    if not card:
        return
    texts = [card.get(key) or "" for key in ("title", "content", "text")] if isinstance(card, dict) else []
    if not texts or not all(isinstance(text, str) for text in texts):
        yield Refusal("form", "the card is not an object with texts")
    else:
        yield from _size("the card", sum(map(len, texts)), MAX_CARD, "characters")
