"""The words, dates and figures of a report in the reader's language, from ``languages/*.toml``."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from numbers import Integral

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from commsense.clients.assessment import Said, SaidValue
from commsense.errors import UsageError
from commsense.reports.text import one_line
from commsense.taxonomy import load_taxonomy

_DASH = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
_SPACES = re.compile(r"[ -]")
_HOURS_A_DAY = 24
_MINUTES_AN_HOUR = 60
_SECONDS_AN_HOUR = 3_600
_IN_SECONDS = 120  # from here on minutes read better
_REGIONS = {"en": "en_GB"}  # whose dates the language's own word for it does not tell
_SUREST = 0.99
_WHOLE_FROM = 10  # figures from here on are shown without a decimal


@dataclass(frozen=True)
class _Figure:
    """A figure in a sentence, which may want its noun with it: ``{n:messages}``."""

    value: int
    words: Words

    def __format__(self, noun: str) -> str:
        if noun:
            return self.words.count(noun, self.value)
        return format_decimal(self.value, locale=self.words.locale)


@dataclass(frozen=True)
class Words:
    """The words of one language.

    Attributes
    ----------
    language : str
        BCP 47 tag.
    entries : mapping of str to str
        ``section.key`` to the words.
    """

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the words under a key with its placeholders filled."""
        return self.entries[key].format(**values) if values else self.entries[key]

    @cached_property
    def locale(self) -> Locale:
        """How the language writes dates, figures and plurals (CLDR, by way of Babel)."""
        return Locale.parse(_REGIONS.get(self.language, self.language))

    def count(self, key: str, n: int) -> str:
        """Return a count with its noun, as ``3 messages``."""
        form = self.locale.plural_form(n)
        # French has a form of its own for whole millions, which differs by a preposition alone.
        said = f"count.{key}_{form}"
        said = said if said in self.entries else f"count.{key}_other"
        return self(said, n=format_decimal(n, locale=self.locale))

    def say(self, said: Said) -> str:
        """Put a sentence of the analysis into words."""
        return self(
            f"said.{said.key}", **{name: self._filled(name, v) for name, v in said.filled.items()}
        )

    def _filled(self, name: str, value: SaidValue) -> object:
        match value:
            case float() if name == "probability":
                return self.probability(value)
            case float():
                return self.percent(value)
            case Integral():
                return _Figure(int(value), self)
            case dt.date():
                return self.day(value.isoformat())
            case tuple():
                return self.listed([self.label(label).lower() for label in value])
            case _:
                return value

    def listed(self, parts: Sequence[str]) -> str:
        """Join parts as a list in a sentence."""
        return self("locale.list_separator").join(parts)

    def label(self, label_id: str) -> str:
        """Return the display name of a label, dimension or finding; ids unknown are spelt out."""
        taxonomy = load_taxonomy()
        own = self.entries.get(f"label.{label_id}") or self.entries.get(f"finding.{label_id}")
        if own:
            return own
        if label_id in taxonomy:
            return taxonomy[label_id].name
        return taxonomy.dimensions.get(label_id, _spelt_out(label_id))

    def named(self, section: str, key: str) -> str:
        """Return the name of a stage or type; keys unknown are spelt out."""
        return self.entries.get(f"{section}.{_SPACES.sub('_', key)}", _spelt_out(key))

    def signed(self, value: float | None) -> str:
        """Return a value from -1 to +1 with its sign and two decimals."""
        return _DASH if value is None else self._with_sign(value, "0.00")

    def tick(self, value: float) -> str:
        """Return a mark of the scale from -1 to +1 without needless digits."""
        return self._with_sign(value, "0.##")

    def _with_sign(self, value: float, shape: str) -> str:
        rounded = round(value, 2)
        digits = format_decimal(abs(rounded), format=shape, locale=self.locale)
        sign = "" if rounded == 0 else "+" if rounded > 0 else _MINUS
        # Without the mark a sign stands behind its figure among words from right to left.
        mark = _LEFT_TO_RIGHT if self("locale.direction") == "rtl" else ""
        return mark + sign + digits

    def interval(self, bounds: Sequence[float | None]) -> str:
        """Return an interval as ``+0.10 … +0.32``."""
        return f"{self.signed(bounds[0])} … {self.signed(bounds[1])}"

    def percent(self, share: float | None) -> str:
        """Return a share from 0 to 1 as a percentage."""
        return _DASH if share is None else format_percent(share, locale=self.locale)

    def probability(self, sure: float | None) -> str:
        """Return a probability as a percentage that never claims certainty."""
        if sure is not None and sure > _SUREST:
            return self("locale.over", share=self.percent(_SUREST))
        return self.percent(sure)

    def hours(self, hours: float | None) -> str:
        """Return a time given in hours in the unit that reads best."""
        if hours is None:
            return _DASH
        if hours < 1:
            return self("duration.minutes", n=round(hours * _MINUTES_AN_HOUR))
        if hours < 2 * _HOURS_A_DAY:
            return self("duration.hours", n=self._figure(hours))
        days = hours / _HOURS_A_DAY
        if days >= _WHOLE_FROM or round(days, 1).is_integer():
            return self.count("days", round(days))
        return self("duration.days", n=self._figure(days))

    def office_hours(self, hours: float | None) -> str:
        """Return a time given in office hours, of which no whole days are made."""
        if hours is None or hours < 1:
            return self.hours(hours)
        return self("duration.hours", n=self._figure(hours))

    def seconds(self, seconds: float | None) -> str:
        """Return a time given in seconds in the unit that reads best."""
        if seconds is None:
            return _DASH
        if seconds < _IN_SECONDS:
            return self("duration.seconds", n=self._figure(seconds))
        return self.hours(seconds / _SECONDS_AN_HOUR)

    def figure(self, value: float | None) -> str:
        """Return a figure with no more decimals than tell something."""
        return _DASH if value is None else self._figure(value)

    def _figure(self, value: float) -> str:
        shape = "#,##0" if value >= _WHOLE_FROM else "0.#"
        return format_decimal(value, format=shape, locale=self.locale)

    def days(self, days: float | None) -> str:
        """Return a time given in days in the unit that reads best."""
        return _DASH if days is None else self.hours(days * _HOURS_A_DAY)

    def date(self, iso: str | None) -> str:
        """Return an ISO date or timestamp as a date in words."""
        if not iso:
            return self("locale.unknown")
        return format_date(dt.date.fromisoformat(iso[:10]), "long", locale=self.locale)

    def day(self, iso: str) -> str:
        """Return an ISO date as a short date."""
        return format_skeleton("yMMMd", dt.date.fromisoformat(iso[:10]), locale=self.locale)

    def period(self, period: str) -> str:
        """Return a period key (``2025-03``, ``2025-W10``, ``2025-Q1``) in words."""
        year, _, part = period.partition("-")
        if part.startswith("W") and part[1:].isdigit():
            return self("locale.period_week", week=int(part[1:]), year=year)
        if part.startswith("Q") and part[1:].isdigit():
            first = dt.date(int(year), 3 * int(part[1:]) - 2, 1)
            return format_skeleton("yQQQ", first, locale=self.locale)
        if part.isdigit() and 1 <= int(part) <= 12:
            return format_skeleton("yMMM", dt.date(int(year), int(part), 1), locale=self.locale)
        return period


def _spelt_out(key: str) -> str:
    # Ids of a user's own labels come from a file; they are shown, so they are made harmless.
    return one_line(key.replace("_", " ").replace("-", " ")).capitalize()


def languages() -> list[str]:
    """Return the languages that the reports speak."""
    folder = files("commsense.reports") / "languages"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())


@lru_cache(maxsize=8)  # a handful of interface languages
def load_words(language: str = "en") -> Words:
    """Return the words of one interface language.

    Raises
    ------
    UsageError
        Where the reports do not speak it.
    """
    known = languages()
    if language not in known:
        raise UsageError(f"reports in {language!r}", "one of " + ", ".join(known))
    file = files("commsense.reports") / "languages" / f"{language}.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    entries = {f"{section}.{key}": text for section in data for key, text in data[section].items()}
    return Words(language, entries)
