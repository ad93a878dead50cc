"""Write the generated pages of docs/reference: commands, tables, taxonomy, errors, advice.

What they say is taken from the program itself: Typer's commands, ``schema.py``, ``taxonomy.toml``,
the reports' languages, ``errors.py`` and ``advice.toml``. Only what a column means stands apart,
in ``reference/columns.toml``. ``tests/test_reference.py`` fails where a page is stale.

Usage: python docs/reference.py
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import tomllib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import EnumType
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import typer

from commsense import cli, errors, schema, store
from commsense.clients.advice import MOST_STEPS, practices
from commsense.taxonomy import Kind, Label, Taxonomy, load_taxonomy

FOLDER: Final = Path(__file__).parent / "reference"
WIDTH: Final = 108
NOTE: Final = "<!-- Written by docs/reference.py from the program itself: change it there. -->"
LANGUAGES: Final = {
    "en": "English",
    "fr": "Français",
    "ar": "العربية",
    "ko": "한국어",
    "th": "ไทย",
}
TYPES: Final[Mapping[object, str]] = {
    str: "text",
    list[str]: "text",
    int: "whole number",
    Path: "path",
    list[Path]: "path",
}
EXIT_STATUS: Final = (
    (0, "done"),
    (cli._DONE_WITH_REJECTED, "done, and something was rejected under `--strict`"),
    (cli._UNUSABLE, "wrong usage, or input that cannot be used"),
    (cli._INTERRUPTED, "stopped by Ctrl-C"),
)


def pages() -> dict[str, str]:
    """Return the text of every generated page by its file name."""
    writers: dict[str, Callable[[], Iterable[str]]] = {
        "commands.md": commands,
        "tables.md": tables,
        "taxonomy.md": taxonomy,
        "advice.md": advice,
        "errors.md": error_classes,
    }
    return {
        name: "\n".join([NOTE, "", *write()]).rstrip() + "\n" for name, write in writers.items()
    }


def wrapped(text: str, *, indent: str = "") -> list[str]:
    """Return a paragraph as lines, and an empty line below."""
    flat = " ".join(text.split())
    lines = textwrap.wrap(
        flat, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return [*lines, ""]


def listed(items: Iterable[str]) -> list[str]:
    """Return a list, each item wrapped, and an empty line below."""
    lines = [line for item in items for line in wrapped(f"- {item}", indent="  ")[:-1]]
    return [*lines, ""]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table and an empty line below."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[cell.replace("|", "\\|") for cell in row] for row in lines]
    return [*(f"| {' | '.join(row)} |" for row in cells), ""]


def plain(docstring: str) -> str:
    """Return a docstring with code in single backticks, as Markdown has it."""
    return docstring.replace("``", "`")


# Commands


def commands() -> Iterator[str]:
    """Yield the page on the command line."""
    yield from ["# Commands", ""]
    yield from wrapped(
        f"{cli.app.info.help} Results go to standard output, everything else to standard error. "
        "`commsense COMMAND --help` says the same as this page."
    )
    yield from ["## Exit status", ""]
    yield from table(["status", "meaning"], ([str(code), said] for code, said in EXIT_STATUS))
    group: Any = typer.main.get_command(cli.app)
    for info in cli.app.registered_commands:
        if info.callback is not None:
            name = info.name or info.callback.__name__
            yield from command(name, info.callback, group.commands[name].params)


def command(name: str, callback: Callable[..., Any], parameters: Sequence[Any]) -> Iterator[str]:
    """Yield what is to say of one command."""
    types = typing.get_type_hints(callback)
    helps = helps_of(callback)
    defaults = inspect.signature(callback).parameters
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and one.name in types]
    yield from [f"## `commsense {name}`", "", *wrapped(inspect.getdoc(callback) or "")]
    usage = " ".join(["commsense", name, "[OPTIONS]", *map(usage_of, arguments)])
    yield from ["```", usage, "```", ""]
    yield from listed(f"`{one.name.upper()}`: {helps[one.name]}" for one in arguments)
    yield from table(
        ["option", "value", "default", "meaning"],
        (
            [
                spelt(one),
                value(types[one.name]),
                default(one, defaults[one.name]),
                helps[one.name],
            ]
            for one in options
        ),
    )


def helps_of(callback: Callable[..., Any]) -> dict[str, str]:
    """Return what is said of each parameter of a command."""
    annotated = typing.get_type_hints(callback, include_extras=True)
    return {name: said.__metadata__[0].help for name, said in annotated.items() if name != "return"}


def usage_of(argument: Any) -> str:  # noqa: ANN401  # Typer brings Click's classes in its own copy
    """Return an argument as a line of usage shows it."""
    name = argument.name.upper() + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def spelt(option: Any) -> str:  # noqa: ANN401
    """Return the names of an option."""
    return ", ".join(f"`{name}`" for name in sorted(option.opts, key=len))


def value(annotation: Any) -> str:  # noqa: ANN401
    """Return what an option takes."""
    options = [one for one in typing.get_args(annotation) if one is not type(None)]
    if typing.get_origin(annotation) is Literal:
        return coded(options)
    if isinstance(annotation, EnumType):
        members: Mapping[str, Any] = annotation.__members__
        return coded(one.value for one in members.values())
    if annotation is bool:
        return ""
    if annotation in TYPES:
        return TYPES[annotation]
    if options:  # a type or nothing
        return value(options[0])
    return "date, `YYYY-MM-DD`" if annotation.__name__ == "datetime" else "text"


def default(option: Any, parameter: inspect.Parameter) -> str:  # noqa: ANN401
    """Return an option's default."""
    if option.required:
        return "required"
    return "" if parameter.default in (None, False) else f"`{parameter.default}`"


