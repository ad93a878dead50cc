"""Measure how well new words are told from history and signature, beside what PyPI has for it.

Usage: python benchmarks/zones.py --fixtures FILE.jsonl --headers FOLDER [--failures TOOL]

Every tool reads the same bodies in one run:

- ``fixtures``: the test cases of other reply parsers, one JSON object a line (``raw`` and
  ``expected_reply``, or ``must_contain`` and ``must_not_contain``);
- ``thunderbird``, ``k9``: replies and forwards built from the strings of these programs' own
  translations, ``thunderbird_reply_headers.json`` and ``k9_headers.json`` in the folder;
- ``programs``: replies and forwards as Gmail, Apple Mail, Yahoo and Outlook write them, and
  ``signatures``, both from ``zones.toml`` beside this file;
- ``whole``: texts of the written corpus, without history: whatever is cut is cut wrongly.

A body is passed where the new words come back with a token precision of 0.95 and a recall of
0.98. In ``fixtures`` from talon and in ``whole`` a signature may stay with the words. The peers
need the extra ``benchmarks``; one that is not installed is left out by name.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time

PRECISION, RECALL = 0.95, 0.98
HERE = Path(__file__).parent
CORPUS = HERE.parent / "data" / "corpus"
MAIN = ("en", "fr", "ar", "ko", "th")
NOT_BUILT = frozenset({"fixtures", "whole"})  # suites that stay out of the table of languages

NAME = "Nora Field"
WHO = f"{NAME} <nora@field.example>"
READER = "Ben Hill <ben@hill.example>"
MOMENT = datetime(2023, 4, 3, 10, 11, 12)
HISTORY = "Here are the figures for spring.\n\nWhich of these options would your team prefer?"
QUOTED = "\n".join(f"> {line}".rstrip() for line in HISTORY.split("\n"))
CARD = f"{NAME}\nHead of Sales, Field & Partners\n+44 20 7946 0101\nnora@field.example"
PLAIN_WORDS = "Thanks, that works for us.\nPlease send the contract on Thursday."


@dataclass(frozen=True, slots=True)
class Case:
    """A body and what must come out of it."""

    id: str
    suite: str
    language: str
    body: str
    expected: str | None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    signature_may_stay: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    passed: bool
    precision: float
    recall: float


def tokens(text: str) -> Counter[str]:
    """Count the words of a text."""
    return Counter(re.findall(r"\w+", text))


def score(case: Case, text: str) -> Score:
    """Compare new words with what was expected."""
    if case.expected is None:
        return _score_parts(case, " ".join(text.split()))
    expected, got = tokens(case.expected), tokens(text)
    common = (expected & got).total()
    precision = common / got.total() if got else float(not expected)
    recall = common / expected.total() if expected else 1.0
    return Score(precision >= PRECISION and recall >= RECALL, precision, recall)


def _score_parts(case: Case, text: str) -> Score:
    recall = all(" ".join(part.split()) in text for part in case.wanted)
    precision = not any(" ".join(part.split()) in text for part in case.unwanted)
    return Score(recall and precision, float(precision), float(recall))


def best_score(case: Case, answers: Sequence[str]) -> Score:
    """Score the new words; where the signature may stay, the better of without and with it."""
    allowed = answers if case.signature_may_stay else answers[:1]
    return max(
        (score(case, text) for text in allowed), key=lambda s: (s.passed, s.precision + s.recall)
    )


# The bodies.


def fixture_cases(path: Path) -> Iterator[Case]:
    for line in path.read_text("utf-8").splitlines():
        fixture = json.loads(line)
        yield Case(
            fixture["id"],
            "fixtures",
            fixture.get("lang") or "en",
            fixture["raw"],
            fixture["expected_reply"],
            tuple(fixture.get("must_contain") or ()),
            tuple(fixture.get("must_not_contain") or ()),
            signature_may_stay=fixture["suite"] == "talon",
        )


def thunderbird_cases(path: Path, labels: dict[str, dict[str, str]]) -> Iterator[Case]:
    """Build replies from Thunderbird's attributions, forwards from its separators."""
    for code, parts in json.loads(path.read_text("utf-8")).items():
        locale, language = _locale(code), _language(code)
        values = {
            "#1": NAME,
            "%s": NAME,
            "#2": format_date(MOMENT, "short", locale),
            "#3": format_time(MOMENT, "short", locale=locale),
        }
        for key, form in parts["compose"].items():
            kind = key.rpartition("_")[2]
            if kind == "originalmessage":
                fields = labels.get(language, labels["en"])
                yield _forward("thunderbird", f"{code}/{key}", language, form, fields)
                continue
            intro = re.sub(r"#\d|%s", lambda match: values[match.group()], form)  # noqa: B023
            yield _reply("thunderbird", f"{code}/{kind}", language, intro, QUOTED)
            if "#2" in form:
                yield _reply("thunderbird", f"{code}/{kind}, bare", language, intro, HISTORY)


