"""The page as people use it, in a real browser: typed, silent, by keyboard, on every kind of device."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from simulator.server import Server, create_app
from simulator.skill import Skill, local_skill
from tools.browser import chromium
from tools.screens.viewhost import CHROMIUM_SWITCHES

pytestmark = pytest.mark.needs("browser")

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
NIGHT = datetime(2026, 11, 26, 3, 7)
WIDE, NARROW = {"width": 1440, "height": 940}, {"width": 390, "height": 844}

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
DOCUMENT = {
    "type": "APL",
    "version": "1.4",
    "mainTemplate": {
        "parameters": ["payload", "step"],
        "items": [
            {
                "type": "TouchWrapper",
                "width": "100%",
                "height": "100%",
                "onPress": [{"type": "SendEvent", "arguments": ["Next"]}],
                "item": {"type": "Text", "text": "${payload.step.title} ${step.how}", "fontSize": "80dp"},
            }
        ],
    },
}


class Scripted:
    """A skill that answers with what it is given, `answer` for ever."""

    def __init__(self) -> None:
        self.answer: Any = None
        self.requests: list[Any] = []

    def __call__(self, envelope: dict[str, Any]) -> Any:
        self.requests.append(envelope["request"])
        return self.answer


def asking(text: str, **more: Any) -> Any:
    speech = {"outputSpeech": {"type": "PlainText", "text": text}}
    return {"version": "1.0", "response": {**speech, "reprompt": speech, "shouldEndSession": False, **more}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_SWITCHES)
        yield running
        running.close()


def served(skill: Skill) -> Iterator[str]:
    with Server(create_app(skill), 0) as server:
        yield server.address


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    yield from served(local_skill())


@pytest.fixture(scope="module")
def script() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def scripted_address(script: Scripted) -> Iterator[str]:
    yield from served(script)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in browsers of their own; none may meet an error of script or policy, or go anywhere else."""
    errors: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # the renderer asks for Amazon's fonts, and the policy of its frame says no; a server may be gone or refuse
        if message.type == "error" and not message.text.startswith(("Loading the font", "Failed to load resource")):
            errors.append(message.text)

    def stay_home(url: str, home: str) -> None:
        if not url.startswith((home, "data:")):
            errors.append(url)

    def opened(
        address: str, *, skip: bool = True, clock: bool = False, scheme: str = "dark", edge: str = "", **options: Any
    ) -> Page:
        context = browser.new_context(color_scheme=scheme, viewport=options.pop("viewport", WIDE), **options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("response", lambda response: stay_home(response.url, address))
        if edge:
            page.add_init_script(edge)
        if clock:
            page.clock.install(time=NIGHT)
        page.goto(address)
        expect(page.locator("body[data-ready]")).to_be_attached()
        if skip:
            page.get_by_label("Skip", exact=True).check()
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert errors == []


def say(page: Page, words: str) -> None:
    """Type it, press Enter, and wait until Alexa has answered and listens or is asleep again."""
    turns = page.locator("#transcript > li")
    before = turns.count()
    page.get_by_label("What you say").fill(words)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(before + 1)


def choose(page: Page, device: str) -> None:
    page.get_by_role("combobox", name="Device").select_option(label=device)
    expect(page.locator(f"#room[data-device={page.locator('#device').input_value()}]")).to_be_attached()


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def phase(page: Page) -> str:
    return page.locator("#phase").inner_text()


def test_a_typed_conversation(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    picture(page, "welcome")
    say(page, "open cramp coach")
    expect(page.locator(".alexa").last).to_contain_text("Stand up slowly")
    expect(page.locator(".alexa").last.locator(".pause").first).to_contain_text("8 s")
    say(page, "i can't stand")
    say(page, "how do i prevent it")
    expect(page.locator(".taken").last).to_contain_text("TipIntent")
    picture(page, "conversation")
    say(page, "stop")
    expect(page.locator(".ending")).to_have_text("The skill closed the session.")
    expect(page.get_by_role("button", name="Stay silent")).to_be_disabled()
    assert phase(page) == "Asleep"


def test_silence_in_real_time_brings_the_reprompt_and_then_the_end(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(address, skip=False, clock=True)
    say(page, "open cramp coach")
    heard: list[str] = []
    for _ in range(100):
        page.clock.run_for(2000)
        if (now := phase(page)) not in heard[-1:]:
            heard.append(now)
        if page.locator(".ending").count():
            break
    seen = [each for each in heard if each != "Thinking"]
    assert seen[:2] == ["Speaking", "Holding"]
    assert [each for each in seen if each not in ("Speaking", "Holding")] in (
        ["Listening", "Listening once more"],
        ["Listening", "Listening once more", "Asleep"],
    )
    expect(page.locator("#transcript > li")).to_have_count(3)
    expect(page.locator(".ending")).to_have_text("Nobody spoke, so Alexa closed the session.")
    expect(page.locator("#phase")).to_have_text("Asleep")


def test_the_listening_window_is_seen_to_pass(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, skip=False, clock=True)
    say(page, "open cramp coach")
    say(page, "my foot is cramping")
    page.keyboard.press("Escape")  # enough of the voice
    expect(page.locator("#phase")).to_have_text("Listening")
    left, seconds = [], page.locator("#seconds")
    for _ in range(7):
        page.clock.run_for(1000)
        left.append(int(seconds.text_content() or 0))
    assert left == sorted(left, reverse=True) and left[0] >= 7 and left[-1] <= 2
    picture(page, "night-echo")


def test_a_pause_is_seen_to_pass(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, skip=False, clock=True)
    choose(page, "Echo Show 8")
    say(page, "i can't stand")
    for _ in range(200):
        page.clock.run_for(100)
        if phase(page) == "Holding":
            break
    expect(page.locator(".passage.now .pause")).to_have_text("8 s pause")
    page.clock.run_for(3000)
    assert page.locator("#seconds").text_content() in ("6", "5", "4")
    expect(page.locator(".passage.later").last).to_be_visible()
    picture(page, "night-show")


def test_the_window_waits_while_someone_types(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, skip=False, clock=True)
    say(page, "open cramp coach")
    page.keyboard.press("Escape")  # enough of the voice
    expect(page.locator("#phase")).to_have_text("Listening")
    page.get_by_label("What you say").press_sequentially("ne")
    page.clock.run_for(20_000)
    assert phase(page) == "Listening"
    page.get_by_label("What you say").fill("")
    page.clock.run_for(9_000)
    expect(page.locator("#transcript > li")).to_have_count(2)


def test_staying_silent_by_the_button_and_by_an_empty_line(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    say(page, "open cramp coach")
    page.get_by_role("button", name="Stay silent").click()
    expect(page.locator(".you em").last).to_have_text("said nothing")
    expect(page.locator("#phase")).to_have_text("Listening once more")
    say(page, "")
    expect(page.locator(".ending")).to_be_visible()


# A browser's voice and ear, which a machine without either can't try.
VOICE = """
    window.said = [];
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    Object.defineProperty(window, "speechSynthesis", { value: {
        getVoices: () => [{}],
        cancel: () => said.push("cancel"),
        speak: (utterance) => { said.push({ ...utterance }); setTimeout(() => utterance.onend?.(), 50); },
    } });
"""
EAR = """
    window.SpeechRecognition = class {
        start() {
            const hear = (transcript, isFinal) =>
                this.onresult({ results: [Object.assign([{ transcript }], { isFinal })] });
            setTimeout(() => { hear("open cramp", false); hear("open cramp coach", true); this.onend(); }, 50);
        }
    };
"""


def test_the_voice_honours_rate_and_volume(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, edge=VOICE)
    say(page, "open cramp coach")
    expect(page.locator("#phase")).to_have_text("Listening")
    usual = page.evaluate("said.splice(0)")
    assert [passage["text"] for passage in usual][1:3] == ["Keep pressing.", "Nearly there."]
    assert {(passage["lang"], passage["rate"], passage["volume"]) for passage in usual} == {("en-US", 1, 0.8)}
    say(page, "slower")
    say(page, "quieter")
    expect(page.locator("#phase")).to_have_text("Listening")
    last = page.evaluate("said").pop()
    assert last["rate"] < 1 and last["volume"] < 0.8
    page.get_by_label("Off").check()
    page.evaluate("said.length = 0")
    say(page, "next")
    expect(page.locator("#phase")).to_have_text("Listening")
    assert page.evaluate("said.length") == 0


def test_what_the_microphone_hears_is_said(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, edge=EAR)
    page.get_by_role("button", name="Speak").click()
    expect(page.locator(".you q")).to_have_text("open cramp coach")
    expect(page.locator("#transcript > li")).to_have_count(1)
    expect(page.get_by_role("button", name="Speak")).to_have_attribute("aria-pressed", "false")


def test_another_device_starts_over(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    say(page, "open cramp coach")
    for device, shape in {"Echo Show 5": "RECTANGLE", "Echo Spot": "ROUND", "Fire TV": "RECTANGLE"}.items():
        choose(page, device)
        expect(page.locator(f"#room[data-shape={shape}]")).to_be_attached()
        say(page, "open cramp coach")
        page.get_by_role("tab", name="Request").click()
        expect(page.locator("#request")).to_contain_text('"Viewport"')
        expect(page.locator("#request")).to_contain_text(f'"shape": "{shape}"')
        expect(page.locator("#request")).to_contain_text("Alexa.Presentation.APL")
    page.get_by_role("combobox", name="Language").select_option("en-GB")
    expect(page.locator("#transcript > li")).to_have_count(0)
    say(page, "open cramp coach")
    expect(page.locator("#request")).to_contain_text('"locale": "en-GB"')


def test_the_inspector_tells_how_it_was_understood(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    say(page, "my big toe is cramping")
    say(page, "flumbergast")
    expect(page.locator("#taken")).to_contain_text("AMAZON.FallbackIntent")
    expect(page.locator("#taken")).to_contain_text("no match")
    page.get_by_role("button", name="Inspect turn 1").click()
    facts = page.locator("#taken")
    expect(facts).to_contain_text("CrampNowIntent")
    expect(facts).to_contain_text("“big toe” is foot")
    expect(facts).to_contain_text("exact")
    for tab, panel in (("Request", "#request"), ("Response", "#response")):
        page.get_by_role("tab", name=tab).click()
        assert json.loads(page.locator(f"{panel} pre").inner_text())["version"] == "1.0"
    picture(page, "inspector")


def test_by_keyboard_alone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, skip=False)
    focused = page.locator(":focus")
    expect(focused).to_have_id("words")
    page.keyboard.type("open cramp coach")
    page.keyboard.press("Enter")
    expect(page.locator("#transcript > li")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")  # nothing typed: silence
    expect(page.locator(".you em")).to_have_text("said nothing")

    page.reload()
    expect(page.locator("body[data-ready]")).to_be_attached()
    expect(focused).to_have_id("words")
    before, after = tabbed(page, "Shift+Tab", 12), tabbed(page, "Tab", 18)
    assert [name for name in before if name][:4] == ["scroll", "over", "replay", "silent"]
    assert {"voice", "time", "device", "locale"} <= set(before)
    assert "tab-taken" in after
    page.locator("#tab-taken").focus()
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_id("tab-request")
    page.keyboard.press("End")
    expect(focused).to_have_id("tab-response")
    expect(page.locator("#response")).to_be_visible()


def tabbed(page: Page, key: str, times: int) -> list[str]:
    """What has the focus, key press by key press."""
    reached = []
    for _ in range(times):
        page.keyboard.press(key)
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    return reached


@pytest.mark.needs("node")
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(open_page: Callable[..., Page], address: str, scheme: str, viewport: Any) -> None:
    # axe itself is put into the page from outside, which the page's own policy would refuse
    page = open_page(address, scheme=scheme, viewport=viewport, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = findings(page)
    choose(page, "Echo Show 8")
    say(page, "my calf is cramping")
    say(page, "flumbergast")
    found += findings(page)
    page.get_by_role("tab", name="Response").click()
    say(page, "stop")
    found += findings(page)
    picture(page, f"axe-{scheme}-{viewport['width']}")
    assert found == []


def findings(page: Page) -> list[str]:
    result = page.evaluate("axe.run(document, {iframes: false})")
    return [f"{found['id']}: {node['html']}" for found in result["violations"] for node in found["nodes"]]


def test_a_narrow_page_does_not_scroll_sideways(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, viewport=NARROW)
    say(page, "open cramp coach")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_two_browsers_and_a_reload(open_page: Callable[..., Page], address: str) -> None:
    first, second = open_page(address), open_page(address)
    say(first, "open cramp coach")
    say(second, "ask cramp coach for a tip")
    first.reload()
    expect(first.locator("#transcript > li")).to_have_count(1)
    expect(first.locator("#phase")).to_have_text("Listening")
    say(first, "next")
    first.get_by_role("tab", name="Request").click()
    expect(first.locator("#request")).to_contain_text('"new": false')
    expect(second.locator("#transcript > li")).to_have_count(1)


def test_a_conversation_is_saved_as_a_replay_file(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    expect(page.get_by_text("Save as replay")).to_be_hidden()
    say(page, "open cramp coach")
    say(page, "stop")
    with page.expect_download() as download:
        page.get_by_text("Save as replay").click()
    assert download.value.suggested_filename == "replay.json"
    replay = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert replay["userInput"] == ["open cramp coach", "stop", ".quit"]


def test_nothing_is_shown_unescaped(open_page: Callable[..., Page], scripted_address: str, script: Scripted) -> None:
    page = open_page(scripted_address)
    document = {"type": "APL", "mainTemplate": {"items": [{"text": HOSTILE}]}}
    render = {"type": "Alexa.Presentation.APL.RenderDocument", "document": document}
    script.answer = asking(f"{HOSTILE} Shall we?", directives=[render])
    choose(page, "Echo Show 5")
    say(page, HOSTILE)
    expect(page.locator(".you q")).to_have_text(HOSTILE)
    expect(page.locator(".alexa")).to_contain_text(HOSTILE)
    script.answer = {"version": "1.0", "response": {"outputSpeech": {"type": "SSML", "ssml": f"<speak>{HOSTILE}"}}}
    say(page, HOSTILE)
    for tab in ("Understood", "Request", "Response"):
        page.get_by_role("tab", name=tab).click()
    expect(page.locator("#response")).to_contain_text("onerror=")
    assert page.title() == "Cramp Coach, offline"
    assert page.locator("main img, main script").count() == 0


def test_a_refused_response_is_alexas_own_error_with_the_reason(
    open_page: Callable[..., Page], scripted_address: str, script: Scripted
) -> None:
    page = open_page(scripted_address)
    script.answer = {
        "version": "1.0",
        "response": {"shouldEndSession": True, "outputSpeech": {"type": "SSML", "ssml": "<p/>"}},
    }
    say(page, "open cramp coach")
    expect(page.locator(".problem p")).to_have_text("There was a problem with the requested skill's response.")
    expect(page.locator(".problem li")).to_contain_text("the root is <p>")
    expect(page.locator("#phase")).to_have_text("Asleep")
    picture(page, "refused")


def render(title: str) -> Any:
    return {
        "type": "Alexa.Presentation.APL.RenderDocument",
        "token": "step-1",
        "document": DOCUMENT,
        "datasources": {"step": {"title": title, "how": "slowly"}},
    }


@pytest.mark.needs("node")
def test_a_screen_is_drawn_and_touched(open_page: Callable[..., Page], scripted_address: str, script: Scripted) -> None:
    page = open_page(scripted_address)
    script.answer = asking("Shall we?", directives=[render("Press your heel down")])
    for device in ("Echo Show 5", "Echo Spot", "Fire TV"):
        choose(page, device)
        say(page, "open cramp coach")
        expect(page.locator("iframe[data-state=drawn]")).to_be_visible(timeout=60_000)
        expect(page.frame_locator("iframe").get_by_text("Press your heel down slowly")).to_be_attached()
        picture(page, f"screen-{device.lower().replace(' ', '-')}")
    choose(page, "Echo Show 8")
    say(page, "open cramp coach")
    expect(page.locator("iframe[data-state=drawn]")).to_be_visible(timeout=60_000)
    screen = page.locator("iframe").bounding_box()
    assert screen
    touched = page.locator(".you em")
    for _ in range(40):  # the browser needs a moment until it hands touches to a frame that has changed its size
        page.mouse.click(screen["x"] + screen["width"] / 2, screen["y"] + screen["height"] / 2)
        page.wait_for_timeout(250)
        if touched.count():
            break
    expect(touched.first).to_have_text("touched the screen: Next")
    event = script.requests[-1]
    assert (event["type"], event["arguments"], event["token"]) == (
        "Alexa.Presentation.APL.UserEvent",
        ["Next"],
        "step-1",
    )


def test_without_the_renderer_there_is_the_text_and_what_to_run(
    open_page: Callable[..., Page],
    scripted_address: str,
    script: Scripted,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("simulator.page.RENDERERS", [tmp_path])
    page = open_page(scripted_address)
    script.answer = asking("Shall we?", directives=[render("Press your heel down")])
    choose(page, "Echo Show 5")
    say(page, "open cramp coach")
    expect(page.locator("#screen-text")).to_contain_text("Press your heel down")
    expect(page.locator("#renderer-note")).to_contain_text("make screens")
    assert page.locator("iframe").count() == 0


def test_a_simulator_that_went_away_is_said_and_found_again(open_page: Callable[..., Page]) -> None:
    with Server(create_app(), 0) as server:
        page, port = open_page(server.address), int(server.address.rpartition(":")[2])
        say(page, "open cramp coach")
    words, alarm = page.get_by_label("What you say"), page.get_by_role("alert")
    words.fill("next")
    page.keyboard.press("Enter")
    expect(alarm).to_contain_text("does not answer")
    with Server(create_app(), port):
        words.fill("next")
        page.keyboard.press("Enter")
        expect(alarm).to_contain_text("no such conversation")
        expect(page.locator("#transcript > li")).to_have_count(0)
        say(page, "open cramp coach")
        expect(alarm).to_be_hidden()