# Tables


def tables() -> Iterator[str]:
    """Yield the page on the tables of a dataset."""
    yield from ["# Tables", ""]
    yield from wrapped(
        f"`commsense analyze` leaves a folder for each table, with Parquet files in it, and "
        f"`{store.MANIFEST}`. `cs.read`, `cs.analyze` and `cs.open_dataset` give the same columns "
        "as pandas. `commsense parse` writes the first table, and takes it as a source. "
        f"The version of the format is {schema.FORMAT_VERSION}."
    )
    meanings = tomllib.loads((FOLDER / "columns.toml").read_text(encoding="utf-8"))
    said = docstrings(Path(inspect.getfile(schema)))
    for name, columns in store.TABLES.items():
        yield from [f"## {name}", ""]
        for paragraph in plain(said[name.upper()]).split("\n\n"):
            yield from wrapped(paragraph)
        rows = ([f"`{one.name}`", type_name(one.type), meanings[name][one.name]] for one in columns)
        yield from table(["column", "type", "meaning"], rows)


def docstrings(path: Path) -> dict[str, str]:
    """Return the strings that stand below the assignments of a module."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {
        name: inspect.cleandoc(text)
        for above, below in pairwise(body)
        if (name := assigned(above)) and (text := string_of(below))
    }


def assigned(node: ast.stmt) -> str:
    """Return the name that a statement gives a value, empty for other statements."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def string_of(node: ast.stmt) -> str:
    """Return the string that a statement is, empty for other statements."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""


def type_name(type_: pa.DataType) -> str:
    """Return an Arrow type in words."""
    if pa.types.is_list(type_):
        return f"list of {type_name(type_.value_type)}"
    if pa.types.is_struct(type_):
        return "(" + ", ".join(f"{one.name}: {type_name(one.type)}" for one in type_) + ")"
    return "timestamp, UTC" if pa.types.is_timestamp(type_) else str(type_)


# Taxonomy


def taxonomy() -> Iterator[str]:
    """Yield the page on the labels."""
    known = load_taxonomy()
    yield from ["# Taxonomy", ""]
    yield from wrapped(
        f"{len(known.labels)} labels, version {known.version}. A message carries any number of "
        "them, often none. An id is stable: it stands in files, columns and the API. Labels are "
        "added, never removed or renamed. Reports name them in the reader's language."
    )
    for name in known.dimensions:
        yield from labels(known.dimensions[name], known.select(dimension=name), dimension=name)
    cues, gestures = known.select(kind=Kind.LIFECYCLE), known.select(kind=Kind.GESTURE)
    yield from labels("Life-cycle cues", cues)
    yield from labels("Care gestures", gestures)
    yield from own_labels(known)


def labels(title: str, chosen: Sequence[Label], *, dimension: str = "") -> Iterator[str]:
    """Yield the rules of some labels, and their names in every language."""
    yield from [f"## {title}", ""]
    yield from listed(rule(label) for label in chosen)
    names = {code: names_in(code) for code in LANGUAGES}
    named = [*([dimension] if dimension and dimension not in ids(chosen) else []), *ids(chosen)]
    rows = ([f"`{one}`", *(names[code][one] for code in LANGUAGES)] for one in named)
    yield from table(["id", *LANGUAGES.values()], rows)


def ids(chosen: Sequence[Label]) -> list[str]:
    """Return the ids of some labels."""
    return [label.id for label in chosen]


def rule(label: Label) -> str:
    """Return when a label holds."""
    where = (
        "" if label.from_text else " It is read off the call's times and marks, not off its words."
    )
    return f"`{label.id}` ({label.polarity}): {label.rule}.{where}"


def names_in(language: str) -> dict[str, str]:
    """Return the names of labels and dimensions; the taxonomy has the English ones."""
    known = load_taxonomy()
    english = {**known.dimensions, **{label.id: label.name for label in known}}
    return english if language == "en" else english | words(language)["label"]


def words(language: str) -> dict[str, Any]:
    """Return the words of the reports in a language."""
    path = files("commsense.reports") / "languages" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def own_labels(known: Taxonomy) -> Iterator[str]:
    """Yield what a file of one's own labels may say."""
    yield from ["## In a file of your own", ""]
    yield from wrapped(
        "`commsense train --taxonomy FILE` takes `[[labels]]` with the fields below, and a table "
        "`[dimensions]` for new dimensions. Only `id` is needed. "
        "[Labels of your own](../own_labels.md) shows how a model is taught."
    )
    yield from table(
        ["field", "value", "if left out"],
        [
            ["`id`", "snake_case, at most 64 letters", "refused"],
            ["`name`", "what reports call it", "made from the id"],
            ["`kind`", coded(Kind), "`trait`"],
            [
                "`polarity`",
                "`strength`, `risk`, `neutral`",
                "`neutral`: counted, neither good nor bad",
            ],
            ["`dimension`", coded(known.dimensions), "none"],
            ["`rule`", "when the label holds", "empty"],
            ["`from_text`", "false where a single text cannot show it", "true"],
            ["`channel`", "`email` or `call`, where it exists on that channel alone", "both"],
        ],
    )