def k9_cases(path: Path) -> Iterator[Case]:
    """Build replies from K-9 Mail's attributions, and its header blocks above bare history."""
    for code, parts in k9_forms(path).items():
        language = _language(code)
        sent = format_datetime(MOMENT, "long", locale=_locale(code))
        for key, form in parts.items():
            if key == "reply_header_fmt_with_date":
                intro = form.replace("%1$s", sent).replace("%2$s", WHO)
                yield _reply("k9", f"{code}/dated", language, intro, QUOTED)
                yield _reply("k9", f"{code}/dated, bare", language, intro, HISTORY)
            elif key == "reply_header_fmt":
                intro = form.replace("%s", WHO)
                yield _reply("k9", f"{code}/undated", language, intro, QUOTED)
        fields = k9_labels(parts)
        if fields:
            rule = parts.get("quote_header_separator", "")
            yield _forward("k9", f"{code}/block", language, rule, fields, sent)
            yield _forward("k9", f"{code}/block, no rule", language, "", fields, sent)


def k9_forms(path: Path) -> dict[str, dict[str, str]]:
    """Read K-9's strings without their mark-up."""
    return {
        code: {
            key.removeprefix("message_compose_"): re.sub(r"</?xliff:g[^>]*>", "", form).replace(
                "\\'", "'"
            )
            for key, form in parts.items()
        }
        for code, parts in json.loads(path.read_text("utf-8")).items()
    }


def k9_labels(parts: dict[str, str]) -> dict[str, str]:
    """Return the labels of one language, colons included; empty where one is missing."""
    kinds = {"from": "from", "date": "send_date", "to": "to", "subject": "subject"}
    fields = {kind: parts.get(f"quote_header_{name}", "") for kind, name in kinds.items()}
    return fields if all(fields.values()) else {}


def program_cases() -> Iterator[Case]:
    """Build replies and forwards of Gmail, Apple Mail, Yahoo and Outlook."""
    for language, parts in programs().items():
        for number, form in enumerate(parts["replies"], 1):
            intro = form.replace("WHO", WHO)
            for kind, old in (("quoted", QUOTED), ("bare", HISTORY)):
                yield _reply("programs", f"{language}/reply {number}, {kind}", language, intro, old)
            wrapped = form.replace("WHO", f"{NAME} <\nnora@field.example>")
            name = f"{language}/reply {number}, wrapped"
            yield _reply("programs", name, language, wrapped, QUOTED)
        fields = dict(
            zip(
                ("from", "date", "to", "subject"),
                (f"{label}:" for label in parts["labels"]),
                strict=True,
            )
        )
        rule = f"---------- {parts['forward']} ---------"
        yield _forward("programs", f"{language}/forward", language, rule, fields)
        yield _forward("programs", f"{language}/Outlook", language, "", fields)
        starred = {kind: f"*{label}*" for kind, label in fields.items()}
        yield _forward("programs", f"{language}/Outlook, starred", language, "", starred)


