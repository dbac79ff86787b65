"""The devices that the simulator can be: what each tells the skill about its screen.

Sizes are those of Amazon's viewport profiles for these models: width and height in display-independent
pixels (dp), `dpi` the pixels an inch, of which 160 is one pixel a dp.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.skill import Json

APL = "Alexa.Presentation.APL"


@dataclass(frozen=True)
class Screen:
    """A screen that draws Alexa Presentation Language up to version `apl`."""

    width: int
    height: int
    dpi: int = 160
    shape: str = "RECTANGLE"
    mode: str = "HUB"
    apl: str = "2023.3"
    touch: bool = True


@dataclass(frozen=True)
class Device:
    """A kind of Alexa device; `screen` is None where there is none."""

    label: str
    screen: Screen | None = None

    def interfaces(self) -> Json:
        """What the device supports, as `context.System.device.supportedInterfaces` says it."""
        return {APL: {"runtime": {"maxVersion": self.screen.apl}}} if self.screen else {}

    def contexts(self) -> Json:
        """What a device with a screen adds to the request's context: its viewport."""
        if self.screen is None:
            return {}
        screen = self.screen
        width, height = screen.width * screen.dpi // 160, screen.height * screen.dpi // 160
        viewport: Json = {"mode": screen.mode, "shape": screen.shape, "dpi": screen.dpi}
        viewport |= {"pixelWidth": width, "pixelHeight": height}
        viewport |= {"currentPixelWidth": width, "currentPixelHeight": height}
        return {"Viewport": viewport | ({"touch": ["SINGLE"]} if screen.touch else {})}


DEVICES: dict[str, Device] = {
    "echo": Device("Echo, no screen"),
    "show-5": Device("Echo Show 5", Screen(960, 480)),
    "show-8": Device("Echo Show 8", Screen(1280, 800)),
    "show-15": Device("Echo Show 15", Screen(1920, 1080)),
    "spot": Device("Echo Spot", Screen(480, 480, shape="ROUND")),
    "fire-tv": Device("Fire TV", Screen(960, 540, dpi=320, mode="TV", touch=False)),
}
DEFAULT_DEVICE = "echo"


class UnknownDeviceError(ValueError):
    """There is no such device."""
