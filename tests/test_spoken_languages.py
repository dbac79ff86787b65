"""What the simulator knows of a language: how a skill is opened, what is one sentence, numbers and durations."""

from __future__ import annotations

import pytest

from simulator.amounts import duration, number
from simulator.languages import UnknownLocaleError, spoken


@pytest.mark.parametrize(
    ("locale", "words", "amount"),
    [
        ("en-US", "two and a half hours", "PT2H30M"),
        ("en-US", "one hundred and twenty minutes and ten seconds", "PT120M10S"),
        ("en-US", "an hour and a half", "PT1H30M"),
        ("en-US", "a while", None),
        ("de-DE", "eine halbe stunde", "PT30M"),
        ("de-DE", "zweieinhalb stunden", "PT2H30M"),
        ("de-DE", "anderthalb stunden", "PT1H30M"),
        ("de-DE", "eine stunde und fünfundzwanzig minuten", "PT1H25M"),
        ("de-DE", "eine viertelstunde", "PT15M"),
        ("de-DE", "ten minutes", None),
        ("es-MX", "media hora", "PT30M"),
        ("es-MX", "una hora y media", "PT1H30M"),
        ("es-MX", "una hora y treinta y cinco minutos", "PT1H35M"),
        ("es-MX", "un par de días", "P2D"),
    ],
)
def test_a_duration_in_its_language(locale: str, words: str, amount: str | None) -> None:
    assert duration(words, spoken(locale).name) == amount


@pytest.mark.parametrize(
    ("language", "words", "amount"),
    [
        ("en-US", "one hundred five", "105"),
        ("en-US", "minus two", "-2"),
        ("de", "hundertzwölf", "112"),
        ("de", "eine", None),  # an article is no number
        ("es", "treinta y un", "31"),
        ("es", "un", None),
        ("es", "7", "7"),
    ],
)
def test_a_number_in_its_language(language: str, words: str, amount: str | None) -> None:
    assert number(words, spoken(language).name) == amount


@pytest.mark.parametrize(
    ("locale", "name", "said", "heard"),
    [
        ("en-GB", "cramp coach", "open the cramp coach skill please", ("", "")),
        ("en-GB", "cramp coach", "ask cramp coach about magnesium", ("about ", "magnesium")),
        ("en-GB", "cramp coach", "open the door", None),
        ("de-DE", "krampf coach", "Öffne bitte den Krampf-Coach!", ("", "")),
        ("de-DE", "krampf coach", "oeffne krampf coach", ("", "")),
        ("de-DE", "krampf coach", "frag krampf coach nach Magnesium", ("nach ", "magnesium")),
        ("de-DE", "krampf coach", "open krampf coach", None),
        ("es-ES", "calma calambres", "abre calma calambres", ("", "")),
        ("es-ES", "calma calambres", "preguntale a calma calambres por el magnesio", ("por ", "el magnesio")),
    ],
)
def test_a_skill_is_called_in_its_language(locale: str, name: str, said: str, heard: tuple[str, str] | None) -> None:
    language = spoken(locale)
    assert language.opened(name, language.plain(said)) == heard


def test_one_sentence_however_it_is_spoken() -> None:
    assert spoken("de").plain("Ich hab 'nen Krampf, tut's weh?") == "ich habe ein krampf tut es weh"
    assert spoken("es").plain("¡Me duele pa' caminar!") == "me duele para caminar"


def test_a_locale_has_phrases_of_its_own() -> None:
    assert "vale" in spoken("es-ES").phrases("es-ES")["AMAZON.YesIntent"]
    assert "vale" not in spoken("es-MX").phrases("es-MX")["AMAZON.YesIntent"]


def test_a_language_that_there_is_none_of() -> None:
    with pytest.raises(UnknownLocaleError, match=r"simulator/languages/tlh\.toml"):
        spoken("tlh-QO")
