"""The command line: parse the arguments, call the library, print.

Results go to standard output, everything else to standard error. Exit status: 0 done; 1 done with
rejected input under ``--strict``; 2 wrong usage or unusable input.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from commsense import __version__
from commsense.errors import CommsenseError, InputError, UsageError
from commsense.files import opened, writable
from commsense.profiles import load_profiles
from commsense.progress import Progress, silent
from commsense.schema import REJECTED, Message, Rejected, frame

# What a command alone needs is loaded by that command: others need not wait for it.
if TYPE_CHECKING:
    from commsense.clients import Assessment, Grain
    from commsense.pipeline import Result

_DONE_WITH_REJECTED = 1
_UNUSABLE = 2
_INTERRUPTED = 130  # the shell's own convention for a run stopped by Ctrl-C

app = typer.Typer(
    name="commsense",
    help="Read exported mail and call transcripts; tell per client what goes well, what goes "
    "wrong, since when, and which messages show it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class TableFormat(StrEnum):
    """File formats of tables."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


class PortfolioFormat(StrEnum):
    """Formats of the portfolio."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


SourcesArg = Annotated[
    list[str],
    typer.Argument(help="Mailboxes, messages, transcripts; folders and zips of them."),
]
DatasetOrSourcesArg = Annotated[
    list[str], typer.Argument(help="A dataset that analyze left, or exports to analyze now.")
]
OutputOpt = Annotated[
    Path | None, typer.Option("-o", "--output", help="File to write; standard output if left out.")
]
ToOpt = Annotated[TableFormat, typer.Option("--to", help="Format of the output.")]
UsOpt = Annotated[
    list[str] | None,
    typer.Option(
        "--us", help="Domain or address of our own side; may be repeated. Guessed if left out."
    ),
]
ClientsOpt = Annotated[
    Path | None,
    typer.Option("--clients", help="TOML or CSV file that says who belongs to which client."),
]
ModelOpt = Annotated[str, typer.Option("--model", help="Name of a shipped model, or a folder.")]
StrictOpt = Annotated[
    bool, typer.Option("--strict", help="Exit with status 1 if anything was rejected.")
]
KeyOpt = Annotated[
    Path | None,
    typer.Option(
        "--key", help="File with the secret behind pseudonyms; the user's own if left out."
    ),
]
SinceOpt = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="First day of the reported period."),
]
UntilOpt = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Last day of the reported period."),
]
LanguageOpt = Annotated[
    Literal["ar", "en", "fr", "ko", "th"],
    typer.Option("--language", help="Language of the report's own words."),
]
ByOpt = Annotated[
    Literal["week", "month", "quarter"], typer.Option("--by", help="Length of a period.")
]


def main() -> None:
    """Run the command line and turn every expected error into one line and a status."""
    try:
        app(standalone_mode=True)
    except CommsenseError as error:
        _say(f"error: {error}")
        _drop_unwritten()
        sys.exit(_UNUSABLE)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing is left to say to it.
        _drop_unwritten()
        sys.exit(0)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(_INTERRUPTED)


def _drop_unwritten() -> None:
    """Keep Python from writing at its end what standard output does not take."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    if version:
        print(f"commsense {__version__}")
        raise typer.Exit


@app.command()
def parse(
    sources: SourcesArg,
    to: ToOpt = TableFormat.JSONL,
    output: OutputOpt = None,
    us: UsOpt = None,
    clients: ClientsOpt = None,
    strict: StrictOpt = False,
) -> None:
    """Read exports into the neutral message format, one row a message."""
    from commsense.ingest.collecting import stream
    from commsense.ingest.export import write_messages

    profiles = load_profiles(clients) if clients else ()
    with (
        _progress_bar() as progress,
        stream(sources, us=us or (), profiles=profiles, progress=progress) as found,
    ):
        write_messages(found.tables(), found.rejected, to=to.value, target=output)
    rejected = frame(REJECTED, found.rejected)
    _say(_accounts(found.found, found.count, found.duplicates, rejected))
    _finish(found.count, rejected, strict=strict)


