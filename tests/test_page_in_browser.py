"""The page as people use it, in a real browser: typed, silent, by keyboard, on every kind of device."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Route, expect, sync_playwright

from simulator.alexa import Alexa
from simulator.devices import DEVICES
from simulator.server import Server, create_app
from tests.conftest import matcher
from tests.test_dialogs import test_dialog as play_dialog
from tools.browser import chromium
from tools.cases import Dialog
from tools.errors import ROOT
from tools.screens.layout import flaws, measured
from tools.screens.viewhost import CHROMIUM_SWITCHES, Viewport

pytestmark = pytest.mark.needs("browser")

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
NIGHT = datetime(2026, 11, 26, 3, 7)
SCREENS = [device.label for device in DEVICES.values() if device.screen]
WIDE, NARROW = {"width": 1440, "height": 940}, {"width": 390, "height": 844}

Open = Callable[..., Page]

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
    expect.set_options(timeout=60_000)  # how long an answer takes on a busy machine is no defect
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_SWITCHES)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    matcher("en-US")  # no page has to wait for the model
    with Server(create_app(), 0) as server:
        yield server.address


@pytest.fixture(scope="module")
def script() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def scripted_address(script: Scripted) -> Iterator[str]:
    with Server(create_app(script), 0) as server:
        yield server.address


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens pages in browsers of their own; none may meet an error of script or policy, or go anywhere else."""
    errors: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # a server may be gone or refuse
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            errors.append(message.text)

    def stay_home(url: str, home: str) -> None:
        if not url.startswith((home, "data:")):
            errors.append(url)

    def opened(
        address: str, *, skip: bool = True, clock: bool = False, scheme: str = "dark", edge: str = "", **options: Any
    ) -> Page:
        context = browser.new_context(color_scheme=scheme, viewport=options.pop("viewport", WIDE), **options)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("response", lambda response: stay_home(response.url, address.partition("#")[0]))
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


@pytest.fixture
def page(open_page: Open, address: str) -> Page:
    """The page of our skill, on a wide screen at night, where no pause takes time."""
    return open_page(address)


@pytest.fixture
def without_renderer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("simulator.page.RENDERERS", [tmp_path])


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


def test_a_typed_conversation(page: Page) -> None:
    picture(page, "welcome")
    say(page, "open cramp coach")
    expect(page.locator(".alexa").last).to_contain_text("Stand up slowly")
    expect(page.locator(".alexa").last.locator(".pause").first).to_contain_text(re.compile(r"^\d+ s"))
    say(page, "i can't stand")
    say(page, "how do i prevent it")
    expect(page.locator(".taken").last).to_contain_text("TipIntent")
    picture(page, "conversation")
    say(page, "stop")
    expect(page.locator(".ending")).to_have_text("The skill closed the session.")
    expect(page.get_by_role("button", name="Stay silent")).to_be_disabled()
    assert phase(page) == "Asleep"


def test_silence_in_real_time_brings_the_reprompt_and_then_the_end(open_page: Open, address: str) -> None:
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


def test_the_listening_window_is_seen_to_pass(open_page: Open, address: str) -> None:
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


def run_until_holding(page: Page) -> None:
    """Let the page's time go by until the first hold has begun; none of them begins later."""
    for _ in range(200):
        page.clock.run_for(100)
        if phase(page) == "Holding":
            return
    raise AssertionError(f"no hold in 20 seconds: {phase(page)}")


def test_a_pause_is_seen_to_pass(open_page: Open, address: str) -> None:
    page = open_page(address, skip=False, clock=True)
    choose(page, "Echo Show 8")
    say(page, "i can't stand")
    run_until_holding(page)
    expect(page.locator(".passage.now .pause")).to_have_text("8 s pause")
    page.clock.run_for(3000)
    assert page.locator("#seconds").text_content() in ("6", "5", "4")
    expect(page.locator(".passage.later").last).to_be_visible()
    picture(page, "night-show")


@pytest.mark.needs("node")
def test_one_clock_leads_a_hold(open_page: Open, address: str) -> None:
    page = open_page(address, skip=False, clock=True)
    for device, ring in (("Echo Show 8", "hidden"), ("Echo, no screen", "visible")):
        choose(page, device)
        say(page, "i can't stand")
        if ring == "hidden":
            drawn(page)
        run_until_holding(page)
        assert page.locator("#seconds").evaluate("text => getComputedStyle(text).visibility") == ring
        colors = "pauses => [...new Set(pauses.map(pause => getComputedStyle(pause).color))]"
        assert len(page.locator(".pause").evaluate_all(colors)) == 1


