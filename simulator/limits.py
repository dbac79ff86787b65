"""What Alexa refuses in a response, and what certification would: checked on every turn.

Sources: Amazon's "JSON Reference for request and response" (8,000 characters of speech; the older,
stricter 24 KB for the whole), "SSML Reference" (a break lasts at most 10 seconds), and "Manage the
skill session": the session stays open if and only if the user was asked for something.
"""

from __future__ import annotations

import json
import re
from typing import Any

from simulator import ssml

MOST_SPEECH = 8000  # characters of one outputSpeech
MOST_CARD = 8000  # characters of title and text
MOST_BYTES = 24 * 1024
LONGEST_BREAK = 10.0  # seconds

# The tags of Amazon's SSML reference.
AMAZON_TAGS = {"amazon:domain", "amazon:effect", "amazon:emotion"}
W3C_TAGS = {
    "audio",
    "break",
    "emphasis",
    "lang",
    "p",
    "phoneme",
    "prosody",
    "s",
    "say-as",
    "speak",
    "sub",
    "voice",
    "w",
}

# A prompt asks if it ends in a question or says what to say next.
ASKS = re.compile(r"\?\s*$|\b(say|tell me)\b[^?]*$", re.IGNORECASE)

SPEECHLESS = (
    "SessionEndedRequest",
    "CanFulfillIntentRequest",
    "System.",
    "AudioPlayer.",
    "PlaybackController.",
    "AlexaSkillEvent.",
)


def problems(envelope: Any, request_type: str = "IntentRequest") -> list[str]:
    """Why Alexa, or a certification reviewer, would refuse this response envelope; empty if they would not."""
    if not isinstance(envelope, dict) or not isinstance(envelope.get("response"), dict):
        return ["the response envelope has no response object"]
    found = []
    if envelope.get("version") != "1.0":
        found.append("version is not 1.0")
    try:
        size = len(json.dumps(envelope, allow_nan=False).encode())
    except ValueError:  # NaN and infinity are Python's own
        return ["the response is no JSON: it has a number that JSON has no name for"]
    if size > MOST_BYTES:
        found.append(f"the response has {size} bytes, more than {MOST_BYTES}")
    if not isinstance(envelope.get("sessionAttributes") or {}, dict):
        found.append("sessionAttributes is no object")
    response = envelope["response"]
    directives = response.get("directives") or []
    if not isinstance(directives, list) or not all(isinstance(each, dict) and each.get("type") for each in directives):
        found.append("directives is no list of objects with a type")
    if request_type.startswith(SPEECHLESS):
        if response.get("outputSpeech") or response.get("reprompt") or response.get("directives"):
            found.append(f"speech in answer to {request_type}")
        if request_type == "CanFulfillIntentRequest" and not response.get("canFulfillIntent"):
            found.append("no verdict in answer to CanFulfillIntentRequest")
        return found
    prompt = _speech(response.get("outputSpeech"), "outputSpeech", found)
    asked_again = response.get("reprompt")
    if isinstance(asked_again, dict):
        asked_again = asked_again.get("outputSpeech")
    reprompt = _speech(asked_again, "reprompt", found)
    found += _card(response.get("card"))
    ends = response.get("shouldEndSession")
    if ends is False:
        if not ASKS.search(prompt):
            found.append("the session stays open, but nothing was asked")
        if not reprompt:
            found.append("the session stays open without a reprompt")
        elif not ASKS.search(reprompt):
            found.append("the reprompt asks nothing")
    elif ends is True:
        if "?" in prompt:
            found.append("a question, but the session closes")
        if reprompt:
            found.append("a reprompt, but the session closes")
    else:
        found.append("shouldEndSession is not set: what happens then depends on the device")
    return found


def _speech(speech: Any, name: str, found: list[str]) -> str:
    if not speech:
        return ""
    if not isinstance(speech, dict):
        found.append(f"{name} is no object")
        return ""
    text = speech.get("ssml") if speech.get("type") == "SSML" else speech.get("text")
    if not isinstance(text, str):
        found.append(f"{name} has no {'ssml' if speech.get('type') == 'SSML' else 'text'}")
        return ""
    if len(text) > MOST_SPEECH:
        found.append(f"{name} has {len(text)} characters, more than {MOST_SPEECH}")
    if speech.get("type") != "SSML":
        return text
    try:
        root = ssml.parse_ssml(text)
        for element in root.iter():
            tag = element.tag.replace("{" + ssml.AMAZON_NAMESPACE + "}", "amazon:")
            if tag not in AMAZON_TAGS | W3C_TAGS:
                found.append(f"{name} has <{tag}>, which Alexa doesn't know")
            if tag == "break" and ssml.break_seconds(element) > LONGEST_BREAK:
                found.append(f"{name} has a break of {element.get('time')}, more than {LONGEST_BREAK:g} s")
        return ssml.words(text)
    except ssml.SsmlError as error:
        found.append(f"{name}: {error}")
        return ""


def _card(card: Any) -> list[str]:
    if not card:
        return []
    texts: list[Any] = (
        [card.get(key) or "" for key in ("title", "content", "text")] if isinstance(card, dict) else [None]
    )
    if not all(isinstance(text, str) for text in texts):
        return ["the card is no object with texts"]
    size = sum(map(len, texts))
    return [f"the card has {size} characters, more than {MOST_CARD}"] if size > MOST_CARD else []