@app.command()
def tag(
    file: Annotated[
        str, typer.Argument(help="Neutral messages, or plain text one message a line; - for stdin.")
    ] = "-",
    to: ToOpt = TableFormat.JSONL,
    output: OutputOpt = None,
    model: ModelOpt = "default",
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Add the character spans that decided.")
    ] = False,
    strict: StrictOpt = False,
) -> None:
    """Tag each message with relationship traits."""
    from commsense.ingest.tables import read_tagger_input
    from commsense.tagging import loaded_tagger
    from commsense.tagging.output import write_tags

    _refuse_input_as_output(file, output)
    loaded_tagger(model)  # a wrong name is told before standard input is waited for
    tally = _Tally()
    messages = tally.messages_of(read_tagger_input(file))
    with _progress_bar() as progress:
        write_tags(
            messages, model, to=to.value, target=output, evidence=evidence, progress=progress
        )
    rejected = frame(REJECTED, tally.rejected)
    _say(_accounts(tally.messages + len(rejected), tally.messages, 0, rejected))
    _finish(tally.messages, rejected, strict=strict)


@app.command(name="analyze")
def analyze_command(
    sources: SourcesArg,
    out: Annotated[
        str, typer.Option("--out", help="Folder or URL for the dataset; extended if there.")
    ],
    us: UsOpt = None,
    clients: ClientsOpt = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Name of a shipped model, or a folder; the default one if left out. One that is "
            "named tags a dataset anew that another had tagged.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Dask scheduler, as tcp://host:8786.")
    ] = None,
    pseudonymise: Annotated[
        bool,
        typer.Option(
            "--pseudonymise",
            help="Put stable pseudonyms in place of names, addresses, telephone and account "
            "numbers; leave out quoted history and signatures.",
        ),
    ] = False,
    key: KeyOpt = None,
    strict: StrictOpt = False,
) -> None:
    """Do the main job: ingest, tag, find conversations, aggregate by client."""
    from commsense.pipeline import prepare, write

    with _progress_bar() as progress:
        job = prepare(
            sources,
            us=us or (),
            clients=clients,
            model=model,
            out=out,
            scheduler=scheduler,
            pseudonymise=pseudonymise,
            key=key,
            progress=progress,
        )
        accounts = write(job, out)
    counts = accounts.manifest["counts"]
    _say(_accounts(counts["found"], counts["messages"], counts["duplicates"], accounts.rejected))
    _refuse_nothing(accounts.messages, accounts.rejected)
    _say(f"dataset in {out}; next: commsense clients {out}")
    _finish(accounts.messages, accounts.rejected, strict=strict)


@app.command(name="forget")
def forget_command(
    dataset: Annotated[str, typer.Argument(help="A dataset that analyze left.")],
    person: Annotated[
        str, typer.Argument(help="Mail address, or the full name of a speaker of calls.")
    ],
    key: KeyOpt = None,
) -> None:
    """Remove a person from a dataset, for good: later runs do not bring them back."""
    from commsense.pipeline import forget

    with _progress_bar() as progress:
        result = forget(dataset, person, key=key, progress=progress)
    _say(f"{len(result.messages)} messages are left in {dataset}; reports made before still stand")


@app.command(name="clients")
def clients_command(
    dataset_or_sources: DatasetOrSourcesArg,
    to: Annotated[
        PortfolioFormat, typer.Option("--to", help="Format of the output.")
    ] = PortfolioFormat.TABLE,
    output: OutputOpt = None,
    us: UsOpt = None,
    clients: ClientsOpt = None,
    model: ModelOpt = "default",
    since: SinceOpt = None,
    until: UntilOpt = None,
    by: ByOpt = "month",
    language: LanguageOpt = "en",
) -> None:
    """Show the portfolio: one row a client, the most worrying first."""
    from commsense.reports import (
        portfolio,
        render_portfolio_csv,
        render_portfolio_html,
        render_portfolio_json,
        render_portfolio_terminal,
    )

    result = _open(dataset_or_sources, us, clients, model)
    assessments = _assessed(result, by, since, until)
    rows = portfolio(assessments, language=language)
    match to:
        case PortfolioFormat.TABLE:
            _print_rich(render_portfolio_terminal(rows, language=language), output)
        case PortfolioFormat.HTML:
            _write(render_portfolio_html(rows, language=language), output)
        case PortfolioFormat.JSON:
            _write(render_portfolio_json(rows), output)
        case PortfolioFormat.CSV:
            _write(render_portfolio_csv(rows), output)