def test_the_window_waits_while_someone_types(open_page: Open, address: str) -> None:
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


def test_staying_silent_by_the_button_and_by_an_empty_line(page: Page) -> None:
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
# It hears the lines of `lines`, one each time it listens, and in the end nothing; or it fails with `trouble`.
EAR = """
    window.opened = 0;
    window.SpeechRecognition = class {
        start() {
            opened += 1;
            setTimeout(() => {
                const line = lines.shift();
                const hear = (transcript, isFinal) =>
                    this.onresult({ results: [Object.assign([{ transcript }], { isFinal })] });
                if (trouble) this.onerror({ error: trouble });
                else if (line) { hear(line.slice(0, 4), false); hear(line, true); }
                else this.onerror({ error: "no-speech" });
                this.onend();
            }, 50);
        }
        abort() { this.onresult = () => {}; }
    };
"""


def ear(*lines: str, trouble: str = "") -> str:
    return f"window.lines = {json.dumps(lines)}; window.trouble = {json.dumps(trouble)}; {EAR}"


def test_the_voice_honours_rate_and_volume(open_page: Open, address: str) -> None:
    page = open_page(address, edge=VOICE)
    say(page, "open cramp coach")
    expect(page.locator("#phase")).to_have_text("Listening")
    usual = page.evaluate("said.splice(0)")
    assert {"Keep pressing.", "Nearly there."} <= {passage["text"] for passage in usual}
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


def test_what_the_microphone_hears_is_said_window_after_window(open_page: Open, address: str) -> None:
    page = open_page(address, edge=ear("open cramp coach", "my foot"))
    speak = page.get_by_role("button", name="Speak")
    speak.click()
    expect(page.locator(".you q")).to_have_text(["open cramp coach", "my foot"])
    expect(speak).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#phase")).to_have_text("Listening to you")
    speak.click()
    expect(speak).to_have_attribute("aria-pressed", "false")


def test_the_microphone_stays_open_for_as_long_as_alexa_listens(open_page: Open, address: str) -> None:
    page = open_page(address, skip=False, clock=True, edge=ear())
    page.get_by_role("button", name="Speak").click()
    expect(page.locator("#phase")).to_have_text("Listening to you")
    for _ in range(7):  # the browser stops after each breath, and is asked again
        page.clock.run_for(1000)
    assert page.evaluate("opened") > 5
    expect(page.locator("#phase")).to_have_text("Listening to you")
    page.clock.run_for(2000)
    expect(page.locator("#phase")).to_have_text("Asleep")
    expect(page.get_by_role("button", name="Speak")).to_have_attribute("aria-pressed", "false")

    say(page, "open cramp coach")
    page.keyboard.press("Escape")  # enough of the voice
    before = page.evaluate("opened")
    page.get_by_role("button", name="Speak").click()
    for _ in range(6):
        page.clock.run_for(1000)
    expect(page.locator("#phase")).to_have_text("Listening")
    assert page.evaluate("opened") > before + 4
    page.clock.run_for(3000)  # the window is over: the reprompt comes, and the microphone hears none of it
    expect(page.locator("#transcript > li")).to_have_count(2)
    expect(page.locator("#phase")).to_have_text(re.compile("Speaking|Holding"))
    while_spoken = page.evaluate("opened")
    page.clock.run_for(2000)
    assert page.evaluate("opened") == while_spoken


@pytest.mark.parametrize(("trouble", "told"), [("not-allowed", "allow it"), ("network", "network"), ("odd", "odd")])
def test_a_microphone_that_fails_says_why(open_page: Open, address: str, trouble: str, told: str) -> None:
    page = open_page(address, edge=ear(trouble=trouble))
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(page.get_by_role("button", name="Speak")).to_have_attribute("aria-pressed", "false")


