"""The whole way: exports in, a result with every table out.

Each step is one function from table to table; this module only calls them in order, tags what is
not tagged yet and keeps the counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from commsense import store
from commsense.clients import Assessment, Grain, aggregate, assess
from commsense.conversations import find_conversations, interruption_labels
from commsense.errors import UsageError
from commsense.ingest import Ingested, ingest
from commsense.memory import release_unused
from commsense.profiles import ClientProfile, check_weights, load_profiles
from commsense.progress import Progress, silent
from commsense.schema import FORMAT_VERSION, LABELS, frame
from commsense.tagging import Tagger, load_tagger, tag_messages, taxonomy_of
from commsense.taxonomy import Taxonomy

Sources = str | Path | Iterable[str | Path] | pd.DataFrame
TagTable = Callable[[pd.DataFrame], pd.DataFrame]
"""Tags messages; the place where a cluster can stand in for this machine."""


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

    def assess(
        self,
        *,
        by: Grain = "month",
        since: date | None = None,
        until: date | None = None,
    ) -> list[Assessment]:
        """Assess every client, the most worrying first; see :func:`commsense.clients.assess`."""
        return assess(
            self.messages,
            self.labels,
            self.conversations,
            profiles=self.profiles,
            by=by,
            since=since,
            until=until,
            taxonomy=self.taxonomy,
        )


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
        in :attr:`commsense.ingest.Ingested.rejected`, see :func:`commsense.ingest.ingest`.

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
    model: str | Path = "default",
    out: str | Path | None = None,
    scheduler: str | None = None,
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
    model : str or path
        A shipped model's name or a model folder.
    out : path, optional
        Where the dataset is left. One that is there already is extended: messages known to it are
        neither stored nor tagged twice.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the tagging.
    progress : Progress
        Told how far the work is.

    Raises
    ------
    CommsenseError
        Where a source, the model, the clients file or the dataset folder cannot be used.
    """
    tagger = load_tagger(model)
    profiles = load_profiles(clients) if clients else ()
    check_weights(profiles, taxonomy_of(tagger.config))
    tag_table = _tag_table(tagger, model, scheduler, progress)
    if out is None:
        return _result(_paths(sources), None, tagger, tag_table, us, profiles, progress)
    folder = Path(out)
    with store.locked(folder):
        earlier = open_dataset(folder) if store.is_dataset(folder) else None
        result = _result(_paths(sources), earlier, tagger, tag_table, us, profiles, progress)
        progress("writing", 0, 1)
        store.save(folder, _tables(result), result.manifest)
        progress("writing", 1, 1)
    return result


def open_dataset(folder: str | Path) -> Result:
    """Load the dataset that :func:`analyze` left in a folder.

    Raises
    ------
    DatasetError
        Where the folder is no dataset.
    """
    tables, manifest = store.load(Path(folder))
    profiles = tuple(ClientProfile(**entry) for entry in manifest.get("profiles", []))
    return Result(**tables, manifest=manifest, profiles=profiles)


def _paths(sources: Sources) -> list[str] | pd.DataFrame:
    if isinstance(sources, pd.DataFrame):
        return sources
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    if not paths:
        raise UsageError("no source was given", "at least one file or folder", "name one")
    return [str(path) for path in paths]


def _tables(result: Result) -> dict[str, pd.DataFrame]:
    return {name: getattr(result, name) for name in store.TABLES}


def _tag_table(
    tagger: Tagger, model: str | Path, scheduler: str | None, progress: Progress
) -> TagTable:
    if scheduler is None:
        return lambda messages: tag_messages(messages, tagger, progress=progress)
    from commsense.distributed import tag_on_cluster

    return lambda messages: tag_on_cluster(messages, model, scheduler, progress=progress)


def _result(
    sources: list[str] | pd.DataFrame,
    earlier: Result | None,
    tagger: Tagger,
    tag_table: TagTable,
    us: Sequence[str],
    profiles: tuple[ClientProfile, ...],
    progress: Progress,
) -> Result:
    profiles = profiles or (earlier.profiles if earlier else ())
    us = us or (earlier.manifest["us"] if earlier else ())
    known = earlier.messages if earlier else None
    fresh = ingest(sources, us=us, profiles=profiles, known=known, progress=progress)
    release_unused()
    messages, rejected = fresh.messages, fresh.rejected
    if earlier is not None:
        rejected = _stack(earlier.rejected, rejected).drop_duplicates(ignore_index=True)
    tagged = _reusable_labels(earlier, tagger)
    todo = messages[~messages["id"].isin(set(tagged["message_id"]))]
    # Interruptions are read off the whole call, so they are found again each time.
    labels = _stack(_stack(tagged, tag_table(todo)), interruption_labels(messages))
    release_unused()
    progress("conversations", 0, 1)
    conversations = find_conversations(messages, labels)
    progress("conversations", 1, 1)
    release_unused()
    manifest = _manifest(fresh, earlier, messages, rejected, tagger, us, profiles)
    clients = aggregate(messages, labels, conversations, taxonomy=taxonomy_of(manifest))
    return Result(messages, labels, conversations, clients, rejected, manifest, profiles)


def _stack(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (above, below) if len(part)]
    if not parts:
        return above
    return (
        pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0].reset_index(drop=True)
    )


def _reusable_labels(earlier: Result | None, tagger: Tagger) -> pd.DataFrame:
    """Return the earlier labels where the same model wrote them; another model tags anew."""
    if earlier is None or earlier.manifest["model"]["hash"] != tagger.config["hash"]:
        return frame(LABELS, [])
    return earlier.labels[earlier.labels["label"] != "interruption"]


def _manifest(
    fresh: Ingested,
    earlier: Result | None,
    messages: pd.DataFrame,
    rejected: pd.DataFrame,
    tagger: Tagger,
    us: Sequence[str],
    profiles: tuple[ClientProfile, ...],
) -> dict[str, Any]:
    """Describe the dataset; what an earlier run had found already counts as duplicate."""
    past: Mapping[str, Any] = (
        earlier.manifest if earlier else {"sources": [], "counts": {"found": 0}}
    )
    found = past["counts"]["found"] + fresh.found
    return {
        "format_version": FORMAT_VERSION,
        "taxonomy_version": taxonomy_of(tagger.config).version,
        "own_labels": tagger.config.get("own_labels", []),
        "sources": sorted({*past["sources"], *fresh.sources}),
        "us": list(us),
        "model": {"name": tagger.config["name"], "hash": tagger.config["hash"]},
        "counts": {
            "found": found,
            "messages": len(messages),
            "duplicates": found - len(messages) - len(rejected),
            "rejected": len(rejected),
        },
        "content_hash": _content_hash(messages["id"]),
        "profiles": [asdict(profile) for profile in profiles],
    }


def _content_hash(ids: pd.Series[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