@app.command(name="report")
def report_command(
    dataset_or_sources: Annotated[
        list[str],
        typer.Argument(help="A dataset or exports; then, if wanted, the CLIENT to report on."),
    ],
    html: Annotated[Path | None, typer.Option("--html", help="Write one HTML file.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Write Markdown.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write JSON.")] = None,
    since: SinceOpt = None,
    until: UntilOpt = None,
    by: ByOpt = "month",
    us: UsOpt = None,
    clients: ClientsOpt = None,
    model: ModelOpt = "default",
    language: LanguageOpt = "en",
) -> None:
    """Report on one client; on the most worrying one where none is named."""
    from commsense.api import choose
    from commsense.reports import (
        render_html,
        render_json,
        render_markdown,
        render_terminal,
        summarise,
    )

    sources, client = _split_client(dataset_or_sources)
    result = _open(sources, us, clients, model)
    assessments = _assessed(result, by, since, until)
    assessment = choose(assessments, client)
    if client is None and len(assessments) > 1:
        _say(f"no client named: this is {assessment.client}, the most worrying of them")
    summary = summarise(assessment, language=language)
    files: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: render_html(summary, language=language)),
        (markdown, lambda: render_markdown(summary, language=language)),
        (json_file, lambda: render_json(summary)),
    ]
    wanted = [(path, render) for path, render in files if path is not None]
    for path, render in wanted:
        _write(render(), path)
        _say(f"wrote {path}")
    if not wanted:
        _print_rich(render_terminal(summary, language=language), None)


@app.command()
def evaluate(
    labelled: Annotated[Path, typer.Argument(help="Labelled messages, JSON Lines.")],
    model: ModelOpt = "default",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures.")] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="Folder with texts that are labelled by hash.")
    ] = None,
) -> None:
    """Compare a model's tags with labels: per language and label, macro and micro."""
    from commsense.training import evaluate_file, render_evaluation

    with _progress_bar() as progress:
        evaluation = evaluate_file(labelled, model=model, texts=texts, progress=progress)
    if json_file is not None:
        _write(evaluation.to_json(), json_file)
    _print_rich(render_evaluation(evaluation), None)


@app.command()
def train(
    out: Annotated[Path, typer.Option("--out", help="Folder for the model.")],
    corpora: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Labelled files, or folders of them. With --add-label: messages or labelled "
            "files in which the new label is rare; left out: messages that come with commsense."
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            help="Hugging Face encoder to fine-tune, linear if left out. With --add-label: the "
            "model that learns, the default one if left out.",
        ),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="Folder with texts that are labelled by hash.")
    ] = None,
    hidden: Annotated[
        int,
        typer.Option(
            "--hidden",
            min=0,
            help="Units of a small network beside a linear model's weights; it finds more, takes "
            "longer, and needs torch to be trained, not to be used.",
        ),
    ] = 0,
    add_label: Annotated[
        Path | None,
        typer.Option(
            "--add-label",
            help="Verdicts (JSON Lines, CSV, TSV, Parquet: text, label, holds; or lists of labels "
            "as a labelled corpus has them) that teach a model a label of your own or correct its "
            "tags.",
        ),
    ] = None,
    taxonomy: Annotated[
        Path | None,
        typer.Option(
            "--taxonomy", help="TOML file that says of your own labels: name, polarity, dimension."
        ),
    ] = None,
) -> None:
    """Train a model, or teach one a label; the result loads wherever --model is taken."""
    from commsense.training import lessons, teach_file
    from commsense.training import train as train_model

    if hidden and (base is not None or add_label is not None):
        raise UsageError(
            "--hidden beside --base or --add-label",
            "--hidden for a linear model that is trained on corpora",
            "leave one of them out",
        )
    if add_label is not None:
        taught = teach_file(
            add_label, out, base=base or "default", background=corpora or (), taxonomy=taxonomy
        )
        for line in lessons(taught.config):
            _say(line)
        _say(f"model in {out}, its figures in {out / 'README.md'}; next: --model {out}")
        return
    if not corpora:
        raise UsageError("no corpus was given", "labelled files, or --add-label", "name one")
    with _progress_bar() as progress:
        train_model(corpora, out, base=base, texts=texts, hidden=hidden, progress=progress)
    _say(f"model in {out}; next: commsense evaluate LABELLED.jsonl --model {out}")


