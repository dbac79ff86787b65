"""Screens: every one drawn by Amazon's renderer, and the voice that goes on without them."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from heapq import nlargest
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cramp_coach import screens
from cramp_coach.conversation import EVENTS, INTERNAL_EVENTS, Event, State, respond
from cramp_coach.screens import LAYOUTS, TOUCHES
from cramp_coach.words import FOLDER, default_language, languages, words_for
from lambda_function import lambda_handler
from simulator.alexa import Alexa
from simulator.devices import APL
from simulator.limits import MAX_BYTES, MAX_SPEECH, problems
from simulator.skill import local_skill
from simulator.ssml import words as heard
from tests.test_entry_point import IN_RELIEF, LAUNCH, envelope, said
from tools.errors import ROOT
from tools.screens.__main__ import check, check_lines, pictograms_of
from tools.screens.catalog import every_screen, shown_screens
from tools.screens.drawing import BRUSHES, read_pictograms
from tools.screens.layout import flaws, luminance, measured
from tools.screens.viewhost import VIEWPORTS, Viewhost, Viewport, viewhost

WORDS = words_for("en-US")
TIGHT = "hub, medium"  # the least room: what fits there fits on the others, but for the fullest
FULLEST = 8  # of each layout, by what there is to show, and by the longest word
NEAR_WHITE = 0.8  # relative luminance
MAX_NEAR_WHITE = 0.001  # of a screen


def on(*interfaces: Any) -> dict[str, Any]:
    """A launch from a device with these interfaces, and nothing said about its viewport."""
    made = envelope(LAUNCH)
    made["context"]["System"]["device"]["supportedInterfaces"] = dict(interfaces)
    return made


@cache
def screens_of(language: str) -> dict[str, dict[str, Any]]:
    return dict(every_screen(language))


SCREENS = screens_of(default_language())


def fullest(language: str) -> set[str]:
    """The names of the screens that are hardest to find room for, of each layout."""
    shown = {name: screen["datasources"]["screen"] for name, screen in screens_of(language).items()}
    large = {name: each["text"] if "text" in each else each["steps"][0]["text"] for name, each in shown.items()}

    def much(name: str) -> int:
        return 3 * len(large[name]) + len(shown[name].get("detail", ""))

    def long(name: str) -> int:
        return max(map(len, large[name].split()))

    of_layouts = [[name for name in shown if shown[name]["layout"] == layout] for layout in LAYOUTS]
    return {name for names in of_layouts for key in (much, long) for name in nlargest(FULLEST, names, key)}


def shown(response: dict[str, Any]) -> list[dict[str, Any]]:
    return list(response["response"].get("directives", []))


@pytest.fixture(scope="module")
def host() -> Iterator[Viewhost]:
    with viewhost() as made:
        yield made


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
@pytest.mark.parametrize("viewport", VIEWPORTS, ids=lambda viewport: viewport.name)
@pytest.mark.parametrize("language", languages())
def test_nothing_is_cut_off_or_overlaps_and_all_can_be_read(host: Viewhost, language: str, viewport: Viewport) -> None:
    found = []
    every = screens_of(language)
    for line in every if viewport.name == TIGHT else fullest(language):
        host.draw(every[line], viewport)
        drawn = measured(host.page)
        assert {each["kind"] for each in drawn} & {"text"}, line
        found += [f"{line}: {flaw}" for flaw in flaws(drawn, viewport)]
    assert not found, "\n".join(found)


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
@pytest.mark.parametrize("viewport", VIEWPORTS, ids=lambda viewport: viewport.name)
def test_nothing_is_bright_in_a_dark_bedroom(host: Viewhost, viewport: Viewport) -> None:
    for name, screen in shown_screens():
        host.draw(screen, viewport)
        picture = base64.b64encode(host.page.screenshot()).decode()
        share = host.page.evaluate(SHARE_NEAR_WHITE, [picture, NEAR_WHITE])
        assert share < MAX_NEAR_WHITE, f"{name}: {share:.1%} of the screen is near white"


SHARE_NEAR_WHITE = """async ([picture, most]) => {
  const bytes = Uint8Array.from(atob(picture), (byte) => byte.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const linear = (value) => (value <= 10.3 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  let bright = 0;
  for (let n = 0; n < data.length; n += 4) {
    if (0.2126 * linear(data[n]) + 0.7152 * linear(data[n + 1]) + 0.0722 * linear(data[n + 2]) > most) bright += 1;
  }
  return bright / (data.length / 4);
}"""


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
def test_the_checks_of_the_layout_see_what_is_wrong(host: Viewhost) -> None:
    small = VIEWPORTS[0]
    spoiled = json.loads(json.dumps(SCREENS["calf.standing.1"]))
    spoiled["datasources"]["screen"]["steps"][0]["text"] = "Press that heel down, knee straight. " * 6
    host.draw(spoiled, small)
    assert any("cut off" in flaw or "overlap" in flaw for flaw in flaws(measured(host.page), small))
    spoiled["datasources"]["screen"]["steps"][0]["text"] = "Kneestretchedheeldown"
    host.draw(spoiled, small)
    assert any("ends within a word" in flaw for flaw in flaws(measured(host.page), small))
    dim = json.loads(json.dumps(SCREENS["calf.standing.1"]).replace("#e0c4a2", "#6b5a48"))
    host.draw(dim, small)
    assert any("contrast" in flaw for flaw in flaws(measured(host.page), small))
    host.page.evaluate("document.getElementById('view').style.background = 'white'; view.replaceChildren()")
    picture = base64.b64encode(host.page.screenshot()).decode()
    assert host.page.evaluate(SHARE_NEAR_WHITE, [picture, NEAR_WHITE]) > 0.9


SEEN = """() => [...document.querySelectorAll("#view p")]
    .filter((text) => !text.closest('[style*="opacity: 0;"]')).map((text) => text.textContent)"""


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
def test_one_figure_after_the_other_in_step_with_the_voice(host: Viewhost) -> None:
    screen = json.loads(json.dumps(SCREENS["stretch.sitting.1"]))
    first, second = screen["datasources"]["screen"]["steps"]
    assert (first["text"], second["text"]) == ("Right leg straight, toes up.", "Now lean forward from the hips.")
    # some words, three holds of ten seconds and as many rests: then the second is spoken of
    assert 45_000 < first["until"] == second["from"] < 90_000
    assert first["delay"] + first["duration"] < second["from"] < second["delay"]
    first["until"] = second["from"] = 200  # nobody waits for a minute
    host.draw(screen, VIEWPORTS[0])
    host.page.wait_for_function(f"(before) => !({SEEN})().includes(before)", arg=first["text"])
    assert second["text"] in host.page.evaluate(SEEN)
    assert not list(flaws(measured(host.page), VIEWPORTS[0]))


def test_the_sentence_that_matters_leads() -> None:
    magnesium = SCREENS["topic.magnesium"]["datasources"]["screen"]
    assert magnesium["text"].startswith("As a pill") and magnesium["detail"] == "Nuts, seeds and greens are fine."
    calm = SCREENS["answer.back_to_sleep"]["datasources"]["screen"]
    assert (calm["text"], calm["detail"][:4]) == ("Yes, once it has let go.", "Keep")
    for name, screen in SCREENS.items():
        shown = screen["datasources"]["screen"]
        if shown["layout"] == "words":
            assert shown["text"] and len(shown["text"].split()) <= 25, name


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
def test_a_warning_says_all_of_it_on_every_screen_and_its_heading_stands_apart(host: Viewhost) -> None:
    for viewport in VIEWPORTS:
        host.draw(SCREENS["sign.ChestSign"], viewport)
        shown = SCREENS["sign.ChestSign"]["datasources"]["screen"]
        boxes = {each["what"]: each["lines"] for each in measured(host.page) if each["kind"] == "text"}
        assert {shown["text"], shown["detail"]} <= set(boxes), viewport.name
        heading, text = max(line[3] for line in boxes[shown["text"]]), min(line[1] for line in boxes[shown["detail"]])
        assert text - heading >= 0.015 * viewport.height, viewport.name


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
def test_a_list_uses_the_width_it_has(host: Viewhost) -> None:
    for viewport in (VIEWPORTS[0], VIEWPORTS[1], VIEWPORTS[5]):
        host.draw(SCREENS["doctor.list"], viewport)
        lines = [line for each in measured(host.page) if each["kind"] == "text" for line in each["lines"]]
        assert max(line[2] for line in lines) > 0.7 * viewport.width


@pytest.mark.needs("node")
@pytest.mark.needs("browser")
def test_a_touch_sends_the_event_of_its_button(host: Viewhost) -> None:
    host.draw(SCREENS["calf.standing.1"], VIEWPORTS[0])
    events = ["Previous", "Repeat", "Next", "Better", "SomethingWrong"]
    for event, button in zip(events, host.page.locator("#view .apl-c").all(), strict=True):
        for _ in range(40):  # the renderer loses touches in its first moments
            button.click(delay=50)  # milliseconds that a finger rests
            if host.page.evaluate(LAST_SENT) == event:
                break
        else:
            pytest.fail(f"{event} was never sent")
    sent = host.page.evaluate("sent.map(event => event.arguments)")
    assert [arguments for arguments, _ in groupby(sent)] == [[event] for event in events]


# What the last touch sent, two frames later.
LAST_SENT = """() => new Promise((tell) => {
  requestAnimationFrame(() => requestAnimationFrame(() => tell(sent.at(-1)?.arguments[0])));
})"""


SUGGEST = """
const { StaticAplTemplateValidator } = require("apl-suggester");
const documents = JSON.parse(require("fs").readFileSync(0, "utf-8"));
(async () => {
  const found = [];
  for (const each of documents) found.push(...(await new StaticAplTemplateValidator().validate(each)));
  console.log(JSON.stringify(found));
})();
"""


def suggestions(*documents: Any) -> Any:
    run = subprocess.run(
        ["node", "-e", SUGGEST], input=json.dumps(documents), capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(run.stdout)


@pytest.mark.needs("node")
def test_amazons_linter_has_nothing_to_say() -> None:
    one_of_each = {screen["datasources"]["screen"]["layout"]: screen["document"] for screen in SCREENS.values()}
    assert suggestions(*one_of_each.values()) == []
    assert suggestions({"type": "APL", "version": "1.4", "mainTemplate": {"item": {"type": "Text", "fontWeight": 7}}})


def test_pictograms_are_what_their_source_makes_and_none_is_missing() -> None:
    assert list(check()) == []
    named = {name for line in SCREENS for name in pictograms_of(line)}
    assert {pictogram.name for pictogram in read_pictograms()} == named


def test_a_step_without_a_pictogram_is_named() -> None:
    known = {pictogram.name for pictogram in read_pictograms()}
    found = [str(problem) for problem in check_lines(Path(FOLDER, default_language()), known - {"walk"})]
    assert any(re.search(r"after.walk has 'walk', which isn't drawn; draw it", line) for line in found), found


def test_no_color_of_the_pictograms_is_near_white() -> None:
    for color, _ in BRUSHES.values():
        channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        assert luminance(f"rgb{tuple(channels)}") < NEAR_WHITE


@pytest.mark.parametrize("language", languages())
def test_every_response_with_a_screen_stays_under_the_limit(language: str) -> None:
    largest = max(len(json.dumps(screen).encode()) for screen in screens_of(language).values())
    assert largest + MAX_SPEECH < MAX_BYTES


def test_a_device_with_a_screen_is_shown_the_step_and_one_without_is_not(alexa: Callable[[str], Alexa]) -> None:
    echo, show = Alexa(local_skill()), Alexa(local_skill(), device="show-5")
    for device, tokens in ((echo, []), (show, ["calf.standing.1"])):
        exchange = device.hear("open cramp coach")
        assert exchange.refused == []
        assert [directive["token"] for directive in shown(exchange.response or {})] == tokens
    assert echo.hear("next").speech == show.hear("next").speech


@pytest.mark.parametrize(
    ("interface", "draws"),
    [
        ((APL, {"runtime": {"maxVersion": "1.4"}}), True),
        ((APL, {"runtime": {"maxVersion": "1.10"}}), True),
        ((APL, {"runtime": {"maxVersion": "2024.1"}}), True),
        ((APL, {"runtime": {"maxVersion": "1.3"}}), False),
        ((APL, {"runtime": {"maxVersion": "next"}}), False),
        ((APL, {"runtime": {"maxVersion": ""}}), False),
        ((APL, {"runtime": {"maxVersion": 1.4}}), False),
        ((APL, {"runtime": None}), False),
        ((APL, {}), False),
        ((APL, "yes"), False),
        (("Alexa.Presentation.APLT", {"runtime": {"maxVersion": "1.0"}}), False),
    ],
)
def test_what_a_device_claims_decides_whether_it_is_shown_anything(interface: Any, draws: bool) -> None:
    response = lambda_handler(on(interface), None)
    assert problems(response) == []
    assert said(response).startswith("Stand up slowly")
    assert bool(shown(response)) == draws


@pytest.mark.parametrize("viewport", [None, "round", {}, {"shape": "HEXAGON", "mode": "WALL", "dpi": "many"}])
def test_an_unknown_viewport_changes_nothing(viewport: Any) -> None:
    request = on((APL, {"runtime": {"maxVersion": "1.6"}}))
    request["context"]["Viewport"] = viewport
    assert shown(lambda_handler(request, None)) == shown(
        lambda_handler(on((APL, {"runtime": {"maxVersion": "1.6"}})), None)
    )


@pytest.mark.parametrize("touch", sorted(TOUCHES))
def test_a_touch_is_answered_like_the_voice(touch: str) -> None:
    show = Alexa(local_skill(), device="show-5")
    show.hear("open cramp coach")
    expected = respond(State.from_attributes(show.attributes), Event(touch), WORDS).say
    exchange = show.touch([touch])
    assert exchange.refused == []
    assert State.from_attributes(show.attributes).said == expected


@pytest.mark.parametrize("arguments", [None, [], [None], ["Launch"], ["Lost"], ["rm -rf"], [3, {}], "Next", [["Next"]]])
def test_a_foreign_touch_goes_back_to_the_step(arguments: Any) -> None:
    request = envelope({"type": f"{APL}.UserEvent", "arguments": arguments, "source": None, "token": 7}, IN_RELIEF)
    response = lambda_handler(request, None)
    assert problems(response) == []
    assert "toes up again" in said(response)


def test_a_touch_on_the_screen_of_an_earlier_session_goes_on_with_the_voice() -> None:
    for touch in sorted(TOUCHES):
        show = Alexa(local_skill(), device="show-5")
        exchange = show.touch([touch], token="shin.lying.3")
        assert exchange.refused == []
        assert heard(exchange.speech)


def test_a_screen_that_breaks_costs_the_voice_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(screens, "FOLDER", Path("/nowhere"))
    screens._lines.cache_clear()
    response = lambda_handler(on((APL, {"runtime": {"maxVersion": "1.6"}})), None)
    screens._lines.cache_clear()
    assert said(response).startswith("Stand up slowly")
    assert shown(response) == []
    assert "FileNotFoundError" in caplog.text


def test_a_touch_is_an_event_that_has_a_voice_and_a_word() -> None:
    assert set(EVENTS) - INTERNAL_EVENTS >= TOUCHES
    assert all(f"screen.button.{touch}" in WORDS for touch in TOUCHES)
    assert set(LAYOUTS) <= set(screens._lines())


def test_a_card_comes_by_itself_once_a_session() -> None:
    state = State()
    cards = []
    for name in ("Launch", "Better", "Returned", "Better", "SendCard", "CrampNow", "Better"):
        turn = respond(state, Event(name), WORDS)
        cards.append(bool(turn.card))
        state = turn.state
    assert cards == [False, True, False, False, True, False, False]


def test_a_card_comes_once_it_has_let_go_or_on_asking_and_says_nothing_of_the_person() -> None:
    cards = []
    for muscle in ("my calf is cramping", "my foot is cramping"):
        device = Alexa(local_skill())
        assert "card" not in (device.hear(muscle).response or {})["response"]
        for asked in ("it's gone", "send it to my phone"):
            exchange = device.hear(asked)
            assert exchange.refused == []
            cards.append((exchange.response or {})["response"]["card"])
    assert all(card == cards[0] for card in cards)
    assert cards[0]["type"] == "Simple"
    assert "<" not in cards[0]["content"] and "doctor" in cards[0]["content"]
    assert len(cards[0]["content"].splitlines()) == 6
