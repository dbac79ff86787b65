from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, settings

from simulator.alexa import Alexa
from simulator.matching import Matcher
from simulator.model import load_model
from simulator.skill import local_skill

# A slow machine is no defect of the code: times belong in `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@cache
def matcher(locale: str) -> Matcher:
    return Matcher(load_model(locale))


@pytest.fixture
def alexa() -> Callable[[str], Alexa]:
    """A device in a locale; models are read once."""

    def device(locale: str = "en-US") -> Alexa:
        made = Alexa(local_skill(), locale)
        made.matcher = matcher(locale)
        return made

    return device