def _open(paths: Sequence[str], us: list[str] | None, clients: Path | None, model: str) -> Result:
    """Load a dataset, with the clients file's names and weights; or analyze exports in memory."""
    from commsense.elsewhere import is_dataset
    from commsense.pipeline import analyze, open_dataset

    if len(paths) == 1 and is_dataset(paths[0]):
        if us or model != "default":
            raise UsageError(
                f"--us and --model say how exports are read, and {paths[0]} is a dataset",
                mend="leave them out, or run analyze again with them",
            )
        result = open_dataset(paths[0], for_verdicts=True)
        return result.with_profiles(load_profiles(clients)) if clients else result
    with _progress_bar() as progress:
        result = analyze(paths, us=us or (), clients=clients, model=model, progress=progress)
    _refuse_nothing(len(result.messages), result.rejected)
    return result


def _split_client(targets: list[str]) -> tuple[list[str], str | None]:
    """Take the last argument as the client where it is no path."""
    if len(targets) > 1 and not Path(targets[-1]).exists():
        return targets[:-1], targets[-1]
    return targets, None


@dataclass(slots=True)
class _Tally:
    """Counts messages and keeps what was rejected, as they pass."""

    messages: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def messages_of(self, rows: Iterable[Message | Rejected]) -> Iterator[Message]:
        for row in rows:
            if isinstance(row, Message):
                self.messages += 1
                yield row
            else:
                self.rejected.append(row)


def _refuse_input_as_output(file: str, output: Path | None) -> None:
    # The output is written while the input is read, and would be emptied first.
    if output is not None and output.exists() and file != "-" and output.samefile(file):
        raise UsageError(f"{file} as input and as output", "two files", "name another output")


def _finish(messages: int, rejected: pd.DataFrame, *, strict: bool) -> None:
    _refuse_nothing(messages, rejected)
    if strict and len(rejected):
        raise typer.Exit(_DONE_WITH_REJECTED)


def _refuse_nothing(messages: int, rejected: pd.DataFrame) -> None:
    if messages:
        return
    if len(rejected):
        first = rejected.iloc[0]
        raise InputError(f"no usable message: {first['source']}: {first['reason']}")
    raise InputError(
        "no message was found",
        "mail (mbox, Maildir, .eml) or calls (WebVTT, SRT, 'Speaker: text')",
        "check the path",
    )


def _accounts(found: int, messages: int, duplicates: int, rejected: pd.DataFrame) -> str:
    line = (
        f"found {found} = {messages} messages + {duplicates} duplicates + {len(rejected)} rejected"
    )
    if not len(rejected):
        return line
    first = rejected.iloc[0]
    return f"{line} (first: {first['source']}: {first['reason']})"


def _assessed(
    result: Result, by: Grain, since: datetime | None, until: datetime | None
) -> list[Assessment]:
    return result.assess(by=by, since=_day(since), until=_day(until))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _write(text: str, target: Path | None) -> None:
    with writable(target), opened(target) as file:
        file.write(text if target else f"{text}\n")


def _print_rich(renderable: object, target: Path | None) -> None:
    if target is None:
        with writable(None):
            Console().print(renderable)
        return
    console = Console(record=True, file=io.StringIO())
    console.print(renderable)
    _write(console.export_text(), target)


def _say(line: str) -> None:
    """Print a line as one line: a name from a message must not steer the terminal."""
    print("".join(map(_visible, line)), file=sys.stderr)


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else ascii(sign)[1:-1]


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Show progress on a terminal; show nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with ProgressBar(*columns, console=console) as bar:
        tasks: dict[str, object] = {}

        def progress(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield progress