def signature_cases() -> Iterator[Case]:
    """Build messages that close with a delimiter, a telephone's line or a formula."""
    for language, parts in programs().items():
        words = parts["words"]
        closings = {
            "delimiter": f"-- \n{CARD}",
            "device": parts["device"],
            "formula": f"{parts['closing']}\n\n{CARD}",
        }
        for kind, closing in closings.items():
            intro = parts["replies"][0].replace("WHO", READER)
            histories = {"alone": "", "above history": f"\n{intro}\n{QUOTED}\n"}
            for place, history in histories.items():
                body = f"{words}\n\n{closing}\n{history}"
                yield Case(f"{language}/{kind}, {place}", "signatures", language, body, words)


def whole_cases() -> Iterator[Case]:
    """Take the mails of the corpus as bodies without history."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            if entry["channel"] == "email":
                yield Case(
                    entry["id"],
                    "whole",
                    path.stem.partition("-")[0],
                    entry["text"],
                    entry["text"],
                    signature_may_stay=True,
                )


@cache
def programs() -> dict[str, Any]:
    return tomllib.loads((HERE / "zones.toml").read_text("utf-8"))


def _words(language: str) -> str:
    return programs().get(language, {}).get("words", PLAIN_WORDS)


def _reply(suite: str, name: str, language: str, intro: str, history: str) -> Case:
    words = _words(language)
    return Case(f"{suite}/{name}", suite, language, f"{words}\n\n{intro}\n{history}\n", words)


def _forward(
    suite: str,
    name: str,
    language: str,
    rule: str,
    fields: dict[str, str],
    sent: str = "3.4.2023 10:11",
) -> Case:
    words = _words(language)
    values = {"from": WHO, "date": sent, "to": READER, "subject": "Spring"}
    block = "\n".join(f"{label} {values[kind]}" for kind, label in fields.items())
    body = f"{words}\n\n{rule}\n{block}\n\n{HISTORY}\n"
    return Case(f"{suite}/{name}", suite, language, body, words)


def _language(code: str) -> str:
    """Bring a program's language code to the primary tag that ``zones.toml`` uses."""
    primary = re.split(r"[-_]", code)[0]
    if code in {"zh-TW", "zh-rTW"}:
        return "zh-Hant"
    return {"iw": "he", "in": "id", "hye": "hy", "nn": "nb"}.get(primary, primary)