# Advice


def advice() -> Iterator[str]:
    """Yield the page on the steps that reports advise."""
    said = words("en")
    yield from ["# Advice", ""]
    yield from wrapped(
        f"A report advises at most {MOST_STEPS} steps, those against the gravest finding first. "
        "A step is not advised where one of our messages, written after the messages that show the "
        "finding, carries one of the labels under “done by”; it is advised again once two more "
        "messages show it. Of a finding that something is absent, a step of the last 30 days "
        "counts. "
        "A `call` is one in which the client speaks; a `message` is any that we wrote to a client "
        "that fell silent."
    )
    for step in practices():
        yield from [f"## `{step.id}`", "", *wrapped(said["step"][step.id])]
        done_by = coded(step.done_by) or "nothing that messages show"
        yield from listed([f"because of: {coded(step.because)}", f"done by: {done_by}"])


def coded(names: Iterable[str]) -> str:
    """Return names as a line of code."""
    return ", ".join(f"`{name}`" for name in names)


# Errors


def error_classes() -> Iterator[str]:
    """Yield the page on errors."""
    yield from ["# Errors", ""]
    yield from wrapped(
        "Every error that commsense raises on purpose is a `CommsenseError`. Its message says in "
        "one line what was got, what was expected and the mend. The command line prints it after "
        f"`error:` and exits with status {cli._UNUSABLE}."
    )
    tree = inspect.cleandoc(errors.__doc__ or "").split("::\n", 1)[1].split("\n\nA message")[0]
    yield from ["```", textwrap.dedent(tree.strip("\n")), "```", ""]
    yield from listed(
        [
            "Every error has `got`, `expected` and `mend`; the last two may be empty.",
            "`extra` of a `MissingExtraError` names the extra that brings the package.",
        ]
    )
    yield from wrapped(
        "One message that cannot be used stops nothing: readers turn a `MessageError` into a row "
        "of the table [rejected](tables.md#rejected), with the same line as its reason."
    )


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"wrote {FOLDER / name}")


if __name__ == "__main__":
    main()