def test_a_browser_without_recognition_says_so(open_page: Open, address: str) -> None:
    page = open_page(address, edge="delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    expect(page.get_by_text("This browser does not recognise speech")).to_be_visible()
    expect(page.get_by_role("button", name="Speak")).to_be_hidden()


def test_another_device_starts_over(page: Page) -> None:
    matcher("en-GB")
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


def test_the_inspector_tells_how_it_was_understood(page: Page) -> None:
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


def test_by_keyboard_alone(open_page: Open, address: str) -> None:
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
    before, after = tabbed(page, "Shift+Tab", 16), tabbed(page, "Tab", 22)
    assert [name for name in before if name][:6] == ["scroll", "over", "replay", "link", "all", "silent"]
    assert {"voice", "time", "device", "locale"} <= set(before)
    assert "tab-taken" in after
    page.locator("#tab-taken").focus()
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_id("tab-request")
    page.keyboard.press("End")
    expect(focused).to_have_id("tab-changes")
    expect(page.locator("#changes")).to_be_visible()


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
def test_axe_finds_nothing(open_page: Open, address: str, scheme: str, viewport: Any) -> None:
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
    page.get_by_role("tab", name="Changes").click()
    page.get_by_text("Jump to").click()
    found += findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Request").click()
    page.get_by_role("button", name="Edit and resend").click()
    found += findings(page)
    page.get_by_role("button", name="See it on every device").click()
    found += findings(page)
    page.get_by_role("button", name="Close").click()
    picture(page, f"axe-{scheme}-{viewport['width']}")
    assert found == []


def test_nothing_moves_for_those_who_asked_for_that(open_page: Open, address: str) -> None:
    page = open_page(address, reduced_motion="reduce")
    choose(page, "Echo Show 5")
    say(page, "open cramp coach")
    moving = """elements => elements.map(element => getComputedStyle(element))
        .filter(style => style.animationName !== "none" || style.transitionDuration !== "0s").length"""
    assert page.locator("*").evaluate_all(moving) == 0


def findings(page: Page) -> list[str]:
    result = page.evaluate("axe.run(document, {iframes: false})")
    return [f"{found['id']}: {node['html']}" for found in result["violations"] for node in found["nodes"]]


def test_a_narrow_page_does_not_scroll_sideways(open_page: Open, address: str) -> None:
    page = open_page(address, viewport=NARROW)
    say(page, "open cramp coach")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_two_browsers_and_a_reload(open_page: Open, address: str) -> None:
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


def test_a_conversation_is_saved_as_a_replay_file(page: Page) -> None:
    expect(page.get_by_text("Save as replay")).to_be_hidden()
    say(page, "open cramp coach")
    say(page, "stop")
    with page.expect_download() as download:
        page.get_by_text("Save as replay").click()
    assert download.value.suggested_filename == "replay.json"
    replay = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert replay["userInput"] == ["open cramp coach", "stop", ".quit"]


def test_nothing_is_shown_unescaped(open_page: Open, scripted_address: str, script: Scripted) -> None:
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
    open_page: Open, scripted_address: str, script: Scripted
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
def test_a_screen_is_drawn_and_touched(open_page: Open, scripted_address: str, script: Scripted) -> None:
    page = open_page(scripted_address)
    script.answer = asking("Shall we?", directives=[render("Press your heel down")])
    for device in ("Echo Show 5", "Echo Spot", "Fire TV"):
        choose(page, device)
        say(page, "open cramp coach")
        expect(page.locator("iframe[data-state=drawn]")).to_be_visible()
        expect(page.frame_locator("iframe").get_by_text("Press your heel down slowly")).to_be_attached()
        picture(page, f"screen-{device.lower().replace(' ', '-')}")
    choose(page, "Echo Show 8")
    say(page, "open cramp coach")
    expect(page.locator("iframe[data-state=drawn]")).to_be_visible()
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


@pytest.mark.needs("node")
@pytest.mark.parametrize("device", SCREENS)
def test_a_screen_is_whole_the_second_time_too(page: Page, device: str) -> None:
    def seen() -> list[str]:
        frame = drawn(page)
        screen = DEVICES[page.locator("#device").input_value()].screen
        assert screen
        pixels = screen.dpi // 160
        viewport = Viewport(device, screen.width * pixels, screen.height * pixels, screen.shape)
        found = measured(frame)
        assert any(each["kind"] == "text" for each in found)
        return list(flaws(found, viewport))

    choose(page, device)
    say(page, "open cramp coach")
    assert seen() == []
    say(page, "stop")
    say(page, "open cramp coach")
    assert seen() == []
    page.get_by_role("button", name="Start over").click()
    expect(page.locator("#transcript > li")).to_have_count(0)
    say(page, "my chest hurts")
    assert seen() == []
    choose(page, "Echo, no screen")
    say(page, "open cramp coach")
    choose(page, device)
    say(page, "open cramp coach")
    assert seen() == []
    picture(page, f"again-{device.lower().replace(' ', '-')}")


def drawn(page: Page) -> Frame:
    """The frame of the screen, once what was asked for last is drawn in it."""
    expect(page.locator("iframe[data-state=drawn]")).to_be_visible()
    return next(frame for frame in page.frames if frame.url.endswith("/screen"))


@pytest.mark.usefixtures("without_renderer")
@pytest.mark.parametrize("device", SCREENS)
def test_without_the_renderer_there_is_what_the_screen_means(page: Page, device: str) -> None:
    choose(page, device)
    say(page, "open cramp coach")
    step = page.get_by_text("Press that heel down, knee straight.", exact=True)
    size = float(step.evaluate("step => parseFloat(getComputedStyle(step).fontSize)"))
    assert size >= 0.08 * box(page, ".glass")["height"]
    inside(box(page, ".sketch svg"), box(page, ".glass"))
    inside(box(page, ".sketch .headline"), box(page, ".meaning"))
    for button in page.locator(".touches button").all():
        inside(button.bounding_box(), box(page, ".glass"))
    note = page.get_by_text("make screens")
    expect(note).to_be_visible()
    assert box(page, ".note")["y"] >= box(page, ".body")["y"] + box(page, ".body")["height"]
    assert page.locator("iframe").count() == 0
    if device != "Fire TV":  # nobody reaches a television
        page.get_by_role("button", name="Something's wrong").click()
        expect(page.locator(".you em")).to_have_text("touched the screen: SomethingWrong")
    picture(page, f"sketch-{device.lower().replace(' ', '-')}")


@pytest.mark.usefixtures("without_renderer")
def test_another_skills_screen_is_its_words_without_the_renderer(
    open_page: Open, scripted_address: str, script: Scripted
) -> None:
    page = open_page(scripted_address)
    script.answer = asking("Shall we?", directives=[render("Press your heel down")])
    choose(page, "Echo Show 5")
    say(page, "open cramp coach")
    expect(page.locator(".sketch")).to_contain_text("Press your heel down")


def box(page: Page, selector: str) -> Any:
    return page.locator(selector).bounding_box()


def inside(inner: Any, outer: Any) -> None:
    assert inner["x"] >= outer["x"] - 1 and inner["y"] >= outer["y"] - 1
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1


def test_a_refused_response_shows_no_screen(open_page: Open, scripted_address: str, script: Scripted) -> None:
    page = open_page(scripted_address)
    choose(page, "Echo Show 5")
    script.answer = asking("Shall we?", directives=[render("Press your heel down")])
    say(page, "open cramp coach")
    expect(page.locator(".idle")).to_be_hidden()
    script.answer["response"]["reprompt"] = None
    say(page, "open cramp coach")
    expect(page.locator(".problem")).to_be_visible()
    expect(page.locator(".idle")).to_be_visible()
    expect(page.locator("iframe, .sketch:visible")).to_be_hidden()


# where the page is seen

ZOOMED = {"width": 720, "height": 450}  # 1440x900 at 200 %


@pytest.mark.parametrize("viewport", [NARROW, ZOOMED], ids=["phone", "zoomed"])
def test_the_page_opens_at_its_top_with_the_device_in_sight(open_page: Open, address: str, viewport: Any) -> None:
    page = open_page(address, viewport=viewport)
    assert page.evaluate("scrollY") == 0
    device = box(page, ".body")
    assert device["y"] + device["height"] <= viewport["height"]
    page.get_by_role("button", name="open cramp coach").evaluate("button => button.click()")
    expect(page.locator("#transcript > li")).to_have_count(1)
    page.get_by_role("button", name="Start over").evaluate("button => button.click()")
    expect(page.locator("#transcript > li")).to_have_count(0)
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    picture(page, f"top-{viewport['width']}")


def test_keys_are_explained_where_there_are_keys(open_page: Open, address: str) -> None:
    expect(open_page(address).get_by_text("stops the voice")).to_be_visible()
    phone = open_page(address, viewport=NARROW, has_touch=True, is_mobile=True)
    expect(phone.get_by_text("stops the voice")).to_be_hidden()


@pytest.mark.parametrize("height", [900, 700])
def test_the_whole_page_is_in_sight_on_a_laptop(open_page: Open, address: str, height: int) -> None:
    page = open_page(address, viewport={"width": 1440, "height": height})
    for device in ("Echo, no screen", "Echo Show 8", "Echo Spot"):
        choose(page, device)
        say(page, "open cramp coach")
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        footer = box(page, "footer")
        assert footer["y"] + footer["height"] <= height
        inside(box(page, ".body"), box(page, ".stage"))


def test_it_is_three_in_the_morning_and_the_time_fits_the_device(open_page: Open, address: str) -> None:
    for viewport in (WIDE, NARROW):
        page = open_page(address, viewport=viewport)
        for device in ("Echo Spot", "Echo Show 5"):
            choose(page, device)
            expect(page.locator(".idle time")).to_have_text("3:07")
            glass, idle = box(page, ".glass"), box(page, ".idle")
            corner = idle["width"] / 2, idle["height"] / 2
            assert device != "Echo Spot" or math.hypot(*corner) < 0.9 * glass["width"] / 2
            inside(idle, glass)


def test_a_hint_promises_nothing_that_does_not_come(page: Page) -> None:
    say(page, "open cramp coach")
    expect(page.locator("#phase")).to_have_text("Listening")
    expect(page.locator("#hint")).to_contain_text("Stay silent")
    page.get_by_label("Real").check()
    expect(page.locator("#hint")).to_have_text("Then the reprompt, if nobody speaks.")


@pytest.mark.needs("node")
def test_page_and_screen_have_a_font_of_their_own(page: Page) -> None:
    choose(page, "Echo Show 8")
    say(page, "open cramp coach")
    loaded = (
        "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family.replaceAll('\"', ''))"
    )
    assert page.evaluate(loaded) == ["Atkinson Hyperlegible Next"]
    frame = drawn(page)
    assert frame.evaluate(loaded) == ["amazon-ember-display"]
    assert "amazon-ember-display" in frame.locator("#view p").first.evaluate(
        "text => getComputedStyle(text).fontFamily"
    )


# a debugger


def test_a_turn_to_go_back_to(page: Page) -> None:
    for words in ("open cramp coach", "i'm in bed", "its gone"):
        say(page, words)
    page.get_by_role("button", name="Go back here, to turn 1").click()
    expect(page.locator("#transcript > li")).to_have_count(1)
    say(page, "my foot is cramping")
    expect(page.locator(".alexa").last).to_contain_text("toes back")
    page.go_back()  # nothing is lost
    expect(page.locator(".you q")).to_have_text(["open cramp coach", "i'm in bed", "its gone"])
    expect(page.get_by_role("button", name="Go back here, to turn 3")).to_be_hidden()


def test_a_state_has_an_address(open_page: Open, address: str) -> None:
    page = open_page(address)
    choose(page, "Echo Spot")
    say(page, "open cramp coach")
    page.get_by_role("button", name="Stay silent").click()
    expect(page.locator("#transcript > li")).to_have_count(2)
    say(page, "next")
    linked = page.url
    assert linked.endswith("#device=spot&locale=en-US&say=open+cramp+coach&silent=&say=next")
    other = open_page(linked)
    expect(other.locator(".you")).to_contain_text(["open cramp coach", "said nothing", "next"])
    assert other.locator("#device").input_value() == "spot"
    assert other.locator(".alexa").all_inner_texts() == page.locator(".alexa").all_inner_texts()
    say(other, "its gone")
    other.reload()
    expect(other.locator("#transcript > li")).to_have_count(4)


TWO_CHOICES = """() => {
  const [locale, device, room] = ["locale", "device", "room"].map((id) => document.getElementById(id));
  window.seen = []; // at each new conversation
  new MutationObserver(() => window.seen.push(device.value)).observe(room, { attributeFilter: ["data-device"] });
  for (const [select, value] of [[locale, "de-DE"], [device, "show-5"]]) {
    select.value = value;
    select.dispatchEvent(new Event("change"));
  }
}"""


def test_a_choice_is_seen_while_the_one_before_is_on_its_way(page: Page) -> None:
    matcher("de-DE")
    page.evaluate(TWO_CHOICES)
    expect(page.locator("#room[data-device=show-5]")).to_be_attached()
    assert page.evaluate("window.seen") == ["show-5", "show-5"]
    assert page.locator("#locale").input_value() == "de-DE"


def test_another_language_has_lines_of_its_own(page: Page) -> None:
    matcher("de-DE")
    page.get_by_role("combobox", name="Language").select_option("de-DE")
    choose(page, "Echo Show 5")  # at once, before the German device is there
    expect(page.locator("#transcript")).to_have_attribute("lang", "de-DE")
    expect(page.get_by_text("Jump to")).to_be_hidden()
    page.get_by_role("button", name="öffne krampf coach").click()
    expect(page.locator(".alexa").last).to_contain_text("Stehen Sie langsam auf")
    picture(page, "german")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_menu_jumps_to_a_state(open_page: Open, address: str, viewport: Any) -> None:
    page = open_page(address, viewport=viewport)
    choose(page, "Echo Show 5")
    say(page, "open cramp coach")
    page.get_by_text("Jump to").click()
    inside(box(page, "#states"), {"x": 0, "y": 0, **viewport})
    picture(page, f"menu-{viewport['width']}")
    page.get_by_role("link", name="Swollen").click()
    expect(page.locator("#transcript > li")).to_have_count(2)
    expect(page.locator(".alexa").last).to_contain_text("doctor")
    expect(page.locator("#states")).to_be_hidden()
    assert page.locator("#device").input_value() == "show-5"
    page.go_back()
    expect(page.locator(".you q")).to_have_text(["open cramp coach"])


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("#sing=la", "There is no such state"),
        ("#say=open+cramp+coach&touch=Next", "not JSON"),
        ("#device=toaster&say=open+cramp+coach", "no device 'toaster'"),
        ("#locale=tlh-KL&say=open+cramp+coach", "tlh-KL"),
        ("#request=7", "A turn is"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_and_nothing_is_lost(
    open_page: Open, address: str, fragment: str, told: str
) -> None:
    page = open_page(address)
    say(page, "open cramp coach")
    before = page.url
    page.evaluate("fragment => { location.hash = fragment; }", fragment)
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(page).to_have_url(before)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    say(page, "its gone")
    expect(page.locator(".alexa").last).to_contain_text("Good")
    fresh = open_page(f"{address}/{fragment}")
    expect(fresh.get_by_role("alert")).to_contain_text(told)
    say(fresh, "open cramp coach")


@pytest.mark.needs("node")
def test_every_device_at_once(page: Page) -> None:
    say(page, "open cramp coach")
    page.get_by_role("button", name="See it on every device").click()
    expect(page.locator("dialog iframe[data-state=drawn]")).to_have_count(len(SCREENS))
    for device in SCREENS:
        expect(page.locator("dialog").get_by_text(device, exact=True)).to_be_visible()
    picture(page, "everywhere")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_be_hidden()
    say(page, "my chest hurts")
    page.get_by_role("button", name="See it on every device").click()
    frames = [frame for frame in page.frames if frame.url.endswith("/screen")]
    for frame in frames:
        expect(frame.get_by_text("Call your local emergency number now.").first).to_be_attached()


def test_a_request_is_edited_and_sent_again(page: Page) -> None:
    say(page, "open cramp coach")
    page.get_by_role("tab", name="Request").click()
    page.get_by_role("button", name="Edit and resend").click()
    editor = page.get_by_label("The request to send")
    kept = editor.input_value()
    for wrong, told in (("{", "not JSON"), ("[]", "A turn is"), ("{}", "a request with a type")):
        editor.fill(wrong)
        page.get_by_role("button", name="Send it").click()
        expect(page.locator(".wrong")).to_contain_text(told)
        expect(editor).to_have_value(wrong)
    say(page, "next")  # somebody says something meanwhile
    expect(editor).to_have_value("{}")
    envelope = json.loads(kept)
    envelope["request"]["locale"] = "en-GB"
    envelope["session"]["attributes"] = {"place": "after", "asked": "tip"}
    editor.fill(json.dumps(envelope))
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".you em")).to_have_text("resent a request")
    expect(page.locator("#request")).to_contain_text('"locale": "en-GB"')
    expect(editor).to_be_hidden()
    page.reload()
    expect(page.locator("#transcript > li")).to_have_count(3)


