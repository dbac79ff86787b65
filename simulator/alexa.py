"""The engine: a device, a session, and Alexa's rules for both. Every front end of the simulator drives this.

Not emulated: speech recognition; Amazon's statistical understanding (see matching.py); other
skills and Alexa's own answers; account linking, permissions and purchases; timing (a front end decides
how long to wait, the engine is told that nobody spoke).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from simulator import envelope as envelopes
from simulator.devices import APL, DEFAULT_DEVICE, DEVICES, UnknownDeviceError
from simulator.limits import Refusal, problems
from simulator.matching import Match, Matcher, shared_matcher
from simulator.skill import Json, Skill, table

# Why a session is over, by Amazon's own reasons and the one that it has no name for: the skill closed it itself.
ENDINGS = {
    "SKILL_CLOSED": "the skill closed it",
    "EXCEEDED_MAX_REPROMPTS": "nobody spoke",
    "USER_INITIATED": "it was left",
    "ERROR": "the response was refused",
}


@dataclass
class Exchange:
    """One turn: what was heard and how it was taken, what was sent, what came back.

    speech and reprompt: SSML, "" if there is none. open: whether the session goes on.
    refused: why Alexa would not have spoken this response. ended: a key of `ENDINGS` once the session is over.
    """

    utterance: str
    match: Match | None = None
    request: Json | None = None
    response: Json | None = None
    speech: str = ""
    reprompt: str = ""
    open: bool = False
    refused: list[Refusal] = field(default_factory=list)
    ended: str = ""

    def record(self, slots: Any, **said: Any) -> Json:
        """The turn as a JSON object, with its slots and what was said as a front end shows them."""
        match = self.match
        return {
            "utterance": self.utterance,
            "intent": match.intent if match else None,
            "slots": slots,
            "how": match.how if match else None,
            "score": round(match.score, 1) if match else None,
            **said,
            "open": self.open,
            "ended": self.ended,
            "refused": self.refused,
            "request": self.request,
            "response": self.response,
        }


class Alexa:
    """One device with one user, talking to one skill in one locale."""

    def __init__(
        self, skill: Skill, locale: str = "en-US", device: str = DEFAULT_DEVICE, matcher: Matcher | None = None
    ) -> None:
        """`device` is a name in DEVICES; `matcher` understands by another model than the one in skill-package/.

        Raises UnknownLocaleError if the skill has no model for `locale`, UnknownDeviceError for another device.
        """
        self.skill = skill
        self.locale = locale
        if device not in DEVICES:
            raise UnknownDeviceError(f"no device {device!r}; there are {', '.join(DEVICES)}")
        self.device = DEVICES[device]
        self.matcher = matcher or shared_matcher(locale)
        self.model = self.matcher.model
        self.user_id = f"amzn1.ask.account.{uuid.uuid4().hex.upper()}"
        self.device_id = f"amzn1.ask.device.{uuid.uuid4().hex.upper()}"
        self.session_id = ""
        self.attributes: Json = {}
        self.reprompt = ""
        self.reprompted = False
        self.document_token = ""

    @property
    def listening(self) -> bool:
        """Whether a session is open."""
        return bool(self.session_id)

    def hear(self, utterance: str) -> Exchange:
        """Someone says something: to open the skill, to ask it directly, or within the session."""
        language = self.matcher.language
        text = asked = language.plain(utterance)
        for word in language.opening["wake_words"]:
            asked = asked.removeprefix(f"{word} ")
        if asked in language.opening["exit"] and self.listening:
            return self._end(utterance, "USER_INITIATED")
        called = language.opened(self.model.invocation_name, asked)
        if called is None:
            return self._intent(utterance, self.matcher.match(asked if text != asked else utterance))
        self._close()
        connector, phrase = called
        if not phrase:
            return self._send(utterance, None, envelopes.launch_request(self.locale))
        # with or without the connecting word, whichever fits better
        matches = [self.matcher.match(phrase), self.matcher.match(connector + phrase)]
        return self._intent(utterance, max(matches, key=lambda match: match.score))

    def start_task(self, name: str, **values: Any) -> Exchange:
        """A routine or a quick link starts one of the skill's custom tasks; nobody said a word."""
        self._close()
        return self._send("", None, envelopes.task_request(self.locale, name, values))

    def could_answer(self, utterance: str) -> Exchange:
        """Alexa asks the skill, unheard by anybody, whether it could answer; no session is begun or changed."""
        match = self.matcher.match(utterance)
        request = envelopes.can_fulfill_request(self.locale, match, self.model)
        envelope = self._envelope(request, new=True)
        envelope["session"] |= {"sessionId": self._new_session(), "attributes": {}}
        exchange = Exchange(utterance, match, envelope)
        self._call(exchange, request["type"])
        return exchange

    def stay_silent(self) -> Exchange:
        """Eight seconds pass: the reprompt comes, and after eight more the session ends."""
        if not self.listening:
            return Exchange("")
        if self.reprompted or not self.reprompt:
            return self._end("", "EXCEEDED_MAX_REPROMPTS")
        self.reprompted = True
        return Exchange("", speech=self.reprompt, open=True)

    def touch(self, arguments: list[Any], token: str | None = None) -> Exchange:
        """A touch on the screen that sends `arguments`; `token` is that of the document, by default the one shown."""
        request = envelopes.user_event(self.locale, arguments, self.document_token if token is None else token)
        return self._send("", None, request)

    def resend(self, envelope: Json) -> Exchange:
        """A request envelope as somebody has edited it, sent as it is; the session that it names goes on.

        Raises ValueError if it is not a request at all.
        """
        kind, named = table(envelope.get("request")).get("type"), table(envelope.get("session")).get("sessionId")
        if not isinstance(kind, str):
            raise ValueError("A request envelope has a request with a type.")
        self.session_id = named if isinstance(named, str) and named else self._new_session()
        return self._settle(Exchange("", request=envelope), kind)

    def hang_up(self) -> Exchange:
        """The user walks away in the middle."""
        return self._end("", "USER_INITIATED") if self.listening else Exchange("")

    def _intent(self, utterance: str, match: Match) -> Exchange:
        return self._send(utterance, match, envelopes.intent_request(self.locale, match, self.model))

    def _send(self, utterance: str, match: Match | None, request: Json) -> Exchange:
        new = not self.listening
        if new:
            self.session_id = self._new_session()
        return self._settle(Exchange(utterance, match, self._envelope(request, new)), request["type"])

    def _settle(self, exchange: Exchange, request_type: str) -> Exchange:
        self._call(exchange, request_type)
        if exchange.refused:
            self._close()
            exchange.ended = "ERROR"
        else:
            self._heard_back(exchange)
        return exchange

    def _call(self, exchange: Exchange, request_type: str) -> None:
        try:
            exchange.response = self.skill(exchange.request or {})
        except Exception as error:  # whatever the skill raises, on Lambda it is a failed invocation
            exchange.refused = [Refusal("failure", f"the skill failed: {type(error).__name__}: {error}")]
        else:
            exchange.refused = problems(exchange.response, request_type)

    def _heard_back(self, exchange: Exchange) -> None:
        response = (exchange.response or {})["response"]
        exchange.speech = _ssml(response.get("outputSpeech"))
        exchange.reprompt = _ssml((response.get("reprompt") or {}).get("outputSpeech"))
        exchange.open = response.get("shouldEndSession") is False
        self.attributes = (exchange.response or {}).get("sessionAttributes") or {}
        for directive in response.get("directives") or []:
            if directive["type"] == f"{APL}.RenderDocument":
                self.document_token = str(directive.get("token") or "")
        self.reprompt = exchange.reprompt
        self.reprompted = False
        if not exchange.open:
            self._close()
            exchange.ended = "SKILL_CLOSED"

    def _end(self, utterance: str, reason: str) -> Exchange:
        request = envelopes.session_ended_request(self.locale, reason)
        exchange = Exchange(utterance, request=self._envelope(request, new=False), ended=reason)
        self._call(exchange, request["type"])
        self._close()
        return exchange

    @staticmethod
    def _new_session() -> str:
        return f"amzn1.echo-api.session.{uuid.uuid4()}"

    def _close(self) -> None:
        self.session_id, self.attributes, self.reprompt, self.reprompted = "", {}, "", False

    def _envelope(self, request: Json, new: bool) -> Json:
        application = {"applicationId": envelopes.APPLICATION_ID}
        user = {"userId": self.user_id}
        session = {
            "new": new,
            "sessionId": self.session_id,
            "application": application,
            "attributes": self.attributes,
            "user": user,
        }
        system = {
            "application": application,
            "user": user,
            "device": {"deviceId": self.device_id, "supportedInterfaces": self.device.interfaces()},
            "apiEndpoint": "https://api.amazonalexa.com",
            "apiAccessToken": "offline",
        }
        context = {"System": system, **self.device.contexts()}
        return {"version": "1.0", "session": session, "context": context, "request": request}


def _ssml(speech: Json | None) -> str:
    if not speech:
        return ""
    return str(speech["ssml"] if speech.get("type") == "SSML" else f"<speak>{escape(speech['text'])}</speak>")
