"""Amazon's built-in slot types for amounts: numbers and durations, as people say them in a language.

A stand-in for what AMAZON.NUMBER and AMAZON.DURATION resolve to: digits, and ISO-8601. The words are those of
`languages/<language>.toml`, the numbers num2words'.
"""

from __future__ import annotations

import re
from functools import cache

from num2words import num2words

from simulator.languages import spoken

MAX_IN_WORDS = 999
MAX_HALVES = 60  # "fifty nine and a half"
MAX_DURATION_WORDS = 8  # words: "one hundred and twenty minutes and ten seconds"

SMALLER = {"TM": ("TS", 60), "TH": ("TM", 60), "D": ("TH", 24)}  # half a unit is so many of the smaller one


def number(words: str, language: str) -> str | None:
    """What AMAZON.NUMBER makes of the words: "twenty five" is "25"; None if they are no number."""
    if words.isascii() and words.isdigit():
        return words.lstrip("0") or "0"
    minus = spoken(language).amounts["minus"] + " "
    if words.startswith(minus) and (positive := number(words.removeprefix(minus), language)):
        return f"-{positive}"
    return _numbers(language).get(words)


def duration(words: str, language: str) -> str | None:
    """What AMAZON.DURATION makes of the words: "an hour and a half" is "PT1H30M"; None if they are none."""
    amounts = spoken(language).amounts
    if words in amounts["whole"]:
        return str(amounts["whole"][words])
    if amount := _amount(words, language):
        return _iso(amount)
    for joint in re.finditer(f" {amounts['and']} ", words):
        if first := _amount(words[: joint.start()], language):
            rest = words[joint.end() :]
            unit, _ = first[0]
            if rest in amounts["and_a_half"] and unit in SMALLER:
                return _iso([*first, _half(unit)])
            if more := _amount(rest, language):
                return _iso([*first, *more])
    return None


def _amount(words: str, language: str) -> list[tuple[str, int]]:
    """ "ten minutes", "an hour", "half an hour", "two and a half hours"; empty if it is none."""
    count, _, unit_word = words.rpartition(" ")
    unit = _units(language).get(unit_word)
    if unit is None:
        return []
    amounts = spoken(language).amounts
    if unit in SMALLER:
        if count in amounts["half"]:
            return [_half(unit)]
        if whole := _halves(language).get(count):
            return [(unit, whole), _half(unit)]
    if count in amounts["one"]:
        return [(unit, 1)]
    digits = str(amounts["roughly"].get(count) or number(count, language))
    return [(unit, int(digits))] if digits.isdigit() else []


def _half(unit: str) -> tuple[str, int]:
    smaller, parts = SMALLER[unit]
    return smaller, parts // 2


def _iso(amounts: list[tuple[str, int]]) -> str:
    date = "".join(f"{count}{unit}" for unit, count in amounts if not unit.startswith("T"))
    time = "".join(f"{count}{unit[1]}" for unit, count in amounts if unit.startswith("T"))
    return f"P{date}" + (f"T{time}" if time else "")


@cache
def _units(language: str) -> dict[str, str]:
    return {word: unit for unit, words in spoken(language).amounts["units"].items() for word in words}


@cache
def _numbers(language: str) -> dict[str, str]:
    """Each way to say a number, with its digits."""
    amounts = spoken(language).amounts
    found = {words: str(value) for words, value in amounts["rest"].items()}
    for value in range(MAX_IN_WORDS + 1):
        written = num2words(value, lang=language).replace("-", " ")
        for pattern, instead in ((" ", " "), *amounts["also"]):
            found.setdefault(re.sub(pattern, instead, written), str(value))
    return found


@cache
def _halves(language: str) -> dict[str, int]:
    """Each way to say a number and a half, with the number."""
    patterns = spoken(language).amounts["halves"]
    made = {
        pattern.format(words): int(value)
        for words, value in _numbers(language).items()
        for pattern in patterns
        if int(value) <= MAX_HALVES
    }
    made.update(spoken(language).amounts.get("and_a_half_in_one", {}))
    return made
