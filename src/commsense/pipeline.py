"""The public functions of the whole way: exports in, a result with every table out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pyarrow as pa

from commsense import elsewhere, privacy, store
from commsense.clients import Assessment, Grain, aggregate, assess, that_count
from commsense.conversations import find_conversations
from commsense.errors import UsageError
from commsense.ingest.collecting import ingest
from commsense.job import (
    Accounts,
    Job,
    balance,
    check_key,
    content_hash,
    office_of,
    profiles_of,
    pseudonyms_of,
    stack,
)
from commsense.profiles import (
    ClientProfile,
    check_weights,
    hours_of,
    load_office_hours,
    load_profiles,
)
from commsense.progress import Progress, silent
from commsense.schema import to_pandas
from commsense.tagging import loaded_tagger, taxonomy_of
from commsense.taxonomy import Taxonomy

Sources = str | Path | Iterable[str | Path] | pd.DataFrame


@dataclass(frozen=True, slots=True)
class Result:
    """Everything an analysis found.

    Attributes
    ----------
    messages, labels, conversations, clients, rejected : pandas.DataFrame
        The tables of :mod:`commsense.schema`.
    manifest : dict
        Sources, model with its hash, taxonomy version and counts.
    profiles : tuple of ClientProfile
        What the user told about the clients.
    """

    messages: pd.DataFrame
    labels: pd.DataFrame
    conversations: pd.DataFrame
    clients: pd.DataFrame
    rejected: pd.DataFrame
    manifest: dict[str, Any]
    profiles: tuple[ClientProfile, ...] = field(default=())

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels, with those that the user taught the model."""
        return taxonomy_of(self.manifest)

    def with_profiles(self, profiles: tuple[ClientProfile, ...]) -> Result:
        """Return the same tables judged by other names and weights of clients.

        Who belongs to which client stays as it was when the exports were read.

        Raises
        ------
        UsageError
            Where a weight is of a label that the taxonomy does not have.
        """
        check_weights(profiles, self.taxonomy)
        return replace(self, profiles=profiles)

    def assess(
        self,
        *,
        by: Grain = "month",
        since: date | None = None,
        until: date | None = None,
    ) -> list[Assessment]:
        """Assess every client, the most worrying first; see :func:`commsense.clients.assess`.

        Raises
        ------
        UsageError
            Where the periods are of no known length, the first or last day is no date, the first
            is after the last, or no message lies between them.
        """
        first, last = _checked(by, since, until)
        found = assess(
            self.messages,
            self.labels,
            self.conversations,
            profiles=self.profiles,
            by=by,
            since=first,
            until=last,
            taxonomy=self.taxonomy,
        )
        if (first or last) and not any(one.messages for one in found):
            raise UsageError(
                f"no message lies between {first or 'the first'} and {last or 'the last'}",
                f"days from {_span(self.messages['sent_at'].dropna())}",
                "choose another period",
            )
        return found


