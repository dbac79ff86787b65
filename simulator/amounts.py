"""Amazon's built-in slot types for amounts: numbers and durations, as English speakers say them.

A stand-in for what AMAZON.NUMBER and AMAZON.DURATION resolve to: digits, and ISO-8601.
"""

from __future__ import annotations

from functools import cache

from num2words import num2words

MAX_IN_WORDS = 999
MAX_DURATION_WORDS = 8  # words: "one hundred and twenty minutes and ten seconds"

UNITS = {"second": "TS", "minute": "TM", "hour": "TH", "day": "D", "week": "W", "month": "M", "year": "Y"}
SMALLER = {"TM": ("TS", 60), "TH": ("TM", 60), "D": ("TH", 24)}  # half a unit is so many of the smaller one
# of an hour, in minutes
PARTS_OF_AN_HOUR = {"half an hour": 30, "half hour": 30, "a quarter of an hour": 15, "three quarters of an hour": 45}
ROUGHLY = {"a couple of": "2", "couple of": "2", "a few": "3", "several": "3"}


def number(words: str) -> str | None:
    """What AMAZON.NUMBER makes of the words: "twenty five" is "25"; None if they are no number."""
    if words.isascii() and words.isdigit():
        return words.lstrip("0") or "0"
    if words.startswith("minus ") and (positive := number(words.removeprefix("minus "))):
        return f"-{positive}"
    return _in_words().get(words)


def duration(words: str) -> str | None:
    """What AMAZON.DURATION makes of the words: "an hour and a half" is "PT1H30M"; None if they are none."""
    first, joined, rest = words.partition(" and ")
    amounts = _amount(first)
    if not amounts:
        return None
    if joined:
        unit, count = amounts[0]
        if rest == "a half" and unit in SMALLER:
            smaller, parts = SMALLER[unit]
            return _iso([(unit, count), (smaller, parts // 2)])
        more = _amount(rest)
        return _iso([*amounts, *more]) if more else None
    return _iso(amounts)


def _amount(words: str) -> list[tuple[str, int]]:
    """ "ten minutes", "an hour", "half an hour", "two and a half hours"; empty if it is none."""
    if words in PARTS_OF_AN_HOUR:
        return [("TM", PARTS_OF_AN_HOUR[words])]
    count, _, unit_word = words.rpartition(" ")
    unit = UNITS.get(unit_word.removesuffix("s"))
    if unit is None:
        return []
    if count in ("half a", "half an") and unit in SMALLER:
        smaller, parts = SMALLER[unit]
        return [(smaller, parts // 2)]
    if count in ("a", "an"):
        return [(unit, 1)]
    digits = ROUGHLY.get(count) or number(count)
    return [(unit, int(digits))] if digits and digits.isdigit() else []


def _iso(amounts: list[tuple[str, int]]) -> str:
    date = "".join(f"{count}{unit}" for unit, count in amounts if not unit.startswith("T"))
    time = "".join(f"{count}{unit[1]}" for unit, count in amounts if unit.startswith("T"))
    return f"P{date}" + (f"T{time}" if time else "")


@cache
def _in_words() -> dict[str, str]:
    spoken: dict[str, str] = {"a million": "1000000", "a thousand": "1000", "a hundred": "100", "a dozen": "12"}
    for value in range(MAX_IN_WORDS + 1):
        words = num2words(value).replace("-", " ")
        spoken[words] = spoken[words.replace(" and ", " ")] = str(value)
    return spoken
