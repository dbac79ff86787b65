"""What the checks know of each language, as data: `<language>.toml`, beside what the language itself is made of."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tools.documents import read_toml
from tools.errors import ROOT, SourceError

FOLDER = Path(__file__).parent
MODELS = ROOT / "interaction-models"

ADDRESS_OR_PRICE = r"https?://|www\.|[$£€]\s?\d|\d\s?€"

# What must not be said, each with what to do instead, and whether a denial before it in its sentence makes it harmless.
Rules = dict[re.Pattern[str], tuple[str, bool]]


class CheckedLanguage:
    """One language as the checks see it."""

    def __init__(self, path: Path) -> None:
        """Raises SourceError."""
        self.path, self.name = path, path.stem
        self.document, _ = read_toml(path)

    def __getitem__(self, name: str) -> Any:
        """A table of the file. Raises SourceError if it has none of that name."""
        if name not in self.document:
            raise SourceError(self.path, 0, f"has no [{name}]", "fill it in as in the file of another language")
        return self.document[name]

    def forbidden(self, name: str) -> Any:
        """A part of [forbidden]. Raises SourceError if the file lacks it."""
        if name not in self["forbidden"]:
            what = f"[forbidden] has no {name}"
            raise SourceError(self.path, 0, what, "fill it in as in the file of another language")
        return self["forbidden"][name]

    @cached_property
    def never(self) -> Rules:
        """A dose, a diagnosis, a number, a call."""
        rules = {
            _pattern(rule["pattern"]): (str(rule["fix"]), bool(rule.get("unless_denied")))
            for rule in self.forbidden("never")
        }
        return {self.emergency_number: (str(self.forbidden("instead_of_a_number")), False)} | rules

    @cached_property
    def promises(self) -> Rules:
        """What promises more than anybody can, in many words."""
        return {_pattern(promise): ("promise nothing", True) for promise in self.forbidden("promises")}

    @cached_property
    def brands(self) -> Rules:
        """What is sold, by the names that any language lists."""
        brands = sorted(
            {str(brand) for path in FOLDER.glob("*.toml") for brand in checked(path.stem).forbidden("brands")}
        )
        names = "|".join(re.escape(brand).replace(r"\ ", "[ -]") for brand in brands)
        return {_pattern(rf"(?<!\w)({names})(?!\w)"): ("name no product or brand: say what it is", False)}

    @cached_property
    def advertising(self) -> Rules:
        """What sells, and what leads to another skill."""
        head, _ = read_toml(MODELS / self.name / "language.toml")
        other = str(self.forbidden("another_skill")).replace("{name}", re.escape(head["invocation_name"]))
        return {
            _pattern(ADDRESS_OR_PRICE): ("sell nothing", False),
            _pattern(self.forbidden("selling")): ("sell nothing", True),
            _pattern(other): ("lead to no other skill", False),
        }

    @cached_property
    def denial(self) -> re.Pattern[str]:
        """A word that denies what follows it in a sentence."""
        return _pattern(self.forbidden("denial"))

    @cached_property
    def emergency_number(self) -> re.Pattern[str]:
        """A bare emergency number: they differ by country."""
        return _pattern(self.forbidden("emergency_number"))

    def never_said(self, text: str, rules: Rules | None = None) -> Iterator[tuple[str, str]]:
        """What of a text is never said, each with what to do instead; `rules` if it is to be held to those alone."""
        for pattern, (fix, unless_denied) in (
            rules or self.never | self.promises | self.brands | self.advertising
        ).items():
            for found in pattern.finditer(text):
                before = re.split(r"[.!?]", text[: found.start()])[-1]
                if not (unless_denied and self.denial.search(before)):
                    yield found[0], fix
                    break

    def reads(self, text: str) -> float:
        """How hard a text is to read, or how easy, by the gauge of the language."""
        reading = self["reading"]
        if not reading["gauge"]:
            raise SourceError(self.path, 0, "has no reading gauge", "name one of textstat's")
        return float(getattr(self._gauges, reading["gauge"])(text, *reading.get("arguments", ())))

    @cached_property
    def _gauges(self) -> Any:
        with warnings.catch_warnings():  # it imports pkg_resources, and is slow to import
            warnings.simplefilter("ignore")
            from textstat.textstat import textstatistics
        gauges = textstatistics()
        gauges.set_lang(self["reading"]["hyphenation"])
        return gauges

    def too_hard(self, texts: list[str], kind: str) -> str:
        """Why the hardest of these texts is too hard for a turn of that kind; "" if it isn't."""
        reading = self["reading"]
        easier, limit = reading["more_is_easier"], reading["limits"][kind]
        found = (min if easier else max)(map(self.reads, texts))
        if (found >= limit) if easier else (found <= limit):
            return ""
        return f"reads at {reading['called']} {found:.1f}, {'less' if easier else 'more'} than {limit:g}"


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of a file; an empty one, which is still to be written, finds nothing."""
    return re.compile(text or "(?!)", re.IGNORECASE)


@cache
def checked(language: str) -> CheckedLanguage:
    """What the checks know of a language. Raises SourceError."""
    return CheckedLanguage(FOLDER / f"{language}.toml")