def test_the_inspector_finds_and_compares(page: Page) -> None:
    say(page, "open cramp coach")
    page.get_by_role("tab", name="Changes").click()
    expect(page.locator("#changes")).to_contain_text("no turn before")
    say(page, "i'm in bed")
    changes = page.locator("#changes")
    expect(changes).to_contain_text("request.request.type")
    expect(changes.locator("li", has_text="request.request.type").locator("del")).to_have_text('"LaunchRequest"')
    expect(changes.locator("li", has_text="request.request.type").locator("ins")).to_have_text('"IntentRequest"')
    expect(changes).not_to_contain_text("requestId")
    find = page.get_by_label("Find in this turn")
    find.fill('"type": "IntentRequest"')  # across the colours of the JSON
    expect(page.locator("#found")).to_have_text("1 found")
    find.press("Enter")
    expect(page.locator("#request")).to_be_visible()
    find.fill("flumbergast(")
    expect(page.locator("#found")).to_have_text("0 found")
    picture(page, "inspector-find")


CLIPBOARD = (
    "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { window.copied = text; } } });"
)


def test_a_turn_is_copied_as_what_the_repository_keeps(
    open_page: Open, address: str, alexa: Callable[..., Alexa], caplog: pytest.LogCaptureFixture
) -> None:
    page = open_page(address, edge=CLIPBOARD)

    def copied(button: str) -> str:
        page.get_by_role("button", name=button).click()
        return str(page.evaluate("copied"))

    say(page, "open cramp coach")
    page.get_by_role("button", name="Stay silent").click()
    expect(page.locator("#transcript > li")).to_have_count(2)
    say(page, "my big toe is cramping")
    intents = tomllib.loads(copied("Copy as a test utterance"))
    assert intents["CrampNowIntent"]["my big toe is cramping"]["muscle"] == "foot"
    envelope = json.loads(copied("Copy for invoke-skill"))
    assert envelope["request"]["intent"]["name"] == "CrampNowIntent"
    say(page, "stop")
    (dialog,) = tomllib.loads(copied("Copy as a dialog test"))["dialog"]
    assert [each.get("you") for each in dialog["turn"]] == ["open cramp coach", None, "my big toe is cramping", "stop"]
    assert dialog["turn"][0]["alexa"][0].startswith("^Stand up slowly") and dialog["turn"][3]["ends"]
    play_dialog(Dialog(dialog["name"], Path("copied.toml"), "en-US", dialog["turn"]), alexa, caplog)
    page.get_by_role("button", name="Copy link").click()
    assert page.evaluate("copied") == page.url