def _locale(code: str) -> Locale:
    """Return the locale in which a program writes its dates; English where nobody knows it."""
    try:
        return Locale.parse(_language(code), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


# The tools. Each gives the new words, and after them the new words with the signature.


def ours() -> Callable[[Case], list[str]]:
    from commsense.ingest.zones import split_text

    def answers(case: Case) -> list[str]:
        zones = split_text(case.body)
        return [zones.text, f"{zones.text}\n{zones.signature}"]

    return answers


def zapier() -> Callable[[Case], list[str]]:
    from email_reply_parser import EmailReplyParser

    def answers(case: Case) -> list[str]:
        mail = EmailReplyParser.read(case.body)
        kept = "\n".join(part.content for part in mail.fragments if not part.quoted)
        return [mail.reply, kept]

    return answers


def mail_parser_reply() -> Callable[[Case], list[str]]:
    from mailparser_reply import EmailReplyParser

    def answers(case: Case) -> list[str]:
        replies = EmailReplyParser(languages=[case.language, "en"]).read(case.body).replies
        return [replies[0].body, replies[0].full_body] if replies else [""]

    return answers


def talon() -> Callable[[Case], list[str]]:
    import talon as library  # type: ignore[import-not-found]
    from talon import quotations
    from talon.signature.bruteforce import extract_signature

    library.init()

    def answers(case: Case) -> list[str]:
        reply = quotations.extract_from_plain(case.body)
        return [extract_signature(reply)[0], reply]

    return answers


def quotequail() -> Callable[[Case], list[str]]:
    import quotequail as library

    def answers(case: Case) -> list[str]:
        parts = library.quote(case.body, quote_intro_line=True)
        return ["\n".join(text for shown, text in parts if shown)]

    return answers


TOOLS: dict[str, Callable[[], Callable[[Case], list[str]]]] = {
    "commsense": ours,
    "email-reply-parser": zapier,
    "mail-parser-reply": mail_parser_reply,
    "talon": talon,
    "quotequail": quotequail,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one tool made of all bodies."""

    scores: list[Score]
    seconds: float


def run(tool: Callable[[Case], list[str]], cases: Sequence[Case]) -> Result:
    started = time.perf_counter()
    answers = [tool(case) for case in cases]
    seconds = time.perf_counter() - started
    return Result([best_score(*pair) for pair in zip(cases, answers, strict=True)], seconds)


def all_cases(fixtures: Path | None, headers: Path | None) -> list[Case]:
    cases = [*program_cases(), *signature_cases(), *whole_cases()]
    if headers:
        k9 = headers / "k9_headers.json"
        labels = {
            _language(code): k9_labels(parts)
            for code, parts in k9_forms(k9).items()
            if k9_labels(parts)
        }
        thunderbird = headers / "thunderbird_reply_headers.json"
        cases = [*thunderbird_cases(thunderbird, labels), *k9_cases(k9), *cases]
    return [*fixture_cases(fixtures), *cases] if fixtures else cases


def loaded_tools() -> dict[str, Callable[[Case], list[str]]]:
    tools = {}
    for name, load in TOOLS.items():
        try:
            tools[name] = load()
        except ImportError as error:
            print(f"left out: {name} ({error})")
    return tools


def print_table(title: str, groups: dict[str, list[int]], results: dict[str, Result]) -> None:
    """Print passed bodies in per cent, token precision and recall, by group and tool."""
    print(f"\n{title:<14}{'bodies':>8}" + "".join(f"{name:>24}" for name in results))
    for group, indices in groups.items():
        row = f"{group:<14}{len(indices):>8}"
        for result in results.values():
            passed, precision, recall = means(result.scores[index] for index in indices)
            row += f"{100 * passed:>10.1f}{100 * precision:>7.1f}{100 * recall:>7.1f}"
        print(row)


def means(scores: Iterable[Score]) -> tuple[float, float, float]:
    """Return the share passed, the mean precision and the mean recall."""
    rows = [(score.passed, score.precision, score.recall) for score in scores]
    passed, precision, recall = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return passed, precision, recall


def print_languages(groups: dict[str, list[int]], results: dict[str, Result]) -> None:
    """Print in how many languages a tool passes nearly every body."""
    print(f"\nlanguages of {len(groups)} in which 95 of 100 bodies pass:")
    for name, result in results.items():
        shares = (means(result.scores[index] for index in group)[0] for group in groups.values())
        print(f"{name}: {sum(share >= PRECISION for share in shares)}")


def grouped(cases: Sequence[Case], key: Callable[[Case], str | None]) -> dict[str, list[int]]:
    """Return the places of the cases by a key; those without one are left out."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, case in enumerate(cases):
        group = key(case)
        if group is not None:
            groups[group].append(index)
    return groups


def print_versions(results: dict[str, Result], cases: int) -> None:
    print()
    for name, result in results.items():
        try:
            number = version(name)
        except PackageNotFoundError:
            number = "from the source tree"
        print(f"{name} {number}: {cases / result.seconds:,.0f} bodies a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--fixtures", type=Path, help="test cases of other parsers, JSON lines")
    parser.add_argument("--headers", type=Path, help="folder with the programs' translations")
    parser.add_argument("--failures", metavar="TOOL", help="print what this tool fails on")
    arguments = parser.parse_args()
    cases = all_cases(arguments.fixtures, arguments.headers)
    results = {name: run(tool, cases) for name, tool in loaded_tools().items()}
    print("per cent of the bodies passed, mean token precision, mean token recall")
    print_table("suite", grouped(cases, lambda case: case.suite), results)
    found = grouped(cases, lambda case: None if case.suite in NOT_BUILT else case.language)
    languages = {key: found[key] for key in (*MAIN, *sorted(found.keys() - set(MAIN)))}
    print_table("language", languages, results)
    print_languages(languages, results)
    print_versions(results, len(cases))
    for case, got in zip(
        cases, results.get(arguments.failures, Result([], 0)).scores, strict=False
    ):
        if not got.passed:
            print(f"\n== {case.id} ({got.precision:.2f}, {got.recall:.2f})\n{case.body}")


if __name__ == "__main__":
    main()