def _checked(by: object, since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """Return the first and last day of a period, without a time of day."""
    if by not in get_args(Grain):
        raise UsageError(f"by={by!r}", "one of " + ", ".join(get_args(Grain)))
    first, last = _day("since", since), _day("until", until)
    if first and last and first > last:
        raise UsageError(f"since {first} is after until {last}", mend="exchange the two")
    return first, last


def _day(name: str, day: date | None) -> date | None:
    if day is not None and not isinstance(day, date):
        raise UsageError(f"{name}={day!r}", "a date", "write it as datetime.date(2025, 6, 1)")
    return day.date() if isinstance(day, datetime) else day


def _span(times: pd.Series) -> str:
    return f"{times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}" if len(times) else "none: undated"


def read(
    sources: Sources,
    *,
    us: Sequence[str] = (),
    clients: str | Path | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Read exports into the neutral message format.

    Parameters
    ----------
    sources : path, iterable of paths, or pandas.DataFrame
        Files, folders or archives of mail and calls, or messages in the neutral format.
    us : sequence of str
        Domains and addresses of the provider; guessed from who sends most where empty.
    clients : path, optional
        A clients file, see :mod:`commsense.profiles`.

    Returns
    -------
    pandas.DataFrame
        One row a message, columns of :data:`commsense.schema.MESSAGES`. What could not be read is
        in :attr:`commsense.ingest.collecting.Ingested.rejected`.

    Raises
    ------
    InputError
        Where a source does not exist or cannot be used at all.
    """
    profiles = load_profiles(clients) if clients else ()
    return ingest(_paths(sources), us=us, profiles=profiles, progress=progress).messages


def analyze(
    sources: Sources,
    *,
    us: Sequence[str] = (),
    clients: str | Path | None = None,
    model: str | Path | None = None,
    out: str | Path | None = None,
    scheduler: str | None = None,
    pseudonymise: bool = False,
    key: str | Path | None = None,
    progress: Progress = silent,
) -> Result:
    """Do the main job: ingest, tag, find conversations, aggregate by client.

    Parameters
    ----------
    sources : path, iterable of paths, or pandas.DataFrame
        Files, folders or archives of mail and calls, or messages in the neutral format.
    us : sequence of str
        Domains and addresses of the provider; guessed from who sends most where empty.
    clients : path, optional
        A clients file, see :mod:`commsense.profiles`.
    model : str or path, optional
        A shipped model's name or a model folder; the default one where left out. One that is named
        tags an earlier dataset anew where another had tagged it.
    out : path or URL, optional
        Where the dataset is left. One that is there already is extended: messages known to it are
        neither stored nor tagged twice.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the tagging.
    pseudonymise : bool
        Put stable pseudonyms in place of names, addresses, telephone and account numbers, in
        everything that is returned and written.
    key : path, optional
        File with the secret from which pseudonyms are made; made where there is none. The user's
        own, see :func:`commsense.privacy.default_key_file`, where it is left out.
    progress : Progress
        Told how far the work is.

    Raises
    ------
    CommsenseError
        Where a source, the model, the clients file, the key or the dataset folder cannot be used.
    """
    job = prepare(
        sources,
        us=us,
        clients=clients,
        model=model,
        out=out,
        scheduler=scheduler,
        pseudonymise=pseudonymise,
        key=key,
        progress=progress,
    )
    kept = _Collected()
    if out is None:
        return kept.result(job.run(kept, None))
    accounts = write(job, out)
    return open_dataset(out) if elsewhere.is_dataset(out) else kept.result(accounts)


def prepare(
    sources: Sources,
    *,
    us: Sequence[str] = (),
    clients: str | Path | None = None,
    model: str | Path | None = None,
    out: str | Path | None = None,
    scheduler: str | None = None,
    pseudonymise: bool = False,
    key: str | Path | None = None,
    progress: Progress = silent,
) -> Job:
    """Check and load all that the main job needs; parameters and errors as :func:`analyze`."""
    name = "default" if model is None else str(model)
    config = loaded_tagger(name).config
    profiles = load_profiles(clients) if clients else ()
    office = load_office_hours(clients) if clients else None
    check_weights(profiles, taxonomy_of(config))
    if key is not None and not pseudonymise:
        raise UsageError("a key without pseudonyms", mend="add --pseudonymise, or leave it out")
    return Job(
        sources=_paths(sources),
        us=us,
        profiles=profiles,
        office=office,
        model=name,
        config=config,
        tags_anew=model is not None,
        scheduler=scheduler,
        pseudonyms=pseudonyms_of(key, None if out is None else Path(out)) if pseudonymise else None,
        progress=progress,
    )


def write(job: Job, out: str | Path) -> Accounts:
    """Do a job and leave its dataset, without ever having all of it in memory.

    One that is there already is extended. Where nothing was found, none is left.

    Parameters
    ----------
    job : Job
    out : path or URL

    Raises
    ------
    CommsenseError
        Where a source or the dataset's place cannot be used.
    """
    with elsewhere.at_hand(out, changed=True) as folder, store.locked(folder):
        earlier = store.load(folder) if store.is_dataset(folder) else None
        staging = store.Staging(folder)
        accounts = job.run(staging, earlier)
        if accounts.messages or earlier is not None:
            staging.commit(accounts.manifest)
        job.progress("writing", 1, 1)
    return accounts


class _Collected:
    """The tables of a run that leaves no dataset."""

    def __init__(self) -> None:
        self._parts: dict[str, list[pa.Table]] = defaultdict(list)

    def add(self, name: str, part: pa.Table) -> None:
        """Take in rows of a table, see :class:`commsense.job.Sink`."""
        self._parts[name].append(part)

    def result(self, accounts: Accounts) -> Result:
        """Return everything that was added."""
        tables = {
            name: to_pandas(pa.concat_tables([schema.empty_table(), *self._parts[name]]))
            for name, schema in store.TABLES.items()
        }
        tables["conversations"] = _by_time(tables["conversations"])
        tables["rejected"] = accounts.rejected
        manifest = accounts.manifest
        return Result(**tables, manifest=manifest, profiles=profiles_of(manifest))


def forget(
    dataset: str | Path, person: str, *, key: str | Path | None = None, progress: Progress = silent
) -> Result:
    """Remove a person from a dataset, and keep later runs from bringing them back.

    Messages by the person go; in those of others their addresses and names are blacked out. What
    was said of conversations and clients is made anew of what is left.

    Parameters
    ----------
    dataset : path or URL
    person : str
        Mail address, or the full name of a speaker of calls.
    key : path, optional
        The secret of a dataset with pseudonyms; the user's own where it is left out.
    progress : Progress
        Told how far the work is.

    Raises
    ------
    DatasetError
        Where the folder is no dataset, or cannot be written.
    UsageError
        Where the person is not in it.
    """
    if not elsewhere.is_dataset(dataset):
        return open_dataset(dataset)  # raises, and says how a dataset is made
    with elsewhere.at_hand(dataset, changed=True) as folder, store.locked(folder):
        before = open_dataset(folder)
        if before.manifest.get("pseudonyms"):
            pseudonyms = pseudonyms_of(key, folder)
            check_key(before.manifest, pseudonyms)
            person = pseudonyms.party(person)
        after = _without_person(before, person)
        _save(folder, after, progress)
    return after


def _without_person(before: Result, person: str) -> Result:
    tokens = sorted({*before.manifest.get("forgotten", []), privacy.token(person)})
    rest = privacy.without(before.messages, tokens)
    if not rest.found:
        raise UsageError(
            f"no message by {person!r} is in the dataset, and none that names them",
            "a mail address, or the full name of a speaker",
            "look it up in the column author, author_name or recipients",
        )
    labels = before.labels[before.labels["message_id"].isin(set(rest.messages["id"]))]
    labels = labels.reset_index(drop=True)
    rejected = stack(before.rejected, rest.rejected)
    manifest = {
        **before.manifest,
        "forgotten": tokens,
        "counts": balance(before.manifest["counts"]["found"], len(rest.messages), len(rejected)),
        "content_hash": content_hash(pa.chunked_array([rest.messages["id"].tolist()], pa.string())),
    }
    conversations = find_conversations(
        rest.messages, labels, office=office_of(manifest), office_of=hours_of(before.profiles)
    )
    taxonomy = taxonomy_of(manifest)
    return Result(
        messages=rest.messages,
        labels=labels,
        conversations=conversations,
        clients=aggregate(rest.messages, labels, conversations, taxonomy=taxonomy),
        rejected=rejected,
        manifest=manifest,
        profiles=before.profiles,
    )


def open_dataset(place: str | Path, *, for_verdicts: bool = False) -> Result:
    """Load the dataset that :func:`analyze` left in a folder, or at a URL.

    Parameters
    ----------
    place : path or URL
    for_verdicts : bool
        Leave out what no verdict looks at, nine tenths of the whole: labels that do not count,
        quoted history and signatures.

    Raises
    ------
    DatasetError
        Where the folder is no dataset.
    """
    with elsewhere.at_hand(place) as folder:
        dataset = store.load(folder)
        chosen = _FOR_VERDICTS if for_verdicts else {}
        tables = {
            name: dataset.frame(name, chosen.get(name, store.everything)) for name in store.TABLES
        }
    tables["conversations"] = _by_time(tables["conversations"])
    return Result(**tables, manifest=dataset.manifest, profiles=profiles_of(dataset.manifest))


def _by_time(conversations: pd.DataFrame) -> pd.DataFrame:
    """Return the conversations of all parts, oldest first."""
    return conversations.sort_values(["started_at", "conversation_id"], ignore_index=True)


def _without_history(messages: pa.Table) -> pa.Table:
    return messages.drop_columns(["quoted", "signature"])


_FOR_VERDICTS: dict[str, store.Choose] = {"messages": _without_history, "labels": that_count}


def _paths(sources: Sources) -> list[str] | pd.DataFrame:
    if isinstance(sources, pd.DataFrame):
        return sources
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    if not paths:
        raise UsageError("no source was given", "at least one file or folder", "name one")
    return [str(path) for path in paths]


def _save(folder: Path, result: Result, progress: Progress) -> None:
    progress("writing", 0, 1)
    tables = {name: getattr(result, name) for name in store.TABLES}
    store.save(folder, tables, result.manifest)
    progress("writing", 1, 1)