def test_a_turn_that_is_understood_otherwise_now_is_said(page: Page) -> None:
    say(page, "open cramp coach")
    say(page, "i'm in bed")
    say(page, "next")

    def changed_model(route: Route) -> None:
        answer = route.fetch()
        state = answer.json()
        state["turns"][1]["intent"] = "SittingIntent"
        route.fulfill(response=answer, json=state)

    page.route("**/page/conversations/*", changed_model)
    page.get_by_role("button", name="Go back here, to turn 2").click()
    expect(page.get_by_role("alert")).to_contain_text("Turn 2 is taken for SittingIntent now, and was for InBedIntent")
    expect(page.locator("#transcript > li")).to_have_count(2)


def test_a_simulator_that_went_away_is_said_and_found_again(open_page: Open) -> None:
    with Server(create_app(), 0) as server:
        page, port = open_page(server.address), int(server.address.rpartition(":")[2])
        say(page, "open cramp coach")
    words, alarm = page.get_by_label("What you say"), page.get_by_role("alert")
    words.fill("next")
    page.keyboard.press("Enter")
    expect(alarm).to_contain_text("does not answer")
    expect(words).to_have_value("next")  # and what was typed is kept
    with Server(create_app(), port):
        page.keyboard.press("Enter")
        expect(page.locator(".you q")).to_have_text(["open cramp coach", "next"])
        expect(alarm).to_contain_text("played again")
        say(page, "its gone")
        expect(alarm).to_be_hidden()
