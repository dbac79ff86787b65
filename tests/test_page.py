"""The simulator over HTTP, without a browser: the page's interface to the engine, and who may use it."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cramp_coach.conversation.state import MUSCLES
from cramp_coach.screens import LAYOUTS
from cramp_coach.words import languages
from simulator.__main__ import main
from simulator.devices import DEVICES
from simulator.model import locales
from simulator.page import STATES
from simulator.page.conversations import Conversations, UnknownConversationError
from simulator.page.screen import screen_of
from simulator.server import PORT, Server, create_app
from simulator.skill import local_skill
from simulator.ssml import Passage, passages
from tools.errors import ROOT
from tools.models.sources import first_locale

CONVERSATIONS = "/page/conversations"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().test_client()


def client_of(*answers: Any) -> FlaskClient:
    """The page of a skill that gives these answers in turn, the last one for ever."""
    left = list(answers)
    return create_app(lambda _: left.pop(0) if len(left) > 1 else left[0]).test_client()


def start(client: FlaskClient, **choice: str) -> str:
    response = client.post(CONVERSATIONS, json=choice)
    assert response.status_code == 201, response.text
    return f"{CONVERSATIONS}/{response.json['id']}"  # type: ignore[index]


def turn(client: FlaskClient, conversation: str, **act: Any) -> Any:
    response = client.post(f"{conversation}/turns", json=act)
    assert response.status_code == 200, response.text
    return response.json


def refused(response: TestResponse, status: int) -> None:
    assert response.status_code == status
    assert response.json and isinstance(response.json["message"], str)
    assert "Traceback" not in response.text and "File " not in response.text


# what the page asks


@pytest.mark.parametrize("language", languages())
def test_what_the_page_offers_to_say_first_is_understood(client: FlaskClient, language: str) -> None:
    examples = client.get("/page/choices").json["examples"]  # type: ignore[index]
    assert list(examples) == locales()
    locale = first_locale(language)
    turns = [turn(client, start(client, locale=locale), say=line) for line in examples[locale]]
    assert [each["request"]["request"]["type"] for each in turns] == ["LaunchRequest", "IntentRequest", "IntentRequest"]
    assert {each["how"] for each in turns[1:]} == {"exact"}


def test_a_turn_has_all_that_the_page_shows(client: FlaskClient) -> None:
    heard = turn(client, start(client), say="my big toe is cramping")
    assert (heard["kind"], heard["intent"], heard["how"], heard["open"]) == ("said", "CrampNowIntent", "exact", True)
    assert {"name": "muscle", "heard": "big toe", "id": "foot", "type": "Muscle"} in heard["slots"]
    assert heard["request"]["request"]["type"] == "IntentRequest"
    spoken = " ".join(passage["text"] for passage in heard["speech"])
    assert spoken and all(passage["text"] in spoken for passage in heard["speech"])
    assert sum(passage["pause"] for passage in heard["speech"]) >= 15
    assert heard["response"]["response"]["outputSpeech"]["ssml"].startswith("<speak>")


def test_two_browsers_talk_to_two_devices(client: FlaskClient) -> None:
    first, second = start(client), start(client, device="show-5")
    turn(client, first, say="open cramp coach")
    turn(client, second, say="ask cramp coach for a tip")
    turn(client, first, say="stop")
    states = [client.get(conversation).json for conversation in (first, second)]
    assert [state["listening"] for state in states] == [False, True]  # type: ignore[index]
    assert [len(state["turns"]) for state in states] == [2, 1]  # type: ignore[index]
    devices = {state["turns"][0]["request"]["context"]["System"]["device"]["deviceId"] for state in states}  # type: ignore[index]
    assert len(devices) == 2


def test_a_reload_finds_the_conversation_where_it_was_and_silence_ends_it(client: FlaskClient) -> None:
    conversation = start(client, locale="en-GB")
    turns = [turn(client, conversation, say="open cramp coach"), turn(client, conversation, silent=True)]
    state = client.get(conversation).json
    assert state and state["turns"] == turns
    assert (state["locale"], state["device"], state["listening"]) == ("en-GB", "echo", True)
    assert turns[1]["speech"] and turns[1]["open"] and turns[1]["request"] is None  # the reprompt
    assert turn(client, conversation, say="next")["request"]["session"]["new"] is False
    assert [turn(client, conversation, silent=True)["ended"] for _ in range(2)] == ["", "EXCEEDED_MAX_REPROMPTS"]


def test_starting_over_ends_the_session_and_may_change_the_device() -> None:
    requests: list[Any] = []

    def recorder(envelope: Any) -> Any:
        requests.append(envelope["request"]["type"])
        return json.loads(json.dumps(local_skill()(envelope)))

    client = create_app(recorder).test_client()
    conversation = start(client)
    turn(client, conversation, say="open cramp coach")
    state = client.put(conversation, json={"locale": "en-AU", "device": "spot"}).json
    assert state and (state["locale"], state["device"], state["turns"]) == ("en-AU", "spot", [])
    assert requests == ["LaunchRequest", "SessionEndedRequest"]
    heard = turn(client, conversation, say="open cramp coach")
    assert heard["request"]["context"]["Viewport"]["shape"] == "ROUND"


def test_the_longest_unused_conversation_goes_first() -> None:
    conversations = Conversations(local_skill(), most=2)
    first, second = (conversations.start("en-US", "echo").id for _ in range(2))
    conversations.find(first)
    conversations.start("en-US", "echo")
    assert conversations.find(first)
    with pytest.raises(UnknownConversationError):
        conversations.find(second)


def test_a_conversation_takes_turns_one_after_the_other(client: FlaskClient) -> None:
    conversation = start(client)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: turn(client, conversation, say="open cramp coach"), range(24)))
    turns = client.get(conversation).json["turns"]  # type: ignore[index]
    assert [each["number"] for each in turns] == list(range(1, 25))
    assert len({each["request"]["request"]["requestId"] for each in turns}) == 24


def test_a_replay_file_is_one_for_amazons_command_line(client: FlaskClient) -> None:
    conversation = start(client, locale="en-IN")
    turn(client, conversation, say="open cramp coach")
    turn(client, conversation, silent=True)
    turn(client, conversation, say="it's gone")
    response = client.get(f"{conversation}/replay")
    assert response.headers["Content-Disposition"] == "attachment; filename=replay.json"
    replay = response.json
    assert replay and set(replay) == {"skillId", "locale", "type", "userInput"}
    assert (replay["locale"], replay["type"]) == ("en-IN", "text")
    assert replay["userInput"] == ["open cramp coach", "it's gone", ".quit"]


def test_a_refused_response_comes_with_its_reasons() -> None:
    client = client_of({"version": "1.0", "response": {"outputSpeech": {"type": "SSML", "ssml": "<speak>a & b"}}})
    heard = turn(client, start(client), say="open cramp coach")
    assert heard["ended"] == "ERROR" and heard["speech"] == []
    assert any("not well-formed" in reason for reason in heard["refused"])


RENDER = {"type": "Alexa.Presentation.APL.RenderDocument", "token": "t1"}
DOCUMENT = {"type": "APL", "mainTemplate": {"items": [{"text": "Fixed"}, {"text": "${data.title}"}]}}


def asks(*directives: Any) -> Any:
    speech = {"outputSpeech": {"type": "PlainText", "text": "Fish & chips?"}}
    response = {**speech, "reprompt": speech, "shouldEndSession": False, "directives": list(directives)}
    return {"version": "1.0", "response": response}


def test_a_screen_stays_until_another_comes_or_the_session_ends() -> None:
    drawn = {**RENDER, "document": DOCUMENT, "datasources": {"data": {"title": "Press down", "id": "calf"}}}
    client = client_of(asks(drawn), asks(), {"version": "1.0", "response": {"shouldEndSession": True}})
    conversation = start(client, device="show-8")
    screen = turn(client, conversation, say="open cramp coach")["screen"]
    assert screen["document"] == DOCUMENT and screen["sketch"]["texts"] == ["Fixed", "Press down"]
    touched = turn(client, conversation, touch=["Next"])
    assert touched["screen"] == screen
    assert touched["request"]["request"]["arguments"] == ["Next"] and touched["request"]["request"]["token"] == "t1"
    assert turn(client, conversation, say="stop")["screen"] is None


@pytest.mark.parametrize("response", [None, [], {"response": None}, {"response": {"directives": ["?", {}]}}])
def test_no_screen_in_whatever_else_a_skill_returns(response: Any) -> None:
    assert screen_of(response) is None


def test_a_refused_response_shows_no_screen() -> None:
    fine = asks({**RENDER, "document": DOCUMENT})
    broken = asks({**RENDER, "document": DOCUMENT})
    del broken["response"]["reprompt"]
    client = client_of(fine, broken)
    conversation = start(client, device="show-8")
    assert turn(client, conversation, say="open cramp coach")["screen"]
    heard = turn(client, conversation, say="next")
    assert heard["refused"] and heard["screen"] is None


def test_a_conversation_begins_in_the_middle_and_goes_on_from_there(client: FlaskClient) -> None:
    acts = [{"say": "open cramp coach"}, {"silent": True}, {"touch": ["Next"]}]
    response = client.post(CONVERSATIONS, json={"device": "show-5", "acts": acts})
    state = response.json
    assert state and [each["act"] for each in state["turns"]] == acts and state["listening"]
    conversation = f"{CONVERSATIONS}/{state['id']}"
    assert turn(client, conversation, say="its gone")["request"]["session"]["new"] is False
    rewound = client.put(conversation, json={"device": "show-5", "acts": acts[:1]}).json
    assert rewound and rewound["turns"][0]["speech"] == state["turns"][0]["speech"] and len(rewound["turns"]) == 1
    assert turn(client, conversation, say="in bed")["number"] == 2


def test_every_device_shows_the_same_state(client: FlaskClient) -> None:
    conversation = start(client, device="echo")
    turn(client, conversation, say="open cramp coach")
    turn(client, conversation, silent=True)
    turn(client, conversation, say="my chest hurts")
    shown = client.get(f"{conversation}/everywhere").json
    assert shown and [each["device"] for each in shown] == [name for name, device in DEVICES.items() if device.screen]
    assert {each["screen"]["datasources"]["screen"]["layout"] for each in shown} == {"warnings"}
    assert len(client.get(conversation).json["turns"]) == 3  # type: ignore[index]


def test_an_edited_request_is_sent_as_it_is_and_its_session_goes_on(client: FlaskClient) -> None:
    conversation = start(client, device="show-8")
    sent = turn(client, conversation, say="open cramp coach")["request"]
    edited = {**sent, "session": {**sent["session"], "new": False, "attributes": {"place": "after"}}}
    edited["request"] = {**sent["request"], "type": "IntentRequest", "intent": {"name": "AMAZON.HelpIntent"}}
    heard = turn(client, conversation, request=edited)
    assert (heard["kind"], heard["request"], heard["open"]) == ("resent", edited, True)
    after = turn(client, conversation, say="stop")
    assert after["request"]["session"]["sessionId"] == sent["session"]["sessionId"]
    nobody = turn(client, conversation, request={"request": {"type": "LaunchRequest"}})
    assert nobody["open"] and nobody["speech"]


MENU = [
    (group, name, said)
    for group, names in tomllib.loads(STATES.read_text(encoding="utf-8")).items()
    for name, said in names.items()
]


@pytest.mark.parametrize(("group", "name", "said"), MENU, ids=lambda each: each if isinstance(each, str) else "")
def test_a_state_of_the_menu_is_what_it_is_called(group: str, name: str, said: list[str]) -> None:
    conversation = Conversations(local_skill()).played("en-US", "show-8", [{"say": line} for line in said])
    state = conversation.state()
    assert [each["refused"] for each in state["turns"]] == [[]] * len(said)
    assert "AMAZON.FallbackIntent" not in [each["intent"] for each in state["turns"]]
    layout = state["screen"]["datasources"]["screen"]["layout"]
    assert (layout == "warnings") == (group == "Warnings")


def test_the_menu_has_every_muscle_and_every_kind_of_screen() -> None:
    played = [
        Conversations(local_skill()).played("en-US", "show-8", [{"say": each} for each in said]) for *_, said in MENU
    ]
    screens = [conversation.screen["datasources"]["screen"]["layout"] for conversation in played if conversation.screen]
    assert set(screens) == set(LAYOUTS)
    assert {conversation.alexa.attributes.get("muscle", "calf") for conversation in played} == set(MUSCLES)


def test_what_a_screen_means() -> None:
    picture = {"width": 4, "height": 3, "items": [{"pathData": "M0,0"}]}
    document = {"graphics": {"picture0": picture}}
    buttons = [{"event": "Next", "label": "Next"}, 3]
    lists = {"text": "Heel down", "detail": 7, "columns": [["One", None], "?"], "buttons": buttons}
    shown = screen_of(asks({**RENDER, "document": document, "datasources": {"screen": lists}}))
    assert shown and shown["sketch"] == {
        "headline": "Heel down",
        "texts": ["One"],
        "buttons": [{"label": "Next", "touch": ["Next"]}, {"label": None, "touch": [None]}],
        "pictogram": picture,
    }
    steps = {"steps": [{"text": "Toes up", "picture": "picture0"}, {"text": "Later"}]}
    stepped = screen_of(asks({**RENDER, "document": document, "datasources": {"screen": steps}}))
    assert stepped and (stepped["sketch"]["headline"], stepped["sketch"]["pictogram"]) == ("Toes up", picture)
    odds: list[Any] = [[], {"graphics": 7}, {"graphics": {"picture0": {"items": "?"}}}]
    broken_screens: list[Any] = [{"text": None}, {"steps": "?"}, {"steps": [7]}]
    for odd in odds:
        for screen in broken_screens:
            broken = screen_of(asks({**RENDER, "document": odd, "datasources": {"screen": screen}}))
            assert broken and broken["sketch"]["pictogram"] is None


# who is refused


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000, 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"say": ""}', 400),
        (b'{"say": 7}', 400),
        (b'{"silent": false}', 400),
        (b'{"touch": "Next"}', 400),
        (b'{"say": "' + b"x" * 501 + b'"}', 400),
        (b'{"say": "' + b"x" * 300_000 + b'"}', 413),
        (b'{"request": "IntentRequest"}', 400),
        (b'{"request": {}}', 400),
        (b'{"request": {"request": {"type": 7}}}', 400),
    ],
)
def test_a_turn_that_is_none(client: FlaskClient, body: bytes, status: int) -> None:
    conversation = start(client)
    turn(client, conversation, say="open cramp coach")
    refused(client.post(f"{conversation}/turns", data=body, content_type="application/json"), status)
    assert client.get(conversation).json["listening"]  # type: ignore[index]


@pytest.mark.parametrize(
    "choice",
    [
        {"locale": "tlh-KL"},
        {"device": "toaster"},
        {"locale": 7},
        {"device": ["echo"]},
        {"acts": "open cramp coach"},
        {"acts": [{"say": "open cramp coach"}, {"sing": "la"}]},
        {"acts": [None]},
        {"acts": [{"silent": True}] * 301},
    ],
)
def test_a_choice_that_there_is_not(client: FlaskClient, choice: Any) -> None:
    refused(client.post(CONVERSATIONS, json=choice), 400)
    conversation = start(client)
    turn(client, conversation, say="open cramp coach")
    refused(client.put(conversation, json=choice), 400)
    assert client.get(conversation).json["listening"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/static/../__init__.py", 404),
        ("GET", "/static/%2e%2e/__init__.py", 404),
        ("GET", f"{CONVERSATIONS}/unknown", 404),
        ("POST", f"{CONVERSATIONS}/unknown/turns", 404),
        ("PUT", f"{CONVERSATIONS}/unknown", 404),
        ("DELETE", CONVERSATIONS, 405),
        ("POST", "/", 405),
    ],
)
def test_what_is_not_there(client: FlaskClient, method: str, path: str, status: int) -> None:
    refused(client.open(path, method=method, json={}), status)


def test_a_form_can_not_post(client: FlaskClient) -> None:
    refused(client.post(CONVERSATIONS, data={"locale": "en-US"}), 415)
    refused(client.post(CONVERSATIONS, data="{}", content_type="text/plain"), 415)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8026", "127.0.0.1.evil.example", "localhost.evil", "x@y"]
)
@pytest.mark.parametrize("path", ["/", "/page/choices", "/static/page.js"])
def test_a_foreign_name_that_points_here(client: FlaskClient, host: str, path: str) -> None:
    refused(client.get(path, headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["localhost", "localhost:8026", "127.0.0.1:8026"])
def test_the_names_of_this_machine(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200
    assert client.post(CONVERSATIONS, json={}, headers={"Host": host, "Origin": f"http://{host}"}).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    ],
)
def test_another_site_can_not_post(client: FlaskClient, headers: dict[str, str]) -> None:
    refused(client.post(CONVERSATIONS, json={}, headers=headers), 403)


def test_another_site_may_link_but_not_read_or_frame(client: FlaskClient) -> None:
    follow = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers={**follow, "Sec-Fetch-Dest": "document"}).status_code == 200
    refused(client.get("/", headers={**follow, "Sec-Fetch-Dest": "iframe"}), 403)
    refused(client.get("/page/choices", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"}), 403)


def test_what_the_page_may_load(client: FlaskClient) -> None:
    page = client.get("/").headers
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert page["X-Content-Type-Options"] == "nosniff" and page["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in page
    screen = client.get("/screen").headers["Content-Security-Policy"]
    assert screen.startswith("sandbox allow-scripts;") and "http" not in screen and "allow-same-origin" not in screen


# the server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(create_app(), 0) as running:
        yield running


def test_it_listens_on_loopback_only(server: Server) -> None:
    port = int(server.address.rpartition(":")[2])
    with urllib.request.urlopen(server.address) as answer:
        assert b"Cramp Coach" in answer.read()
    with pytest.raises(ConnectionRefusedError):  # another address of this machine
        socket.create_connection(("127.0.0.2", port), timeout=2).close()


def test_a_taken_port_gives_way_to_a_free_one(server: Server) -> None:
    taken = int(server.address.rpartition(":")[2])
    with Server(create_app(), taken) as other:
        assert other.address != server.address
        assert urllib.request.urlopen(other.address).status == 200


def test_a_browser_that_goes_away_halfway_leaves_no_file_open(server: Server) -> None:
    port = int(server.address.rpartition(":")[2])
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as browser:
            browser.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            browser.recv(1)
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, at once
    with urllib.request.urlopen(server.address) as answer:
        assert answer.status == 200  # and pytest reports every file that was left open


def test_a_pipe_gets_the_conversation_alone_and_the_address_goes_to_stderr() -> None:
    command = [sys.executable, "-m", "simulator"]
    run = subprocess.run(command, input="open cramp coach\n", capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.startswith("You: open cramp coach\nAlexa: ") and "http" not in run.stdout
    assert "http://127.0.0.1:" in run.stderr and len(run.stderr.splitlines()) == 1


def test_terminal_and_page_run_together() -> None:
    command = [sys.executable, "-m", "simulator", "--port", str(PORT)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **streams) as run:  # type: ignore[call-overload]
        address = run.stderr.readline().split()[-1]
        with urllib.request.urlopen(f"{address}/page/choices") as answer:
            assert "en-US" in json.load(answer)["locales"]
        out, err = run.communicate("open cramp coach\n", timeout=60)
    assert (run.returncode, err) == (0, "") and "Alexa: Stand up" in out


def test_the_page_alone_runs_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "simulator", "--page", "--port", "0"]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **streams) as run:  # type: ignore[call-overload]
        address = run.stderr.readline().split()[-1]
        assert urllib.request.urlopen(address).status == 200
        os.kill(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("port", ["99999", "-1", "http", ""])
def test_a_port_that_is_none(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([f"--port={port}"])
    assert exit_.value.code == 2 and "is not a port" in capsys.readouterr().err


# speech as passages


@pytest.mark.parametrize(
    ("ssml", "expected"),
    [
        ("<speak>Well?</speak>", [Passage("Well?")]),
        ('<speak>Hold. <break time="8s"/> Go  on.</speak>', [Passage("Hold.", 8), Passage("Go on.")]),
        ('<speak>Hold. <break time="10s"/> <break time="500ms"/></speak>', [Passage("Hold.", 10.5)]),
        ('<speak><break time="1s"/>Now.</speak>', [Passage("", 1), Passage("Now.")]),
        ('<speak><prosody rate="70%" volume="x-soft">Hush.</prosody></speak>', [Passage("Hush.", 0, 0.7, 0.2)]),
        (
            '<speak>Loud. <prosody volume="soft">Soft. <break/></prosody>Loud.</speak>',
            [Passage("Loud."), Passage("Soft.", 1, 1, 0.45), Passage("Loud.")],
        ),
        (
            '<speak><prosody rate="slow">a<prosody rate="50%">b</prosody></prosody></speak>',
            [Passage("a", 0, 0.75), Passage("b", 0, 0.375)],
        ),
        ('<speak><amazon:effect name="whispered">Hush.</amazon:effect></speak>', [Passage("Hush.", 0, 1, 0.4)]),
        ("<speak>a <s>b</s> &lt;c&gt;</speak>", [Passage("a b <c>")]),
    ],
)
def test_ssml_as_passages(ssml: str, expected: list[Passage]) -> None:
    assert passages(ssml) == expected
