"""Security: who is answered, what is written down, and that nothing gets in by the side door."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

from simulator.limits import problems
from tools.certify.evidence import Evidence, listening
from tools.certify.rules import Finding, ToDo, rule

SECURITY = "Security Requirements for an Alexa Skill"

# What a stranger may send.
GARBAGE: list[Any] = [
    None,
    [],
    {},
    {"request": None},
    {"request": {"type": "IntentRequest"}},
    {"request": {"type": "IntentRequest", "locale": "tlh-KL", "intent": {"name": "NobodysIntent", "slots": 3}}},
    {"request": {"type": "Alexa.Something.New", "locale": "en-US"}},
    {
        "session": {"attributes": {"here": ["../../x"], "place": "x", "round": "y"}},
        "request": {"type": "LaunchRequest"},
    },
]


@rule("security", "A request for another skill is refused", SECURITY)
def other_skills(evidence: Evidence) -> Iterator[Finding]:
    """With SKILL_ID set, as the deployment sets it."""
    request: Any = copy.deepcopy(evidence.launch.request)
    own = request["context"]["System"]["application"]["applicationId"]
    with mock.patch.dict(os.environ, SKILL_ID=own):
        try:
            evidence.skill(request)
            request["context"]["System"]["application"]["applicationId"] = f"{own}-another"
            evidence.skill(request)
        except Exception as error:  # the invocation fails, which is what Amazon's test looks for
            if "application id" not in str(error):
                yield f"a request of our own fails: {error}"
        else:
            yield "a request with another application id was answered"


@rule("security", "Only this skill may call the Lambda function", "Host a Custom Skill as an AWS Lambda Function")
def lambda_trigger(evidence: Evidence) -> Iterator[Finding]:
    """The permission in the stack's template is tied to the skill's id."""
    templates = sorted(evidence.infrastructure.rglob("*.yaml"))
    if not templates:
        yield ToDo("If you set up the function yourself, add the Alexa trigger with 'skill ID verification' on.")
    elif not any(re.search(r"EventSourceToken:\s*!Ref\s+SkillId", path.read_text("utf-8")) for path in templates):
        yield "no EventSourceToken: !Ref SkillId in infrastructure/"


@rule("security", "Whatever arrives is answered without an error or a trace", SECURITY)
def garbage(evidence: Evidence) -> Iterator[Finding]:
    """Malformed requests, and what nobody has thought of yet."""
    with listening() as logged:
        answers = [(event, evidence.skill(event)) for event in GARBAGE]
    yield from (f"logged: {line}" for line in logged if "Traceback" in line or "NobodysIntent" in line)
    for event, answer in answers:
        for why in problems(answer):
            yield f"{json.dumps(event)}: {why}"
        if "Traceback" in json.dumps(answer):
            yield f"{json.dumps(event)} is answered with a stack trace"


@rule("security", "Nothing that was said, and nobody's id, is logged or sent back", SECURITY)
def logs(evidence: Evidence) -> Iterator[Finding]:
    """Everything that the skill logs and prints while an example of every intent is said everywhere."""
    visits = evidence.visits
    for line in dict.fromkeys(evidence.logged):
        yield f"logged: {line}"
    user = evidence.launch.request["session"]["user"]["userId"] if evidence.launch.request else ""
    for visit in visits:
        if user and user in json.dumps(visit.exchange.response):
            yield f"{visit} is answered with the user's id"
